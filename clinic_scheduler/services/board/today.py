"""Today's visits for the day board, by practitioner, with what has happened and what is to be expected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import case, select
from sqlalchemy.orm import Session, aliased

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus
from clinic_scheduler.db.types import EPOCH
from clinic_scheduler.services import catalogue, localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.taking import claims

from .delays import Planned, expected

MINUTE = timedelta(minutes=1)
BEGUN: Final = (AppointmentStatus.IN_PROGRESS, AppointmentStatus.COMPLETED)
GONE: Final = (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW)


@dataclass(frozen=True, slots=True)
class BoardVisit:
    """A visit on the board; times are local. `since` is when it came to its status, where that is known.

    `expected_start` and `expected_end` are when it will begin and end, or did.
    """

    id: UUID
    booking_id: UUID
    version: int
    patient: str
    service: str
    room: str
    alert: str
    start: datetime
    end: datetime
    status: str
    since: datetime | None
    expected_start: datetime
    expected_end: datetime

    @property
    def delay(self) -> timedelta:
        """How much later than agreed it begins."""
        return max(self.expected_start - self.start, timedelta())

    @property
    def overrun(self) -> timedelta:
        """How much longer than agreed it takes, if it is going on."""
        if self.status != AppointmentStatus.IN_PROGRESS:
            return timedelta()
        return max(self.expected_end - self.expected_start - (self.end - self.start), timedelta())


@dataclass(frozen=True, slots=True)
class Lane:
    """A practitioner's visits of the day, by time."""

    practitioner_id: UUID
    name: str
    hue: int
    visits: tuple[BoardVisit, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The day as it was at `now` by the database's clock."""

    day: date
    now: datetime
    lanes: tuple[Lane, ...]


def board(session: Session, *, actor: Actor) -> Board:
    """Everything of today that was not cancelled, of the practitioners who have something."""
    clinic = catalogue.clinic(session, actor.clinic_id)
    now = claims.now(session)
    day = localtime.local_day(now, clinic.where)
    rows = _rows(
        session,
        actor,
        localtime.midnight(day, clinic.where),
        localtime.midnight(day + timedelta(days=1), clinic.where),
    )
    since = _since(session, [row.id for row in rows])
    lanes: dict[UUID, list[Any]] = {}
    for row in rows:
        lanes.setdefault(row.practitioner_id, []).append(row)
    names = session.execute(
        select(t.Resource.id, t.Resource.name, t.Resource.hue)
        .where(t.Resource.id.in_(lanes))
        .order_by(t.Resource.position, t.Resource.name, t.Resource.id)
    )

    def visits(of: Sequence[Any]) -> tuple[BoardVisit, ...]:
        told = expected([_planned(row, since) for row in of if row.status not in GONE], _minute(now))
        times = {one.id: (_at(one.start), _at(one.end)) for one in told}
        return tuple(
            _visit(row, since.get(row.id, {}).get(row.status), times.get(row.id), clinic.where) for row in of
        )

    return Board(
        day,
        now.astimezone(clinic.where),
        tuple(Lane(identifier, name, hue, visits(lanes[identifier])) for identifier, name, hue in names),
    )


def _rows(session: Session, actor: Actor, start: datetime, end: datetime) -> Sequence[Any]:
    a, b, p, room = t.Appointment, t.Booking, t.Patient, aliased(t.Resource)
    return session.execute(
        select(
            a.id,
            a.booking_id,
            a.version,
            a.practitioner_id,
            case((b.patient_id.is_(None), b.guest_name), else_=p.name).label("patient"),
            p.alert,
            t.Service.name.label("service"),
            room.name.label("room"),
            a.start_at,
            a.end_at,
            a.status,
            a.buffer_before_min,
            a.buffer_after_min,
            a.gap_start_min,
            a.gap_end_min,
        )
        .join(b, b.id == a.booking_id)
        .join(t.Service, t.Service.id == a.service_id)
        .outerjoin(p, p.id == b.patient_id)
        .outerjoin(room, room.id == a.room_id)
        .where(
            a.clinic_id == actor.clinic_id,
            a.start_at >= start,
            a.start_at < end,
            a.status != AppointmentStatus.CANCELLED,
        )
        .order_by(a.start_at, a.id)
    ).all()


def _since(session: Session, appointment_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, datetime]]:
    """When each appointment last came to each of its statuses; what was taken back goes on from before."""
    e = t.AuditEntry
    found: dict[UUID, dict[str, datetime]] = {}
    rows = session.execute(
        select(e.entity_id, e.at, e.action, e.after).where(e.entity_id.in_(appointment_ids)).order_by(e.at)
    )
    for identifier, at, action, after in rows:
        if isinstance(after, dict) and "status" in after:
            known, status = found.setdefault(identifier, {}), str(after["status"])
            known[status] = known.get(status, at) if action == "appointment.taken_back" else at
    return found


def _planned(row: Any, since: Mapping[UUID, Mapping[str, datetime]]) -> Planned:  # noqa: ANN401 - a row of the above
    known = since.get(row.id, {})
    began = known.get(AppointmentStatus.IN_PROGRESS) if row.status in BEGUN else None
    if row.status == AppointmentStatus.IN_PROGRESS and began is None:
        began = row.start_at
    ended = None
    if row.status == AppointmentStatus.COMPLETED:
        ended = known.get(AppointmentStatus.COMPLETED, row.end_at)
        began = min(began, ended) if began else None
    return Planned(
        row.id,
        _minute(row.start_at),
        _minute(row.end_at),
        row.buffer_before_min,
        row.buffer_after_min,
        None if row.gap_start_min is None else (row.gap_start_min, row.gap_end_min),
        _minute(began) if began else None,
        _minute(ended) if ended else None,
    )


def _visit(
    row: Any,  # noqa: ANN401 - a row of the above
    since: datetime | None,
    times: tuple[datetime, datetime] | None,
    where: ZoneInfo,
) -> BoardVisit:
    start, end = row.start_at.astimezone(where), row.end_at.astimezone(where)
    begins, ends = (one.astimezone(where) for one in times) if times else (start, end)
    return BoardVisit(
        row.id,
        row.booking_id,
        row.version,
        row.patient or "",
        row.service,
        row.room or "",
        row.alert or "",
        start,
        end,
        row.status,
        since.astimezone(where) if since else None,
        begins,
        ends,
    )


def _minute(moment: datetime) -> int:
    return (moment - EPOCH) // MINUTE


def _at(minute: int) -> datetime:
    return EPOCH + minute * MINUTE
