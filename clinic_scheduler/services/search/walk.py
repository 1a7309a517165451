"""Every set of times with one given end and waiting, in order of time, checked part by part."""

from collections.abc import Iterator, Sequence

from clinic_scheduler.services.times.timelines import Timeline, between, minutes

from .crew import Crew, Placed
from .lane import Done, Lane, Move
from .reach import Rest

Profile = tuple[int, int, int]  # first start, end, waiting
Option = tuple[
    int, int, int, int, Move
]  # start, part of the lane, length, what is covered after it, its move


def profiles(rest: Rest) -> Iterator[Profile]:
    """Each first start from which the end may be reached, with the waiting that comes of it."""
    for covered, starts in rest.fronts[0].items():
        for start in minutes(starts):
            yield rest.base + start, rest.end, rest.end - rest.base - start - covered


def times(
    lane: Lane, rest: Rest, profile: Profile, crew: Crew, before: tuple[Placed, ...]
) -> Iterator[tuple[Placed, ...]]:
    """The times of the lane's parts for a profile, after what others of the visit take.

    Ordered by the first start, then the part, then its length, then the second start, and so on.
    """
    return _Walk(lane, rest, crew).begin(profile, before)


class _Walk:
    def __init__(self, lane: Lane, rest: Rest, crew: Crew) -> None:
        self.lane = lane
        self.rest = rest
        self.crew = crew
        self.moves = dict(lane.moves)

    def begin(self, profile: Profile, before: tuple[Placed, ...]) -> Iterator[tuple[Placed, ...]]:
        start, end, waiting = profile
        start -= self.rest.base
        covered = end - self.rest.base - start - waiting
        options = [
            (start, move.part, length, covered - length, move)
            for move in self.moves[0]
            for length, mask in self.rest.lengths[move.part]
            if mask >> start & 1 and self._leads_on(move, covered - length, start + length)
        ]
        yield from self._follow(sorted(options, key=_by_time), len(before), before, 0)

    def _leads_on(self, move: Move, covered: int, front: int) -> bool:
        return bool(self.rest.fronts[move.to].get(covered, 0) >> front & 1)

    def _follow(
        self, options: Sequence[Option], first: int, placed: tuple[Placed, ...], front: int
    ) -> Iterator[tuple[Placed, ...]]:
        for start, part, length, covered, move in options:
            one = Placed(self.lane.parts[part], self.rest.base + start, length)
            chosen = (*placed, one)
            if not self.crew.can_take(chosen):
                continue
            if move.to == self.lane.full:
                yield chosen
            else:
                later = max(front, start + length)
                following = self._options(chosen[first:], move.to, later, covered, start)
                yield from self._follow(following, first, chosen, later)

    def _options(
        self, mine: Sequence[Placed], done: Done, front: int, covered: int, begun: int
    ) -> list[Option]:
        """What can begin now; `begun` is the last start so far."""
        last = self._last(mine)
        found: list[Option] = []
        for move in self.moves[done]:
            wait = self.lane.waits[last][move.part]
            window = between(front + wait.least, front + wait.most + 1)
            ahead = self.rest.fronts[move.to]
            for length, mask in self.rest.lengths[move.part]:
                rest = covered - length
                if rest in ahead:
                    found.extend(
                        (start, move.part, length, rest, move)
                        for start in minutes(mask & window & ahead[rest] >> length)
                    )
                if move.reach:
                    early = mask & between(self._may_begin(mine, move.part, begun), front)
                    found.extend(_overlapping(early, ahead, front, covered, length, move))
        found.sort(key=_by_time)
        return found

    def _last(self, mine: Sequence[Placed]) -> int:
        """The part that ends last, of several the later in the lane."""
        _end, part = max((one.start + one.length, self.lane.parts.index(one.part)) for one in mine)
        return part

    def _may_begin(self, mine: Sequence[Placed], part: int, begun: int) -> int:
        """From when a part may begin while others run: not before the last start, nor beside a stranger."""
        partners = self.lane.partners[part]
        return max(
            begun,
            *(
                one.start - self.rest.base + one.length
                for one in mine
                if not partners >> self.lane.parts.index(one.part) & 1
            ),
            0,
        )


def _overlapping(
    early: Timeline, ahead: dict[int, Timeline], front: int, covered: int, length: int, move: Move
) -> Iterator[Option]:
    for start in minutes(early):
        rest = covered - max(0, start + length - front)
        if ahead.get(rest, 0) >> max(front, start + length) & 1:
            yield start, move.part, length, rest, move


def _by_time(option: Option) -> tuple[int, int, int]:
    return option[:3]
