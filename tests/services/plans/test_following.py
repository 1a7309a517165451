"""A plan follows its visits: missed, cancelled, put back, paused, ended, given up; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput
from clinic_scheduler.services import audit, upkeep
from clinic_scheduler.services.changing import moving, taking_back
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.changing.taking_back import Put
from clinic_scheduler.services.plans import figures, reading, stopping
from clinic_scheduler.services.plans.reading import Show, Which
from tests.support import changing, desk, planning
from tests.support.clinics import EMMA, OLGA, PHYSIO, shift_clock
from tests.support.planning import course, look, rows


@pytest.fixture
def plan(work, actor, clinic):
    """Four sessions on Mondays at nine with Ana."""
    wanted = course(4, "immediate", service=PHYSIO)
    parts = {n: clinic.part("09:00", days=7 * (n - 1)) for n in range(1, 5)}
    return look(work, actor, planning.create(work, actor, wanted, parts).plan_id)


def put(work, actor, *wanted):
    return work.write(lambda s: taking_back.put(s, actor=actor, request_id=new_id(), wanted=wanted)).value


def stop(work, actor, what, plan, **more):
    return work.write(lambda s: what(s, actor=actor, plan_id=plan.id, version=plan.version, **more)).value


def reminders(work):
    """How many messages and tasks say that a session is due."""
    waiting = (t.Message.kind == "next_session", t.Message.state == "queued")
    return desk.count(work, t.Message, *waiting), desk.count(work, t.DeskTask, t.DeskTask.state == "open")


def listed(work, actor, show):
    return work.read(lambda s: reading.plans(s, actor=actor, which=Which(show))).plans


def test_a_cancelled_session_marks_the_plan_until_it_is_put_back(work, actor, clinic, plan):
    two = plan.number(2)
    back = put(work, actor, Put(two.appointment_id, 1, "cancelled"))
    seen = look(work, actor, plan.id)
    assert seen.review == "Session 2 was cancelled."
    assert seen.sentence.startswith("3 of 4 booked, 0 completed, 1 to book; next due by ")
    assert seen.version > plan.version
    assert [one.id for one in listed(work, actor, Show.REVIEW)] == [plan.id]
    window = seen.number(2).window
    assert [(day - clinic.monday).days for day in (window.earliest, window.ideal, window.latest)] == [5, 7, 9]
    found = planning.rest(work, actor, plan.id, clinic.monday)
    assert found.parts[2].start == clinic.at("09:00", days=7)
    put(work, actor, *back)
    seen = look(work, actor, plan.id)
    assert (seen.review, seen.sentence) == ("", "4 of 4 booked, 0 completed.")


def test_a_missed_session_is_booked_again_or_left_out(work, actor, clinic, plan):
    shift_clock(work, clinic.at("10:00", days=7) - changing.row(work, plan.number(1).appointment_id).start_at)
    shift_clock(work, timedelta(days=21))
    changing.advance(work, actor, "completed", plan.number(1).appointment_id)
    changing.advance(work, actor, "no_show", plan.number(2).appointment_id)
    seen = look(work, actor, plan.id)
    assert seen.review == "Session 2 was missed."
    assert rows(work, plan.id)[1] == (2, "missed", True)
    assert "1 to book (1 missed)" in seen.sentence
    terms = planning.creating.Terms(may_break_gaps=True)
    planning.book(work, actor, seen, {2: clinic.part("14:00", days=22)}, terms=terms)
    seen = look(work, actor, plan.id)
    assert (seen.review, rows(work, plan.id)[1]) == ("", (2, "booked", True))
    assert seen.number(3).gap_note == "Session 3 is not after the one before it."
    changing.holds_true(work)


def test_taking_a_completion_back_withdraws_what_it_said(work, actor, clinic):
    wanted = course(3, "sequential", service=PHYSIO)
    placed = planning.create(work, actor, wanted, {1: clinic.part("09:00")})
    back = put(work, actor, Put(placed.appointment_ids[0], 1, "completed"))
    assert (reminders(work), rows(work, placed.plan_id)[1]) == ((1, 1), (2, "due", False))
    put(work, actor, *back)
    assert (reminders(work), rows(work, placed.plan_id)[1]) == ((0, 0), (2, "planned", False))


def test_a_plan_rests_and_goes_on_without_being_late(work, actor, clinic):
    wanted = course(3, "sequential", service=PHYSIO)
    placed = planning.create(work, actor, wanted, {1: clinic.part("09:00")})
    changing.advance(work, actor, "completed", placed.appointment_ids[0])
    plan = look(work, actor, placed.plan_id)
    with pytest.raises(InvalidInput, match="write a reason"):
        stop(work, actor, stopping.pause, plan, reason=" ")
    stop(work, actor, stopping.pause, plan, reason="broken leg")
    with pytest.raises(ChangedMeanwhile):
        stop(work, actor, stopping.pause, plan, reason="broken leg")
    shift_clock(work, timedelta(days=200))
    plan = look(work, actor, plan.id)
    assert plan.sentence == "Paused (broken leg): 1 of 3 booked, 1 completed, 2 to book."
    assert (plan.progress.is_due, work.write(lambda s: upkeep.sweep(s, actor=actor)).value.plans) == (
        False,
        0,
    )
    with pytest.raises(InvalidInput, match="This plan is paused; resume it before booking"):
        planning.book(work, actor, plan, {2: clinic.part("09:00", days=210)})
    stop(work, actor, stopping.resume, plan)
    plan = look(work, actor, plan.id)
    assert (plan.progress.is_due, plan.progress.is_overdue) == (True, False)
    found = planning.rest(work, actor, plan.id, clinic.monday + timedelta(days=203))
    assert found.conflicts == ()
    planning.book(work, actor, plan, found.parts)


def test_visits_to_come_are_cancelled_with_a_plan_and_come_back_with_it(work, actor, clinic, plan):
    changing.advance(work, actor, "completed", plan.number(1).appointment_id)
    plan = look(work, actor, plan.id)
    stopped = stop(work, actor, stopping.cancel, plan, reason="moves away", cancels_visits=True)
    seen = look(work, actor, plan.id)
    assert seen.sentence == "Cancelled (moves away): 1 of 4 booked, 1 completed."
    assert [state for _n, state, _a in rows(work, plan.id)] == ["completed"] + ["cancelled"] * 3
    assert len(stopped.back) == 3
    assert seen.review == ""
    stop(work, actor, stopping.resume, seen)
    put(work, actor, *stopped.back)
    seen = look(work, actor, plan.id)
    assert seen.sentence == "4 of 4 booked, 1 completed."
    changing.holds_true(work)
    assert work.read(audit.verify) == []


def test_visits_may_stay_when_a_plan_ends(work, actor, plan):
    stop(work, actor, stopping.cancel, plan, reason="private now", cancels_visits=False)
    assert [state for _n, state, _a in rows(work, plan.id)] == ["booked"] * 4


def test_a_plan_nobody_goes_on_with_is_due_then_overdue_then_lapsed(work, actor, clinic):
    wanted = course(3, "sequential", service=PHYSIO)
    placed = planning.create(work, actor, wanted, {1: clinic.part("09:00")})
    other = planning.create(work, actor, wanted, {1: clinic.part("10:00")}, patient=OLGA)
    changing.advance(work, actor, "completed", placed.appointment_ids[0])
    ends = []
    for days in (7, 22, 75, 90):
        shift_clock(work, timedelta(days=days))
        lapsed = work.write(lambda s: upkeep.sweep(s, actor=actor)).value.plans
        counts = work.read(lambda s: reading.plans(s, actor=actor, which=Which())).counts
        ends.append((lapsed, counts[Show.DUE], counts[Show.OVERDUE], counts[Show.LAPSED]))
    assert ends == [(0, 1, 0, 0), (0, 1, 1, 0), (0, 1, 1, 0), (1, 0, 0, 1)]
    plan = look(work, actor, placed.plan_id)
    assert plan.sentence.startswith("Lapsed (nobody booked the next session): 1 of 3 booked")
    told = work.read(
        lambda s: figures.figures(
            s, actor=actor, first=clinic.monday, last=clinic.monday + timedelta(days=100)
        )
    )
    assert (told.active, told.lapsed, told.completion_rate, told.sessions["sequential"]) == (1, 1, 0.0, 1)
    terms = planning.creating.Terms(may_break_gaps=True)
    planning.book(work, actor, plan, {2: clinic.part("09:00", days=98)}, terms=terms)
    assert look(work, actor, plan.id).state == "active"
    assert look(work, actor, other.plan_id).state == "active"


def test_the_strategy_changes_in_the_middle(work, actor, clinic):
    wanted = course(4, "sequential", service=PHYSIO)
    placed = planning.create(work, actor, wanted, {1: clinic.part("09:00")})
    plan = look(work, actor, placed.plan_id)
    assert not plan.progress.is_due
    stop(work, actor, stopping.change_strategy, plan, strategy="immediate")
    plan = look(work, actor, plan.id)
    assert plan.progress.is_due
    found = planning.rest(work, actor, plan.id, clinic.monday)
    planning.book(work, actor, plan, found.parts)
    assert look(work, actor, plan.id).sentence == "4 of 4 booked, 0 completed."
    (mine,) = work.read(lambda s: reading.of_patient(s, actor=actor, patient_id=EMMA))
    held = placed.appointment_ids[0]
    assert work.read(lambda s: reading.of_appointment(s, actor=actor, appointment_id=held)) == mine


def test_what_happened_to_a_plan_stands_in_the_audit(work, actor, plan):
    stop(work, actor, stopping.cancel, plan, reason="moves away", cancels_visits=True)
    e = t.AuditEntry
    actions = work.read(
        lambda s: s.scalars(select(e.action).where(e.entity_id == plan.id).order_by(e.number)).all()
    )
    assert actions == ["plan.created", "plan.cancelled"]


def test_what_is_due_follows_a_visit_that_was_dragged_elsewhere(work, actor, clinic):
    wanted = course(3, "sequential", service=PHYSIO)
    plan = look(work, actor, planning.create(work, actor, wanted, {1: clinic.part("09:00")}).plan_id)
    first = plan.number(1).appointment_id
    there = Change(first, 1, clinic.at("09:00", days=2))
    work.write(lambda s: moving.change(s, actor=actor, request_id=new_id(), changes=[there]))
    s = t.PlanSession
    kept = work.read(lambda o: o.scalar(select(s.due_on).where(s.plan_id == plan.id, s.number == 2)))
    seen = look(work, actor, plan.id)
    assert kept == seen.number(2).window.ideal == clinic.monday + timedelta(days=9)
    assert seen.version > plan.version
