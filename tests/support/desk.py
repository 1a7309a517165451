"""A desk that books: each call is one transaction, as one click is."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.services.unfinished.unfinished import Unfinished
from clinic_scheduler.services.wishes import Part
from tests.support.clinics import EMMA


def start(
    work: UnitOfWork, actor: Actor, patient: UUID | None = EMMA, chosen: Choices | None = None
) -> Unfinished:
    return work.write(
        lambda s: booking_session.start(s, actor=actor, patient_id=patient, chosen=chosen)
    ).value


def hold(work: UnitOfWork, actor: Actor, begun: Unfinished, *parts: Part) -> booking.Held:
    return work.write(
        lambda s: booking.hold(s, actor=actor, session_id=begun.id, version=begun.version, parts=parts)
    ).value


def confirm(
    work: UnitOfWork, actor: Actor, begun: Unfinished, request: UUID | None = None
) -> booking.Confirmed:
    asked = request or new_id()
    return work.write(
        lambda s: booking.confirm(s, actor=actor, session_id=begun.id, request_id=asked), repeatable=True
    ).value


def book(
    work: UnitOfWork,
    actor: Actor,
    parts: Sequence[Part],
    patient: UUID | None = EMMA,
    chosen: Choices | None = None,
) -> booking.Confirmed:
    begun = start(work, actor, patient, chosen)
    hold(work, actor, begun, *parts)
    return confirm(work, actor, begun)


def count(work: UnitOfWork, table: Any, *where: Any) -> int:
    """How many rows there are."""
    found = work.read(lambda s: s.scalar(select(func.count()).select_from(table).where(*where)))
    return found or 0
