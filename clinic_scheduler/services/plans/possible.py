"""When each session of a plan could be given, by whom and where: months of diaries as tables of days and times."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import Catalogue, Performer, performer
from clinic_scheduler.services.localtime import DAY_MIN, MINUTE, Span
from clinic_scheduler.services.offers import asking
from clinic_scheduler.services.offers.asking import Asked, Line
from clinic_scheduler.services.offers.terms import Terms, Within
from clinic_scheduler.services.plans.course import Step
from clinic_scheduler.services.plans.search import Able
from clinic_scheduler.services.search.masks import Masks, PartStarts
from clinic_scheduler.services.times import diaries as books
from clinic_scheduler.services.times import timelines, walls
from clinic_scheduler.services.times.diaries import Diaries, Diary, Look
from clinic_scheduler.services.times.timelines import Timeline
from clinic_scheduler.services.wishes import Part, Wish


@dataclass(frozen=True, slots=True)
class Need:
    """What a session needs; sessions that need the same are looked up once. No practitioners means anyone."""

    service_id: UUID
    practitioner_ids: tuple[UUID, ...] = ()
    room_id: UUID | None = None
    duration_min: int | None = None

    @classmethod
    def of(cls, offered: Catalogue, step: Step, wished: Sequence[UUID]) -> "Need":
        """What a step needs; whoever is wished for all of them counts where that one performs it."""
        performing = {one.practitioner_id for one in offered.service(step.service_id).performers}
        named = (
            (step.practitioner_id,) if step.practitioner_id else tuple(x for x in wished if x in performing)
        )
        return cls(step.service_id, named, step.room_id, step.duration_min)


@dataclass(frozen=True, slots=True)
class Kind:
    """The times of one need: in ticks of the span at which each practitioner could begin, grid or no grid."""

    asked: Asked
    masks: PartStarts
    starts: Mapping[UUID, Timeline]


@dataclass(frozen=True, slots=True)
class Possible:
    """All needs over one span. Columns are the steps of the clinic's grid on the wall clock of a day."""

    offered: Catalogue
    span: Span
    look: Look
    kinds: Mapping[Need, Kind]
    _ables: dict[Need, tuple[Able, ...]] = field(default_factory=dict)

    @property
    def step(self) -> int:
        """The minutes of a column."""
        return self.offered.clinic.step_min

    @property
    def columns(self) -> int:
        """How many columns a day has."""
        return -(-DAY_MIN // self.step)

    def able(self, need: Need) -> tuple[Able, ...]:
        """Who could give it when, for the search."""
        if need not in self._ables:
            kind = self.kinds[need]
            self._ables[need] = tuple(
                Able(one.id, self._table(kind.starts[one.id]), -(-one.duration * self.look.tick // self.step))
                for one, _own in kind.masks.performers
            )
        return self._ables[need]

    def fixed(self, part: Part) -> tuple[Able, ...]:
        """A session that stays where it is, for the search."""
        wall = part.start.astimezone(self.span.where)
        day = (wall.date() - self.span.first).days
        if not 0 <= day < self.span.count:
            return (Able(part.practitioner_id, 0),)
        column = (wall.hour * 60 + wall.minute) // self.step
        length = -(-((part.end - part.start) // MINUTE) // self.step)
        return (Able(part.practitioner_id, 1 << (day * self.columns + column), length),)

    def is_free(self, need: Need, part: Part) -> bool:
        """Whether a time that was chosen can be had."""
        kind, tick = self.kinds[need], self.look.tick
        minute = self.span.minute(part.start)
        starts = kind.starts.get(part.practitioner_id, 0)
        return minute >= 0 and minute % tick == 0 and bool(starts >> minute // tick & 1)

    def part(self, need: Need, day: int, column: int, practitioner_id: UUID) -> Part:
        """The session at that time, in the first room and with the first equipment that is free."""
        tick = self._tick(self.span.first + timedelta(days=day), column * self.step)
        return self.at(need, tick, practitioner_id)

    def starting(self, need: Need, start: datetime, practitioner_id: UUID) -> Part:
        """The session at an instant that `is_free`."""
        return self.at(need, self.span.minute(start) // self.look.tick, practitioner_id)

    def at(self, need: Need, tick: int, practitioner_id: UUID) -> Part:
        """The session at a tick of the span."""
        kind = self.kinds[need]
        one = next(one for one, _own in kind.masks.performers if one.id == practitioner_id)
        room, piece = (
            next((place.id for place, free in places.get(one.duration, ()) if free >> tick & 1), None)
            for places in (kind.masks.rooms, kind.masks.equipment)
        )
        start = self.span.moment(tick * self.look.tick)
        known = self.offered.service(need.service_id).performer(practitioner_id)
        return Part(
            need.service_id,
            practitioner_id,
            kind.asked.places[room] if room else None,
            start,
            start + one.duration * self.look.tick * MINUTE,
            known.price_cents,
            kind.asked.places[piece] if piece else None,
        )

    def _table(self, starts: Timeline) -> Timeline:
        """Ticks of the span as columns of its days."""
        tick, step = self.look.tick, self.step
        text = format(starts, f"0{self.span.length // tick + DAY_MIN}b")[::-1]
        pieces = []
        for day, dawn in zip(self.span.days(), walls.dawns(self.span, tick), strict=True):
            if localtime.day_length(day, self.span.where) == DAY_MIN:
                pieces.append(text[dawn : dawn + DAY_MIN // tick : step // tick])
            else:
                pieces.append("".join(self._bit(text, day, minute) for minute in range(0, DAY_MIN, step)))
        return int("".join(pieces)[::-1], 2)

    def _bit(self, text: str, day: date, minute: int) -> str:
        """The bit of a wall minute on a day on which the clocks change; what they skip is no time."""
        wall = datetime.combine(day, time()) + minute * MINUTE
        return text[self._tick(day, minute)] if localtime.exists(wall, self.span.where) else "0"

    def _tick(self, day: date, minute: int) -> int:
        return self.span.minute(localtime.at_minute(day, minute, self.span.where)) // self.look.tick


def read(
    session: Session,
    offered: Catalogue,
    needs: Iterable[Need],
    within: Within,
    *,
    around: Iterable[Part] = (),
    without: Sequence[UUID] = (),
    diaries: Diaries | None = None,
) -> Possible:
    """The times of all needs. `around` are parts at odd minutes that are to be looked at, too.

    The appointments `without` are no obstacle.
    """
    wanted = tuple(dict.fromkeys(needs))
    lines = {need: _line(offered, need) for need in wanted}
    span = Span(within.first, within.days, offered.clinic.where)
    every = tuple(lines.values())
    ids = (*asking.resources(every), *((within.patient_id,) if within.patient_id else ()))
    odd = [_odd(part.start, span) for part in around]
    tick = walls.tick(span, (asking.tick(offered.clinic, every, span), *odd))
    seen = (diaries.look if diaries else books.look)(session, offered.clinic.id, ids, span, tick)
    if without:
        seen = _without(session, seen, ids, without)
    kinds = {need: _kind(offered, line, within, seen) for need, line in lines.items()}
    return Possible(offered, span, seen, kinds)


def _odd(start: datetime, span: Span) -> int:
    """A length that makes a start lie on a tick."""
    return span.minute(start) % 60 or 60


def _line(offered: Catalogue, need: Need) -> Line:
    wish = Wish(need.service_id, need.practitioner_ids, need.room_id)
    (line,) = asking.lines(offered, (wish,))
    if need.duration_min is None:
        return line
    length = need.duration_min
    return replace(line, performers=tuple(_lasting(one, length) for one in line.performers))


def _lasting(one: Performer, duration_min: int) -> Performer:
    leaves, returns = one.away or (None, None)
    return performer(one.practitioner_id, duration_min, one.price_cents, leaves, returns)


def _kind(offered: Catalogue, line: Line, within: Within, seen: Look) -> Kind:
    asked = asking.ask(offered.clinic, (line,), Terms(), within, seen)
    # Without the grid: what was chosen or booked at an odd minute is looked at, too.
    question = replace(asked.question, grid=asking.ahead(offered.clinic, within, seen))
    masks = Masks(question).of(question.parts[0])
    open_days, lengths = timelines.of(question.days), dict(masks.lengths)
    starts = {
        one.id: own & lengths.get(one.duration, 0) & timelines.starts(open_days, one.duration)
        for one, own in masks.performers
    }
    return Kind(replace(asked, question=question), masks, starts)


def _without(session: Session, seen: Look, ids: Sequence[UUID], appointment_ids: Sequence[UUID]) -> Look:
    """The look as if these appointments were not there; only ticks that they have whole become free."""
    c, span, tick = t.Claim, seen.span, seen.tick
    claims = session.execute(
        select(c.resource_id, c.lane, c.busy_from, c.busy_to).where(
            c.appointment_id.in_(appointment_ids), c.live_to.is_(None)
        )
    ).all()
    changed: dict[UUID, Diary] = {}
    for one in ids:
        diary = seen.of[one]
        lanes = list(diary.taken)
        for resource_id, lane, start, end in claims:
            if resource_id == one:
                own = timelines.between(-(-span.minute_up(start) // tick), span.minute(end) // tick)
                lanes[lane - 1 if lane <= len(lanes) else 0] &= ~own
        changed[one] = Diary(diary.open, tuple(lanes), diary.holds)
    return replace(seen, of={**seen.of, **changed})
