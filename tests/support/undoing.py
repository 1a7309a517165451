"""Making the one change in the database that a "why not" names."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.changing import appointments
from clinic_scheduler.services.obstacles.excluded import Block, Layer, Reason
from clinic_scheduler.services.obstacles.scenes import Scene
from clinic_scheduler.services.taking import claims
from tests.support.tangle_rules import Said
from tests.support.tangles import Tangle


def said(reason: Reason) -> Said:
    """A reason in the words of the tangle's rules."""
    block = reason.block
    of_kind = reason.layer in {Layer.ROOM, Layer.EQUIPMENT}
    return (
        reason.layer.value,
        None if of_kind else reason.resource_id,
        None if block is None else block.what or block.text,
    )


def make(
    session: Session, actor: Actor, tangle: Tangle, scene: Scene, change: Reason, start: datetime
) -> None:
    """Cancel, release, delete or allow what the change names."""
    block = change.block
    if block is None:
        _bend(session, tangle, scene, change, start)
    elif block.layer is Layer.APPOINTMENT and block.what is not None:
        appointments.cancel(session, actor=actor, appointment_ids=[block.what], versions=[1])
    elif block.layer is Layer.HOLD and block.what is not None:
        claims.release(session, claims.live_holds(session, block.what), claims.now(session))
    elif block.layer is Layer.BLOCKED:
        session.execute(delete(t.Claim).where(t.Claim.id == block.what))
    else:
        _end_absence(session, block, change.resource_id)


def _end_absence(session: Session, block: Block, resource_id: UUID | None) -> None:
    if block.layer is Layer.BREAK:
        hours = t.WorkingHours
        session.execute(
            delete(hours).where(hours.resource_id == resource_id, hours.is_break, hours.label == block.text)
        )
        return
    for table in (t.Closure, t.TimeOff, t.HoursException):
        session.execute(delete(table).where(table.reason == block.text))


def _bend(session: Session, tangle: Tangle, scene: Scene, change: Reason, start: datetime) -> None:
    clinic, service = t.Clinic, scene.service
    if change.layer is Layer.NOT_ELIGIBLE:
        session.execute(
            insert(t.ServicePerformer).values(service_id=service.id, practitioner_id=change.resource_id)
        )
    elif change.layer is Layer.NOTICE:
        session.execute(update(clinic).values(notice_min=0))
    elif change.layer is Layer.HORIZON:
        session.execute(update(clinic).values(horizon_days=3650))
    else:
        _widen(session, tangle, scene, change.resource_id, start)


def _widen(session: Session, tangle: Tangle, scene: Scene, resource_id: UUID | None, start: datetime) -> None:
    """Work around the clock on the day and beside it: as other hours where there are some, else as usual ones."""
    on = localtime.local_day(start, scene.span.where)
    for day in (on + timedelta(days=shift) for shift in (-1, 0, 1)):
        row = {"id": new_id(), "resource_id": resource_id, "start_min": 0, "end_min": 1440}
        is_special = any(
            one.resource_id == resource_id and one.day == day and one.hours for one in tangle.specials
        )
        if is_special:
            session.execute(insert(t.HoursException).values(**row, day=day))
        else:
            session.execute(
                insert(t.WorkingHours).values(**row, weekday=day.weekday(), valid_from=day, valid_until=day)
            )
