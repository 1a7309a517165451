"""Where an appointment that stands, or its whole visit, could be moved to: what `moving.change` would allow now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from operator import and_
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import FINAL, ResourceKind
from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import catalogue
from clinic_scheduler.services.changing import moving, standing
from clinic_scheduler.services.changing.around import Around
from clinic_scheduler.services.localtime import MINUTE, Span
from clinic_scheduler.services.obstacles import obstacles, scenes
from clinic_scheduler.services.times.timelines import Timeline
from clinic_scheduler.services.wishes import Wish


@dataclass(frozen=True, slots=True)
class Targets:
    """The minutes of the span at which it may begin, with each practitioner (or in each room) that would do.

    Where it is now it may be lengthened back to `earliest` and on until `latest`. `length` is in minutes, that of the
    whole visit where that is moved; `offset` is how long after the visit's beginning the appointment begins.
    """

    appointment_id: UUID
    span: Span
    starts: Mapping[UUID, Timeline]
    earliest: datetime
    latest: datetime
    length: int
    offset: int = 0

    def allows(self, resource_id: UUID, start: datetime) -> bool:
        """Whether it may begin then and there."""
        minute = self.span.minute(start)
        return minute >= 0 and bool(self.starts.get(resource_id, 0) >> minute & 1)


def of_appointment(
    session: Session,
    *,
    actor: Actor,
    appointment_id: UUID,
    first: date,
    count: int,
    by: str = ResourceKind.PRACTITIONER,
    is_whole: bool = False,
) -> Targets:
    """The targets of an appointment on some days; of its whole visit, which keeps people and places, if that is moved.

    Raises:
        NotFound: it is not in this clinic.
        InvalidInput: it is finished, or has begun.
    """
    offered = catalogue(session, actor.clinic_id)
    rows = _rows(session, actor, appointment_id, is_whole=is_whole)
    span = Span(first, count, offered.clinic.where)
    row = next(one for one in rows if one.id == appointment_id)
    patient_id = standing.patients(session, [row.booking_id])[row.booking_id]
    seen = Around.read(session, offered, rows, span, patient_id)
    terms = standing.terms(row)
    offset = (terms.start - min(standing.terms(one).start for one in rows)) // MINUTE
    if is_whole:
        shared = reduce(and_, (seen.moved(one, terms.start) for one in rows))
        starts: dict[UUID | None, Timeline] = {
            terms.practitioner_id if by == ResourceKind.PRACTITIONER else terms.room_id: shared
        }
    else:
        found = seen.of_practitioners(row) if by == ResourceKind.PRACTITIONER else seen.of_rooms(row)
        starts = dict[UUID | None, Timeline](found.items())
    earliest, latest = seen.reach(row)
    return Targets(
        appointment_id,
        span,
        {one: mask & seen.ahead for one, mask in starts.items() if one is not None},
        earliest,
        latest,
        (terms.end - terms.start) // MINUTE,
        offset,
    )


def why_not(
    session: Session,
    *,
    actor: Actor,
    appointment_id: UUID,
    resource_id: UUID,
    start: datetime,
    by: str = ResourceKind.PRACTITIONER,
) -> tuple[str, ...]:
    """What keeps an appointment from beginning then, with that practitioner or in that room, in sentences for the desk.

    Raises:
        NotFound: it is not in this clinic.
    """
    (row,) = _rows(session, actor, appointment_id, is_whole=False)
    is_by_room = by == ResourceKind.ROOM
    room_id = resource_id if is_by_room else row.room_id
    scene = scenes.read(
        session,
        clinic_id=actor.clinic_id,
        wish=Wish(row.service_id, room_id=room_id, visitor=row.visitor),
        practitioner_id=row.practitioner_id if is_by_room else resource_id,
        on=localtime.local_day(start, catalogue(session, actor.clinic_id).clinic.where),
        patient_id=standing.patients(session, [row.booking_id])[row.booking_id],
        without=appointment_id,
    )
    terms, length = standing.terms(row), scene.wanted.length
    own = replace(length, duration=(terms.end - terms.start) // MINUTE)
    asked = replace(scene, wanted=replace(scene.wanted, length=own))
    return obstacles.answer(asked, start).sentences


def _rows(session: Session, actor: Actor, appointment_id: UUID, *, is_whole: bool) -> Sequence[t.Appointment]:
    a = t.Appointment
    row = session.scalars(
        select(a).where(a.id == appointment_id, a.clinic_id == actor.clinic_id)
    ).one_or_none()
    if row is None:
        raise NotFound("That visit is no longer there; please refresh the day.")
    whole = select(a).where(a.booking_id == row.booking_id, a.status.not_in(FINAL)).order_by(a.position)
    rows = session.scalars(whole).all() if is_whole and row.status not in FINAL else [row]
    for one in rows:
        if one.status not in moving.MOVABLE:
            raise InvalidInput(
                f"This visit is {one.status.replace('_', ' ')} and keeps its time; choose another one.",
                "visit",
            )
        standing.terms(one)
    return rows
