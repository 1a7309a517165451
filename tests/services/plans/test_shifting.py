"""Moving the third of eight sessions with what follows: looked at, done, undone, told truly; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput, TimeTaken
from clinic_scheduler.services.changing import moving
from clinic_scheduler.services.plans import editing, shifting
from clinic_scheduler.services.plans.shifting import Following
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from tests.support import changing, desk, planning
from tests.support.clinics import ANA, BEN, PHYSIO, ZONE
from tests.support.planning import course, look

GUEST = Choices(guest=Guest("Ivo Novak", "+49301112233"))


@pytest.fixture
def plan(work, actor, clinic):
    """Eight sessions on Mondays at nine with Ana."""
    wanted = course(8, "immediate", service=PHYSIO)
    parts = {n: clinic.part("09:00", days=7 * (n - 1)) for n in range(1, 9)}
    return look(work, actor, planning.create(work, actor, wanted, parts).plan_id)


def preview(work, actor, plan, start, number=3, following=Following.SHIFT, **more):
    return work.read(
        lambda s: shifting.preview(
            s, actor=actor, plan_id=plan.id, number=number, start=start, following=following, **more
        )
    )


def apply(work, actor, seen, request=None):
    asked = request or new_id()
    return work.write(lambda s: shifting.apply(s, actor=actor, request_id=asked, preview=seen)).value


def starts(work, actor, plan):
    return [one.start for one in look(work, actor, plan.id).sessions]


def taken(work, colleague, clinic, days, wall="09:00"):
    return desk.book(work, colleague, [clinic.part(wall, days=days)], patient=None, chosen=GUEST)


def test_later_sessions_keep_their_gaps_around_two_conflicts(work, actor, colleague, clinic, plan):
    """Everything waits for a choice where somebody else has the time; then all goes at once, and back, and again."""
    before = starts(work, actor, plan)
    for week in (3, 6):  # where sessions 4 and 7 would go
        taken(work, colleague, clinic, 7 * week + 2)
    seen = preview(work, actor, plan, clinic.at("09:00", days=16))
    assert seen.conflicts == (4, 7)
    assert [one.session.number for one in seen.sessions] == [3, 4, 5, 6, 7, 8]
    with pytest.raises(InvalidInput, match="Session 4 has no time yet"):
        apply(work, actor, seen)
    choices = {one.session.number: one.alternatives[0] for one in seen.sessions if not one.is_free}
    for number, part in choices.items():
        after_gap = (part.start.astimezone(ZONE).date() - clinic.monday).days - (7 * (number - 2) + 2)
        assert 5 <= after_gap <= 14
    seen = preview(work, actor, plan, clinic.at("09:00", days=16), chosen=choices)
    assert seen.conflicts == ()
    # Another workstation takes one of the proposed times in between: nothing of it is done.
    guest = desk.book(work, colleague, [choices[7]], patient=None, chosen=GUEST)
    with pytest.raises(TimeTaken, match="That time is taken: Ana Silva is not free"):
        apply(work, actor, seen)
    assert starts(work, actor, plan) == before
    again = preview(work, actor, plan, clinic.at("09:00", days=16), chosen=choices)
    assert again.conflicts == (7,)
    changing.cancel(work, colleague, *guest.appointment_ids)
    done = apply(work, actor, seen)
    after = starts(work, actor, plan)
    assert [a - b for a, b in zip(after, before, strict=True)][:3] == [timedelta()] * 2 + [timedelta(days=2)]
    assert after[4] - before[4] == after[7] - before[7] == timedelta(days=2)
    undone = changing.change(work, actor, *done.undo)
    assert starts(work, actor, plan) == before
    changing.change(work, actor, *undone.undo)
    assert starts(work, actor, plan) == after
    changing.holds_true(work)


def test_an_undo_tells_the_truth_when_another_desk_was_there(work, actor, colleague, clinic, plan):
    done = apply(work, actor, preview(work, actor, plan, clinic.at("09:00", days=16)))
    moved = starts(work, actor, plan)
    taken(work, colleague, clinic, 14)  # where session 3 came from
    with pytest.raises(TimeTaken):
        changing.change(work, actor, *done.undo)
    assert starts(work, actor, plan) == moved
    changing.holds_true(work)


def test_locked_sessions_stay_and_a_broken_gap_is_said(work, actor, clinic, plan):
    plan = work.write(
        lambda s: editing.lock(
            s, actor=actor, plan_id=plan.id, version=plan.version, number=4, is_locked=True
        )
    ).value
    seen = preview(work, actor, plan, clinic.at("09:00", days=18))
    assert not seen.sessions[1].is_moved
    assert seen.sessions[1].note == "Session 4 is 3 days after the one before; at least 5 are asked for."
    assert [one.is_moved for one in seen.sessions] == [True, False, True, True, True, True]
    assert seen.conflicts == ()


def test_planned_anew_the_later_ones_come_on_their_best_days(work, actor, colleague, clinic, plan):
    taken(work, colleague, clinic, 25, "09:00")
    desk.book(work, colleague, [clinic.part("09:00", BEN, days=25)], patient=None, chosen=GUEST)
    seen = preview(work, actor, plan, clinic.at("09:00", days=18), following=Following.REPLAN)
    assert seen.conflicts == ()
    days = [(one.after.start.astimezone(ZONE).date() - clinic.monday).days for one in seen.sessions]
    assert days == [18, 25, 32, 39, 46, 53]
    assert seen.sessions[1].after.start == clinic.at("09:45", days=25)
    apply(work, actor, seen)
    assert not any(one.gap_note for one in look(work, actor, plan.id).sessions)
    changing.holds_true(work)


def test_only_one_moves_where_the_others_stay(work, actor, clinic, plan):
    seen = preview(
        work, actor, plan, clinic.at("10:07", days=15), following=Following.STAY, practitioner_id=BEN
    )
    assert [one.is_moved for one in seen.sessions] == [True, False, False, False, False, False]
    done = apply(work, actor, seen)
    assert len(done.undo) == 1
    three = look(work, actor, plan.id).number(3)
    assert (three.start, three.practitioner) == (clinic.at("10:07", days=15), "Ben Okafor")


def test_the_news_of_one_move_say_that_they_belong_together(work, actor, clinic, plan):
    with work.engine.begin() as connection:  # as if the confirmation had been sent
        connection.execute(t.Message.__table__.update().values(state="sent"))
    apply(work, actor, preview(work, actor, plan, clinic.at("09:00", days=16)))
    m = t.Message
    news = work.read(lambda s: s.scalars(select(m.payload).where(m.kind == "change")).all())
    assert [payload["plan"] for payload in news] == [str(plan.id)] * 6


def test_a_preview_that_is_no_longer_true_does_nothing(work, actor, colleague, clinic, plan):
    seen = preview(work, actor, plan, clinic.at("09:00", days=16))
    six = look(work, actor, plan.id).number(6)
    changing.change(work, colleague, moving.Change(six.appointment_id, 1, clinic.at("15:00", days=35)))
    before = starts(work, actor, plan)
    with pytest.raises(ChangedMeanwhile):
        apply(work, actor, seen)
    assert starts(work, actor, plan) == before


def test_times_on_the_wall_are_kept_when_the_clocks_change(work, actor, clinic):
    """Nine o'clock is nine o'clock after the last Sunday of March, and of October."""
    first = clinic.monday
    while not (first.month == 3 and first.day >= 22) or first.weekday():
        first += timedelta(days=7)
    days = (first - clinic.monday).days
    wanted = course(3, "immediate", service=PHYSIO)
    parts = {n: clinic.part("09:00", days=days + 7 * (n - 1)) for n in (1, 2, 3)}
    plan = look(work, actor, planning.create(work, actor, wanted, parts).plan_id)
    assert {one.start.utcoffset() for one in plan.sessions} == {timedelta(hours=1), timedelta(hours=2)}
    seen = preview(work, actor, plan, clinic.at("09:00", days=days + 7), number=1)
    assert {one.after.start.astimezone(ZONE).hour for one in seen.sessions} == {9}
    assert seen.conflicts == ()
    found = planning.propose(
        work, actor, wanted, first, patient_id=None, practitioner_ids=(ANA,), usual_min=660
    )
    assert [part.start.astimezone(ZONE).hour for part in found.parts.values()] == [11, 11, 11]
