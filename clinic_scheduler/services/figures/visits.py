"""What became of the appointments of a period: by day, practitioner, service, source and lead time.

Each function is one statement, so that the screen can show each as soon as it is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus, ResourceKind, Source
from clinic_scheduler.db.types import clock, microseconds
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import Actor

from . import counts, reach
from .counts import Count, Group
from .period import DAY, Period

HOUR = 3_600_000_000
# By how much the booking was made ahead, in elapsed time: the end of each step, and its name.
LEADS = (
    (2 * HOUR, "under_2_h"),
    (24 * HOUR, "under_1_day"),
    (3 * 24 * HOUR, "under_3_days"),
    (7 * 24 * HOUR, "under_1_week"),
    (14 * 24 * HOUR, "under_2_weeks"),
    (28 * 24 * HOUR, "under_4_weeks"),
)
LONGEST, UNKNOWN = "4_weeks_or_more", "unknown"
ALL_LEADS = (*(name for _end, name in LEADS), LONGEST, UNKNOWN)
EXPECTED = (AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Now:
    """What stands at this moment, whatever period is looked at; `today` is the clinic's local day."""

    today: date
    of_today: Count
    upcoming: int


@dataclass(frozen=True, slots=True)
class Days:
    """The appointments of a period; by local day, days without any left out; by weekday, 0 is Monday, all seven."""

    all: Count
    days: Mapping[date, Count]
    weekdays: Mapping[int, Count]


@dataclass(frozen=True, slots=True)
class People:
    """By practitioner and by service, those with none left out; in the clinic's order, with their names."""

    practitioners: Mapping[UUID, Count]
    services: Mapping[UUID, Count]
    names: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Origins:
    """By source and by lead time, words without any left out."""

    sources: Mapping[str, Count]
    leads: Mapping[str, Count]


def now(session: Session, *, actor: Actor) -> Now:
    """What stands at this moment, by the database's clock.

    Raises:
        NotPermitted: the actor may not see figures.
    """
    where = reach.place(session, actor)
    moment = session.execute(select(clock())).scalar_one()
    today = localtime.local_day(moment, where)
    found = days(session, actor=actor, period=Period(today, today + DAY))
    upcoming = select(func.count()).where(*is_upcoming(actor.clinic_id, moment))
    return Now(today, found.all, session.execute(upcoming).scalar_one())


def is_upcoming(clinic_id: UUID, moment: datetime) -> list[ColumnElement[bool]]:
    """Which appointments are still to come."""
    a = t.Appointment.__table__.c
    return [a.clinic_id == clinic_id, a.start_at > moment, a.status.in_(EXPECTED)]


def days(session: Session, *, actor: Actor, period: Period) -> Days:
    """The appointments of a period by day.

    Raises:
        NotPermitted: the actor may not see figures.
    """
    reach.place(session, actor)
    a = t.Appointment.__table__.c
    groups = _groups(session, actor, period, a.day)
    found = counts.by(groups, lambda keys: keys[0])
    weekdays = counts.by(groups, lambda keys: keys[0].weekday())
    return Days(
        counts.count(groups),
        dict(sorted(found.items())),
        {number: weekdays.get(number, counts.NONE) for number in range(7)},
    )


def people(session: Session, *, actor: Actor, period: Period) -> People:
    """The appointments of a period by practitioner and by service.

    Raises:
        NotPermitted: the actor may not see figures.
    """
    reach.place(session, actor)
    a = t.Appointment.__table__.c
    groups = _groups(session, actor, period, a.practitioner_id, a.service_id)
    names = _names(session, actor.clinic_id)
    practitioners = counts.by(groups, lambda keys: keys[0])
    services = counts.by(groups, lambda keys: keys[1])
    return People(
        {one: practitioners[one] for one in names if one in practitioners},
        {one: services[one] for one in names if one in services},
        {one: name for one, name in names.items() if one in practitioners or one in services},
    )


def origins(session: Session, *, actor: Actor, period: Period) -> Origins:
    """The appointments of a period by where their bookings came from, and how long ahead they were made.

    Raises:
        NotPermitted: the actor may not see figures.
    """
    reach.place(session, actor)
    source = t.Booking.__table__.c.source
    groups = _groups(session, actor, period, source, lead(), is_by_booking=True)
    sources = counts.by(groups, lambda keys: keys[0])
    leads = counts.by(groups, lambda keys: keys[1])
    return Origins(
        {word: sources[word] for word in Source if word in sources},
        {word: leads[word] for word in ALL_LEADS if word in leads},
    )


def lead() -> ColumnElement[str]:
    """The name of an appointment's lead time; its booking is joined."""
    a, b = t.Appointment.__table__.c, t.Booking.__table__.c
    ahead = microseconds(a.start_at) - microseconds(b.created_at)
    steps = [(ahead < literal(end, literal_execute=True), _word(name)) for end, name in LEADS]
    unknown = or_(a.start_at.is_(None), a.start_at < b.created_at)
    return case((unknown, _word(UNKNOWN)), *steps, else_=_word(LONGEST))


def _word(text: str) -> ColumnElement[str]:
    """Spelt out, so that PostgreSQL sees that what is selected is what is grouped by."""
    return literal(text, literal_execute=True)


def _groups(
    session: Session, actor: Actor, period: Period, *keys: ColumnElement[Any], is_by_booking: bool = False
) -> list[Group]:
    appointment, booking = t.Appointment.__table__, t.Booking.__table__
    a = appointment.c
    outcome = (a.status, a.is_late_cancel)
    wanted = select(*keys, *outcome, func.count(), func.sum(a.price_cents)).group_by(*keys, *outcome)
    if is_by_booking:
        wanted = wanted.select_from(appointment.join(booking, booking.c.id == a.booking_id))
    if session.get_bind().dialect.name == "postgresql":
        asked = [reach.listed(actor.clinic_id, period)]
    else:
        asked = [reach.appointments(actor.clinic_id, period, untimed=untimed) for untimed in (False, True)]
    rows = session.execute(union_all(*(wanted.where(*each) for each in asked)))
    return [
        Group(tuple(keys), status, is_late, number, int(cents))
        for *keys, status, is_late, number, cents in rows
    ]


def _names(session: Session, clinic_id: UUID) -> dict[UUID, str]:
    """What practitioners and services are called, in the clinic's order, those of former times too."""
    r, s = t.Resource.__table__.c, t.Service.__table__.c
    practitioners = select(r.id, r.name).where(r.clinic_id == clinic_id, r.kind == ResourceKind.PRACTITIONER)
    services = select(s.id, s.name).where(s.clinic_id == clinic_id)
    found = dict(session.execute(practitioners.order_by(r.position, r.name)).all())
    return found | dict(session.execute(services.order_by(s.position, s.name)).all())
