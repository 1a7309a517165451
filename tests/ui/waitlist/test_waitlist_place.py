"""The waitlist in the real window: a wish, an offer from a cancelled visit, a lapse, the next, accepted."""

from datetime import timedelta
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.calls.to_do import About
from clinic_scheduler.services.changing import moving
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.taking import claims
from clinic_scheduler.ui import history
from tests.support import desk, screen, waiting
from tests.support.clinics import ANA, BEN, EMMA, JOSE, OLGA, PHYSIO, shift_clock

ENTER, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Down


def go(seat):
    seat.window.actions_by_name["show_waitlist"].trigger()
    seat.settle()
    return seat.window.places.at("waitlist")


def listed(place):
    return [(row.title, row.state) for row in place.list.rows.rows]


def dialog(seat):
    seat.until(lambda: [d for d in seat.window.findChildren(QDialog) if d.isActiveWindow()])
    seat.settle()
    seat.until(QApplication.focusWidget)
    return seat.dialog


def do(seat, command):
    seat.window.actions_by_name[command].trigger()
    seat.settle()


def test_a_wish_is_typed_by_keyboard_alone(seat, work, clinic):
    place = go(seat)
    assert "Nobody waits" in place.empty.text()
    do(seat, "add_to_waitlist")
    wish = dialog(seat)
    seat.type("petrova")
    seat.until(wish.who.found.isVisible)
    seat.press(DOWN, ENTER)
    assert wish.who.patient.id == OLGA
    seat.type("phys")
    seat.press(ENTER, ENTER)
    assert [one.service_id for one in wish.what.wishes] == [PHYSIO]
    wish.when.urgency._group.button(2).click()
    seat.press((ENTER, Qt.KeyboardModifier.ControlModifier))
    seat.until(lambda: place.list.rows.rows)
    seat.settle()
    (row,) = place.list.rows.rows
    assert (row.title, row.pill) == ("Olga Petrova", "Urgent")
    seat.until(lambda: place.list.rows.rows[0].state.startswith("Free "))
    assert "Physiotherapy · until" in row.spoken
    assert place.answers.isVisible()


def test_taking_somebody_off_is_taken_back_and_done_again(seat, work, actor, clinic):
    entry = waiting.add(work, actor, waiting.wanted(clinic), EMMA)
    place = go(seat)
    seat.until(lambda: place.list.rows.rows)
    screen.press(place, "Take off the waitlist")
    seat.settle()
    assert "Ctrl+Z takes it back" in seat.window.notice.text
    for command, state in (("undo", "waiting"), ("redo", "withdrawn"), ("undo", "waiting")):
        do(seat, command)
        assert waiting.find(work, actor, entry).state == state
    seat.until(lambda: place.list.rows.rows)


def test_bad_input_is_said_beside_where_it_is(seat, work, clinic):
    go(seat)
    do(seat, "add_to_waitlist")
    wish = dialog(seat)
    wish.go.click()
    seat.settle()
    assert "Please choose a patient, or give a name." in screen.words(wish)
    seat.type("Nora Falk")
    wish.who.phone.fill("12")
    wish.go.click()
    seat.settle()
    assert wish.who.phone.error == "That phone number cannot exist; please check its digits."
    wish.who.phone.fill("")
    wish.go.click()
    seat.settle()
    assert "Please choose what the person waits for." in screen.words(wish)
    assert desk.count(work, t.WaitlistEntry) == 0
    wish.reject()


@pytest.fixture
def story(work, actor, clinic):
    """Emma is booked at nine; José, urgent, and Olga wait."""
    booked = desk.book(work, actor, [clinic.part("09:00")], EMMA)
    waiting.add(work, actor, waiting.wanted(clinic, urgency=2), JOSE)
    waiting.add(work, actor, waiting.wanted(clinic), OLGA)
    return booked


def test_from_a_cancellation_to_the_next_who_takes_it(seat, story, work, clinic):
    seat.show_day(clinic.monday)
    seat.select(story.appointment_ids[0])
    seat.window.visits.cancel_parts(story.appointment_ids, [1], "ill")
    seat.until(
        lambda: "2 of the waitlist could come then, first José García-López" in seat.window.notice.text
    )
    screen.press(seat.window.notice, "Who could come…")
    who = dialog(seat)
    assert [row.title for row in who.found.rows.rows] == ["José García-López", "Olga Petrova"]
    assert who.found.rows.rows[0].below == "before the next: is more urgent"
    assert who.said.startswith("2 of 2 who wait could come")
    seat.press(ENTER)
    seat.settle()
    assert "is held for José García-López until" in seat.window.notice.text
    place = go(seat)
    assert listed(place)[0][1].startswith("Offered, ")

    # Nobody answers. The desk's own clock lets the offer lapse; no one presses anything.
    shift_clock(work, timedelta(minutes=61))
    seat.window.waitlist.hear(None)
    seat.until(lambda: "lapsed without an answer" in seat.window.notice.text)
    seat.until(lambda: "first Olga Petrova" in seat.window.notice.text)
    seat.until(lambda: place.tasks_today.list.rows.rows)
    assert "lapsed" in place.tasks_today.list.rows.rows[0].title
    assert place.tasks_today.who.isVisible()
    place.tasks_today.who.click()
    dialog(seat)
    seat.press(ENTER)
    seat.settle()
    assert "please call, the task is on the list" in seat.window.notice.text
    seat.until(lambda: [row.title for row in place.tasks_today.list.rows.rows] == ["Olga Petrova"])

    seat.settle()
    place.list.mark(0)
    assert place.marked.name == "Olga Petrova"
    place.answers.accept.click()
    seat.settle()
    assert seat.window.notice.text.startswith("Booked Olga Petrova, reference ")
    seat.until(lambda: [name for name, _state in listed(place)] == ["José García-López"])
    seat.until(lambda: not place.tasks_today.list.rows.rows)
    assert waiting.states(work) == (["accepted", "expired"], ["booked", "waiting"])
    assert not seat.refused


