"""What a plan consists of changes: added, left out, in another order, split and put together; on both databases."""

import random
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput
from clinic_scheduler.services import audit
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.plans import editing, joining, numbering
from clinic_scheduler.services.plans.course import MOST_SESSIONS, Gap, Step
from tests.support import changing, planning
from tests.support.clinics import ANA, MASSAGE, OLGA, PHYSIO, SPEECH
from tests.support.planning import course, look, rows

BOOKED, OPEN = ("booked", True), ("planned", False)


@pytest.fixture
def plan(work, actor, clinic):
    """Six sessions, of which the first two are booked, on Mondays at nine."""
    wanted = course(6, "flexible", service=PHYSIO)
    parts = {n: clinic.part("09:00", days=7 * (n - 1)) for n in (1, 2)}
    return look(work, actor, planning.create(work, actor, wanted, parts).plan_id)


def edit(work, actor, what, plan, **more):
    return work.write(lambda s: what(s, actor=actor, plan_id=plan.id, version=plan.version, **more)).value


def names(plan):
    return [one.name or one.service for one in plan.sessions]


def test_sessions_are_put_in_between_and_at_the_end(work, actor, plan):
    new = [Step(2, MASSAGE, Gap(1, 2, 3), "Extra"), Step(8, SPEECH, Gap(5, 5, 5), "Last", 30, ANA)]
    plan = edit(work, actor, editing.add, plan, steps=new)
    assert names(plan) == ["Physiotherapy", "Extra", *["Physiotherapy"] * 5, "Last"]
    assert [one.state for one in plan.sessions][:4] == ["booked", "planned", "booked", "planned"]
    assert plan.number(2).window.latest - plan.number(1).start.date() == timedelta(days=2)
    assert (plan.number(8).practitioner, plan.number(8).duration_min) == ("Ana Silva", 30)
    with pytest.raises(InvalidInput, match="at most 50"):
        edit(work, actor, editing.add, plan, steps=[Step(n, PHYSIO) for n in range(1, 44)])
    with pytest.raises(InvalidInput, match="does not perform"):
        edit(work, actor, editing.replace_step, plan, step=Step(4, MASSAGE, practitioner_id=ANA))


def test_a_session_is_left_out_and_taken_in_again(work, actor, plan):
    plan = edit(work, actor, editing.skip, plan, number=3, reason="well again")
    assert plan.sentence.startswith("2 of 5 booked, 0 completed, 3 to book, 1 left out; next due by ")
    assert plan.progress.next_number == 4
    plan = edit(work, actor, editing.skip, plan, number=3)
    assert (plan.progress.next_number, plan.progress.skipped) == (3, 0)
    with pytest.raises(InvalidInput, match="Session 1 has a time"):
        edit(work, actor, editing.skip, plan, number=1)


def test_only_open_sessions_change_places_and_the_gaps_stay(work, actor, plan):
    for number, name in ((3, "three"), (4, "four"), (5, "five"), (6, "six")):
        step = Step(number, PHYSIO, Gap(number, number, number), name)
        plan = edit(work, actor, editing.replace_step, plan, step=step)
    ids = {one.name: one.id for one in plan.sessions}
    plan = edit(work, actor, editing.reorder, plan, numbers=(6, 3, 5, 4))
    assert names(plan)[2:] == ["six", "three", "five", "four"]
    assert [one.gap.min_days for one in plan.sessions][2:] == [3, 4, 5, 6]
    assert plan.number(3).id == ids["six"]
    with pytest.raises(InvalidInput, match="still to be booked"):
        edit(work, actor, editing.reorder, plan, numbers=(1, 2, 3, 4, 5, 6))


def test_the_total_grows_and_shrinks_but_keeps_what_has_a_time(work, actor, plan):
    plan = edit(work, actor, editing.change_total, plan, total=9)
    assert (plan.progress.total, plan.number(9).gap) == (9, planning.WEEKLY)
    stale = plan
    plan = edit(work, actor, editing.change_total, plan, total=2)
    assert plan.sentence == "2 of 2 booked, 0 completed."
    with pytest.raises(InvalidInput, match="Session 2 has or had a time"):
        edit(work, actor, editing.change_total, plan, total=1)
    with pytest.raises(ChangedMeanwhile):
        edit(work, actor, editing.change_total, stale, total=5)
    for number in (1, 2):
        changing.advance(work, actor, "completed", plan.number(number).appointment_id)
    plan = look(work, actor, plan.id)
    assert plan.state == "completed"
    assert edit(work, actor, editing.change_total, plan, total=3).state == "active"


def test_a_session_that_is_to_be_booked_by_the_desk_can_be_taken_out(work, actor, clinic):
    wanted = course(2, "sequential", service=PHYSIO)
    placed = planning.create(work, actor, wanted, {1: clinic.part("09:00")})
    changing.advance(work, actor, "completed", placed.appointment_ids[0])
    (task,) = work.read(lambda s: to_do.due(s, actor=actor))
    assert task.about.plan_session_id
    plan = edit(work, actor, editing.change_total, look(work, actor, placed.plan_id), total=1)
    assert plan.state == "completed"
    assert work.read(lambda s: to_do.due(s, actor=actor)) == ()


def test_a_plan_is_split_and_put_together_again(work, actor, clinic, plan):
    here, there = edit(work, actor, joining.split, plan, number=2)
    assert (here.progress.total, there.progress.total) == (1, 5)
    assert there.number(1).start == clinic.at("09:00", days=7)
    assert rows(work, there.id)[:2] == [(1, *BOOKED), (2, *OPEN)]
    merged = work.write(
        lambda s: joining.merge(
            s,
            actor=actor,
            plan_id=there.id,
            version=there.version,
            other_id=here.id,
            other_version=here.version,
        )
    ).value
    assert rows(work, merged.id) == [(1, *BOOKED), (2, *BOOKED), *((n, *OPEN) for n in range(3, 7))]
    assert [one.id for one in merged.sessions] == [one.id for one in plan.sessions]
    assert look(work, actor, here.id).sentence == "Cancelled (put together): 0 of 0 booked, 0 completed."
    assert work.read(audit.verify) == []


def test_plans_of_two_patients_stay_two(work, actor, clinic, plan):
    wanted = course(2, "sequential", service=PHYSIO)
    other = planning.create(work, actor, wanted, {1: clinic.part("11:00")}, patient=OLGA)
    with pytest.raises(InvalidInput, match="Two plans of one patient"):
        work.write(
            lambda s: joining.merge(
                s,
                actor=actor,
                plan_id=plan.id,
                version=plan.version,
                other_id=other.plan_id,
                other_version=look(work, actor, other.plan_id).version,
            )
        )


@settings(deadline=None)
@given(st.integers(1, MOST_SESSIONS), st.randoms(use_true_random=False))
def test_numbers_change_one_after_the_other_and_no_two_are_ever_alike(count, luck: random.Random):
    ids = [UUID(int=n) for n in range(count)]
    numbers = dict(zip(ids, luck.sample(range(1, MOST_SESSIONS + 1), count), strict=True))
    wanted = dict(zip(ids, luck.sample(range(1, MOST_SESSIONS + 1), count), strict=True))
    try:
        steps = numbering.steps(numbers, wanted)
    except InvalidInput:
        assert count == MOST_SESSIONS
        return
    for one, number in steps:
        numbers[one] = number
        assert len(set(numbers.values())) == count
        assert 1 <= number <= MOST_SESSIONS
    assert numbers == wanted
