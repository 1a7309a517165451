"""A day of the clinic as the screen shows it, read in a handful of queries of plain columns."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, aliased

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus, ClaimKind, PaymentState, ResourceKind
from clinic_scheduler.db.types import clock

from . import catalogue, claims, hours, localtime, persons, timelines
from .hours import OpenTime, Span
from .schedule import ClosedTime, Column, DaySchedule, HeldTime, HourMark, Visit

HOUR = 60
ALWAYS_SHOWN = (8 * 60, 18 * 60)  # so that the hours keep their place from day to day


def day(
    session: Session, *, clinic_id: UUID, on: date | None = None, by: str = ResourceKind.PRACTITIONER
) -> DaySchedule:
    """The day of every active practitioner, or of every room where `by` says so; without `on` it is today.

    Raises:
        NotFound: there is no such clinic.
    """
    clinic = catalogue.clinic(session, clinic_id)
    now = claims.now(session)
    span = Span(on or localtime.local_day(now, clinic.where), 1, clinic.where)
    columns = _columns(session, clinic_id, by)
    index = {column.resource_id: number for number, column in enumerate(columns)}
    opened = hours.open_times(session, clinic_id, tuple(index), span)
    visits = _visits(session, clinic_id, span, index, by)
    holds = _holds(session, span, index)
    marks = tuple(
        HourMark(minute, span.moment(minute).astimezone(span.where).strftime("%H:%M"))
        for minute in range(0, span.length, 60)
    )
    first, last = _bounds(
        opened, [(v.start, v.end) for v in visits] + [(h.start, h.end) for h in holds], span.length
    )
    return DaySchedule(
        day=span.first,
        zone=clinic.zone,
        columns=columns,
        visits=visits,
        holds=holds,
        closed=tuple(
            closed
            for identifier, number in index.items()
            for closed in _closed(number, opened[identifier], span.length)
        ),
        hours=marks,
        length=span.length,
        opens=first,
        closes=last,
        midnight=span.start,
        now=now,
    )


def _columns(session: Session, clinic_id: UUID, by: str) -> tuple[Column, ...]:
    r = t.Resource
    wanted = select(r.id, r.name, r.role, r.hue).where(r.clinic_id == clinic_id, r.kind == by, r.is_active)
    return tuple(Column(*row) for row in session.execute(wanted.order_by(r.position, r.name)))


def _visits(
    session: Session, clinic_id: UUID, span: Span, index: dict[UUID, int], by: str
) -> tuple[Visit, ...]:
    a, b, room = t.Appointment, t.Booking, aliased(t.Resource)
    column: ColumnElement[UUID] = a.room_id if by == ResourceKind.ROOM else a.practitioner_id  # type: ignore[assignment]
    sessions = (
        select(func.count())
        .select_from(t.PlanSession)
        .where(t.PlanSession.plan_id == t.TreatmentPlan.id)
        .correlate(t.TreatmentPlan)
        .scalar_subquery()
    )
    # A patient is new while no other visit of theirs began before this day.
    before = aliased(t.Booking)
    earlier = aliased(t.Appointment)
    seen = (
        select(earlier.id)
        .join(before, before.id == earlier.booking_id)
        .where(
            before.patient_id == b.patient_id,
            earlier.start_at < span.start,
            earlier.status != AppointmentStatus.CANCELLED,
        )
        .exists()
    )
    wanted = (
        select(
            a.id,
            a.booking_id,
            column.label("column"),
            a.start_at,
            a.end_at,
            a.buffer_before_min,
            a.buffer_after_min,
            case((b.patient_id.is_(None), b.guest_name), else_=t.Patient.name).label("patient"),
            t.Service.name.label("service"),
            a.status,
            t.Service.hue,
            room.name.label("room"),
            t.PlanSession.number,
            sessions.label("sessions"),
            ((b.patient_id.is_not(None)) & ~seen).label("is_new"),
            b.payment_state,
            b.notes,
            a.overlap_reason,
            a.version,
        )
        .join(b, b.id == a.booking_id)
        .join(t.Service, t.Service.id == a.service_id)
        .outerjoin(t.Patient, t.Patient.id == b.patient_id)
        .outerjoin(room, room.id == a.room_id)
        .outerjoin(t.PlanSession, t.PlanSession.appointment_id == a.id)
        .outerjoin(t.TreatmentPlan, t.TreatmentPlan.id == t.PlanSession.plan_id)
        .where(
            a.clinic_id == clinic_id,
            a.start_at >= span.start - timedelta(days=1),
            a.start_at < span.end,
            a.end_at > span.start,
            a.status != AppointmentStatus.CANCELLED,
        )
        .order_by(a.start_at, a.id)
    )
    return tuple(
        Visit(
            id=row.id,
            booking_id=row.booking_id,
            column=index[row.column],
            start=span.minute(row.start_at),
            end=span.minute_up(row.end_at),
            busy_start=span.minute(row.start_at) - row.buffer_before_min,
            busy_end=span.minute_up(row.end_at) + row.buffer_after_min,
            time=row.start_at.astimezone(span.where).strftime("%H:%M"),
            patient=row.patient or "",
            service=row.service,
            status=row.status,
            hue=row.hue,
            room=row.room or "",
            counter=f"{row.number}/{row.sessions}" if row.number else "",
            is_new=bool(row.is_new),
            is_paid=row.payment_state == PaymentState.PAID,
            has_note=bool(row.notes),
            lane_reason=row.overlap_reason,
            version=row.version,
        )
        for row in session.execute(wanted)
        if row.column in index
    )


def _holds(session: Session, span: Span, index: dict[UUID, int]) -> tuple[HeldTime, ...]:
    c, s = t.Claim, t.BookingSession
    wanted = (
        select(
            c.resource_id,
            s.id,
            c.start_at,
            c.end_at,
            t.Service.name,
            s.user_name,
            s.workstation,
            func.coalesce(c.live_to, clock()),
        )
        .join(s, s.id == c.session_id)
        .outerjoin(t.Service, t.Service.id == c.service_id)
        .where(
            c.resource_id.in_(index),
            c.kind == ClaimKind.HOLD,
            c.busy_from < span.end,
            c.busy_from > span.start - claims.LONGEST_BUSY,
            c.end_at > span.start,
            c.live_to > clock(),
        )
        .order_by(c.start_at, c.id)
    )
    return tuple(
        HeldTime(
            session_id=session_id,
            column=index[resource_id],
            start=span.minute(start),
            end=span.minute_up(end),
            service=service or "",
            owner=owner,
            initials=persons.initials(owner),
            workstation=workstation,
            expires_at=until,
        )
        for resource_id, session_id, start, end, service, owner, workstation, until in session.execute(wanted)
    )


def _closed(column: int, opened: OpenTime, length: int) -> list[ClosedTime]:
    """The named reasons first, then whatever else is not open."""
    whole = timelines.between(0, length)
    found, explained = [], opened.open
    for reason in opened.reasons:
        start, end = max(0, reason.start), min(length, reason.end)
        if start < end:
            found.append(ClosedTime(column, start, end, reason.kind, reason.text))
            explained |= timelines.between(start, end)
    return found + [
        ClosedTime(column, start, end, "outside", "")
        for start, end in timelines.intervals(whole & ~explained)
    ]


def _bounds(opened: dict[UUID, OpenTime], busy: Sequence[tuple[int, int]], length: int) -> tuple[int, int]:
    """What is worth showing: a usual day, the opening hours of anybody, every visit; in full hours."""
    starts = [ALWAYS_SHOWN[0], *(start for start, _end in busy)]
    ends = [ALWAYS_SHOWN[1], *(end for _start, end in busy)]
    for times in opened.values():
        if times.open:
            starts.append((times.open & -times.open).bit_length() - 1)
            ends.append(times.open.bit_length())
    first, last = min(starts), max(ends)
    return max(0, first // HOUR * HOUR), min(length, -(-last // HOUR) * HOUR)


def busy_days(session: Session, *, clinic_id: UUID, first: date, last: date) -> dict[date, int]:
    """How many appointments each local day from `first` to `last` has, for the shading of a month."""
    a = t.Appointment
    wanted = (
        select(a.day, func.count())
        .where(
            a.clinic_id == clinic_id, a.day >= first, a.day <= last, a.status != AppointmentStatus.CANCELLED
        )
        .group_by(a.day)
    )
    return dict(session.execute(wanted).all())
