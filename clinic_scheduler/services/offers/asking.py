"""A clinic's diaries as a question to the search, and its answers as openings. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Final
from uuid import UUID, uuid5

from clinic_scheduler.services.catalogue import Catalogue, ClinicFacts, ServiceFacts, longer
from clinic_scheduler.services.catalogue import Performer as Performing
from clinic_scheduler.services.localtime import DAY_MIN, MINUTE, Span
from clinic_scheduler.services.offers.terms import Terms, Within
from clinic_scheduler.services.search.question import Part as Wanted
from clinic_scheduler.services.search.question import Place, Question, Wait, in_sequence, performers
from clinic_scheduler.services.search.visits import Chosen, RankKey, Visit, key_of
from clinic_scheduler.services.times import timelines, walls
from clinic_scheduler.services.times.diaries import Look
from clinic_scheduler.services.times.timelines import Timeline
from clinic_scheduler.services.wishes import Opening, Part, Wish

SHORTEST_DAY_MIN: Final = 22 * 60  # at Troll, when its clocks go forward


@dataclass(frozen=True, slots=True)
class Line:
    """One service of the visit, with whoever and whatever would do; None where it needs no room or equipment."""

    wish: Wish
    service: ServiceFacts
    performers: tuple[Performing, ...]
    rooms: tuple[UUID, ...] | None
    equipment: tuple[UUID, ...] | None

    @property
    def can_be(self) -> bool:
        """Whether there is somebody to perform it and all that it needs."""
        return bool(self.performers) and self.rooms != () and self.equipment != ()

    def lengths(self) -> Iterator[int]:
        """All minutes that have to be whole ticks."""
        yield from (self.service.buffer_before_min, self.service.buffer_after_min)
        for performer in self.performers:
            yield from (performer.duration_min, *(performer.away or ()))


def lines(offered: Catalogue, wishes: Sequence[Wish]) -> tuple[Line, ...]:
    """What the wishes ask for.

    Raises:
        NotFound: a service is no longer offered.
    """
    return tuple(_line(offered, offered.service(wish.service_id), wish) for wish in wishes)


def _line(offered: Catalogue, service: ServiceFacts, wish: Wish) -> Line:
    needs_room = service.needs_room or wish.room_id is not None
    add_ons = service.chosen(wish.add_on_ids)
    return Line(
        wish,
        service,
        tuple(
            longer(performer, add_ons)
            for performer in service.performers
            if not wish.practitioner_ids or performer.practitioner_id in wish.practitioner_ids
        ),
        tuple(room.id for room in offered.rooms_for(service, wish.room_id)) if needs_room else None,
        tuple(piece.id for piece in offered.equipment_for(service)) if service.equipment_kind else None,
    )


def resources(asked: Sequence[Line]) -> tuple[UUID, ...]:
    """Every resource that could take part."""
    wanted: dict[UUID, None] = {}
    for line in asked:
        wanted |= dict.fromkeys(performer.practitioner_id for performer in line.performers)
        wanted |= dict.fromkeys((*(line.rooms or ()), *(line.equipment or ())))
    return tuple(wanted)


def tick(clinic: ClinicFacts, asked: Sequence[Line], span: Span) -> int:
    """The longest tick with which the search stays exact.

    Every start lies on the clinic's grid, so waits and the edges of free time may be rounded to it.
    """
    return walls.tick(span, (clinic.step_min, *(length for line in asked for length in line.lengths())))


def beyond(asked: Sequence[Line], terms: Terms, look: Look) -> tuple[int, int]:
    """How many days before and after a look the visits that start in it may reach, with their buffers.

    None where nobody is at work so close to its first and its last midnight, which is the rule.
    """
    opened = reduce(or_, (look.of[p.practitioner_id].open for line in asked for p in line.performers), 0)
    before = max(line.service.buffer_before_min for line in asked)
    longest = _longest(asked, terms)
    is_early = opened & timelines.between(0, -(-before // look.tick))
    is_late = opened >> max(0, look.span.length - longest) // look.tick
    return int(bool(is_early)), -(-longest // SHORTEST_DAY_MIN) if is_late else 0


def _longest(asked: Sequence[Line], terms: Terms) -> int:
    """No visit takes more minutes, from its first start to the end of its last buffer."""
    lengths = (max(p.duration_min for p in line.performers) + line.service.buffer_after_min for line in asked)
    wait = max(terms.wait.most, *(wait.most for wait in terms.waits.values()), 0)
    return sum(lengths) + wait * (len(asked) - 1) + (terms.apart or 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what its ticks and places stand for."""

    question: Question
    lines: tuple[Line, ...]
    span: Span
    tick: int
    places: Mapping[UUID, UUID]

    def opening(self, visit: Visit) -> Opening:
        """An answer of the search as an offer; its parts are in the order of the wishes."""
        return Opening(tuple(self._part(one) for one in visit.parts), visit.waiting * self.tick)

    def _part(self, one: Chosen) -> Part:
        line, start = self.lines[one.part], self.span.start
        return Part(
            line.service.id,
            one.practitioner_id,
            self.places[one.room_id] if one.room_id else None,
            start + one.start * self.tick * MINUTE,
            start + one.end * self.tick * MINUTE,
            next(p.price_cents for p in line.performers if p.practitioner_id == one.practitioner_id),
            self.places[one.equipment_id] if one.equipment_id else None,
            line.wish.visitor,
            frozenset(other for pair in self.question.together if one.part in pair for other in pair)
            - {one.part},
            line.service.chosen(line.wish.add_on_ids),
        )

    def key(self, opening: Opening) -> RankKey | None:
        """Where an earlier answer stands among the answers; None if it cannot be one of them."""
        if opening.start < self.span.start or len(opening.parts) != len(self.lines):
            return None
        return key_of(
            self.question,
            [
                Chosen(
                    number,
                    self.span.minute(part.start) // self.tick,
                    self.span.minute(part.end) // self.tick,
                    part.practitioner_id,
                    None,
                    None,
                )
                for number, part in enumerate(opening.parts)
            ],
        )


