"""What was chosen comes back from JSON as it was, and of damaged JSON as much as can be read."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.db.states import PaymentMethod, PaymentState, Source
from clinic_scheduler.services.unfinished import choices
from clinic_scheduler.services.unfinished.choices import LONGEST_TEXT, MOST_LINES, VERSION, Choices, Guest
from clinic_scheduler.services.wishes import AddOn, Part, Wish
from tests.support.clinics import ANA, BEN, BLUE_ROOM, MASSAGE, PHYSIO

NINE, TEN = datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC)
TAPING = AddOn(UUID(int=77), "Taping", 10, 1200)
FULL = Choices(
    wishes=(Wish(PHYSIO, (ANA, BEN), add_on_ids=(TAPING.id,)), Wish(MASSAGE)),
    from_day=date(2026, 11, 24),
    parts=(
        Part(
            PHYSIO,
            ANA,
            None,
            NINE,
            TEN,
            4000,
            add_ons=(TAPING,),
            listed_cents=6200,
            price_reason="Hardship",
        ),
        Part(MASSAGE, BEN, BLUE_ROOM, NINE, TEN, 0),
    ),
    guest=Guest("Mia Long", "+493012345670", "mia@example.org"),
    notes="by the window",
    source="walk_in",
    payment_state="part_paid",
    payment_method="card",
    paid_cents=1500,
    typed={"guest_name": "Mia L", "search": "%"},
)
FIELDS = sorted(choices.write(FULL).keys() - {"version"})
PIECEWISE = {"wishes", "guest", "typed"}  # of which what is whole is kept
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=40)
ADD_ONS = st.builds(AddOn, st.uuids(), TEXT, st.integers(0, 480), st.integers(0, 10**9))
PARTS = st.builds(
    Part,
    st.uuids(),
    st.uuids(),
    st.none() | st.uuids(),
    st.just(NINE),
    st.datetimes(datetime(2027, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - edges
    st.integers(0, 10**9),
    st.none() | st.uuids(),
    st.integers(0, 19),
    st.frozensets(st.integers(0, 19), max_size=2),
    st.lists(ADD_ONS, max_size=2).map(tuple),
    st.none() | st.integers(0, 10**9),
    TEXT,
)
WISHES = st.builds(
    Wish,
    st.uuids(),
    st.lists(st.uuids(), max_size=3).map(tuple),
    st.none() | st.uuids(),
    st.none() | st.uuids(),
    st.integers(0, 19),
    st.lists(st.uuids(), max_size=2).map(tuple),
)
CHOICES = st.builds(
    Choices,
    st.lists(WISHES, max_size=5).map(tuple),
    st.none() | st.dates(),
    st.lists(PARTS, max_size=4).map(tuple),
    st.builds(Guest, TEXT, TEXT, TEXT),
    TEXT,
    st.sampled_from([str(word) for word in Source]),
    st.sampled_from([str(word) for word in PaymentState]),
    st.sampled_from(["", *map(str, PaymentMethod)]),
    st.integers(0, 10**9),
    st.dictionaries(TEXT, TEXT, max_size=4),
)


def test_a_booking_without_anything_new_is_written_for_desks_with_the_older_program():
    older = replace(FULL, wishes=(Wish(PHYSIO),), parts=(), payment_state="paid", paid_cents=0)
    assert choices.write(older)["version"] == 2
    assert choices.write(FULL)["version"] == VERSION


@given(CHOICES)
def test_choices_come_back_as_they_were(chosen):
    assert choices.read(choices.write(chosen)) == (chosen, ())


@pytest.mark.parametrize("stored", [None, [], "", 0, "{}", [1], True])
def test_what_is_no_object_at_all_is_wholly_damaged(stored):
    assert choices.read(stored) == (Choices(), ("everything",))


def test_what_is_missing_is_as_at_the_beginning():
    assert choices.read({}) == (Choices(), ())


@pytest.mark.parametrize("field", FIELDS)
@given(value=JSON)
def test_one_damaged_field_leaves_the_others(field, value):
    read, damaged = choices.read(choices.write(FULL) | {field: value})
    assert damaged in ((), (field,))
    rest = choices.write(FULL)
    rest.pop(field)
    assert choices.write(read) == choices.write(FULL) | {field: choices.write(read)[field]}
    if damaged and field not in PIECEWISE:
        assert read == choices.read(rest)[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("wishes", [{"service": "x", "with": []}]),
        ("wishes", [{"with": []}]),
        ("wishes", None),
        ("from_day", "2026-02-30"),
        ("from_day", "24.11.2026"),
        ("from_day", 5),
        ("guest", {"name": "Mia"}),
        ("guest", {"name": 1, "phone": "", "email": ""}),
        ("guest", []),
        ("notes", None),
        ("notes", ["a"]),
        ("source", "carrier pigeon"),
        ("source", None),
        ("payment_state", ""),
        ("payment_method", "gold"),
        ("typed", {"name": None}),
        ("typed", []),
    ],
)
def test_damage_is_named(field, value):
    assert choices.read(choices.write(FULL) | {field: value})[1] == (field,)


@pytest.mark.parametrize(
    "broken",
    [
        {"service": "not an id"},
        {"room": "x"},
        {"room": 5},
        {"start": "2026-11-24"},
        {"start": "2026-11-24T11:00:00+00:00"},
        {"start": "2026-11-24T09:00:00"},  # whose nine o'clock?
        {"start": "0001-01-01T00:00:00+14:00"},
        {"end": "9999-12-31T23:59:00-14:00"},
        {"end": None},
        {"price_cents": -1},
        {"price_cents": "5000"},
        {"price_cents": 50.5},
        {"price_cents": None},
        {"price_cents": True},
        {"price_cents": 10**30},
    ],
)
def test_a_damaged_part_is_no_part(broken):
    stored = choices.write(FULL)
    stored["parts"][0] |= broken
    read, damaged = choices.read(stored)
    assert damaged == ("parts",)
    assert (read.parts, read.guest) == ((), FULL.guest)


@pytest.mark.parametrize("missing", ["service", "practitioner", "room", "start", "end", "price_cents"])
def test_half_a_part_is_no_part(missing):
    stored = choices.write(FULL)
    del stored["parts"][1][missing]
    assert choices.read(stored)[1] == ("parts",)


def test_what_is_too_much_is_cut_and_said():
    stored = choices.write(FULL)
    stored |= {"notes": "x" * 1_000_000, "wishes": stored["wishes"] * 1_000}
    read, damaged = choices.read(stored)
    assert (len(read.notes), len(read.wishes), damaged) == (LONGEST_TEXT, MOST_LINES, ("wishes", "notes"))
    stored["parts"] *= 1_000  # a visit that is cut is another visit
    assert choices.read(stored)[0].parts == ()


def test_a_text_is_cut_before_it_is_stored():
    long = choices.write(replace(FULL, notes="x" * (LONGEST_TEXT + 1)))
    assert choices.read(long) == (replace(FULL, notes="x" * LONGEST_TEXT), ())


def test_what_no_database_keeps_goes_before_it_is_stored():
    odd = Choices(guest=Guest("Mi\0a", "\ud800", "\0"), notes="a\0b", typed={"a\0": "\udfffb"})
    plain = Choices(guest=Guest("Mia"), notes="ab", typed={"a": "b"})
    assert choices.write(odd) == choices.write(plain)


def test_one_damaged_wish_loses_only_itself():
    stored = choices.write(FULL)
    stored["wishes"][0]["service"] = "x"
    read, damaged = choices.read(stored)
    assert (read.wishes, read.parts, damaged) == (FULL.wishes[1:], FULL.parts, ("wishes",))


@pytest.mark.parametrize("broken", [{"with": ["x"]}, {"room": 5}, {"preferred": "x"}, {"visitor": -1}])
def test_a_wish_keeps_its_service_without_what_is_damaged(broken):
    stored = choices.write(FULL)
    stored["wishes"][1] |= broken
    assert choices.read(stored) == (FULL, ("wishes",))


def test_one_damaged_part_loses_the_visit_but_not_what_was_wished():
    stored = choices.write(FULL)
    stored["parts"][1]["start"] = "x"
    read, damaged = choices.read(stored)
    assert (read.parts, read.wishes, damaged) == ((), FULL.wishes, ("parts",))


def test_one_damaged_text_loses_only_itself():
    stored = choices.write(FULL)
    stored["typed"]["search"] = 5
    stored["guest"]["phone"] = None
    read, damaged = choices.read(stored)
    assert (read.typed, damaged) == ({"guest_name": "Mia L"}, ("guest", "typed"))
    assert read.guest == replace(FULL.guest, phone="")


def test_what_the_first_version_wrote_is_read_whole():
    stored = {
        "version": 1,
        "wishes": [{"service": str(PHYSIO), "with": [str(ANA)]}, {"service": str(MASSAGE), "with": []}],
        "from_day": "2026-11-24",
        "parts": [
            {
                "service": str(PHYSIO),
                "practitioner": str(ANA),
                "room": None,
                "start": "2026-11-24T09:00:00+00:00",
                "end": "2026-11-24T10:00:00+00:00",
                "price_cents": 5000,
            }
        ],
        "guest": {"name": "Mia Long", "phone": "+493012345670", "email": ""},
        "notes": "by the window",
        "source": "walk_in",
        "payment_state": "paid",
        "payment_method": "card",
        "typed": {"guest_name": "Mia L"},
    }
    assert choices.read(stored) == (
        Choices(
            wishes=(Wish(PHYSIO, (ANA,)), Wish(MASSAGE)),
            from_day=date(2026, 11, 24),
            parts=(Part(PHYSIO, ANA, None, NINE, TEN, 5000),),
            guest=Guest("Mia Long", "+493012345670", ""),
            notes="by the window",
            source="walk_in",
            payment_state="paid",
            payment_method="card",
            typed={"guest_name": "Mia L"},
        ),
        (),
    )


@pytest.mark.parametrize("version", [VERSION + 1, 10**30, 0, -1, True, "2", None, [], 1.5])
def test_a_version_that_is_not_known_is_read_as_far_as_it_is_understood_and_said(version):
    later = choices.write(FULL) | {"version": version, "mood": "good"}
    later["wishes"] = [wish | {"mood": "good"} for wish in later["wishes"]]
    assert choices.read(later) == (FULL, ("version",))


@given(JSON)
def test_nothing_that_is_stored_breaks_the_reading(stored):
    read, damaged = choices.read(stored)
    assert choices.read(choices.write(read)) == (read, ())
    assert isinstance(damaged, tuple)


@given(st.dictionaries(st.sampled_from([*FIELDS, "version", "packed"]), JSON))
def test_no_field_that_is_stored_breaks_the_reading(stored):
    read, _damaged = choices.read(stored)
    assert choices.read(choices.write(read)) == (read, ())
