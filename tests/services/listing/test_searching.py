"""A booking is found by whoever comes, by number, address and reference, on record or not."""

import pytest

from clinic_scheduler.services.listing import lines, searching
from clinic_scheduler.services.listing.asked import Asked, Filter
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from tests.support import desk
from tests.support.clinics import EMMA, JOSE
from tests.support.odd_texts import ODD_TEXTS


@pytest.fixture
def done(work, actor, clinic):
    guest = Choices(guest=Guest("Mïa O'Long", "+12015550123", "mia@example.org"))
    return {
        "emma": desk.book(work, actor, [clinic.part("09:00")], EMMA),
        "jose": desk.book(work, actor, [clinic.part("10:00")], JOSE),
        "mia": desk.book(work, actor, [clinic.part("11:00")], None, guest),
    }


def found(work, actor, text):
    asked = Asked(Filter(text))
    return [
        line.visit.reference for line in work.read(lambda s: lines.page(s, actor=actor, asked=asked)).lines
    ]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("mull", ["emma"]),
        ("GARCÍA lop", ["jose"]),
        ("jose@exa", ["jose"]),
        ("030 123", ["emma"]),
        ("+4930", ["emma"]),
        ("long", ["mia"]),
        ("MIA@EXAMPLE", ["mia"]),
        ("long mïa", ["mia"]),
        ("2015550123", ["mia"]),
        ("o'lo", ["mia"]),
        ("example.org", ["emma", "jose", "mia"]),
        ("emma garcia", []),
        ("%", []),
        ("_", []),
        ("   ", ["emma", "jose", "mia"]),
    ],
)
def test_who_is_typed_is_found(work, actor, done, text, who):
    assert found(work, actor, text) == [done[name].reference for name in who]


def test_a_reference_is_found_as_it_is_read_out(work, actor, done):
    reference = done["jose"].reference
    for typed in (
        reference,
        reference.lower(),
        reference.replace("-", ""),
        reference.replace("-", " "),
        reference[:7],
    ):
        assert reference in found(work, actor, typed)


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_nothing_that_is_typed_breaks_the_search(work, actor, done, text):
    assert len(found(work, actor, text)) <= 3


def test_it_says_when_too_many_are_meant(work, actor, done, monkeypatch):
    asked = Asked(Filter("example.org"))
    assert not work.read(lambda s: lines.page(s, actor=actor, asked=asked)).is_cut
    monkeypatch.setattr(searching, "MOST_BOOKINGS", 2)
    page = work.read(lambda s: lines.page(s, actor=actor, asked=asked))
    assert (len(page.lines), page.is_cut) == (2, True)


@pytest.mark.parametrize("text", ["émile", "Émile", "ÉMILE", "ångström é", "Ångström"])
def test_a_guest_is_found_in_whichever_case_letters_with_marks_are_typed(work, actor, clinic, text):
    guest = Choices(guest=Guest("Émile Ångström", "", ""))
    reference = desk.book(work, actor, [clinic.part("09:00")], None, guest).reference
    assert found(work, actor, text) == [reference]
