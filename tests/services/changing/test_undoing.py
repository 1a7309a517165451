"""What a change leaves behind: its undo, one answer to repeated requests, an audit and notices; on both databases."""

import pytest
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ChangedMeanwhile, KeyReused
from clinic_scheduler.services import audit
from clinic_scheduler.services.changing import moving
from clinic_scheduler.services.changing.moves import Change, Changed
from tests.support.changing import change, holds_true, move_visit, row, times
from tests.support.clinics import ANA, BEN, RED_ROOM
from tests.support.desk import book


def test_an_undo_puts_everything_back_and_can_be_undone(work, actor, clinic):
    ids = book(work, actor, [clinic.part("09:00"), clinic.part("10:00", BEN)]).appointment_ids
    before = times(work, clinic, *ids)
    first = change(
        work,
        actor,
        Change(ids[0], 1, clinic.at("13:00"), practitioner_id=BEN),
        Change(ids[1], 1, clinic.at("14:00"), end=clinic.at("14:20"), practitioner_id=ANA),
    )
    after = times(work, clinic, *ids)
    second = change(work, actor, *first.undo)
    assert times(work, clinic, *ids) == before
    change(work, actor, *second.undo)
    assert times(work, clinic, *ids) == after
    assert row(work, ids[0]).version == 4
    holds_true(work)


def test_an_undo_after_a_foreign_change_is_refused_with_how_it_stands(work, actor, colleague, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    done = change(work, actor, Change(part, 1, clinic.at("13:00")))
    change(work, colleague, Change(part, 2, clinic.at("15:30"), practitioner_id=BEN))
    monday = f"Mon {clinic.monday.day} {clinic.monday:%b %Y}"
    with pytest.raises(ChangedMeanwhile, match=f"it is confirmed, {monday} at 15:30 with Ben Okafor;"):
        change(work, actor, *done.undo)
    assert times(work, clinic, part) == [(390, 435, BEN)]


def test_a_repeated_request_is_answered_with_the_first_result(work, actor, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    request, wanted = new_id(), Change(part, 1, clinic.at("13:00"), room_id=RED_ROOM)
    first = change(work, actor, wanted, request=request)
    assert change(work, actor, wanted, request=request) == first
    assert Changed.read(first.write()) == first
    with pytest.raises(KeyReused):
        change(work, actor, Change(part, 2, clinic.at("14:00")), request=request)
    moved = move_visit(work, actor, {part: 2}, clinic.at("15:00"), request := new_id())
    assert move_visit(work, actor, {part: 2}, clinic.at("15:00"), request) == moved
    assert row(work, part).version == 3


def test_a_change_of_nothing_changes_nothing(work, actor, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    assert change(work, actor, Change(part, 1, clinic.at("09:00"), practitioner_id=ANA)).undo == ()
    assert row(work, part).version == 1


def test_a_change_is_audited_with_before_and_after_and_announced(work, actor, clinic):
    done = book(work, actor, [clinic.part("09:00")])
    (part,) = done.appointment_ids
    outcome = work.write(
        lambda s: moving.change(
            s,
            actor=actor,
            request_id=new_id(),
            changes=[Change(part, 1, practitioner_id=BEN)],
            reason="she\nasked",
        )
    )
    assert {(c.topic, c.key) for c in outcome.changes} >= {
        ("appointment", part),
        ("booking", done.booking_id),
        ("time", ANA),
        ("time", BEN),
    }
    entry = work.read(
        lambda s: s.execute(
            select(t.AuditEntry.before, t.AuditEntry.after, t.AuditEntry.reason).where(
                t.AuditEntry.action == "appointment.changed"
            )
        ).one()
    )
    assert tuple(entry) == ({"practitioner": str(ANA)}, {"practitioner": str(BEN)}, "she asked")
    assert work.read(lambda s: s.scalar(select(t.Booking.version))) == 2
    assert work.read(audit.verify) == []


def test_what_stays_is_not_closed_and_taken_again(work, actor, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    change(work, actor, Change(part, 1, room_id=RED_ROOM))
    rows = work.read(lambda s: s.scalars(select(t.Claim.live_to)).all())
    assert rows == [None, None, None]
