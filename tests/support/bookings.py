"""Bookings made as the desk makes them: started, held, confirmed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import booking, booking_session
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.availability import Part
from clinic_scheduler.services.booking import Confirmed, Held
from clinic_scheduler.services.choices import Choices
from clinic_scheduler.services.unfinished import Unfinished
from tests.support.clinics import EMMA


def started(
    work: UnitOfWork, actor: Actor, *, patient: UUID | None = EMMA, chosen: Choices | None = None
) -> Unfinished:
    return work.write(
        lambda s: booking_session.start(s, actor=actor, patient_id=patient, chosen=chosen)
    ).value


def held(work: UnitOfWork, actor: Actor, begun: Unfinished, parts: Sequence[Part]) -> Held:
    return work.write(
        lambda s: booking.hold(s, actor=actor, session_id=begun.id, version=begun.version, parts=parts)
    ).value


def confirmed(work: UnitOfWork, actor: Actor, begun: Unfinished, request: UUID | None = None) -> Confirmed:
    asked = request or new_id()
    return work.write(
        lambda s: booking.confirm(s, actor=actor, session_id=begun.id, request_id=asked), repeatable=True
    ).value


def booked(
    work: UnitOfWork,
    actor: Actor,
    parts: Sequence[Part],
    *,
    patient: UUID | None = EMMA,
    chosen: Choices | None = None,
) -> Confirmed:
    begun = started(work, actor, patient=patient, chosen=chosen)
    held(work, actor, begun, parts)
    return confirmed(work, actor, begun)


def count(work: UnitOfWork, table: Any, *where: Any) -> int:
    found = work.read(lambda s: s.scalar(select(func.count()).select_from(table).where(*where)))
    return found or 0
