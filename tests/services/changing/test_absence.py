"""Somebody is ill: what the dry run proposes, that it can be done as proposed, and undone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput, NotFound, TimeTaken
from clinic_scheduler.services import integrity
from clinic_scheduler.services.changing import absence, absence_plan
from clinic_scheduler.services.changing.absence import Decided, Decision
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.changing.taking_back import Put
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from tests.support.changing import advance, change
from tests.support.clinics import ANA, BEN, EMMA, JOSE, MASSAGE, OLGA, SPEECH
from tests.support.desk import book, count

GUEST = Choices(guest=Guest("Zoe"))


@pytest.fixture
def ill(work, actor, clinic):
    """Ana's Monday: four visits of three people; Ben is free at nine and at two only for a while."""
    first = book(work, actor, [clinic.part("09:00")], EMMA)
    second = book(work, actor, [clinic.part("10:00"), clinic.part("10:45", BEN, MASSAGE, minutes=30)], OLGA)
    third = book(work, actor, [clinic.part("14:00", ANA, SPEECH, minutes=60)], JOSE)
    fourth = book(work, actor, [clinic.part("15:30")], JOSE)
    book(work, actor, [clinic.part("15:30", BEN)], EMMA)
    return [done.appointment_ids[0] for done in (first, second, third, fourth)]


def propose(work, actor, clinic, who=ANA, start="08:00", end="18:00", days=0):
    return work.read(
        lambda s: absence_plan.propose(
            s,
            actor=actor,
            practitioner_id=who,
            start=clinic.at(start),
            end=clinic.at(end, days=days),
        )
    )


def as_proposed(plan):
    """Every first proposal taken, the others cancelled."""
    return [
        Decision(one.appointment_id, one.version, one.proposals[0].start, one.proposals[0].practitioner_id)
        if one.proposals
        else Decision(one.appointment_id, one.version, is_cancelled=True)
        for one in plan.affected
        if not one.has_come
    ]


def apply(work, actor, plan, decisions, request=None):
    asked = request or new_id()
    return work.write(
        lambda s: absence.apply(
            s, actor=actor, request_id=asked, decided=Decided(plan, tuple(decisions), "ill")
        )
    ).value


def undo(work, actor, applied):
    work.write(lambda s: absence.undo(s, actor=actor, request_id=new_id(), applied=applied))


def standing(work):
    """Where every appointment is."""
    a = t.Appointment
    wanted = select(a.id, a.status, a.start_at, a.practitioner_id).order_by(a.id)
    return work.read(lambda s: [tuple(row) for row in s.execute(wanted)])


def test_every_visit_has_the_best_place_first(work, actor, clinic, ill):
    plan = propose(work, actor, clinic)
    assert [one.appointment_id for one in plan.affected] == ill
    first, second, third, fourth = plan.affected
    assert [(p.kind, p.practitioner_id) for p in first.proposals][:2] == [("colleague", BEN), ("later", ANA)]
    assert first.proposals[0].start == clinic.at("09:00")
    assert first.proposals[1].start == clinic.at("09:00", days=1)  # the same time of another day
    assert not second.proposals[0].breaks_visit  # with Ben at the same time
    assert all(p.breaks_visit for p in second.proposals[1:])
    assert {p.kind for p in third.proposals} == {"later"}  # nobody else gives speech sessions
    assert fourth.proposals[0].kind == "later"  # Ben has somebody then
    assert (plan.minutes, plan.cents) == (45 * 3 + 60, 20_000)
    assert (plan.count("colleague"), plan.count("later"), plan.count("")) == (2, 2, 0)


def test_no_two_proposals_meet(work, actor, clinic):
    for wall in ("09:00", "09:45", "10:30", "13:00"):
        book(work, actor, [clinic.part(wall)], None, GUEST)
    plan = propose(work, actor, clinic, days=1)
    apply(work, actor, plan, as_proposed(plan))
    assert work.read(integrity.overlaps) == []


def test_what_is_proposed_can_be_done_and_undone(work, actor, clinic, ill):
    before, plan = standing(work), propose(work, actor, clinic)
    applied = apply(work, actor, plan, as_proposed(plan))
    moved = {one[0]: one for one in standing(work)}
    assert moved[ill[0]][2:] == (clinic.at("09:00"), BEN)
    assert moved[ill[2]][2] >= clinic.at("18:00")
    assert propose(work, actor, clinic).affected == ()
    assert count(work, t.TimeOff) == 1
    assert work.read(integrity.overlaps) == []
    undo(work, actor, applied)
    assert standing(work) == before
    assert count(work, t.TimeOff) == 0
    assert work.read(integrity.overlaps) == []


