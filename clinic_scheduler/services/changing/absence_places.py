"""Other places for visits whose practitioner is away, one visit after the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.changing import standing
from clinic_scheduler.services.changing.around import Around
from clinic_scheduler.services.localtime import MINUTE, Span
from clinic_scheduler.services.times import timelines, walls
from clinic_scheduler.services.times.timelines import Interval, Timeline

MOST = 4  # proposals of a visit


@dataclass(frozen=True, slots=True)
class Proposal:
    """Another place for a visit. `kind` is colleague (same time), later (same practitioner) or other.

    It `breaks_visit` where the rest of the same visit stays at its time.
    """

    kind: str
    practitioner_id: UUID
    practitioner: str
    start: datetime
    end: datetime
    breaks_visit: bool


class Finder:
    """Finds places one visit after the other; what the first proposal of one takes, the next does not get."""

    def __init__(
        self, offered: Catalogue, span: Span, practitioner_id: UUID, absence: tuple[datetime, datetime]
    ) -> None:
        self._offered, self._span, self._absent = offered, span, practitioner_id
        self._absence = span.minute(absence[0]), span.minute_up(absence[1])
        self._taken: dict[UUID, list[Interval]] = {}
        self._grid = walls.grid(span, offered.clinic.step_min, 1)

    def proposals(
        self, session: Session, row: t.Appointment, patient_id: UUID | None, *, has_others: bool
    ) -> tuple[Proposal, ...]:
        """The places for a visit, the best first."""
        around = Around.read(session, self._offered, [row], self._span, patient_id)
        places = tuple(one for one in (row.room_id, row.equipment_id, patient_id) if one is not None)
        masks = {
            who: self._without(row, mask & around.ahead, who, places)
            for who, mask in around.of_practitioners(row).items()
        }
        at, names = self._span.minute(standing.terms(row).start), self._names()
        found: dict[tuple[UUID, int], Proposal] = {}
        for kind, who, minute in self._candidates(masks, at):
            if (who, minute) not in found and who in names:
                found[who, minute] = self._proposal(
                    row, kind, who, minute, names[who], breaks=has_others and minute != at
                )
        chosen = list(found.items())[:MOST]
        if chosen:
            (who, minute), _first = chosen[0]
            self._take(row, minute, (who, *places))
        return tuple(proposal for _key, proposal in chosen)

    def _candidates(self, masks: Mapping[UUID, Timeline], at: int) -> Iterator[tuple[str, UUID, int]]:
        for who, mask in masks.items():
            if who != self._absent and at >= 0 and mask >> at & 1:
                yield "colleague", who, at
        own = masks.get(self._absent, 0) & self._grid
        later = [minute for minute in self._same_time(at) if own >> minute & 1]
        soonest = timelines.first_from(own, self._absence[1])
        for minute in (*later[:1], soonest):
            if minute is not None:
                yield "later", self._absent, minute
        nearest = [
            (abs(minute - at), who, minute)
            for who, mask in masks.items()
            if who != self._absent
            for minute in _beside(mask & self._grid, max(at, 0))
        ]
        for _far, who, minute in sorted(nearest, key=lambda one: one[0]):
            yield "other", who, minute

    def _same_time(self, at: int) -> Iterator[int]:
        """The same wall time on the days after the absence."""
        where = self._span.where
        wall = self._span.moment(max(at, 0)).astimezone(where)
        for day in self._span.days():
            minute = self._span.minute(localtime.at_minute(day, wall.hour * 60 + wall.minute, where))
            if minute >= self._absence[1]:
                yield minute

    def _without(self, row: t.Appointment, mask: Timeline, who: UUID, places: Sequence[UUID]) -> Timeline:
        """The starts that meet neither the absence nor what was proposed before."""
        length, before, after = _lengths(row)
        if who == self._absent:
            mask &= ~timelines.between(self._absence[0] - length + 1, self._absence[1])
        for one in (who, *places):
            for start, end in self._taken.get(one, ()):
                mask &= ~timelines.between(start - length - after + 1, end + before)
        return mask

    def _take(self, row: t.Appointment, minute: int, resources: Sequence[UUID]) -> None:
        length, before, after = _lengths(row)
        for one in resources:
            self._taken.setdefault(one, []).append((minute - before, minute + length + after))

    def _proposal(
        self, row: t.Appointment, kind: str, who: UUID, minute: int, name: str, *, breaks: bool
    ) -> Proposal:
        start, terms = self._span.moment(minute), standing.terms(row)
        return Proposal(kind, who, name, start, start + (terms.end - terms.start), breaks)

    def _names(self) -> Mapping[UUID, str]:
        return {one.id: one.name for one in self._offered.practitioners}


def _lengths(row: t.Appointment) -> tuple[int, int, int]:
    terms = standing.terms(row)
    return (terms.end - terms.start) // MINUTE, row.buffer_before_min, row.buffer_after_min


def _beside(mask: Timeline, at: int) -> Iterator[int]:
    """The nearest start after a minute and the nearest before."""
    after = timelines.first_from(mask, at)
    if after is not None:
        yield after
    before = mask & timelines.between(0, at)
    if before:
        yield before.bit_length() - 1
