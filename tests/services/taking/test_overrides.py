"""Rules broken on purpose: named, by whoever may, with a written reason; on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import InvalidInput, NotPermitted, RuleBroken, TimeTaken
from clinic_scheduler.services import details, integrity
from clinic_scheduler.services.actor import BOOK
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.taking import booking, claims
from clinic_scheduler.services.taking.rules import Override, Rule
from clinic_scheduler.services.unfinished.choices import Choices
from tests.support.changing import cancel, change, holds_true, reopen, row
from tests.support.clinics import ANA, BEN, BLUE_ROOM, JOSE, MASSAGE, OLGA, shift_clock
from tests.support.desk import book, confirm, hold, start

REASON = "she can only come then"


def leave(*rules, reason=REASON):
    return Override(reason, frozenset(rules))


def hold_against(work, actor, patient, override, *parts):
    begun = start(work, actor, patient)
    work.write(
        lambda s: booking.hold(
            s, actor=actor, session_id=begun.id, version=begun.version, parts=parts, override=override
        )
    )
    return begun


def put(work, table, **values):
    with work.engine.begin() as connection:
        connection.execute(insert(table).values(id=new_id(), **values))


@pytest.fixture
def shut(work, clinic):
    """Makes one kind of time in which Ana takes nobody; returns a wall time within it and the day."""

    def make(rule):
        first, last = clinic.at("14:00", days=1), clinic.at("16:00", days=1)
        if rule == Rule.TIME_OFF:
            put(work, t.TimeOff, resource_id=ANA, start_at=first, end_at=last, reason="")
        if rule == Rule.CLOSURE:
            put(work, t.Closure, clinic_id=clinic.id, start_at=first, end_at=last, reason="party")
        if rule == Rule.NOTICE:
            shift_clock(work, clinic.at("14:00", days=1) - work.read(claims.now))
            with work.engine.begin() as connection:
                connection.execute(update(t.Clinic).values(notice_min=90))
        if rule == Rule.HORIZON:
            with work.engine.begin() as connection:
                connection.execute(update(t.Clinic).values(horizon_days=0))
        return {Rule.HOURS: "17:30", Rule.BREAK: "12:15"}.get(rule, "15:00")

    return make


WORDS = {
    Rule.HOURS: "Ana Silva is not at work at that time; please",
    Rule.BREAK: r"Ana Silva is not at work at that time \(break\)",
    Rule.TIME_OFF: r"\(time off\)",
    Rule.CLOSURE: r"\(the clinic is closed\)",
    Rule.NOTICE: "Visits are booked at least 1 h 30 min ahead",
    Rule.HORIZON: "at most 0 days ahead",
}


@pytest.mark.parametrize("rule", WORDS)
def test_a_rule_is_named_and_broken_by_whoever_may(work, actor, clinic, shut, rule):
    part = clinic.part(shut(rule), days=1)
    with pytest.raises(RuleBroken, match=WORDS[rule]) as refused:
        hold(work, actor, start(work, actor), part)
    assert (refused.value.rules, refused.value.field) == ({rule}, "time")
    others = leave(*(set(Rule) - {rule}))
    with pytest.raises(RuleBroken):
        hold_against(work, actor, OLGA, others, part)
    done = confirm(work, actor, hold_against(work, actor, OLGA, leave(rule), part))
    stored = work.read(
        lambda s: s.execute(select(t.Claim.resource_id, t.Claim.lane, t.Claim.override_reason)).all()
    )
    assert sorted(stored) == sorted([(ANA, 1, REASON), (OLGA, 1, "")])
    shown = work.read(lambda s: details.of_booking(s, actor=actor, booking_id=done.booking_id))
    assert (shown.parts[0].override_reason, shown.parts[0].overlap_reason) == (REASON, "")
    assert [h.reason for h in shown.history] == [REASON]
    noted = select(t.AuditEntry.after, t.AuditEntry.reason).where(t.AuditEntry.action == "session.overridden")
    assert work.read(lambda s: s.execute(noted).one()) == ({"rules": rule}, REASON)


@pytest.mark.parametrize("rule", WORDS)
def test_a_move_into_a_forbidden_time_needs_the_same(work, actor, clinic, shut, rule):
    (part,) = book(work, actor, [clinic.part("09:00", days=2)]).appointment_ids
    wanted = Change(part, 1, clinic.at(shut(rule), days=1))
    with pytest.raises(RuleBroken) as refused:
        change(work, actor, wanted)
    assert refused.value.rules == {rule}
    change(work, actor, wanted, override=leave(rule))
    reasons = select(t.Claim.override_reason).where(t.Claim.live_to.is_(None), t.Claim.resource_id == ANA)
    assert work.read(lambda s: s.scalars(reasons).all()) == [REASON]
    audited = select(t.AuditEntry.reason).where(t.AuditEntry.action == "appointment.changed")
    assert work.read(lambda s: s.scalars(audited).all()) == [REASON]
    holds_true(work)


def test_who_walks_in_needs_no_notice(work, actor, clinic, shut):
    wall = shut(Rule.NOTICE)
    book(work, actor, [clinic.part(wall, days=1)], OLGA, Choices(source="walk_in"))
    with pytest.raises(RuleBroken, match="1 h 30 min ahead"):
        book(work, actor, [clinic.part(wall, BEN, days=1)], JOSE, Choices(source="phone"))


def test_all_broken_rules_are_said_at_once(work, actor, clinic):
    with work.engine.begin() as connection:
        connection.execute(update(t.Clinic).values(horizon_days=0))
    with pytest.raises(
        RuleBroken, match="Visits are booked at most 0 days ahead, and Ana Silva is not"
    ) as said:
        hold(work, actor, start(work, actor), clinic.part("08:00", days=1))
    assert said.value.rules == {"horizon", "hours"}


def test_whoever_may_not_is_told_whom_to_ask(work, actor, clinic):
    clerk = replace(actor, permissions=frozenset({BOOK}))
    with pytest.raises(NotPermitted, match="ask a colleague"):
        hold_against(work, clerk, OLGA, leave(Rule.HOURS), clinic.part("18:00"))
    (part,) = book(work, clerk, [clinic.part("09:00")]).appointment_ids
    with pytest.raises(NotPermitted, match="ask a colleague"):
        change(work, clerk, Change(part, 1, clinic.at("18:00")), override=leave(Rule.HOURS))


@pytest.mark.parametrize("blank", ["", "  \n", "\0\u200b"])
def test_a_blank_reason_is_none(work, actor, clinic, blank):
    override = leave(Rule.HOURS, reason=blank)
    with pytest.raises(InvalidInput, match="write a reason") as refused:
        hold_against(work, actor, OLGA, override, clinic.part("18:00"))
    assert refused.value.field == "reason"
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    with pytest.raises(InvalidInput, match="write a reason"):
        change(work, actor, Change(part, 1, clinic.at("18:00")), override=override)


def test_an_overlap_on_purpose_stands_in_another_lane(work, actor, clinic):
    book(work, actor, [clinic.part("09:00", BEN, MASSAGE, minutes=30)])
    over = clinic.part("09:10", BEN, MASSAGE, minutes=30)
    with pytest.raises(TimeTaken):
        hold_against(work, actor, OLGA, leave(Rule.TWO_PLACES), over)
    done = confirm(work, actor, hold_against(work, actor, OLGA, leave(Rule.OVERLAP), over))
    stored = work.read(
        lambda s: s.execute(
            select(t.Claim.resource_id, t.Claim.lane, t.Claim.override_reason).where(
                t.Claim.appointment_id == done.appointment_ids[0]
            )
        ).all()
    )
    assert sorted(stored) == sorted([(BEN, 2, REASON), (BLUE_ROOM, 2, REASON), (OLGA, 1, "")])
    assert row(work, done.appointment_ids[0]).overlap_reason == REASON
    assert work.read(integrity.overlaps) == []


def test_a_patient_is_in_two_places_only_on_purpose(work, actor, clinic):
    book(work, actor, [clinic.part("09:00")])
    (part,) = book(work, actor, [clinic.part("14:00", BEN)]).appointment_ids
    with pytest.raises(TimeTaken, match="This patient has another visit") as refused:
        change(work, actor, Change(part, 1, clinic.at("09:15")))
    done = change(
        work, actor, Change(part, 1, clinic.at("09:15")), override=leave(*map(Rule, refused.value.rules))
    )
    assert row(work, part).overlap_reason == REASON
    change(work, actor, *done.undo)
    assert row(work, part).overlap_reason == ""
    holds_true(work)


def test_an_overlap_moves_out_and_back_without_being_asked_again(work, actor, clinic):
    book(work, actor, [clinic.part("09:00")])
    begun = hold_against(work, actor, OLGA, leave(Rule.OVERLAP), clinic.part("09:15"))
    (part,) = confirm(work, actor, begun).appointment_ids
    clerk = replace(actor, permissions=frozenset({BOOK}))
    change(work, clerk, Change(part, 1, end=clinic.at("09:30")))
    assert row(work, part).overlap_reason == REASON
    done = change(work, clerk, Change(part, 2, clinic.at("14:00")))
    assert row(work, part).overlap_reason == ""
    change(work, clerk, *done.undo)
    assert row(work, part).overlap_reason == REASON
    holds_true(work)


def test_an_undo_asks_no_rule_for_minutes_and_then_it_does(work, actor, clinic):
    begun = hold_against(work, actor, OLGA, leave(Rule.HOURS), clinic.part("17:30"))
    (part,) = confirm(work, actor, begun).appointment_ids
    clerk = replace(actor, permissions=frozenset({BOOK}))
    done = change(work, clerk, Change(part, 1, clinic.at("14:00")))
    redo = change(work, clerk, *done.undo)
    done = change(work, clerk, *redo.undo)
    shift_clock(work, timedelta(minutes=11))
    with pytest.raises(RuleBroken):
        change(work, clerk, *done.undo)


def test_a_cancelled_overlap_is_opened_in_its_lane(work, actor, clinic):
    book(work, actor, [clinic.part("09:00")])
    begun = hold_against(work, actor, OLGA, leave(Rule.OVERLAP), clinic.part("09:15"))
    (part,) = confirm(work, actor, begun).appointment_ids
    cancel(work, actor, part)
    reopen(work, actor, part)
    assert row(work, part).overlap_reason == REASON
    holds_true(work)


def test_an_overlap_left_alone_still_has_its_time_to_itself(work, actor, clinic):
    (first,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    begun = hold_against(work, actor, OLGA, leave(Rule.OVERLAP), clinic.part("09:15"))
    (over,) = confirm(work, actor, begun).appointment_ids
    cancel(work, actor, first)
    with pytest.raises(TimeTaken, match="Ana Silva is not free"):
        book(work, actor, [clinic.part("09:00")], JOSE)
    (beside,) = confirm(
        work, actor, hold_against(work, actor, JOSE, leave(Rule.OVERLAP), clinic.part("09:00"))
    ).appointment_ids
    assert row(work, beside).overlap_reason == REASON
    cancel(work, actor, beside)
    change(work, actor, Change(over, row(work, over).version, clinic.at("10:00")))
    assert row(work, over).overlap_reason == ""
    book(work, actor, [clinic.part("09:00", minutes=15)], JOSE)
    holds_true(work)


def test_a_lapsed_overlap_is_taken_again_in_its_lane(work, actor, clinic):
    book(work, actor, [clinic.part("09:00")])
    begun = hold_against(work, actor, OLGA, leave(Rule.OVERLAP), clinic.part("09:15"))
    shift_clock(work, timedelta(minutes=20))
    (part,) = confirm(work, actor, begun).appointment_ids
    assert row(work, part).overlap_reason == REASON
    assert work.read(integrity.overlaps) == []


def test_a_room_for_two_takes_two_and_a_third_on_purpose(work, actor, clinic):
    with work.engine.begin() as connection:
        connection.execute(update(t.Resource).where(t.Resource.id == BLUE_ROOM).values(capacity=2))
    parts = [
        book(work, actor, [clinic.part(wall, who)], patient).appointment_ids[0]
        for wall, who, patient in (("09:00", ANA, OLGA), ("09:00", BEN, JOSE), ("14:00", ANA, OLGA))
    ]
    for part in parts[:2]:
        change(work, actor, Change(part, 1, room_id=BLUE_ROOM))
    third = Change(parts[2], 1, clinic.at("09:30"), room_id=BLUE_ROOM, practitioner_id=BEN)
    with pytest.raises(TimeTaken, match="Ben Okafor and Blue room are not free"):
        change(work, actor, third)
    change(work, actor, third, override=leave(Rule.OVERLAP, Rule.TWO_PLACES))
    lanes = select(t.Claim.lane).where(t.Claim.resource_id == BLUE_ROOM, t.Claim.live_to.is_(None))
    assert sorted(work.read(lambda s: s.scalars(lanes).all())) == [1, 2, 3]
    holds_true(work)