def test_some_are_cancelled_and_some_are_left(work, actor, clinic, ill):
    before, plan = standing(work), propose(work, actor, clinic)
    decisions = [
        Decision(ill[0], 1, is_cancelled=True),
        Decision(ill[1], 1),
        Decision(ill[2], 1, plan.affected[2].proposals[0].start),
    ]
    applied = apply(work, actor, plan, decisions)
    now = {one[0]: one[1] for one in standing(work)}
    assert (now[ill[0]], now[ill[1]]) == ("cancelled", "confirmed")
    undo(work, actor, applied)
    assert standing(work) == before


def test_a_place_that_was_taken_meanwhile_undoes_all_of_it(work, actor, colleague, clinic, ill):
    before, plan = standing(work), propose(work, actor, clinic)
    book(work, colleague, [clinic.part("09:00", BEN)], None, GUEST)
    with pytest.raises(TimeTaken, match="Ben Okafor"):
        apply(work, actor, plan, as_proposed(plan))
    assert [one for one in standing(work) if one[0] in ill] == [one for one in before if one[0] in ill]
    assert count(work, t.TimeOff) == 0


def test_a_visit_that_was_booked_into_it_meanwhile_undoes_all_of_it(work, actor, colleague, clinic, ill):
    before, plan = standing(work), propose(work, actor, clinic)
    book(work, colleague, [clinic.part("13:00")], None, GUEST)
    with pytest.raises(ChangedMeanwhile, match="booked into that time"):
        apply(work, actor, plan, as_proposed(plan))
    assert [one for one in standing(work) if one[0] in ill] == [one for one in before if one[0] in ill]
    assert count(work, t.TimeOff) == 0


def test_a_visit_that_was_changed_meanwhile_undoes_all_of_it(work, actor, colleague, clinic, ill):
    plan = propose(work, actor, clinic)
    change(work, colleague, Change(ill[3], 1, clinic.at("16:15")))
    with pytest.raises(ChangedMeanwhile):
        apply(work, actor, plan, as_proposed(plan))
    assert count(work, t.TimeOff) == 0


def test_what_a_colleague_changed_since_is_not_undone(work, actor, colleague, clinic, ill):
    plan = propose(work, actor, clinic)
    applied = apply(work, actor, plan, as_proposed(plan))
    change(work, colleague, Change(ill[0], 2, clinic.at("13:00")))
    with pytest.raises(ChangedMeanwhile):
        undo(work, actor, applied)
    assert count(work, t.TimeOff) == 1


def test_a_lost_acknowledgement_is_answered_again(work, actor, clinic, ill):
    plan, request = propose(work, actor, clinic), new_id()
    first = apply(work, actor, plan, as_proposed(plan), request)
    assert apply(work, actor, plan, as_proposed(plan), request) == first
    assert count(work, t.TimeOff) == 1


def test_who_has_come_already_is_told_and_stays(work, actor, clinic, ill):
    advance(work, actor, "arrived", ill[0])
    plan = propose(work, actor, clinic)
    assert (plan.affected[0].has_come, plan.affected[0].proposals) == (True, ())
    apply(work, actor, plan, as_proposed(plan))
    assert Put(ill[0], 2, "arrived") == Put(*standing_of(work, ill[0]))


def standing_of(work, appointment_id):
    row = work.read(lambda s: s.get(t.Appointment, appointment_id))
    return row.id, row.version, row.status


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [("12:00", "12:00", "ends after"), ("18:00", "08:00", "ends after")],
)
def test_no_time_is_refused(work, actor, clinic, start, end, words):
    with pytest.raises(InvalidInput, match=words):
        propose(work, actor, clinic, start=start, end=end)


def test_the_past_a_decade_and_a_stranger_are_refused(work, actor, clinic):
    long_ago = clinic.at("08:00") - timedelta(days=400)
    for start, end, words in (
        (long_ago, long_ago + timedelta(days=1), "over"),
        (clinic.at("08:00"), clinic.at("08:00") + timedelta(days=3650), "a year"),
    ):
        with pytest.raises(InvalidInput, match=words):
            work.read(
                lambda s, a=start, b=end: absence_plan.propose(
                    s, actor=actor, practitioner_id=ANA, start=a, end=b
                )
            )
    with pytest.raises(NotFound):
        propose(work, actor, clinic, who=new_id())