def ask(
    clinic: ClinicFacts,
    asked: tuple[Line, ...],
    terms: Terms,
    within: Within,
    look: Look,
    starts: Span | None = None,
) -> Asked:
    """The question about a look at all `resources`; where `starts` are given, visits start on these days of it."""
    span, tick = look.span, look.tick
    wanted = (*resources(asked), *((within.patient_id,) if within.patient_id else ()))
    free = {one: look.of[one].free(look.now, within.session_id) for one in wanted}
    places: dict[UUID, UUID] = {}
    parts = tuple(_wanted(line, free, places, tick) for line in asked)
    windows = walls.windows(span, within.weekdays, within.from_min, within.until_min, tick)
    grid = walls.grid(span, clinic.step_min, tick) & ahead(clinic, within, look)
    if within.is_narrow:
        grid &= timelines.of(windows)
    question = Question(
        parts,
        windows,
        grid,
        order=_in_order(asked) if terms.order is None else terms.order,
        wait=_in_ticks(terms.wait, tick),
        waits={pair: _in_ticks(wait, tick) for pair, wait in terms.waits.items()},
        together=terms.together,
        same=terms.same,
        different=terms.different,
        visitors=_visitors(asked, free[within.patient_id] if within.patient_id else None),
        apart=None if terms.apart is None else terms.apart // tick,
        rank=terms.rank,
        distinct=terms.distinct,
        begin=_begin(within, span, tick, starts or span),
        dawns=walls.dawns(span, tick),
        per_day=within.per_day,
        taken=_taken(asked, free, look),
    )
    return Asked(question, asked, span, tick, places)


def _wanted(
    line: Line, free: Mapping[UUID, tuple[Timeline, ...]], places: dict[UUID, UUID], tick: int
) -> Wanted:
    def lanes(able: tuple[UUID, ...]) -> Iterator[Place]:
        for one in able:
            for lane, timeline in enumerate(free[one]):
                identifier = uuid5(one, str(lane)) if lane else one
                places[identifier] = one
                yield Place(identifier, timeline)

    preferred = line.wish.preferred_id
    return Wanted(
        performers(
            (
                p.practitioner_id,
                free[p.practitioner_id][0],
                p.duration_min // tick,
                (p.away[0] // tick, p.away[1] // tick) if p.away else None,
                int(preferred not in (None, p.practitioner_id)),
                free[p.practitioner_id][1:],
            )
            for p in line.performers
        ),
        line.service.buffer_before_min // tick,
        line.service.buffer_after_min // tick,
        None if line.rooms is None else tuple(lanes(line.rooms)),
        None if line.equipment is None else tuple(lanes(line.equipment)),
        line.wish.visitor,
    )


def _in_order(asked: Sequence[Line]) -> frozenset[tuple[int, int]]:
    """Each person's services as listed."""
    visitors = {line.wish.visitor for line in asked}
    return frozenset[tuple[int, int]]().union(
        *(in_sequence([n for n, line in enumerate(asked) if line.wish.visitor == one]) for one in visitors)
    )


def _in_ticks(wait: Wait, tick: int) -> Wait:
    return Wait(-(-wait.least // tick), wait.most // tick)


def _visitors(asked: Sequence[Line], patient: tuple[Timeline, ...] | None) -> tuple[Timeline, ...]:
    """The free time of each person; of those who come along nothing is known."""
    if patient is None:
        return ()
    return (patient[0], *(-1 for _ in range(max(line.wish.visitor for line in asked))))


def ahead(clinic: ClinicFacts, within: Within, look: Look) -> Timeline:
    """The ticks neither too soon nor too far ahead for the clinic."""
    notice = timedelta(minutes=0 if within.is_walk_in else clinic.notice_min)
    soonest, last = look.now + notice, look.now + timedelta(days=clinic.horizon_days)
    return timelines.between(
        -(-look.span.minute_up(soonest) // look.tick), look.span.minute(last) // look.tick + 1
    )


def _begin(within: Within, span: Span, tick: int, starts: Span) -> Timeline:
    days = -1
    if starts != span:
        days = timelines.between(span.minute(starts.start) // tick, span.minute(starts.end) // tick)
    if within.begins_until_min == DAY_MIN:
        return days
    return days & timelines.of(walls.windows(span, within.weekdays, 0, within.begins_until_min, tick))


def _taken(
    asked: Sequence[Line], free: Mapping[UUID, tuple[Timeline, ...]], look: Look
) -> dict[UUID, tuple[Timeline, ...]]:
    """What is taken of everybody's hours, where there is a choice."""
    able = {p.practitioner_id for line in asked if len(line.performers) > 1 for p in line.performers}
    return {one: tuple([look.of[one].open & ~lane for lane in free[one]]) for one in able}
