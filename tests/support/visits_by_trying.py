"""Whole visits found by trying everything, written without a look at the search."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise, permutations, product
from uuid import UUID

from clinic_scheduler.services.search.question import Distinct, Part, Performer, Place, Question, Rank, Wait
from clinic_scheduler.services.search.visits import RankKey, Visit
from clinic_scheduler.services.times.timelines import Timeline

Times = tuple[tuple[int, int], ...]  # start and length of each part
Team = tuple[Performer, ...]
Places = tuple[Place | None, ...]


def answers(question: Question) -> list[RankKey]:
    """The keys of all distinct answers, in order."""
    found: list[tuple[RankKey, Times, tuple[UUID, ...]]] = []
    for times in product(*(_options(question, part) for part in question.parts)):
        when = _key_of_times(question, times)
        if when is not None and places(question, times):
            found += [
                (_key(question, times, team, *when), times, tuple(p.id for p in team))
                for team in _teams(question, times)
            ]
    seen: set[object] = set()
    days = Counter[int]()
    kept = []
    for key, times, who in sorted(found, key=lambda one: one[0]):
        day = _day(question, min(times)[0])
        mark: object = (times, who)
        if question.distinct is Distinct.START:
            mark = min(times)[0]
        elif question.distinct is Distinct.TIMES:
            mark = times
        if mark not in seen and (question.per_day is None or days[day] < question.per_day):
            seen.add(mark)
            days[day] += 1
            kept.append(key)
    return kept


def _day(question: Question, tick: int) -> int:
    return max(day for day, dawn in enumerate(question.dawns) if dawn <= tick)


def _place(question: Question, part: Part, who: Performer, start: int) -> int:
    """How many performers come before this one on the day of the start."""
    day = _day(question, start)

    def taken(performer: Performer) -> int:
        return _on_day(question.taken.get(performer.id, ()), question.dawns, day)

    return sorted(part.performers, key=taken).index(who)


@lru_cache
def _on_day(lanes: tuple[Timeline, ...], dawns: tuple[int, ...], day: int) -> int:
    """How many ticks of a day the lanes have, all together."""
    last = dawns[day + 1] if day + 1 < len(dawns) else max(lane.bit_length() for lane in (*lanes, 0))
    return sum(lane >> tick & 1 for lane in lanes for tick in range(dawns[day], last))


def is_right(question: Question, visit: Visit) -> bool:
    """Whether everybody and everything is free for a visit, and nothing is taken twice."""
    times = tuple((part.start, part.end - part.start) for part in visit.parts)
    team = tuple(part.practitioner_id for part in visit.parts)
    rooms = tuple(part.room_id for part in visit.parts)
    equipment = tuple(part.equipment_id for part in visit.parts)
    return (
        _key_of_times(question, times) is not None
        and team in [tuple(p.id for p in one) for one in _teams(question, times)]
        and (rooms, equipment)
        in [
            (tuple(r and r.id for r in some), tuple(e and e.id for e in others))
            for some, others in places(question, times)
        ]
    )


def _options(question: Question, part: Part) -> list[tuple[int, int]]:
    lengths = sorted({performer.duration for performer in part.performers})
    patient = question.visitors[part.visitor] if question.visitors else -1
    return [
        (start, length)
        for start in _ticks(question.grid)
        for length in lengths
        if _is_free(patient, range(start, start + length)) and _able(part, start, length)
    ]


def _able(part: Part, start: int, length: int) -> list[Performer]:
    """Who can perform a part then."""
    return [
        performer
        for performer in part.performers
        if performer.duration == length
        and any(_is_free(lane, _busy(part, performer, start)) for lane in (performer.free, *performer.lanes))
    ]


def _is_free(timeline: Timeline, ticks: Iterable[int]) -> bool:
    return all(tick >= 0 and timeline >> tick & 1 for tick in ticks)


def _ticks(timeline: Timeline) -> list[int]:
    return [at for at in range(timeline.bit_length()) if timeline >> at & 1]


def _key(
    question: Question,
    times: Times,
    team: Team,
    end: int,
    waiting: int,
    when: tuple[tuple[int, int, int], ...],
) -> RankKey:
    people, cost = len({p.id for p in team}), sum(p.cost for p in team)
    order = tuple(
        _place(question, part, who, start)
        for part, who, (start, _length) in zip(question.parts, team, times, strict=True)
    )
    first = {
        Rank.EARLIEST: (end, waiting, 0),
        Rank.LEAST_WAITING: (waiting, end, 0),
        Rank.FEWEST_PEOPLE: (people, end, waiting),
        Rank.PREFERRED: (cost, end, waiting),
    }[question.rank]
    return (*first, when, people, cost, order)


def _key_of_times(
    question: Question, times: Times
) -> tuple[int, int, tuple[tuple[int, int, int], ...]] | None:
    """The end, all the waiting and the order in time, or None where the patients could not do that."""
    first, last = min(times)[0], max(start + length for start, length in times)
    if not any(opens <= first and last <= closes for opens, closes in question.days):
        return None
    if not question.begin >> first & 1:
        return None
    profiles: list[tuple[int, int, int]] = []
    sequences: list[tuple[int, int, int]] = []
    for visitor in sorted({part.visitor for part in question.parts}):
        mine = [number for number, part in enumerate(question.parts) if part.visitor == visitor]
        orders = [
            tuple((times[n][0], n, times[n][1]) for n in order)
            for order in permutations(mine)
            if _can_follow(question, times, order)
        ]
        if not orders:
            return None
        begins, ends = min(times[n][0] for n in mine), max(sum(times[n]) for n in mine)
        attended = {tick for n in mine for tick in range(times[n][0], sum(times[n]))}
        profiles.append((begins, ends, ends - begins - len(attended)))
        sequences.extend(min(orders))
    if not _are_together(question, profiles):
        return None
    return last, sum(waiting for _s, _e, waiting in profiles), (*profiles, *sequences)


def _are_together(question: Question, profiles: Sequence[tuple[int, int, int]]) -> bool:
    if question.apart is None:
        return all(a[0] < b[1] and b[0] < a[1] for a, b in combinations(profiles, 2))
    return max(profiles)[0] - min(profiles)[0] <= question.apart


def _can_follow(question: Question, times: Times, order: Sequence[int]) -> bool:
    if any(times[one][0] > times[other][0] for one, other in pairwise(order)):
        return False
    if any(b in order and order.index(a) > order.index(b) for a, b in question.order if a in order):
        return False
    for at, number in enumerate(order):
        before = order[:at]
        start = times[number][0]
        running = [one for one in before if sum(times[one]) > start]
        if any(
            (one, number) not in question.together and (number, one) not in question.together
            for one in running
        ):
            return False
        if before and not running:
            _end, last = max((sum(times[one]), one) for one in before)
            wait = question.waits.get((last, number), question.wait)
            if not _allows(wait, start - sum(times[last])):
                return False
    return True


def _allows(wait: Wait, waited: int) -> bool:
    return wait.least <= waited <= wait.most


def _teams(question: Question, times: Times) -> Iterator[Team]:
    able = [_able(part, start, length) for part, (start, length) in zip(question.parts, times, strict=True)]
    for team in product(*able):
        if any(len({team[n].id for n in group}) > 1 for group in question.same):
            continue
        if any(len({team[n].id for n in group}) < len(group) for group in question.different):
            continue
        taken = [
            (performer.id, tick)
            for part, performer, (start, _l) in zip(question.parts, team, times, strict=True)
            for tick in _busy(part, performer, start)
        ]
        if len(set(taken)) == len(taken):
            yield team


def _busy(part: Part, performer: Performer, start: int) -> list[int]:
    away = range(start + performer.gap[0], start + performer.gap[1]) if performer.gap else range(0)
    return [t for t in range(start - part.before, start + performer.duration + part.after) if t not in away]


def places(question: Question, times: Times) -> list[tuple[Places, Places]]:
    """Every choice of rooms and equipment for these times."""
    rooms = list(_choices(question, times, [part.rooms for part in question.parts], shares=True))
    equipment = list(_choices(question, times, [part.equipment for part in question.parts], shares=False))
    return list(product(rooms, equipment))


def _choices(
    question: Question, times: Times, wanted: Sequence[tuple[Place, ...] | None], *, shares: bool
) -> Iterator[Places]:
    spans = [
        set(range(start - part.before, start + length + part.after))
        for part, (start, length) in zip(question.parts, times, strict=True)
    ]
    able = [
        (None,) if some is None else [p for p in some if _is_free(p.free, span)]
        for some, span in zip(wanted, spans, strict=True)
    ]
    for chosen in product(*able):
        if all(
            one is None
            or other is None
            or _get_along(question, times, spans, a, b, one.id == other.id, shares)
            for (a, one), (b, other) in combinations(enumerate(chosen), 2)
        ):
            yield chosen


def _get_along(
    question: Question,
    times: Times,
    spans: list[set[int]],
    a: int,
    b: int,
    is_same: bool,
    shares: bool,
) -> bool:
    beside = times[a][0] < sum(times[b]) and times[b][0] < sum(times[a])
    if shares and beside and ((a, b) in question.together or (b, a) in question.together):
        return is_same
    return not is_same or not spans[a] & spans[b]
