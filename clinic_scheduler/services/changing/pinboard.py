"""The pinboard: visits set aside to be moved, shared by all desks and kept when the program ends.

A visit that is pinned keeps its time until it is put elsewhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session, aliased

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.prepared import PreparedInsert
from clinic_scheduler.db.states import AppointmentStatus
from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services import add_ons, audit, localtime
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.catalogue import clinic
from clinic_scheduler.services.offers import availability
from clinic_scheduler.services.offers.terms import Within
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.services.wishes import Opening, Wish

PINNABLE = (AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED)
AHEAD = 60  # days in which a free place is looked for
Columns = TypeVarTuple("Columns")
ADD = PreparedInsert(t.Pin.__table__, told=t.Pin.__table__.c.id)


@dataclass(frozen=True, slots=True)
class Pinned:
    """A visit on the pinboard; `start` and `end` are aware UTC, `day` is the clinic's."""

    appointment_id: UUID
    booking_id: UUID
    version: int
    patient: str
    service: str
    practitioner: str
    day: date
    start: datetime
    end: datetime
    pinned_by: str
    workstation: str


def pin(session: Session, *, actor: Actor, appointment_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Set appointments aside; those that now are and were not before.

    Raises:
        NotFound: one is not in this clinic.
        InvalidInput: one has begun or is finished.
    """
    actor.require(BOOK)
    a = t.Appointment
    wanted = select(a.id, a.status).where(a.id.in_(appointment_ids), a.clinic_id == actor.clinic_id)
    found = dict(session.execute(_kept(wanted)).all())
    if not found or len(found) < len(set(appointment_ids)):
        raise NotFound("That visit is no longer there; please refresh the day.")
    for status in found.values():
        if status not in PINNABLE:
            word = status.replace("_", " ")
            raise InvalidInput(f"This visit is {word} and keeps its time; it cannot be parked.", "visit")
    return _add(session, actor, sorted(found))


def pin_day(
    session: Session, *, actor: Actor, practitioner_ids: Sequence[UUID], on: date
) -> tuple[UUID, ...]:
    """Set aside all that can still be moved of a local day, of these practitioners; what was not aside before."""
    actor.require(BOOK)
    a = t.Appointment
    wanted = select(a.start_at, a.id).where(
        a.clinic_id == actor.clinic_id,
        a.day == on,
        a.practitioner_id.in_(practitioner_ids),
        a.status.in_(PINNABLE),
    )
    rows = session.execute(_kept(wanted)).all()
    found = [row.id for row in sorted(rows, key=attrgetter("start_at", "id"))]
    return _add(session, actor, found) if found else ()


def _kept(wanted: Select[*Columns]) -> Select[*Columns]:
    """The appointments as they are until the transaction ends, so that none is over when its pin is there."""
    return wanted.order_by(t.Appointment.id).with_for_update(read=True)


def _add(session: Session, actor: Actor, appointment_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    now = claims.now(session)
    ids = {new_id(): identifier for identifier in appointment_ids}
    rows = [
        {
            "id": own,
            "clinic_id": actor.clinic_id,
            "appointment_id": identifier,
            "pinned_by": actor.user_id,
            "pinned_by_name": actor.name,
            "workstation": actor.workstation,
            "pinned_at": now,
        }
        for own, identifier in ids.items()
    ]
    added = tuple(ids[row[0]] for row in ADD.rows(session, rows))
    _note(session, actor, added, "pinned")
    return added


def unpin(session: Session, *, actor: Actor, appointment_ids: Sequence[UUID]) -> None:
    """Take visits off the pinboard; they stay where they are."""
    actor.require(BOOK)
    _note(session, actor, _removed(session, appointment_ids, actor.clinic_id), "unpinned")


def put_elsewhere(session: Session, appointment_ids: Iterable[UUID]) -> None:
    """What was moved or is over needs no place any more; part of the transaction that moves it."""
    _removed(session, list(appointment_ids), None)


def _removed(session: Session, appointment_ids: Sequence[UUID], clinic_id: UUID | None) -> Sequence[UUID]:
    p = t.Pin
    wanted = [p.appointment_id.in_(appointment_ids), *([p.clinic_id == clinic_id] if clinic_id else [])]
    gone = session.scalars(delete(p).where(*wanted).returning(p.appointment_id)).all()
    announce(session, "pin", *gone)
    return gone


def _note(session: Session, actor: Actor, appointment_ids: Sequence[UUID], what: str) -> None:
    for identifier in appointment_ids:
        audit.record(session, actor, f"appointment.{what}", "appointment", identifier)
    announce(session, "pin", *appointment_ids)


def pinned(session: Session, *, actor: Actor) -> tuple[Pinned, ...]:
    """The pinboard of the clinic, the oldest first."""
    p, a, b, person = t.Pin, t.Appointment, t.Booking, t.Patient
    who = aliased(t.Resource)
    rows = session.execute(
        select(
            a.id,
            a.booking_id,
            a.version,
            func.coalesce(person.name, b.guest_name),
            t.Service.name,
            who.name,
            a.day,
            a.start_at,
            a.end_at,
            p.pinned_by_name,
            p.workstation,
        )
        .join(a, a.id == p.appointment_id)
        .join(b, b.id == a.booking_id)
        .join(t.Service, t.Service.id == a.service_id)
        .join(who, who.id == a.practitioner_id)
        .outerjoin(person, person.id == b.patient_id)
        .where(p.clinic_id == actor.clinic_id, a.status.in_(PINNABLE))
        .order_by(p.pinned_at, p.id)
    )
    return tuple(Pinned(*tuple[Any, ...](row)) for row in rows)


def next_free(
    session: Session,
    *,
    actor: Actor,
    appointment_id: UUID,
    limit: int = 4,
    diaries: Diaries | None = None,
) -> tuple[Opening, ...]:
    """The next free places for a visit, one a day, its practitioner first.

    Raises:
        NotFound: it is not in this clinic, or its service is no longer offered.
    """
    row = session.get(t.Appointment, appointment_id)
    if row is None or row.clinic_id != actor.clinic_id:
        raise NotFound("That visit is no longer there; please refresh the day.")
    where = clinic(session, actor.clinic_id).where
    first = localtime.local_day(claims.now(session) + timedelta(minutes=1), where)
    within = Within(first, AHEAD, limit=limit, per_day=1)
    extras = tuple(one.id for one in add_ons.agreed(session, [row.id]).get(row.id, ()))
    same = Wish(row.service_id, (row.practitioner_id,), add_on_ids=extras)
    found = availability.free_starts(
        session, clinic_id=actor.clinic_id, wish=same, within=within, diaries=diaries
    )
    if found:
        return found
    return availability.free_starts(
        session,
        clinic_id=actor.clinic_id,
        wish=replace(same, practitioner_ids=()),
        within=within,
        diaries=diaries,
    )
