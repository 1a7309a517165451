"""The rows that a figure counted: as many as it says, for every number on the dashboard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus, PlanState
from clinic_scheduler.db.types import clock
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.unfinished.unfinished import OFFERS

from . import behind, plans, reach, sessions, visits
from .behind import Behind
from .period import DAY, Period

MOST = 500
Statement = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Rows:
    """The first rows and how many there are in all; a row's values come in the order of the kind's SELECT below.

    Instants are naive wall times of the clinic, money is in the smallest unit of its currency.
    """

    total: int
    rows: tuple[tuple[Any, ...], ...]


def rows(session: Session, *, actor: Actor, wanted: Behind, most: int = MOST) -> Rows:
    """The first rows behind a figure, in the order of time.

    Raises:
        NotPermitted: the actor may not see figures.
    """
    where = reach.place(session, actor)
    found = _STATEMENTS[type(wanted)](session, actor, wanted, where)
    total = session.execute(select(func.count()).select_from(found.order_by(None).subquery())).scalar_one()
    return Rows(total, tuple(_plain(row, where) for row in session.execute(found.limit(most))))


def _plain(row: Any, where: ZoneInfo) -> tuple[Any, ...]:  # noqa: ANN401
    return tuple(
        value.astimezone(where).replace(tzinfo=None) if isinstance(value, datetime) else value
        for value in row
    )


def _appointments(session: Session, actor: Actor, wanted: behind.Appointments, _where: ZoneInfo) -> Statement:
    """Day, wall time or nothing, patient, service, practitioner, status, source, reference, price, id."""
    a, b, p, s, r = t.Appointment, t.Booking, t.Patient, t.Service, t.Resource
    return (
        select(
            a.day,
            func.substr(a.local_start, 12, 5).label("at"),
            func.coalesce(p.name, b.guest_name).label("patient"),
            s.name.label("service"),
            r.name.label("practitioner"),
            a.status,
            b.source,
            b.reference,
            a.price_cents,
            a.id,
        )
        .join(b, b.id == a.booking_id)
        .join(s, s.id == a.service_id)
        .join(r, r.id == a.practitioner_id)
        .outerjoin(p, p.id == b.patient_id)
        .where(*_chosen(session, actor, wanted))
        .order_by(a.day, a.local_start, a.id)
    )


def _chosen(session: Session, actor: Actor, wanted: behind.Appointments) -> list[ColumnElement[bool]]:
    a, b, period = t.Appointment, t.Booking, Period(wanted.first, wanted.last + DAY)
    if wanted.is_upcoming:
        return visits.is_upcoming(actor.clinic_id, session.execute(select(clock())).scalar_one())
    found = reach.listed(actor.clinic_id, period)
    found += _among(
        (a.practitioner_id, wanted.practitioner_ids),
        (a.service_id, wanted.service_ids),
        (a.room_id, wanted.room_ids),
        (a.status, wanted.statuses),
        (b.source, wanted.sources),
        (visits.lead(), wanted.leads),
    )
    if wanted.weekdays:
        found.append(
            a.day.in_(
                [
                    day
                    for day in localtime.days(period.first, period.count)
                    if day.weekday() in wanted.weekdays
                ]
            )
        )
    if wanted.is_late:
        found += [a.is_late_cancel == true(), a.status == AppointmentStatus.CANCELLED]
    return found


def _sessions(_session: Session, actor: Actor, wanted: behind.Sessions, where: ZoneInfo) -> Statement:
    """When it was begun, patient or nothing, step, outcome, user, workstation, holds taken."""
    b, p = t.BookingSession, t.Patient
    found = [*_made(b, actor, wanted, where), b.workstation != OFFERS]
    found += _among(
        (b.outcome, wanted.outcomes),
        (b.step, wanted.steps),
        (b.user_id, wanted.user_ids),
        (b.workstation, wanted.workstations),
    )
    if wanted.kind:
        is_guest = b.patient_id.is_(None)
        found.append(is_guest if wanted.kind == sessions.GUEST else ~is_guest)
    if wanted.holds:
        found.append(getattr(b, f"holds_{wanted.holds}") > 0)
    return (
        select(
            b.created_at,
            func.coalesce(p.name, "").label("patient"),
            b.step,
            b.outcome,
            b.user_name,
            b.workstation,
            b.holds_taken,
        )
        .outerjoin(p, p.id == b.patient_id)
        .where(*found)
        .order_by(b.created_at, b.id)
    )


def _plans(_session: Session, actor: Actor, wanted: behind.Plans, where: ZoneInfo) -> Statement:
    """When it was begun, patient, service, strategy, standing, completed sessions, all sessions."""
    plan, p, s = t.TreatmentPlan, t.Patient, t.Service
    chosen = [plan.clinic_id == actor.clinic_id] if wanted.is_running else _made(plan, actor, wanted, where)
    stand = plans.standings(chosen)
    c = stand.c
    found = _among((c.strategy, wanted.strategies), (c.standing, wanted.standings))
    if wanted.is_running:
        found.append(c.standing == PlanState.ACTIVE)
    return (
        select(
            plan.created_at,
            p.name.label("patient"),
            s.name.label("service"),
            c.strategy,
            c.standing,
            c.completed,
            c.sessions,
        )
        .join(stand, c.id == plan.id)
        .join(p, p.id == plan.patient_id)
        .join(s, s.id == plan.service_id)
        .where(*found)
        .order_by(plan.created_at, plan.id)
    )


def _wishes(_session: Session, actor: Actor, wanted: behind.Wishes, where: ZoneInfo) -> Statement:
    """When it was written down, patient, first and last day wished for, state."""
    entry, p = t.WaitlistEntry, t.Patient
    return (
        select(
            entry.created_at,
            func.coalesce(p.name, entry.guest_name).label("patient"),
            entry.from_day,
            entry.until_day,
            entry.state,
        )
        .outerjoin(p, p.id == entry.patient_id)
        .where(*_made(entry, actor, wanted, where), *_among((entry.state, wanted.states)))
        .order_by(entry.created_at, entry.id)
    )


def _offers(_session: Session, actor: Actor, wanted: behind.Offers, where: ZoneInfo) -> Statement:
    """When it was made, patient, when it runs out, state."""
    offer, entry, p = t.WaitlistOffer, t.WaitlistEntry, t.Patient
    begin, end = Period(wanted.first, wanted.last + DAY).instants(where)
    return (
        select(
            offer.created_at,
            func.coalesce(p.name, entry.guest_name).label("patient"),
            offer.expires_at,
            offer.state,
        )
        .join(entry, entry.id == offer.entry_id)
        .outerjoin(p, p.id == entry.patient_id)
        .where(
            entry.clinic_id == actor.clinic_id,
            offer.created_at >= begin,
            offer.created_at < end,
            *_among((offer.state, wanted.states)),
        )
        .order_by(offer.created_at, offer.id)
    )


def _made(table: Any, actor: Actor, wanted: Behind, where: ZoneInfo) -> list[ColumnElement[bool]]:  # noqa: ANN401
    return reach.made(table, actor.clinic_id, Period(wanted.first, wanted.last + DAY), where)


def _among(*asked: tuple[Any, frozenset[Any]]) -> list[ColumnElement[bool]]:
    """That each column has one of its values, where any are asked for."""
    return [column.in_(sorted(values)) for column, values in asked if values]


_STATEMENTS: Mapping[type, Callable[[Session, Actor, Any, ZoneInfo], Statement]] = MappingProxyType(
    {
        behind.Appointments: _appointments,
        behind.Sessions: _sessions,
        behind.Plans: _plans,
        behind.Wishes: _wishes,
        behind.Offers: _offers,
    }
)
