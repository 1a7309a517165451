"""The times of everybody's visit side by side, ordered by end and waiting or by waiting and end."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from clinic_scheduler.services.times.timelines import Timeline, minutes, spread

from .crew import Crew, Placed
from .lane import Lane
from .question import Distinct, Question, Rank
from .reach import Rest, ends, ends_by_waiting, rest
from .walk import Profile, profiles, times

Found = tuple[int, int, tuple[Profile, ...], tuple[Placed, ...]]  # end, waiting, each person's profile, times


class Given(NamedTuple):
    """First starts, and local days, of which nothing is asked for any more; both grow as answers are given."""

    starts: set[int]
    days: set[int]


class Sides:
    """The search over one case."""

    def __init__(self, question: Question, lanes: Sequence[Lane], crew: Crew, given: Given) -> None:
        self.question = question
        self.lanes = lanes
        self.crew = crew
        self.given = given
        self.longest = max(lane.longest for lane in lanes) + (question.apart or 0)
        total = sum(lane.longest for lane in lanes) + (question.apart or 0)
        self.may_end: Timeline = -1 if question.begin == -1 else spread(question.begin, total)
        self.once = question.distinct is Distinct.START
        self._days = sorted(question.days)
        self._rests: dict[tuple[int, int], tuple[Rest, list[Profile]]] = {}
        self._ends: Timeline | None = None

    def all_ends(self) -> Timeline:
        """Every tick at which the last of them may end."""
        if self._ends is None:
            each = [ends(lane) for lane in self.lanes]
            self._ends = 0
            if all(each):
                for one in each:
                    self._ends |= one & self.may_end
        return self._ends

    def found(self) -> Iterator[Found]:
        """All times in the order of the rank, apart from its first figure where that is no time."""
        if not self.all_ends():
            return
        if self.question.rank is Rank.LEAST_WAITING:
            for waiting, last in self._by_waiting():
                for end in minutes(last):
                    if not self._is_given(end):
                        yield from self._at(end, waiting)
        else:
            for end in minutes(self.all_ends()):
                if not self._is_given(end):
                    for waiting in self._waitings(end):
                        yield from self._at(end, waiting)

    def _by_waiting(self) -> Iterator[tuple[int, Timeline]]:
        if len(self.lanes) == 1:
            for waiting, last in ends_by_waiting(self.lanes[0]):
                yield waiting, last & self.may_end
            return
        for waiting in range(sum(lane.most_waiting for lane in self.lanes) + 1):
            yield waiting, self.all_ends()

    def _waitings(self, end: int) -> Sequence[int]:
        """What everybody together may wait if the last ends then."""
        sums = {0}
        for lane in range(len(self.lanes)):
            own = {profile[2] for profile in self._choices(lane, end)}
            sums = {one + other for one in sums for other in own}
        return sorted(sums)

    def _at(self, end: int, waiting: int) -> Iterator[Found]:
        for chosen in self._side_by_side((), end, waiting):
            start = min(chosen)[0]
            if not self.question.begin >> start & 1 or self._is_known(start):
                continue
            for placed in self._times_of(0, chosen, ()):
                yield end, waiting, chosen, placed
                if self._is_known(start):
                    break

    def _is_known(self, start: int) -> bool:
        return (self.once and start in self.given.starts) or (
            bool(self.given.days) and self.question.day(start) in self.given.days
        )

    def _is_given(self, end: int) -> bool:
        """Whether all that ends then starts on days of which nothing is asked for any more."""
        if not self.given.days or self.question.apart is None:
            return False
        first = self.question.day(max(0, end - self.longest))
        return all(day in self.given.days for day in range(first, self.question.day(end - 1) + 1))

    def _side_by_side(
        self, chosen: tuple[Profile, ...], end: int, left: int
    ) -> Iterator[tuple[Profile, ...]]:
        """Profiles of all persons that belong together, with exactly the waiting that is left."""
        lane = len(chosen)
        if lane == len(self.lanes):
            if left == 0 and max(profile[1] for profile in chosen) == end:
                yield chosen
            return
        choices = self._choices(lane, end)
        apart = self.question.apart
        first = 0
        if apart is not None and chosen:
            first = bisect_left(choices, (max(chosen)[0] - apart, 0, 0))
        for profile in choices[first:]:
            if chosen and apart is not None and profile[0] > min(chosen)[0] + apart:
                break
            is_last = lane == len(self.lanes) - 1
            if profile[2] > left or (is_last and profile[2] != left):
                continue
            if apart is None and any(one[0] >= profile[1] or profile[0] >= one[1] for one in chosen):
                continue
            yield from self._side_by_side((*chosen, profile), end, left - profile[2])

    def _times_of(
        self, lane: int, chosen: tuple[Profile, ...], placed: tuple[Placed, ...]
    ) -> Iterator[tuple[Placed, ...]]:
        way, _profiles = self._rest(lane, chosen[lane][1])
        for grown in times(self.lanes[lane], way, chosen[lane], self.crew, placed):
            if lane + 1 == len(self.lanes):
                yield grown
            else:
                yield from self._times_of(lane + 1, chosen, grown)

    def _choices(self, lane: int, end: int) -> list[Profile]:
        """A person's profiles if the last of all ends at `end`, by first start."""
        if len(self.lanes) == 1:
            return self._rest(lane, end)[1]
        day = self._day(end)
        first = max(end - self.longest, self._days[day][0] + 1) if day is not None else end + 1
        own = [profile for at in range(first, end + 1) for profile in self._rest(lane, at)[1]]
        return sorted(own)

    def _rest(self, lane: int, end: int) -> tuple[Rest, list[Profile]]:
        known = self._rests.get((lane, end))
        if known is None:
            day = self._day(end)
            way = rest(self.lanes[lane], self._days[day][0] if day is not None else end, end)
            known = self._rests[lane, end] = (way, sorted(profiles(way)))
        return known

    def _day(self, end: int) -> int | None:
        """The day that ends at `end` or has it inside."""
        at = bisect_left(self._days, (end, 0)) - 1
        return at if at >= 0 and self._days[at][1] >= end else None
