"""Proposals say the truth about free time, gaps and what stands in the way; on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.services import localtime
from clinic_scheduler.services.offers import availability, eligible
from clinic_scheduler.services.offers.terms import Terms, Within
from clinic_scheduler.services.plans import possible, proposing
from clinic_scheduler.services.plans.course import Course, Gap, Step
from clinic_scheduler.services.plans.possible import Need
from clinic_scheduler.services.plans.proposals import Aim, Looking
from clinic_scheduler.services.search.question import Distinct
from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from clinic_scheduler.services.wishes import Wish
from tests.support import desk, planning
from tests.support.clinics import ANA, BEN, CLINIC, EMMA, GAIT, MASSAGE, PHYSIO, SPEECH, ZONE
from tests.support.planning import course

GUEST = Choices(guest=Guest("Ivo Novak", "+49301112233"))


def propose(work, actor, wanted, first, chosen=None, count=None, **looking):
    asked = Looking(first, **{"patient_id": EMMA, **looking})
    return work.read(
        lambda s: proposing.propose(s, actor=actor, course=wanted, looking=asked, chosen=chosen, count=count)
    )


def day(part):
    return part.start.astimezone(ZONE).date()


def close(work, day, reason="Holiday"):
    start = localtime.midnight(day, ZONE)
    with work.engine.begin() as connection:
        connection.execute(
            insert(t.Closure).values(
                id=new_id(), clinic_id=CLINIC, start_at=start, end_at=start + timedelta(days=1), reason=reason
            )
        )


@pytest.mark.parametrize("service", [PHYSIO, MASSAGE, SPEECH])
def test_what_is_possible_is_what_is_offered(work, actor, colleague, clinic, service):
    """In weeks with a booking, a hold and a change of the clocks; by the search for single visits."""
    sunday = date(2027, 3, 28)
    desk.book(work, actor, [clinic.part("10:07", minutes=33)])
    desk.hold(work, colleague, desk.start(work, colleague, None, GUEST), clinic.part("14:00", BEN))
    for first in (clinic.monday, sunday - timedelta(days=2)):
        within = Within(
            first, 5, patient_id=EMMA, limit=100_000, weekdays=frozenset({0, 2, 4, 6}), from_min=540
        )
        need = Need(service)
        times = work.read(
            lambda s, within=within, need=need: possible.read(
                s, eligible.catalogue(s, CLINIC, [Wish(service)]), [need], within
            )
        )
        found = {
            times.part(need, *divmod(bit, times.columns), able.id)
            for able in times.able(need)
            for bit in timelines.minutes(able.starts)
        }
        offered = work.read(
            lambda s, within=within: availability.free_visits(
                s,
                clinic_id=CLINIC,
                wishes=[Wish(service)],
                within=within,
                terms=Terms(distinct=Distinct.PEOPLE),
            )
        )
        assert {opening.parts[0] for opening in offered} == found
        assert found


def test_closed_days_are_avoided_within_the_gaps(work, actor, clinic):
    for days in (14, 15):
        close(work, clinic.monday + timedelta(days=days))
    wanted = course(3, "immediate", Gap(14, 14, 21))
    found = propose(work, actor, wanted, clinic.monday)
    assert found.conflicts == ()
    days = [(day(one.part) - clinic.monday).days for one in found.sessions]
    # A day later to begin with costs less than two days more between.
    assert days == [2, 16, 30]


def test_a_gap_that_cannot_be_kept_is_said_with_the_nearest_times_after_it(work, actor, clinic):
    for days in range(5, 15):
        close(work, clinic.monday + timedelta(days=days))
    wanted = course(3, "immediate")
    found = propose(work, actor, wanted, clinic.monday, first_days=1)
    assert found.conflicts == (2,)
    second = found.sessions[1]
    low, high = (clinic.monday + timedelta(days=days) for days in (5, 14))
    assert second.note == (f"Nothing is free from {low.day} {low:%B %Y} to {high.day} {high:%B %Y}.")
    assert [(day(part) - clinic.monday).days for part in (second.part, found.sessions[2].part)] == [15, 22]
    assert second.alternatives
    assert all(day(part) > high for part in second.alternatives)


def test_a_chosen_time_that_is_taken_has_alternatives_within_its_window(work, actor, colleague, clinic):
    wanted = course(4, "immediate", service=PHYSIO)
    chosen = {2: clinic.part("09:00", days=8), 3: clinic.part("11:00", days=18)}
    desk.book(work, colleague, [chosen[2]], patient=None, chosen=GUEST)
    found = propose(work, actor, wanted, clinic.monday, chosen)
    assert found.conflicts == (2,)
    two = found.sessions[1]
    assert two.note == "That time is not free; please choose another."
    assert all(two.window.has(day(part)) for part in two.alternatives)
    assert all(5 <= (day(chosen[3]) - day(part)).days <= 14 for part in two.alternatives)
    assert two.alternatives[0].start.date() == chosen[2].start.date()
    for part in two.alternatives:
        assert propose(work, actor, wanted, clinic.monday, {**chosen, 2: part}).conflicts == ()
    others = work.read(lambda s: proposing.alternatives(s, actor=actor, proposal=found, number=4))
    assert others
    assert all(found.sessions[3].window.has(day(part)) for part in others)


def test_chosen_days_that_break_a_gap_are_told_so(work, actor, clinic):
    wanted = course(3, "immediate", service=PHYSIO)
    chosen = {1: clinic.part("09:00"), 2: clinic.part("09:00", days=2), 3: clinic.part("09:00", days=1)}
    found = propose(work, actor, wanted, clinic.monday, chosen)
    assert [one.note for one in found.sessions] == [
        "",
        "Session 2 is 2 days after the one before; at least 5 are asked for.",
        "Session 3 is not after the one before it.",
    ]
    placed = planning.creating.Terms(may_break_gaps=True)
    with pytest.raises(planning.creating.InvalidInput, match="Choose another day, or allow it"):
        planning.create(work, actor, wanted, found.parts)
    planning.create(work, actor, wanted, found.parts, terms=placed)


def test_one_practitioner_is_wished_and_the_lack_of_one_is_said(work, actor, clinic):
    with work.engine.begin() as connection:
        for who, since in ((ANA, 8), (BEN, -1)):
            start = clinic.at("00:00", days=since)
            away = {"start_at": start, "end_at": start + timedelta(days=9 if who == BEN else 30)}
            connection.execute(insert(t.TimeOff).values(id=new_id(), resource_id=who, reason="", **away))
    wanted = course(3, "immediate", service=PHYSIO, keeps_practitioner=True)
    found = propose(work, actor, wanted, clinic.monday)
    assert {part.practitioner_id for part in found.parts.values()} == {BEN}
    assert found.notes == ()
    found = propose(work, actor, wanted, clinic.monday, first_days=2)
    assert found.notes == ("Nobody has time for all sessions; 2 practitioners take part.",)
    assert found.conflicts == ()


def test_the_same_weekday_and_time_are_wished(work, actor, clinic):
    """A week each costs four days, one and the same weekday for all; nine o'clock on Mondays is taken once."""
    taken = [clinic.part("09:00", days=7)]
    desk.book(work, actor, taken, patient=None, chosen=GUEST)
    gap = Gap(5, 8, 14)
    found = propose(work, actor, course(4, "immediate", gap, PHYSIO), clinic.monday, practitioner_ids=(ANA,))
    assert [(day(part) - clinic.monday).days for part in found.parts.values()] == [0, 8, 16, 24]
    steady = course(4, "immediate", gap, PHYSIO, keeps_time=True)
    found = propose(work, actor, steady, clinic.monday, practitioner_ids=(ANA,), usual_min=9 * 60)
    assert [(day(part) - clinic.monday).days for part in found.parts.values()] == [0, 7, 14, 21]
    assert {part.start.astimezone(ZONE).strftime("%H:%M") for part in found.parts.values()} == {"09:45"}
    assert found.notes == ()
    near = course(4, "immediate", Gap(2, 8, 14), PHYSIO)
    soon = propose(work, actor, near, clinic.monday, aim=Aim.EARLIEST)
    assert [(day(part) - clinic.monday).days for part in soon.parts.values()][-1] == 7


def test_sessions_of_different_services_follow_each_other(work, actor, clinic):
    steps = (Step(1, GAIT), Step(2, MASSAGE, Gap(3, 3, 4), "", 20), Step(3, SPEECH, Gap(1, 1, 5)))
    found = propose(work, actor, Course(GAIT, "immediate", steps), clinic.monday)
    assert found.conflicts == ()
    one, two, three = found.parts.values()
    assert (two.practitioner_id, two.end - two.start) == (BEN, timedelta(minutes=20))
    assert two.room_id is not None
    assert (three.practitioner_id, three.end - three.start) == (ANA, timedelta(minutes=60))
    assert [(day(b) - day(a)).days for a, b in ((one, two), (two, three))] == [3, 1]


def test_nobody_to_perform_a_session_is_a_conflict_of_that_session(work, actor, clinic):
    steps = (Step(1, GAIT), Step(2, GAIT, practitioner_id=BEN), Step(3, GAIT))
    found = propose(work, actor, Course(GAIT, "immediate", steps), clinic.monday)
    assert found.conflicts == (2,)
    assert found.sessions[1].part is None
    assert found.sessions[1].note.startswith("Nobody performs session 2")
    assert (day(found.parts[3]) - day(found.parts[1])).days == 14
