"""Whatever is pasted: kept as it is where it can be kept, refused with a sentence at its field where not."""

import pytest
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from tests.ui.booking.test_people import fill

NAMES = [  # what is pasted, and the name on record or None where it is refused
    ("", None),
    ("   \t ", None),
    ("\u200b", None),
    ("!!!", None),
    ("😀", None),
    ("a\0b", "ab"),
    ("a\x07b", None),
    ("x\ud800y", "xy"),
    ("A" * 10_000, "A" * 200),
    ("<b>Bold</b> <img src=x>", "<b>Bold</b> <img src=x>"),
    ("&lt;script&gt;", "&lt;script&gt;"),
    ("'; DROP TABLE patient; --", "'; DROP TABLE patient; --"),
    ("100 % _ sure", "100 % _ sure"),
    ("=1+1", "=1+1"),
    ("محمد عبد الله", "محمد عبد الله"),
    ("Mu\u0308ller", "Müller"),
    ("Zoë 😀", "Zoë 😀"),
    ("Null", "Null"),
    ("Ana\nSilva", "Ana Silva"),
    ("e" + "\u0301" * 150, None),
    ("O'Brien-\u0141ukasz", "O'Brien-Łukasz"),
]


@pytest.fixture
def guests(desk):
    wizard = desk.open()
    desk.to_patient(wizard)
    wizard.page_now._switch("guest")
    return wizard


@pytest.mark.parametrize(("pasted", "kept"), NAMES, ids=[ascii(text)[:30] for text, _ in NAMES])
def test_a_name_is_kept_or_refused_at_its_field(desk, guests, pasted, kept):
    page = guests.page_now
    fill(page.guest, name=pasted)
    desk.saved(guests)
    page.go_on()
    if kept is None and page.guest.fields["name"].error:
        assert guests.currentId() == 2
        assert page.guest.fields["name"].error.endswith(".")
        return
    desk.until_step(guests, 3)
    with desk.qtbot.waitSignal(guests.booked):
        guests.page_now.go_on()
    stored = desk.work.read(lambda s: s.scalars(select(t.Booking.guest_name)).one())
    assert kept is None or stored == kept


@pytest.mark.parametrize("pasted", ["12", "abc", "+49 000", "9" * 400, "😀"])
def test_a_number_that_cannot_exist_is_refused_at_its_field(desk, guests, pasted):
    fill(guests.page_now.guest, name="Ida Nowak", phone=pasted)
    guests.page_now.go_on()
    assert guests.page_now.guest.fields["phone"].error
    assert guests.currentId() == 2


@pytest.mark.parametrize("pasted", ["x", "a@b", "a b@example.org", "@" * 300, "a@example.org\nBcc: x@y.zz"])
def test_an_address_that_is_none_is_refused_at_its_field(desk, guests, pasted):
    fill(guests.page_now.guest, name="Ida Nowak", email=pasted)
    guests.page_now.go_on()
    assert guests.page_now.guest.fields["email"].error
    assert guests.currentId() == 2


@pytest.mark.parametrize(
    "pasted", ["'; DROP", "%", "_", "\0", "\ud800", "<img>", "x" * 10_000, "\u202e", "😀"]
)
def test_a_search_takes_anything(desk, pasted):
    wizard = desk.open()
    wizard.page_now.search.setText(pasted)
    desk.saved(wizard)
    wizard.page_now.search.clear()
    desk.to_patient(wizard)
    wizard.page_now.search.line.setText(pasted)
    desk.saved(wizard)
    desk.qtbot.waitUntil(lambda: not wizard.page_now.search._pause.isActive() and not desk.tasks.running)


def test_notes_are_capped_and_say_so(desk):
    wizard = desk.open()
    desk.to_review(wizard)
    wizard.page_now.notes.setPlainText("n" * 10_000)
    assert len(wizard.draft.choices.notes) == 4000
    assert "at most 4,000 characters" in wizard.page_now.notes_error.text()
    wizard.page_now.notes.setPlainText("short \0\ud800")
    assert wizard.page_now.notes_error.isHidden()
    assert "\0" not in desk.saved(wizard).choices.notes


def test_markup_is_shown_as_typed(desk, guests):
    fill(guests.page_now.guest, name="<b>Bold</b>")
    guests.page_now.go_on()
    desk.until_step(guests, 3)
    assert guests.page_now._who.text() == "<b>Bold</b>"
