"""What desks do with unfinished bookings, each call one transaction; and a site that is not theirs."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from clinic_scheduler.services.unfinished.unfinished import Unfinished
from tests.support.clinics import EMMA

MIA = Choices(guest=Guest("Mia Long", "+493012345670", ""))


def save(
    work: UnitOfWork,
    actor: Actor,
    begun: Unfinished,
    chosen: Choices,
    *,
    step: str = "time",
    patient: UUID | None = EMMA,
    version: int | None = None,
) -> Unfinished:
    return work.write(
        lambda s: booking_session.save(
            s,
            actor=actor,
            session_id=begun.id,
            version=begun.version if version is None else version,
            chosen=chosen,
            step=step,
            patient_id=patient,
        )
    ).value


def resume(work: UnitOfWork, actor: Actor, begun: Unfinished) -> Unfinished:
    return work.write(lambda s: booking_session.resume(s, actor=actor, session_id=begun.id)).value


def park(work: UnitOfWork, actor: Actor, begun: Unfinished) -> None:
    work.write(lambda s: booking_session.park(s, actor=actor, session_id=begun.id))


def discard(work: UnitOfWork, actor: Actor, begun: Unfinished) -> None:
    work.write(lambda s: booking_session.discard(s, actor=actor, session_id=begun.id))


def unfinished(work: UnitOfWork, actor: Actor) -> list[UUID]:
    return [one.id for one in work.read(lambda s: booking_session.unfinished(s, actor=actor))]


def row(work: UnitOfWork, begun: Unfinished) -> Any:
    return work.read(lambda s: s.get(t.BookingSession, begun.id))


def outcome(work: UnitOfWork, begun: Unfinished) -> str:
    return str(row(work, begun).outcome)


def holds(work: UnitOfWork, begun: Unfinished) -> int:
    return len(work.read(lambda s: claims.live_holds(s, begun.id)))


def other_site(work: UnitOfWork, actor: Actor) -> Actor:
    """The same person at a desk of the same name, signed in at another site that shares the database."""
    site = new_id()
    with work.engine.begin() as connection:
        values = {"name": "Other", "zone": "UTC", "country": "DE", "currency": "EUR"}
        connection.execute(insert(t.Clinic).values(id=site, **values))
    return replace(actor, clinic_id=site)
