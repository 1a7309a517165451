"""The wizard where its service takes several sessions: adjusted, parked, taken away by another desk, or not wanted."""

from datetime import timedelta

from PySide6.QtCore import QDateTime, Qt
from sqlalchemy import func, select

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui.booking.pages import When
from tests.support import changing, desk
from tests.support.clinics import ANA, OLGA, PHYSIO, ZONE, shift_clock
from tests.support.screen import press
from tests.support.window import focused
from tests.ui.plans.conftest import ENTER


def count(work, table, *where):
    return work.read(lambda s: s.scalar(select(func.count()).select_from(table).where(*where)))


def choose_strategy(planner, wizard, key):
    page = wizard.page_now
    page.strategy.choose(key)
    page.strategy.chosen.emit(key)
    planner.until_proposed(wizard)
    return page


def take_own(planner, wizard, number, wall):
    """Type another day and time for a session."""
    page, wall = wizard.page_now, wall.astimezone(ZONE)
    page.editor.sessions.mark_number(number)
    page.editor.others.own.setDateTime(QDateTime(wall.year, wall.month, wall.day, wall.hour, wall.minute, 0))
    page.editor.others.own_button.click()
    planner.until_proposed(wizard)


def test_a_gap_that_is_not_kept_is_said_and_can_be_allowed(planner, seat, work, clinic):
    planner.set_up(sessions=4, strategy="immediate")
    wizard = planner.begin()
    editor = wizard.page_now.editor
    take_own(planner, wizard, 2, clinic.at("11:00", days=2))
    assert editor.why_not == "Session 2 needs a look: choose another time, or allow it below."
    row = editor.rows[1]
    assert row.note == "Session 2 is 2 days after the one before; at least 5 are asked for."
    assert row.alternatives
    assert not wizard.page_now.may_go_on
    editor.allow.setChecked(True)
    assert wizard.page_now.may_go_on
    editor.sessions.setFocus()
    planner.finish(wizard)
    assert count(work, t.Appointment) == 4
    seat.press(ENTER)
    assert "Session 2 is 2 days" in planner.place.details.looked.plan.number(2).gap_note


def test_a_time_that_is_not_free_is_never_booked(planner, work, actor, clinic):
    planner.set_up(sessions=3, strategy="immediate")
    desk.book(work, actor, [clinic.part("11:00", ANA, days=7)], patient=OLGA)
    wizard = planner.begin()
    take_own(planner, wizard, 2, clinic.at("11:00", days=7))
    editor = wizard.page_now.editor
    assert editor.rows[1].note == "That time is not free; please choose another."
    page = wizard.page_now
    page.editor.allow.setChecked(True)
    page.go_on()
    planner.seat.settle()
    planner.until_proposed(wizard)
    assert wizard.currentId() == 1
    assert wizard.bar.text.startswith("Somebody just took one of these times, so none is held.")
    assert count(work, t.Claim, t.Claim.kind == "hold", t.Claim.live_to.is_(None)) == 0


def test_parked_and_taken_up_again_nothing_is_lost(planner, seat, work, clinic):
    planner.set_up(sessions=4)
    wizard = planner.begin()
    page = choose_strategy(planner, wizard, "immediate")
    page.editor.sessions.mark_number(3)
    seat.settle()
    part = page.editor.others.parts[-1]
    page.editor._take(part)
    planner.until_proposed(wizard)
    page.editor.sessions.setFocus()
    seat.press(ENTER)
    seat.until(lambda: wizard.currentId() == 2)
    seat.settle()
    identifier, parts = wizard.draft.id, wizard.draft.choices.parts
    assert len(parts) == 4
    wizard.reject()
    seat.until(lambda: seat.window.bookings.wizard is None)
    seat.settle()
    seat.window.bookings.resume(identifier)
    again = seat.wizard
    planner.until_proposed(again)
    assert again.page_now.strategy.key == "immediate"
    shown = [one.part for one in again.page_now.editor.proposal.sessions]
    assert [(one.start, one.practitioner_id) for one in shown] == [
        (one.start, one.practitioner_id) for one in parts
    ]
    assert part.start in {one.start for one in shown}
    again.page_now.editor.sessions.setFocus()
    planner.finish(again)
    assert count(work, t.TreatmentPlan) == 1
    changing.holds_true(work)


def test_another_desk_takes_a_proposed_time_and_nothing_is_held(planner, seat, work, colleague):
    planner.set_up(sessions=3, strategy="immediate")
    wizard = planner.begin()
    second = wizard.page_now.editor.proposal.sessions[1].part
    taken = Part(PHYSIO, ANA, None, second.start, second.start + timedelta(minutes=45), 5000)
    desk.book(work, colleague, [taken], patient=OLGA)
    seat.press(ENTER)
    seat.until(lambda: wizard.bar.text)
    planner.until_proposed(wizard)
    assert wizard.bar.text.startswith("Somebody just took one of these times, so none is held.")
    assert wizard.currentId() == 1
    assert wizard.draft.held_until is None
    assert wizard.page_now.editor.proposal.sessions[1].part.start != second.start
    assert wizard.page_now.may_go_on


def test_only_one_visit_is_booked_without_a_plan_where_that_is_wanted(planner, seat, work):
    wizard = planner.begin()
    press(wizard.findChild(When), "Only one visit")
    seat.until(lambda: wizard.page_now.answers.currentIndex().isValid())
    seat.settle()
    assert wizard.page_now.answers.hasFocus()
    planner.finish(wizard)
    assert (count(work, t.TreatmentPlan), count(work, t.Appointment)) == (0, 1)


def test_a_plan_wants_somebody_on_record(planner, seat):
    wizard = planner.begin()
    seat.press(ENTER)
    seat.until(lambda: wizard.currentId() == 2)
    seat.settle()
    wizard.next()
    seat.until(lambda: wizard.currentId() == 2 and wizard.bar.text)
    assert wizard.bar.text.startswith("A plan is for somebody on record")


def test_a_hold_that_lapsed_and_was_given_away_books_nothing_and_offers_other_times(
    planner, seat, work, colleague
):
    planner.set_up(sessions=3, strategy="immediate")
    wizard = planner.begin()
    planner.to_review(wizard)
    second = wizard.draft.choices.parts[1]
    shift_clock(work, timedelta(minutes=16))
    taken = Part(PHYSIO, ANA, None, second.start, second.start + timedelta(minutes=45), 5000)
    desk.book(work, colleague, [taken], patient=OLGA)
    wizard.page_now.go_on()
    seat.until(lambda: "Nothing was booked" in wizard.bar.text)
    planner.until_proposed(wizard)
    assert "Session 2: That time is taken" in wizard.bar.text
    assert wizard.page_now.editor.proposal.sessions[1].part.start != second.start
    assert (count(work, t.TreatmentPlan), count(work, t.Appointment)) == (0, 1)
    planner.finish(wizard)
    assert (count(work, t.TreatmentPlan), count(work, t.Appointment)) == (1, 4)


def test_tab_goes_from_the_top_of_the_page_to_its_end(planner, seat):
    planner.set_up(sessions=3, strategy="immediate")
    wizard = planner.begin()
    page = wizard.page_now
    tops = []
    page.editor.sessions.setFocus()
    for _step in range(40):
        seat.press((Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier))
        tops.append(focused())
        if page.window().pages.when.choice.isAncestorOf(focused()):
            break
    places = [place.mapTo(wizard, place.rect().topLeft()).y() for place in tops]
    assert places == sorted(places, reverse=True)
    assert any(page.strategy.isAncestorOf(one) for one in tops)
