"""What is open and taken around appointments that stand, as if they were not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import Catalogue, ServiceFacts
from clinic_scheduler.services.changing import standing
from clinic_scheduler.services.localtime import MINUTE, Span
from clinic_scheduler.services.search.masks import performers_starts
from clinic_scheduler.services.search.question import Part, Performer
from clinic_scheduler.services.taking.checks import GRACE
from clinic_scheduler.services.times import diaries, timelines
from clinic_scheduler.services.times.diaries import Look
from clinic_scheduler.services.times.timelines import Interval, Timeline


@dataclass(frozen=True, slots=True)
class Around:
    """Minutes of the span in which the appointments could begin."""

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
    ) -> "Around":
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