def test_who_could_come_is_asked_at_a_free_time_and_refused_where_it_is_taken(seat, story, clinic):
    seat.show_day(clinic.monday)
    view, place = seat.window.day_view, seat.place(0, 10 * 60)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert seat.window.page.cursor_time()[0] == ANA
    do(seat, "who_could_come")
    who = dialog(seat)
    assert who.said.startswith("2 of 2 who wait could come")
    assert "10:00" in who.found.rows.rows[0].state
    who.reject()


def test_the_time_that_a_moved_visit_leaves_is_proposed_too(seat, story, work, actor, clinic):
    seat.show_day(clinic.monday)
    (moved,) = story.appointment_ids
    seat.window.acting.do(
        history.of_changes(
            "move Emma", (Change(moved, 1, clinic.at("15:00")),), partial(moving.change, actor=actor)
        )
    )
    seat.until(lambda: "2 of the waitlist could come then" in seat.window.notice.text)
    do(seat, "undo")
    assert "Taken back: move Emma" in seat.window.notice.text


def test_a_time_that_is_taken_meanwhile_is_said_in_the_dialog(seat, story, work, colleague, clinic):
    place = go(seat)
    seat.until(lambda: len(place.list.rows.rows) == 2)
    place.list.mark(0)
    place.answers.offer.click()
    when = dialog(seat)
    _entry, opening = when.found.chosen
    parts = opening.parts
    desk.hold(work, colleague, desk.start(work, colleague, None), *parts)
    when.go.click()
    seat.settle()
    assert "is not free" in when.said
    assert when.found.chosen[1] != opening
    when.go.click()
    seat.settle()
    assert listed(place)[0][1].startswith("Offered, ")


def test_a_colleague_sees_the_offer_and_of_two_answers_one_counts(sit, story, work, actor, clinic):
    here, there = sit(), sit("Desk 2", "Rosa Lind")
    places = [go(here), go(there)]
    for seat, place in zip((here, there), places, strict=True):
        seat.until(lambda place=place: len(place.list.rows.rows) == 2)
    time = waiting.matches(work, actor, waiting.FreeTime(BEN, clinic.at("10:00"), clinic.at("10:45")))
    waiting.offer(work, actor, time.best[0])
    for seat, place in zip((here, there), places, strict=True):
        seat.until(lambda place=place: listed(place)[0][1].startswith("Offered"), limit_ms=2 * seat.live_ms)
        place.list.mark(0)
    entry = places[1].marked
    places[0].answers.accept.click()
    here.settle()
    there.window.waitlist.decline(entry, keeps_waiting=True)
    there.settle()
    assert "This offer is accepted by now" in there.window.notice.text
    there.until(lambda: len(places[1].list.rows.rows) == 1, limit_ms=2 * there.live_ms)


def test_tasks_are_added_given_and_done(seat, work, actor, clinic):
    place = go(seat)
    to_dos = place.tasks_today
    to_dos.add.click()
    task = dialog(seat)
    task.go.click()
    seat.settle()
    assert task.text.error == "Please write what is to be done."
    seat.type("Order towels")
    seat.press(ENTER)
    seat.until(lambda: to_dos.list.rows.rows)
    work.write(lambda s: to_do.add(s, actor=actor, kind="call_back", text="Ring", about=About(OLGA)))
    seat.until(lambda: len(to_dos.list.rows.rows) == 2, limit_ms=2 * seat.live_ms)
    to_dos.list.mark(1)
    to_dos.assign.click()
    seat.until(to_dos._menu.isVisible)
    mine = next(one for one in to_dos._menu.actions() if one.text() == "Kofi Mensah")
    mine.trigger()
    to_dos._menu.hide()
    seat.until(lambda: to_dos.list.rows.rows[1].below == "Kofi Mensah")
    to_dos.list.mark(1)
    QTest.keyClick(to_dos.list, ENTER)
    seat.until(lambda: to_dos.list.rows.rows[1].state == "Done")
    assert to_dos.done.text() == "Open again"
    assert [one.state for one in work.read(lambda s: to_do.due(s, actor=actor))] == ["open", "done"]
    assert work.read(claims.now)


def test_the_task_that_was_marked_is_put_off_whatever_is_marked_meanwhile(seat, work, actor, clinic):
    place = go(seat)
    for name in ("Nora", "Paul"):
        about = About(name=name)
        work.write(lambda s, about=about: to_do.add(s, actor=actor, kind="other", text="Call", about=about))
    board = place.tasks_today
    board.read()
    seat.until(lambda: len(board.list.rows.rows) == 2)
    board.list.mark(0)
    first = board.marked.about.name
    board.later.click()
    board.list.mark(1)  # before the answer of the database is there
    assert board.marked.about.name != first
    seat.until(lambda: len(board.list.rows.rows) == 1)
    assert board.list.rows.rows[0].title != first
