"""Somebody is away: the time off and what becomes of each visit, in one transaction, and all of it undone in one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ChangedMeanwhile
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.catalogue import catalogue
from clinic_scheduler.services.changing import absence_plan, moving, reasons, standing, taking_back
from clinic_scheduler.services.changing.absence_plan import Plan
from clinic_scheduler.services.changing.moves import Change, Changed
from clinic_scheduler.services.changing.taking_back import Put
from clinic_scheduler.services.taking import claims, once
from clinic_scheduler.services.taking.requests import Answer


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a visit seen in that `version`: moved where a time is given, else cancelled, else left."""

    appointment_id: UUID
    version: int
    start: datetime | None = None
    practitioner_id: UUID | None = None
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """What is to become of a planned absence and the visits that it meets."""

    plan: Plan
    decisions: tuple[Decision, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done, and what `undo` needs."""

    time_off_id: UUID
    practitioner_id: UUID
    moved: Changed
    cancelled: tuple[Put, ...]


def apply(session: Session, *, actor: Actor, request_id: UUID, decided: Decided) -> Applied:
    """Write the absence of a plan and do with its visits as decided, all or nothing.

    Asked again with the same `request_id` it answers the same.

    Raises:
        InvalidInput: the time is over, or a visit cannot be moved.
        ChangedMeanwhile, TimeTaken, RuleBroken: something is no longer as it was proposed, or was booked into that
            time since; nothing was done.
        NotFound: the practitioner or a visit is gone.
    """
    actor.require(BOOK)
    plan, reason = decided.plan, reasons.clean(decided.reason)

    def do() -> Answer:
        catalogue(session, actor.clinic_id).resource(plan.practitioner_id)
        absence_plan.check(plan.start, plan.end, claims.now(session))
        _queue(session, actor, decided)
        time_off_id = _write(session, actor, plan, reason)
        changes = [
            Change(one.appointment_id, one.version, one.start, practitioner_id=one.practitioner_id)
            for one in decided.decisions
            if one.start is not None
        ]
        moved = moving.apply(session, actor, changes, reason, None) if changes else Changed(())
        puts = [
            Put(one.appointment_id, one.version, "cancelled")
            for one in decided.decisions
            if one.start is None and one.is_cancelled
        ]
        cancelled = taking_back.apply(session, actor, puts, reason) if puts else ()
        return {
            "time_off": str(time_off_id),
            "moved": moved.write(),
            "cancelled": [[str(one.appointment_id), one.version, one.status] for one in cancelled],
        }

    wanted = [
        (one.appointment_id, one.version, one.start, one.practitioner_id, one.is_cancelled)
        for one in decided.decisions
    ]
    content = ("absence", plan.practitioner_id, plan.start, plan.end, reason, wanted)
    answer = once.answered(session, request_id, content, do)
    return Applied(
        UUID(answer["time_off"]),
        plan.practitioner_id,
        Changed.read(answer["moved"]),
        tuple(Put(UUID(one), version, status) for one, version, status in answer["cancelled"]),
    )


def undo(session: Session, *, actor: Actor, request_id: UUID, applied: Applied) -> dict[UUID, int]:
    """Put everything back as it was before the absence was written, all or nothing; the new versions of the visits.

    Raises:
        ChangedMeanwhile: somebody changed the absence or one of the visits since.
        TimeTaken, NotPermitted: a visit cannot go back.
    """
    actor.require(BOOK)

    def do() -> Answer:
        versions: dict[UUID, int] = {}
        removed = delete(t.TimeOff).where(t.TimeOff.id == applied.time_off_id).returning(t.TimeOff.id)
        if not session.scalars(removed).all():
            raise ChangedMeanwhile("Somebody removed this absence meanwhile; please look at the day again.")
        audit.record(session, actor, "time_off.removed", "resource", applied.practitioner_id)
        announce(session, "hours", applied.practitioner_id)
        if applied.moved.undo:
            versions |= moving.apply(session, actor, applied.moved.undo, "", None).versions
        if applied.cancelled:
            puts = taking_back.apply(session, actor, applied.cancelled, "")
            versions |= {one.appointment_id: one.version for one in puts}
        return {"versions": {str(one): version for one, version in versions.items()}}

    answer = once.answered(session, request_id, ("absence undone", str(applied.time_off_id)), do)
    return {UUID(one): version for one, version in answer["versions"].items()}


def _queue(session: Session, actor: Actor, decided: Decided) -> None:
    """Wait for desks that book the practitioner just now, so that their visits are seen, and they see the absence.

    In the order of all changes: visits first, then whoever and whatever they take.
    """
    plan, changing = decided.plan, [one for one in decided.decisions if one.start or one.is_cancelled]
    standing.locked(session, actor, {one.appointment_id: one.version for one in changing})
    taken = claims.of_appointments(session, [one.appointment_id for one in changing])
    others = [one.practitioner_id for one in changing if one.practitioner_id]
    claims.lock(session, [plan.practitioner_id, *others, *(claim.resource_id for claim in taken)])
    known = {one.appointment_id for one in plan.affected}
    met = absence_plan.met(session, actor, plan.practitioner_id, plan.start, plan.end)
    if any(row.id not in known for row in met):
        raise ChangedMeanwhile(
            "A visit was booked into that time meanwhile; please look at the absence again."
        )


def _write(session: Session, actor: Actor, plan: Plan, reason: str) -> UUID:
    identifier = new_id()
    session.execute(
        insert(t.TimeOff).values(
            id=identifier,
            resource_id=plan.practitioner_id,
            start_at=plan.start,
            end_at=plan.end,
            reason=reason,
        )
    )
    times: audit.Facts = {"start": plan.start.isoformat(), "end": plan.end.isoformat()}
    audit.record(
        session, actor, "time_off.added", "resource", plan.practitioner_id, after=times, reason=reason
    )
    announce(session, "hours", plan.practitioner_id)
    return identifier
