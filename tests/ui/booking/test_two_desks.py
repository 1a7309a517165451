"""Two windows at once: the same time, the same booking, the same patient; what each screen says is true."""

from functools import partial

import pytest

from clinic_scheduler.db import tables as t
from clinic_scheduler.services import integrity
from clinic_scheduler.services.changing.copying import Copied
from clinic_scheduler.services.offers import availability
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.services.wishes import Wish
from clinic_scheduler.ui.booking.kept import Prefill
from tests.support import screen
from tests.support.clinics import EMMA, MASSAGE, OLGA, PHYSIO
from tests.support.desk import count
from tests.support.window import Seat


@pytest.fixture
def desks(sit):
    """Kofi at Desk 1, Rosa at Desk 2."""
    return sit(), sit("Desk 2", "Rosa Lind")


def begin(seat: Seat, clinic, patient, service=MASSAGE):
    """Begin at the times of one service for somebody."""
    copy = Copied("", patient, Choices(wishes=(Wish(service),)))
    seat.window.bookings.begin(Prefill(clinic.monday, step="time"), copy)
    wizard = seat.wizard
    seat.until(lambda: wizard.page_now.answers.currentIndex().isValid())
    return wizard


def take(seat, wizard):
    wizard.page_now.go_on()
    seat.settle()


def finish(seat, wizard):
    """From the page of the patient to the reference."""
    seat.until(lambda: wizard.page_now.step == "patient")
    wizard.page_now.go_on()
    seat.until(lambda: wizard.page_now.step == "payment")
    with seat.qtbot.waitSignal(wizard.booked):
        wizard.review.go_on()


def test_of_two_who_pick_the_same_time_the_second_is_told_and_offered_the_next(desks, clinic, work):
    one, two = desks
    first, second = begin(one, clinic, EMMA), begin(two, clinic, OLGA)
    wanted = first.page_now._model.openings[0]
    assert second.page_now._model.openings[0].parts == wanted.parts  # Ben alone gives massages
    take(one, first)
    take(two, second)
    two.until(lambda: second.bar.text == "Somebody just took that time. These are the nearest that are free.")
    two.settle()
    assert second.currentId() == 1
    assert wanted.parts not in [opening.parts for opening in second.page_now._model.openings]
    near = partial(availability.nearest, clinic_id=clinic.id, parts=wanted.parts, patient_id=OLGA)
    assert second.page_now._model.openings == work.read(near)
    finish(one, first)
    take(two, second)
    finish(two, second)
    assert count(work, t.Booking) == 2
    assert work.read(integrity.overlaps) == []
    for seat in desks:
        seat.window.show_day(clinic.monday)
        seat.until(lambda s=seat: s.patients == ["Emma Müller", "Olga Petrova"])


def test_why_a_time_is_gone_names_the_colleague_and_the_desk(desks, clinic):
    one, two = desks
    take(one, begin(one, clinic, EMMA))
    second = begin(two, clinic, OLGA)
    second.page_now.wished.line.asked.emit(f"{clinic.monday:%d.%m.%Y} 09:00")
    two.until(lambda: "Held by Kofi Mensah at Desk 1 until" in second.page_now.wished.said.text())


def test_the_desk_whose_booking_goes_on_elsewhere_steps_back_and_loses_nothing(desks, clinic, work):
    one, two = desks
    first = begin(one, clinic, EMMA)
    take(one, first)
    one.until(lambda: first.page_now.step == "patient")
    first.page_now.go_on()
    one.until(lambda: first.page_now.step == "payment")
    first.review.notes.setPlainText("by the window")
    one.until(lambda: not first.draft._is_dirty and not one.tasks.running)
    two.until(lambda: "Emma Müller" in two.tray, two.live_ms * 3)
    screen.press(two.window.panel.tray, "Go on with the booking of Emma Müller")
    second = two.wizard
    one.until(lambda: first.draft.has_ended, one.live_ms * 3)
    assert first.bar.text == "Rosa Lind at Desk 2 goes on with this booking now; nothing you typed is lost."
    assert not first._middle.isEnabled()  # nothing typed here any more could get lost
    assert (second.currentId(), second.page_now.notes.toPlainText()) == (3, "by the window")
    first.footer.park.click()
    one.until(lambda: one.window.bookings.wizard is None)
    assert second.draft.seconds_left > 0
    with two.qtbot.waitSignal(second.booked):
        second.review.go_on()
    assert count(work, t.Booking) == 1


def test_a_newer_booking_of_the_same_patient_takes_over_and_both_screens_say_so(desks, clinic, work):
    one, two = desks
    first = begin(one, clinic, EMMA)
    take(one, first)
    second = begin(two, clinic, None, PHYSIO)
    take(two, second)
    two.until(lambda: second.page_now.step == "patient")
    page = second.page_now
    page.search.line.setText("emma")
    two.until(lambda: page.search.found.chosen is not None)
    page.go_on()
    two.until(
        lambda: "The unfinished booking of this patient by Kofi Mensah, Desk 1 has ended" in second.bar.text
    )
    one.until(lambda: first.draft.has_ended, one.live_ms * 3)
    one.until(
        lambda: (
            first.bar.text == "Rosa Lind at Desk 2 began a newer booking for this patient; it goes on there."
        )
    )
    assert count(work, t.BookingSession, t.BookingSession.outcome == "open") == 1


def test_the_same_patient_cannot_be_at_two_places_at_once(desks, clinic, work):
    one, two = desks
    finish_at = begin(one, clinic, EMMA)
    take(one, finish_at)
    finish(one, finish_at)
    second = begin(two, clinic, EMMA, PHYSIO)
    busy = {part.start for part in finish_at.draft.choices.parts}
    assert not busy & {opening.start for opening in second.page_now._model.openings}
    second.page_now.wished.line.asked.emit(f"{clinic.monday:%d.%m.%Y} 09:00")
    two.until(lambda: "This patient has another visit until 09:30." in second.page_now.wished.said.text())
