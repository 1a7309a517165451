"""Visits that make use of a free time: a service begins then, with that person or in that room. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.localtime import MINUTE
from clinic_scheduler.services.offers import asking
from clinic_scheduler.services.offers.asking import Asked, Line
from clinic_scheduler.services.offers.terms import Terms, Within
from clinic_scheduler.services.search.question import Performer, Question
from clinic_scheduler.services.search.visits import best
from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.times.diaries import Look
from clinic_scheduler.services.wishes import Opening


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A practitioner, room or piece of equipment that is free from `start` to `end`, half-open."""

    resource_id: UUID
    start: datetime
    end: datetime

    def used_by(self, opening: Opening) -> float:
        """The share of it that a visit uses, from 0 to 1."""
        mine = (
            part
            for part in opening.parts
            if self.resource_id in (part.practitioner_id, part.room_id, part.equipment_id)
        )
        used = sum(max(0, (min(p.end, self.end) - max(p.start, self.start)) // MINUTE) for p in mine)
        return min(1.0, used / max(1, (self.end - self.start) // MINUTE))


def visits_using(
    clinic: ClinicFacts,
    lines: Sequence[Line],
    terms: Terms,
    within: Within,
    look: Look,
    time: FreeTime,
) -> Iterator[Opening]:
    """For each service that could make use of the time, the whole visit that is done first. Exact.

    The visit may run on beyond the free time where that is free too: it only has to begin in it.
    """
    for number, line in enumerate(lines):
        narrowed = _with(line, time.resource_id)
        if narrowed is None:
            continue
        asked = asking.ask(clinic, (*lines[:number], narrowed, *lines[number + 1 :]), terms, within, look)
        question = _beginning_in(asked, number, time)
        yield from (asked.opening(visit) for visit in best(question, 1))


def _with(line: Line, resource_id: UUID) -> Line | None:
    """The service as performed by that person, in that room or with that piece; None if it cannot be."""
    performers = tuple(p for p in line.performers if p.practitioner_id == resource_id)
    if performers:
        return replace(line, performers=performers)
    if resource_id in (line.rooms or ()):
        return replace(line, rooms=(resource_id,))
    return replace(line, equipment=(resource_id,)) if resource_id in (line.equipment or ()) else None


def _beginning_in(asked: Asked, number: int, time: FreeTime) -> Question:
    """The question with that part beginning in the time: whoever performs it is free only as long as it could last."""
    part, tick = asked.question.parts[number], asked.tick
    first = -(-asked.span.minute_up(time.start) // tick)
    last = -(-asked.span.minute_up(time.end) // tick) - 1  # the last tick at which it may begin

    def cut(performer: Performer) -> Performer:
        could = timelines.between(first - part.before, last + performer.duration + part.after)
        lanes = tuple(lane & could for lane in performer.lanes)
        return performer._replace(free=performer.free & could, lanes=lanes)

    parts = list(asked.question.parts)
    parts[number] = replace(part, performers=tuple(cut(performer) for performer in part.performers))
    return replace(asked.question, parts=tuple(parts))
