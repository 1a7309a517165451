"""Files that cannot be read as the mapping says: each is refused with file, row, column and what to do."""

import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_scheduler.errors import ImportRefused
from clinic_scheduler.services import importer


def refused(shop, *changes):
    with pytest.raises(ImportRefused) as caught:
        shop.book(*changes)
    return str(caught.value)


def raw(shop, content):
    (shop.folder / "bookings.csv").write_bytes(content)


def test_a_renamed_column_is_named_with_those_there(shop):
    shop.write(*shop.rows, headings=shop.headings.replace("Staff", "Stylist"))
    assert refused(shop) == (
        'bookings.csv, row 1: there is no column "Staff", the file has Client, Name, Phone, Stylist, Service, Date,'
        " Time; name the right one under [files.bookings.columns]."
    )


def test_a_column_that_stands_twice_is_refused(shop):
    shop.write(*shop.rows, headings=shop.headings.replace("Phone", "Name"))
    assert 'two columns are called "Name"' in refused(shop)


def test_another_delimiter_is_recognised(shop):
    shop.write(*(row.replace(",", ";") for row in shop.rows), headings=shop.headings.replace(",", ";"))
    assert 'write delimiter = ";" in the mapping' in refused(shop)
    assert len(shop.book(('file = "bookings.csv"', 'file = "bookings.csv"\ndelimiter = ";"')).lines) == 7


def test_tabs_may_stand_between_the_values(shop):
    shop.write(*(row.replace(",", "\t") for row in shop.rows), headings=shop.headings.replace(",", "\t"))
    assert 'write delimiter = "\\t" in the mapping' in refused(shop)
    assert len(shop.book(('file = "bookings.csv"', 'file = "bookings.csv"\ndelimiter = "\\t"')).lines) == 7


