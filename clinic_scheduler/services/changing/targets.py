"""Where an appointment that stands, or its whole visit, could be moved to: what `moving.change` would allow now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import and_, or_
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import FINAL, ResourceKind
from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import Catalogue, ServiceFacts, catalogue
from clinic_scheduler.services.changing import moving, standing
from clinic_scheduler.services.localtime import MINUTE, Span
from clinic_scheduler.services.obstacles import obstacles, scenes
from clinic_scheduler.services.search.masks import performers_starts
from clinic_scheduler.services.search.question import Part, Performer
from clinic_scheduler.services.taking.rules import GRACE
from clinic_scheduler.services.times import diaries, timelines
from clinic_scheduler.services.times.diaries import Look
from clinic_scheduler.services.times.timelines import Interval, Timeline
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
    seen = _Seen.read(session, offered, rows, span, patient_id)
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


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is open and taken around the appointments, as if they were not there."""

    offered: Catalogue
    look: Look
    own: Mapping[UUID, tuple[Timeline, ...]]
    patient_id: UUID | None

    @classmethod
    def read(
        cls,
        session: Session,
        offered: Catalogue,
        rows: Sequence[t.Appointment],
        span: Span,
        patient_id: UUID | None,
    ) -> "_Seen":
        wanted: dict[UUID | None, None] = {patient_id: None}
        for row in rows:
            service = offered.service(row.service_id)
            wanted |= dict.fromkeys(one.practitioner_id for one in service.performers)
            wanted |= dict.fromkeys((row.practitioner_id, row.room_id, row.equipment_id))
            wanted |= dict.fromkeys(
                room.id for room in offered.rooms_for(service, None) if service.needs_room
            )
        ids = tuple(one for one in wanted if one is not None)
        look = diaries.look(session, offered.clinic.id, ids, span)
        c = t.Claim
        claims = session.execute(
            select(c.resource_id, c.lane, c.busy_from, c.busy_to).where(
                c.appointment_id.in_([row.id for row in rows]), c.live_to.is_(None)
            )
        ).all()
        own = {}
        for one in ids:
            lanes = [0] * len(look.of[one].taken)
            for resource_id, lane, start, end in claims:
                if resource_id == one and lane <= len(lanes):
                    lanes[lane - 1] |= timelines.between(span.minute(start), span.minute_up(end))
            own[one] = tuple(lanes)
        return cls(offered, look, own, patient_id)

    @property
    def ahead(self) -> Timeline:
        """Neither over, nor at too short notice, nor too far ahead."""
        clinic, now = self.offered.clinic, self.look.now
        soonest = self.look.span.minute_up(now - GRACE + timedelta(minutes=clinic.notice_min))
        last = localtime.local_day(now, clinic.where) + timedelta(days=clinic.horizon_days + 1)
        return timelines.between(soonest, self.look.span.minute(localtime.midnight(last, clinic.where)))

    def _free(self, resource_id: UUID) -> tuple[Timeline, ...]:
        """What nobody else has in each lane, open or not."""
        diary, whole = self.look.of[resource_id], timelines.between(0, self.look.span.length)
        taken = list(diary.taken)
        for held in diary.holds:
            if held.until > self.look.now:
                taken[held.lane - 1] |= timelines.between(held.start, held.end)
        return tuple(whole & ~(lane & ~mine) for lane, mine in zip(taken, self.own[resource_id], strict=True))

    def _starts(
        self, row: t.Appointment, resource_id: UUID, *, is_patient: bool = False, gap: Interval | None = None
    ) -> Timeline:
        """Where one resource has time for the appointment: free with its buffers, and open without."""
        terms, lanes = standing.terms(row), self._free(resource_id)
        length = (terms.end - terms.start) // MINUTE
        before, after = (0, 0) if is_patient else (row.buffer_before_min, row.buffer_after_min)
        if gap is not None and gap[1] >= length:
            gap = None
        performer = Performer(resource_id, lanes[0], length, gap, 0, lanes[1:])
        (free,) = performers_starts(Part((), before, after), [performer])
        if is_patient:
            return free
        (opened,) = performers_starts(
            Part(()), [performer._replace(free=self.look.of[resource_id].open, lanes=())]
        )
        return free & opened

    def _shared(self, row: t.Appointment, *, has_room: bool) -> Timeline:
        """Where the patient, the equipment and the room it has are free."""
        mask = timelines.between(0, self.look.span.length)
        if self.patient_id is not None and row.visitor == 0:
            mask &= self._starts(row, self.patient_id, is_patient=True)
        for place in (row.equipment_id, row.room_id if has_room else None):
            if place is not None:
                mask &= self._starts(row, place)
        return mask

    def of_practitioners(self, row: t.Appointment) -> Mapping[UUID, Timeline]:
        """The starts with each practitioner, in the room it has."""
        shared, found = self._shared(row, has_room=True), {}
        for performer in self.offered.service(row.service_id).performers:
            found[performer.practitioner_id] = shared & self._starts(
                row, performer.practitioner_id, gap=performer.away
            )
        found[row.practitioner_id] = shared & self._starts(row, row.practitioner_id, gap=standing.away(row))
        return found

    def of_rooms(self, row: t.Appointment) -> Mapping[UUID, Timeline]:
        """The starts in each room, with the practitioner it has."""
        service = self.offered.service(row.service_id)
        shared = self._shared(row, has_room=False)
        shared &= self._starts(row, row.practitioner_id, gap=standing.away(row))
        rooms = {*_rooms(self.offered, service), *((row.room_id,) if row.room_id else ())}
        return {one: shared & self._starts(row, one) for one in rooms}

    def moved(self, row: t.Appointment, anchor: datetime) -> Timeline:
        """The starts of the grabbed appointment at which this one, moved along, has its people and places free."""
        mask = self._shared(row, has_room=True)
        mask &= self._starts(row, row.practitioner_id, gap=standing.away(row))
        by = (standing.terms(row).start - anchor) // MINUTE
        return mask >> by if by >= 0 else mask << -by

    def reach(self, row: t.Appointment) -> tuple[datetime, datetime]:
        """How far back it could begin and how late it could end, where it is."""
        terms, span = standing.terms(row), self.look.span
        needed = [row.practitioner_id, row.room_id, row.equipment_id]
        free = timelines.between(0, span.length)
        for one in needed:
            if one is not None:
                spare = reduce(or_, self._free(one))
                spare = timelines.starts(spare, 1 + row.buffer_before_min + row.buffer_after_min)
                free &= spare << row.buffer_before_min & self.look.of[one].open
        if self.patient_id is not None and row.visitor == 0:
            free &= self._free(self.patient_id)[0]
        start, end = span.minute(terms.start), span.minute(terms.end)
        if not 0 <= start < span.length:
            return terms.start, terms.end
        shut = ~free
        later = timelines.first_from(shut & timelines.between(0, span.length), end)
        earlier = (shut & timelines.between(0, start)).bit_length()
        return span.moment(min(earlier, start)), span.moment(span.length if later is None else later)


def _rooms(offered: Catalogue, service: ServiceFacts) -> list[UUID]:
    return [room.id for room in offered.rooms_for(service, None)] if service.needs_room else []
