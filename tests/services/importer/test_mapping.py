import pytest

from clinic_scheduler.errors import ImportRefused
from clinic_scheduler.services import importer
from clinic_scheduler.services.setup import Hours


def test_hours_and_staff_are_read(shop):
    mapping = shop.mapping()
    assert mapping.staff["A"].hours == (Hours(0, 540, 720), Hours(0, 780, 1020))
    assert mapping.staff["B"].name == "Ben"
    assert mapping.durations.minutes("COL", "") == 90


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('book = "shop"', "", r"book: this is missing"),
        ('book = "shop"', 'book = "My shop"', r"book: use up to 40 small letters"),
        (
            'zone = "Europe/Berlin"',
            'zone = "Mars/Base"',
            r"clinic\.zone: There is no time zone called Mars/Base",
        ),
        ('country = "DE"', 'country = "Germany"', r"two letters"),
        ('currency = "EUR"', 'currency = "EURO"', r'clinic\.currency: "EURO" is none of'),
        ('[clinic]\nname = "Shop"', '[clinic]\nnmae = "Shop"', r"clinic\.name: this is missing"),
        ("[reading]", '[reading]\nencodign = "utf-8"', r"encodign.*did you mean encoding\?"),
        ("[reading]", '[reading]\nencoding = "utf-16"', r'reading\.encoding: "utf-16" cannot be read'),
        ("[reading]", '[reading]\nencoding = "rot13"', r'"rot13" cannot be read'),
        ("[reading]", '[reading]\ndelimiter = "::"', r'"::" is none of'),
        ('"%d.%m.%Y"', '"%d.%Y"', r"files\.bookings\.date: a date needs"),
        ('"%d.%m.%Y"', '"%d.%m.%Q"', r'"%Q" means nothing'),
        ("[reading]", '[reading]\ntime = "%I:%M"', r"files\.bookings\.time: a time needs"),
        ("[reading]", "[files.noshows]\n[reading]", r"noshows.*did you mean no_shows"),
        ('time = "Time"', "", r"files\.bookings\.columns\.time: this is missing"),
        ('time = "Time"', 'time = "Time"\ncolour = "Red"', r'"colour" means nothing here'),
        ('time = "Time"', "time = 7", r"must be a text in quotes"),
        ('time = "Time"', 'time = ""', r"this is blank"),
        ("CUT = 60", "CUT = 0", r"durations\.services\.CUT: this must be a whole number from 1 to 1440"),
        ("CUT = 60", "CUT = true", r"whole number"),
        ("13:00-17:00", "13:00-12:00", r'staff\.A\.hours\.mon: "13:00-12:00" is no opening'),
        ('mon = "9', 'monday = "9', r'"monday" means nothing here; did you mean mon\?'),
        ("[staff.B]", '[policy]\nbad_rows = "ignore"\n[staff.B]', r'"ignore" is none of stop, skip'),
        ("[staff.B]", '[policy]\nunknown_service = "add"\n[staff.B]', r"add default to \[durations\]"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_place(shop, old, new, sentence):
    with pytest.raises(ImportRefused, match=sentence) as refused:
        shop.mapping((old, new))
    assert str(refused.value).startswith("shop.toml")


def test_a_mapping_that_is_no_toml_says_where(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text('book = "a"\n[clinic\n', "utf-8")
    with pytest.raises(ImportRefused, match=r"broken\.toml is no valid TOML: .*line 2"):
        importer.load_mapping(path)


def test_a_mapping_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_bytes('book = "Zürich"'.encode("windows-1252"))
    with pytest.raises(ImportRefused, match="is not UTF-8"):
        importer.load_mapping(path)


def test_a_missing_mapping_is_refused(tmp_path):
    with pytest.raises(ImportRefused, match="There is no mapping file"):
        importer.load_mapping(tmp_path / "nowhere.toml")
    with pytest.raises(ImportRefused, match="There is no mapping file"):
        importer.load_mapping(tmp_path)
