"""The three courses every clinic knows, from the first proposal to the sentence on the screen; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput
from clinic_scheduler.services import audit
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.plans import following, settings
from clinic_scheduler.services.plans.course import Course, Gap, Step
from clinic_scheduler.services.plans.creating import Terms
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from tests.support import changing, desk, planning
from tests.support.clinics import (
    ANA,
    BEN,
    BLUE_ROOM,
    EMMA,
    GAIT,
    JOSE,
    MASSAGE,
    OLGA,
    PHYSIO,
    ZONE,
    shift_clock,
)
from tests.support.planning import course, look

GUEST = Choices(guest=Guest("Ivo Novak", "+49301112233"))


def days(proposal):
    return [one.part.start.astimezone(ZONE).date() for one in proposal.sessions]


def by(day):
    return f"{day.day} {day:%B %Y}"


def queued(work, kind):
    m = t.Message
    return work.read(
        lambda s: s.execute(
            select(m.channel, m.recipient, m.payload).where(m.kind == kind, m.state == "queued")
        ).all()
    )


def test_an_implant_is_booked_at_once_in_three_steps_that_differ(work, actor, clinic):
    steps = (
        Step(1, GAIT, name="Surgery"),
        Step(2, PHYSIO, Gap(14, 14, 14), "Stitches", 20),
        Step(3, MASSAGE, Gap(28, 30, 35), "Crown"),
    )
    wanted = Course(GAIT, "immediate", steps)
    found = planning.propose(work, actor, wanted, clinic.monday)
    first, second, third = days(found)
    assert (first, (second - first).days, (third - second).days) == (clinic.monday, 14, 30)
    assert (found.sessions[1].part.end - found.sessions[1].part.start) == timedelta(minutes=20)
    placed = planning.create(work, actor, wanted, found.parts)
    plan = look(work, actor, placed.plan_id)
    assert planning.rows(work, plan.id) == [(n, "booked", True) for n in (1, 2, 3)]
    assert plan.sentence == "3 of 3 booked, 0 completed."
    assert [one.name for one in plan.sessions] == ["Surgery", "Stitches", "Crown"]
    assert len(set(placed.booking_ids)) == 3
    assert len(queued(work, "confirmation")) == 1
    for number in (1, 2, 3):
        changing.advance(work, actor, "completed", plan.number(number).appointment_id)
    plan = look(work, actor, plan.id)
    assert (plan.state, plan.sentence) == ("completed", "Completed: all 3 sessions took place.")
    assert queued(work, "next_session") == []
    changing.holds_true(work)
    assert work.read(audit.verify) == []


def test_physiotherapy_offers_the_next_session_when_one_is_completed(work, actor, clinic):
    wanted = work.read(lambda s: settings.course(settings.read(s, actor=actor, service_id=GAIT)))
    found = planning.propose(work, actor, wanted, clinic.monday)
    assert (len(found.sessions), len(found.later)) == (1, 7)
    placed = planning.create(work, actor, wanted, found.parts)
    latest = clinic.monday + timedelta(days=14)
    plan = look(work, actor, placed.plan_id)
    assert plan.sentence == f"1 of 8 booked, 0 completed, 7 to book; next due by {by(latest)}."
    assert not plan.progress.is_due
    held = plan.number(1).appointment_id
    changing.advance(work, actor, "completed", held)
    assert planning.rows(work, plan.id)[:3] == [
        (1, "completed", True),
        (2, "due", False),
        (3, "planned", False),
    ]
    (message,) = queued(work, "next_session")
    assert message.recipient == "emma@example.org"
    assert (message.payload["session"], message.payload["due_by"]) == (2, latest.isoformat())
    (task,) = work.read(lambda s: to_do.due(s, actor=actor))
    assert task.text == f"Gait analysis: book session 2 of 8, due by {by(latest)}"
    assert (task.kind, task.about.phone) == ("next_session", "+493012345678")
    assert task.about.plan_session_id == look(work, actor, plan.id).number(2).id
    (offer,) = work.read(lambda s: following.offer_after(s, actor=actor, appointment_ids=[held]))
    (next_one,) = offer.proposal.sessions
    assert (offer.number, next_one.note) == (2, "")
    assert days(offer.proposal) == [clinic.monday + timedelta(days=7)]
    planning.book(work, actor, look(work, actor, plan.id), offer.proposal.parts)
    assert queued(work, "next_session") == []
    assert work.read(lambda s: to_do.due(s, actor=actor)) == ()
    plan = look(work, actor, plan.id)
    assert plan.sentence.startswith("2 of 8 booked, 1 completed, 6 to book; next due by ")
    assert work.read(lambda s: following.offer_after(s, actor=actor, appointment_ids=[held])) == ()


def test_lessons_are_booked_three_now_and_two_later(work, actor, clinic):
    wanted = course(10, "flexible", Gap(2, 7, 14), PHYSIO)
    found = planning.propose(work, actor, wanted, clinic.monday, count=3)
    placed = planning.create(work, actor, wanted, found.parts)
    plan = look(work, actor, placed.plan_id)
    assert plan.sentence.startswith("3 of 10 booked, 0 completed, 7 to book; next due by ")
    changing.advance(work, actor, "completed", plan.number(1).appointment_id)
    changing.advance(work, actor, "completed", plan.number(2).appointment_id)
    plan = look(work, actor, plan.id)
    assert queued(work, "next_session") == []
    far = planning.rest(work, actor, plan.id, clinic.monday, count=2)
    parts = dict(far.parts)
    assert sorted(parts) == [4, 5]
    parts[5] = clinic.part("11:00", service=PHYSIO, days=63)
    planning.book(work, actor, plan, parts)
    plan = look(work, actor, plan.id)
    latest = (clinic.at("11:00", days=63) + timedelta(days=14)).date()
    assert plan.sentence == f"5 of 10 booked, 2 completed, 5 to book; next due by {by(latest)}."
    assert not any(one.gap_note for one in plan.sessions)
    with pytest.raises(
        InvalidInput, match="Session 6 is 1 day after the one before; at least 2 are asked for"
    ):
        planning.book(work, actor, plan, {6: clinic.part("11:00", days=64)})


def test_the_holds_of_the_wizard_become_the_visits_of_the_plan(work, actor, colleague, clinic):
    wanted = course(3, "immediate")
    begun = desk.start(work, actor)
    parts = planning.propose(work, actor, wanted, clinic.monday).parts
    held = desk.hold(work, actor, begun, *parts.values()).session
    others = planning.propose(work, colleague, wanted, clinic.monday, patient_id=None)
    assert {p.start for p in others.parts.values()}.isdisjoint(p.start for p in parts.values())
    again = planning.propose(work, actor, wanted, clinic.monday, session_id=begun.id)
    assert again.parts == parts
    request = planning.new_id()
    placed = planning.create(work, actor, wanted, parts, request=request, terms=Terms(held.id))
    assert planning.create(work, actor, wanted, parts, request=request, terms=Terms(held.id)) == placed
    b = t.BookingSession
    ended = work.read(lambda s: s.execute(select(b.outcome, b.holds_taken, b.holds_converted)).one())
    assert tuple(ended) == ("converted", 1, 1)
    changing.holds_true(work)


def test_a_hold_that_lapsed_and_was_given_away_leaves_nothing_behind(work, actor, colleague, clinic):
    wanted = course(3, "immediate")
    begun = desk.start(work, actor)
    parts = planning.propose(work, actor, wanted, clinic.monday).parts
    desk.hold(work, actor, begun, *parts.values())
    shift_clock(work, timedelta(minutes=16))
    desk.book(work, colleague, [parts[2]], patient=None, chosen=GUEST)
    with pytest.raises(booking.TimeTaken, match="Session 2: That time is taken: Ana Silva is not free"):
        planning.create(work, actor, wanted, parts, terms=Terms(begun.id))
    assert desk.count(work, t.TreatmentPlan) == 0
    assert desk.count(work, t.Booking) == 1
    changing.holds_true(work)


def test_a_patient_is_not_planned_into_two_places(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00", days=n) for n in range(1)], patient=EMMA)
    wanted = course(2, "immediate", Gap(1, 1, 3))
    found = planning.propose(work, actor, wanted, clinic.monday, practitioner_ids=(ANA,))
    assert found.sessions[0].part.start == clinic.at("09:45")


def test_the_longest_plan_is_booked_in_one_go(work, actor, clinic):
    wanted = course(50, "immediate", Gap(2, 3, 10), MASSAGE)
    found = planning.propose(work, actor, wanted, clinic.monday)
    assert found.conflicts == ()
    placed = planning.create(work, actor, wanted, found.parts)
    assert planning.rows(work, placed.plan_id) == [(n, "booked", True) for n in range(1, 51)]
    assert look(work, actor, placed.plan_id).sentence == "50 of 50 booked, 0 completed."
    changing.holds_true(work)
    assert work.read(audit.verify) == []


def test_old_troubles_of_a_plan_do_not_keep_from_booking_the_next(work, actor, clinic):
    wanted = course(4, "flexible", Gap(5, 7, 14), PHYSIO)
    parts = {1: clinic.part("09:00"), 2: clinic.part("09:00", days=1)}
    placed = planning.create(work, actor, wanted, parts, terms=Terms(may_break_gaps=True))
    plan = look(work, actor, placed.plan_id)
    assert plan.number(2).gap_note
    planning.book(work, actor, plan, {3: clinic.part("09:00", days=8)})
    with pytest.raises(ChangedMeanwhile, match="Somebody else changed this plan"):
        planning.book(work, actor, plan, {4: clinic.part("09:00", days=15)})


def test_sessions_of_one_day_share_the_seats_as_well_as_can_be(work, actor, clinic):
    seats = update(t.Resource).where(t.Resource.id.in_([BEN, BLUE_ROOM])).values(capacity=2)
    work.write(lambda s: s.execute(seats))
    lower = desk.book(work, actor, [clinic.part("10:00", BEN, PHYSIO)], JOSE).appointment_ids[0]
    desk.book(work, actor, [clinic.part("10:00", BEN, PHYSIO)], OLGA)
    changing.cancel(
        work, actor, lower
    )  # so that the lower seat would do for the first, and leave none for the second
    parts = {
        1: clinic.part("09:00", BEN, MASSAGE, minutes=30),
        2: clinic.part("09:30", BEN, MASSAGE, minutes=30),
    }
    wanted = Course(MASSAGE, "immediate", (Step(1, MASSAGE), Step(2, MASSAGE)))
    made = planning.create(work, actor, wanted, parts, terms=Terms(may_break_gaps=True))
    assert len(made.booking_ids) == 2
