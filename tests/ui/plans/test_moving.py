"""Moving one of many sessions: seen first, all of it or nothing, taken back at once, and true to what others did."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.ui.plans.move_dialog import MoveDialog
from tests.support import changing, desk, planning
from tests.support.clinics import ANA, GAIT, OLGA
from tests.support.planning import course, look


@pytest.fixture
def plan(planner, work, actor, clinic):
    """Eight sessions at nine on Mondays; after the third one's Tuesday somebody else has 5 and 6."""
    wanted = course(8, "immediate")
    parts = {n: clinic.part("09:00", service=GAIT, minutes=60, days=7 * (n - 1)) for n in range(1, 9)}
    placed = planning.create(work, actor, wanted, parts)
    for number in (5, 6):
        taken = clinic.part("09:00", ANA, minutes=45, days=7 * (number - 1) + 1)
        desk.book(work, actor, [taken], patient=OLGA)
    return look(work, actor, placed.plan_id)


def starts(work, plan):
    a = t.Appointment
    ids = [one.appointment_id for one in plan.sessions]
    found = dict(work.read(lambda s: s.execute(select(a.id, a.start_at).where(a.id.in_(ids))).all()))
    return [found[identifier] for identifier in ids]


def open_dialog(planner, plan, number):
    details = planner.show(plan.id)
    details.sessions.mark_number(number)
    details.move_.click()
    planner.seat.until(lambda: planner.seat.window.findChildren(MoveDialog))
    (dialog,) = planner.seat.window.findChildren(MoveDialog)
    planner.seat.until(lambda: dialog.preview is not None)
    return dialog


def until_previewed(seat, dialog):
    seat.until(lambda: dialog.preview is not None)
    seat.settle()


def choose_for_conflicts(seat, dialog):
    while dialog.preview.conflicts:
        dialog.sessions.mark_number(dialog.preview.conflicts[0])
        dialog._take(dialog.others.parts[0])
        until_previewed(seat, dialog)


def test_two_conflicts_are_settled_then_a_third_comes_from_another_desk(
    planner, seat, work, actor, colleague, clinic, plan
):
    before = starts(work, plan)
    dialog = open_dialog(planner, plan, 3)
    dialog.when.setDateTime(dialog.when.dateTime().addDays(1))
    seat.until(lambda: dialog.preview is None)
    until_previewed(seat, dialog)
    assert [row.number for row in dialog.rows] == [3, 4, 5, 6, 7, 8]
    assert dialog.preview.conflicts == (5, 6)
    assert dialog.said == "Choose other times for sessions 5, 6; their times there are taken."
    assert not dialog.go.isEnabled()
    choose_for_conflicts(seat, dialog)
    assert dialog.go.text() == "Move 6 sessions"
    assert starts(work, plan) == before
    desk.book(work, colleague, [clinic.part("09:00", ANA, minutes=45, days=43)], patient=OLGA)
    dialog.act()
    seat.until(lambda: dialog.said)
    until_previewed(seat, dialog)
    assert "Nothing was moved." in dialog.said
    assert dialog.said.endswith("Choose another time for session 7; its time there is taken.")
    assert starts(work, plan) == before
    choose_for_conflicts(seat, dialog)
    proposed = [one.after.start for one in dialog.preview.sessions]
    dialog.act()
    seat.until(lambda: not seat.window.findChildren(MoveDialog))
    seat.settle()
    after = starts(work, plan)
    assert after == before[:2] + proposed
    assert after[2] - before[2] == after[7] - before[7] == timedelta(days=1)
    seat.window.acting.undo()
    seat.settle()
    assert starts(work, plan) == before
    seat.window.acting.redo()
    seat.settle()
    assert starts(work, plan) == after
    changing.holds_true(work)


def test_a_session_that_is_kept_where_it_is_does_not_move_along(planner, seat, work, actor, plan):
    details = planner.show(plan.id)
    details.sessions.mark_number(8)
    details.action("lock").trigger()
    seat.until(lambda: details.looked.plan.number(8).is_locked)
    dialog = open_dialog(planner, look(work, actor, plan.id), 7)
    dialog.when.setDateTime(dialog.when.dateTime().addDays(1))
    seat.until(lambda: dialog.preview is None)
    until_previewed(seat, dialog)
    assert [(row.number, row.tag, row.is_still) for row in dialog.rows] == [
        (7, "", False),
        (8, "fixed", True),
    ]
    assert dialog.go.text() == "Move 1 session"
    dialog.reject()
    seat.settle()


def test_what_another_desk_moved_meanwhile_is_seen_before_anything_is_done(
    planner, seat, work, actor, colleague, clinic, plan
):
    dialog = open_dialog(planner, plan, 7)
    dialog.when.setDateTime(dialog.when.dateTime().addDays(1))
    seat.until(lambda: dialog.preview is None)
    until_previewed(seat, dialog)
    one = plan.number(8)
    change = changing.Change(one.appointment_id, one.version, start=clinic.at("14:00", days=49))
    changing.change(work, colleague, change)
    dialog.act()
    seat.until(lambda: "Nothing was moved." in dialog.said)
    until_previewed(seat, dialog)
    assert any("14:00" in row.when for row in dialog.rows)
    dialog.reject()
    seat.settle()