@pytest.mark.parametrize("content", [b"", b"\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(shop, content):
    raw(shop, content)
    assert refused(shop) == "bookings.csv, row 1: the file is empty; export it again."


def test_headings_without_rows_are_refused(shop):
    shop.write()
    assert refused(shop).startswith("bookings.csv, row 2: there are headings but no rows")


def test_a_book_without_cancellations_is_fine(shop):
    shop.write(headings="Client,Staff,Service,Date,Cancelled,By", name="cancellations.csv")
    assert not any(line.is_cancelled for line in shop.book().lines)


def test_a_byte_order_mark_is_no_part_of_the_first_heading(shop):
    shop.write(*shop.rows, encoding="utf-8-sig")
    assert shop.book().lines[0].person == "K1"


def test_windows_text_is_refused_in_its_row_and_column_until_it_is_declared(shop):
    shop.write(*shop.rows, encoding="windows-1252", headings=shop.headings)
    content = (shop.folder / "bookings.csv").read_bytes().replace(b"Iwanowa", b"Iwanow\xe1")
    raw(shop, content)
    assert refused(shop) == (
        'bookings.csv, row 4, column "Name": the text is not utf-8; save the file as UTF-8, or write'
        ' encoding = "windows-1252" under [files.bookings].'
    )
    book = shop.book(('file = "bookings.csv"', 'file = "bookings.csv"\nencoding = "windows-1252"'))
    assert book.lines[2].name == "José Núñez"


def test_utf_8_is_not_taken_for_windows_text(shop):
    shop.write(*shop.rows, encoding="utf-8-sig")
    change = ('file = "bookings.csv"', 'file = "bookings.csv"\nencoding = "windows-1252"')
    assert 'take encoding = "windows-1252" out of the mapping' in refused(shop, change)


def test_utf_16_is_refused(shop):
    shop.write(*shop.rows, encoding="utf-16")
    assert "row 1: the file is UTF-16; save it as CSV in UTF-8" in refused(shop)


def test_zero_bytes_are_refused_with_their_place(shop):
    shop.write(*shop.rows, "K9,Mia\0,,A,CUT,07.01.2019,15:00")
    assert refused(shop).startswith('bookings.csv, row 7, column "Name": there is a zero byte')


def test_a_line_of_100_mb_is_refused_without_being_read(shop):
    with (shop.folder / "bookings.csv").open("wb") as file:
        file.write(f"{shop.headings}\r\n{shop.rows[0]}\r\nK9,".encode())
        for _ in range(100):
            file.write(b"x" * 1_000_000)
    tracemalloc.start()
    sentence = refused(shop)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sentence.startswith('bookings.csv, row 3, column "Name": the line is longer than 65536 characters')
    assert peak < 3_000_000


def test_a_quotation_mark_that_is_never_closed_is_refused(shop):
    shop.write(*shop.rows, 'K9,"Mia,,A,CUT,07.01.2019,15:00')
    assert refused(shop).startswith("bookings.csv, row 7")


def test_a_quotation_mark_that_swallows_the_file_is_refused(shop):
    shop.write(*shop.rows, 'K9,"Mia,,A,CUT,07.01.2019,15:00', *(shop.rows * 2000))
    assert refused(shop).startswith("bookings.csv, row 7")


def test_rows_are_counted_as_a_spreadsheet_does(shop):
    shop.write('K9,"Mia\nPaz",,A,CUT,07.01.2019,15:00', "", "K8,Lee,,A,CUT,07.01.2019,26:00")
    book = shop.book()
    assert [(line.row, line.name) for line in book.lines if line.part == "bookings"] == [(2, "Mia Paz")]
    assert [refusal.row for refusal in book.refused if refusal.file == "bookings.csv"] == [4]


def test_a_missing_file_is_refused(shop):
    (shop.folder / "cancellations.csv").unlink()
    assert refused(shop).startswith("There is no file cancellations.csv in ")


def test_a_missing_folder_is_refused(shop, tmp_path):
    with pytest.raises(ImportRefused, match="There is no folder"):
        importer.read_book(shop.mapping(), tmp_path / "nowhere", lambda _done, _total: None)


@pytest.mark.parametrize("name", ["../shop.toml.csv", "/etc/passwd", "link.csv"])
def test_files_outside_the_folder_are_not_read(shop, tmp_path, name):
    (tmp_path / "shop.toml.csv").write_text("Client\n", "utf-8")
    (shop.folder / "link.csv").symlink_to(tmp_path / "shop.toml.csv")
    assert "lies outside the source folder" in refused(shop, ('file = "bookings.csv"', f'file = "{name}"'))


def test_a_folder_is_no_file(shop):
    (shop.folder / "sub").mkdir()
    assert "There is no file sub" in refused(shop, ('file = "bookings.csv"', 'file = "sub"'))


def test_two_parts_do_not_read_one_file(shop):
    assert "name the same file" in refused(shop, ('"no_shows.csv"', '"cancellations.csv"'))


SERVICES = """
[files.services]
file = "services.csv"
[files.services.columns]
code = "Code"
name = "Name"
price = "Price"
[durations.services]
"""


def with_services(shop, *rows):
    shop.write(*rows, headings="Code,Name,Price", name="services.csv")
    return "[durations.services]", SERVICES


def test_a_service_without_a_duration_is_named(shop):
    change = with_services(shop, "CUT,Cut,50", "COL,Colour,70.50", "PERM,Perm,90")
    assert refused(shop, change) == (
        'services.csv, row 4, column "Code": the service "PERM" (Perm) has no duration; add it to [durations] in the'
        " mapping."
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("CUT,Again,1", 'column "Code": the code "CUT" stands twice'),
        ("COL,Colour,cheap", 'column "Price": "cheap" is no price'),
        (",Colour,1", 'column "Code": the code is missing'),
        ("COL", "row 3: the row has 1 values"),
    ],
)
def test_a_wrong_service_is_refused(shop, row, reason):
    assert reason in refused(shop, with_services(shop, "CUT,Cut,50", row))


def test_prices_are_kept_in_cents(shop):
    services = shop.book(with_services(shop, "CUT,Cut,50", 'COL,,"70,5"')).services
    assert [(s.name, s.price_cents) for s in services.values()] == [("Cut", 5000), ("COL", 7050)]


CELLS = st.sampled_from(
    ["K1", "", "A", "CUT", "07.01.2019", "10:00", '"', '"\n"', "\r", "é", ";", "\x1f", "x" * 200]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(st.one_of(st.binary(max_size=300), st.lists(st.lists(CELLS, max_size=8), max_size=6)))
def test_whatever_stands_in_a_file_is_read_or_refused(shop, content):
    if isinstance(content, list):
        lines = "".join(",".join(cells) + "\r\n" for cells in content)
        raw(shop, f"{shop.headings}\r\n{lines}".encode())
    else:
        raw(shop, f"{shop.headings}\r\n".encode() + content)
    with suppress(ImportRefused):
        book = shop.book()
        in_file = [line for line in book.lines if line.part == "bookings"]
        refused_rows = sum(refusal.file == "bookings.csv" for refusal in book.refused)
        assert len(in_file) + refused_rows == book.counts["bookings.csv"]
