"""How well the open time of practitioners and rooms is used."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus, ResourceKind
from clinic_scheduler.db.types import microseconds
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.localtime import Span
from clinic_scheduler.services.times import diary_rows, hours
from clinic_scheduler.services.times.timelines import Timeline

from . import reach
from .counts import share
from .period import Period

MINUTE = 60_000_000
NOT_THERE = (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Use:
    """The minutes of one practitioner or room."""

    id: UUID
    name: str
    booked_min: int
    open_min: int

    @property
    def rate(self) -> float | None:
        """Above 1 where more was booked than was open; None where nothing was open."""
        return share(self.booked_min, self.open_min)


def practitioners(session: Session, *, actor: Actor, period: Period) -> tuple[Use, ...]:
    """Each practitioner, in the clinic's order; those no longer active only where something was booked.

    Raises:
        NotPermitted: the actor may not see figures.
    """
    a = t.Appointment.__table__.c
    away = case((a.gap_end_min.is_(None), 0), else_=a.gap_end_min - a.gap_start_min)
    took = _length() - func.sum(away) * MINUTE
    return _uses(session, actor, period, ResourceKind.PRACTITIONER, a.practitioner_id, took)


def rooms(session: Session, *, actor: Actor, period: Period) -> tuple[Use, ...]:
    """Each room, in the clinic's order; those no longer active only where something was booked.

    Raises:
        NotPermitted: the actor may not see figures.
    """
    a = t.Appointment.__table__.c
    return _uses(session, actor, period, ResourceKind.ROOM, a.room_id, _length())


def _length() -> ColumnElement[int]:
    """In microseconds."""
    a = t.Appointment.__table__.c
    return func.sum(microseconds(a.end_at) - microseconds(a.start_at))


def _uses(
    session: Session,
    actor: Actor,
    period: Period,
    kind: str,
    taken: ColumnElement[UUID],
    took: ColumnElement[int],
) -> tuple[Use, ...]:
    where = reach.place(session, actor)
    a, r = t.Appointment.__table__.c, t.Resource.__table__.c
    booked = dict(
        session.execute(
            select(taken, took)
            .where(
                *reach.appointments(actor.clinic_id, period), a.status.not_in(NOT_THERE), taken.is_not(None)
            )
            .group_by(taken)
        ).all()
    )
    known = session.execute(
        select(r.id, r.name, r.capacity, r.is_active)
        .where(r.clinic_id == actor.clinic_id, r.kind == kind)
        .order_by(r.position, r.name)
    )
    found = [row for row in known if row.is_active or row.id in booked]
    span = Span(period.first, period.count, where)
    opened = _opened(session, actor.clinic_id, [row.id for row in found], span)
    return tuple(
        Use(
            row.id,
            row.name,
            int(booked.get(row.id, 0)) // MINUTE,
            opened[row.id].bit_count() * row.capacity,
        )
        for row in found
    )


def _opened(session: Session, clinic_id: UUID, ids: list[UUID], span: Span) -> dict[UUID, Timeline]:
    """When each is open; most of a clinic have the same rules, which are worked out once."""
    known: dict[tuple[object, ...], Timeline] = {}
    found, always = {}, list[UUID]()
    for one, rules in zip(ids, diary_rows.rules(session, clinic_id, ids, span), strict=True):
        key = (*rules.weekly, None, *rules.special, None, *rules.shut)
        if key not in known:
            known[key] = hours.open_time(rules, span).open
        found[one] = known[key]
        if rules.weekly == [diary_rows.ALWAYS]:
            always.append(one)
    if always:
        anybody = _anybody(session, clinic_id, span)
        found |= {one: found[one] & anybody for one in always}
    return found


def _anybody(session: Session, clinic_id: UUID, span: Span) -> Timeline:
    """When at least one practitioner works."""
    r = t.Resource.__table__.c
    wanted = select(r.id).where(r.clinic_id == clinic_id, r.kind == ResourceKind.PRACTITIONER, r.is_active)
    ids = list(session.execute(wanted).scalars())
    return reduce(or_, _opened(session, clinic_id, ids, span).values(), 0) if ids else 0
