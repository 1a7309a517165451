"""The three courses every clinic knows, through the real window, on both databases."""

from datetime import timedelta

from PySide6.QtCore import Qt

from clinic_scheduler.services.plans.course import Gap
from clinic_scheduler.services.plans.settings import OwnSession
from tests.support import changing, desk, planning
from tests.support.clinics import ANA, GAIT, OLGA, ZONE
from tests.ui.plans.conftest import ENTER, MONTHLY


def days(page):
    return [one.part.start.astimezone(ZONE).date() for one in page.editor.proposal.sessions]


def by(day):
    return f"{day.day} {day:%B %Y}"


def test_an_implant_is_booked_at_once_by_keyboard_alone(planner, seat, clinic):
    planner.set_up(
        sessions=3,
        strategy="immediate",
        gap=Gap(14, 14, 14),
        gaps={2: MONTHLY},
        own={2: OwnSession("Stitches", duration_min=20), 3: OwnSession("Crown")},
    )
    wizard = planner.begin()
    page = wizard.page_now
    assert page.sentence.text().startswith("All sessions are booked now")
    first, second, third = days(page)
    assert (first, (second - first).days, (third - second).days) == (clinic.monday, 14, 30)
    assert [row.title for row in page.editor.rows] == ["1 · Gait analysis", "2 · Stitches", "3 · Crown"]
    last = planner.finish(wizard)
    assert last.next.text().startswith("3 of 3 booked, 0 completed.")
    assert len({row.tag for row in last._model.rows}) == 3
    seat.press(ENTER)
    seat.until(lambda: seat.window.bookings.wizard is None)
    assert planner.sentences() == [("Emma Müller", "3 of 3 booked, 0 completed.")]
    marks = planner.place.details.timeline.marks
    assert [(mark.number, mark.state) for mark in marks] == [(1, "booked"), (2, "booked"), (3, "booked")]
    assert marks[1].at - marks[0].at == 14


def test_completing_a_session_of_physiotherapy_offers_the_next_at_once(planner, seat, clinic):
    wizard = planner.begin()
    page = wizard.page_now
    assert page.strategy.key == "sequential"
    assert len(page.editor.rows) == 1
    last = planner.finish(wizard)
    latest = clinic.monday + timedelta(days=14)
    assert last.next.text().startswith(f"1 of 8 booked, 0 completed, 7 to book; next due by {by(latest)}.")
    assert "the next is offered" in last.next.text()
    plan = last._plan
    seat.press(ENTER)
    window = seat.window
    window.going.show_visit(clinic.monday, plan.number(1).appointment_id)
    seat.until(lambda: seat.day == clinic.monday and seat.window.panel.plan.plan is not None)
    assert window.panel.plan.sentence.text() == plan.sentence
    assert not window.plans.strip.text
    window.visits.complete_visit()
    seat.until(lambda: window.plans.strip.text)
    seat.settle()
    offered = clinic.monday + timedelta(days=7)
    assert window.plans.strip.text.startswith("Next for Emma Müller: session 2 of 8. ")
    assert f"{offered:%a} {offered.day} {offered:%b}" in window.plans.strip.text
    window.actions_by_name["book_offered"].trigger()
    seat.until(lambda: not window.plans.strip.text)
    seat.settle()
    assert planner.sentences()[0][1].startswith("2 of 8 booked, 1 completed, 6 to book; next due by ")
    window.acting.undo()
    seat.settle()
    seat.until(lambda: planner.sentences()[0][1].startswith("1 of 8 booked, 1 completed, 7 to book"))


def test_an_offered_time_that_another_desk_took_is_not_booked_but_offered_anew(
    planner, seat, work, colleague, clinic
):
    last = planner.finish(planner.begin())
    plan, window = last._plan, seat.window
    seat.press(ENTER)
    window.going.show_visit(clinic.monday, plan.number(1).appointment_id)
    seat.until(lambda: window.panel.plan.plan is not None)
    window.visits.complete_visit()
    seat.until(lambda: window.plans.strip.text)
    seat.settle()
    before = window.plans.strip.text
    desk.book(work, colleague, [clinic.part("09:00", ANA, days=7)], patient=OLGA)
    window.plans.strip.book.click()
    seat.until(lambda: "Session 2: That time is taken" in window.notice.text)
    seat.until(lambda: window.plans.strip.text != before)
    assert window.plans.strip.text.startswith("Next for Emma Müller: session 2 of 8. ")
    seat.settle()
    window.plans.strip.later.click()
    assert not window.plans.strip.text
    assert planning.rows(work, plan.id)[1] == (2, "due", False)


def test_a_completion_that_is_taken_back_takes_its_offer_along(planner, seat, clinic):
    last = planner.finish(planner.begin())
    plan = last._plan
    seat.press(ENTER)
    seat.window.going.show_visit(clinic.monday, plan.number(1).appointment_id)
    seat.until(lambda: seat.window.panel.plan.plan is not None)
    seat.window.visits.complete_visit()
    seat.until(lambda: seat.window.plans.strip.text)
    seat.settle()
    seat.window.acting.undo()
    seat.until(lambda: not seat.window.plans.strip.text)


def test_lessons_are_booked_three_now_and_two_later(planner, seat, work, actor):
    planner.set_up(sessions=10, strategy="flexible", gap=Gap(2, 7, 14))
    wizard = planner.begin()
    page = wizard.page_now
    page.editor.terms.count.setValue(3)
    seat.until(lambda: len(page.editor.rows) == 3 and not page.editor.is_asking)
    page.editor.sessions.setFocus()
    last = planner.finish(wizard)
    assert last.next.text().startswith("3 of 10 booked, 0 completed, 7 to book; next due by ")
    plan = last._plan
    seat.press(ENTER)
    for number in (1, 2):
        changing.advance(work, actor, "completed", plan.number(number).appointment_id)
    details = planner.show(plan.id)
    seat.until(lambda: details.looked.plan.progress.completed == 2)
    details.book.click()
    seat.settle()
    dialog = seat.dialog
    dialog.editor.terms.count.setValue(2)
    seat.until(lambda: dialog.go.isEnabled() and dialog.go.text() == "Book 2 sessions")
    assert [row.number for row in dialog.editor.rows] == [4, 5]
    seat.qtbot.keyClick(dialog, Qt.Key.Key_Return)
    seat.until(lambda: details.looked.plan.progress.booked == 3)
    seat.settle()
    assert details.sentence.text().startswith("5 of 10 booked, 2 completed, 5 to book; next due by ")
    changing.holds_true(work)
    assert {one.service_id for one in details.looked.plan.sessions} == {GAIT}
