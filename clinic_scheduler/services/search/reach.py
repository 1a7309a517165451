"""Which ends can be reached at all, as sets passed from part to part.

These sets look at each part's starts, the waits and the order, not at clashes within the visit: they contain
every end that exists and may contain a few more, which the walk through them (`walk`) then rules out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clinic_scheduler.services.times.timelines import Timeline, between, spread, spread_back

from .lane import Done, Lane, Move
from .masks import Lengths

Covered = int  # ticks from here to the end in which the person is attended to


def ends(lane: Lane) -> Timeline:
    """Every tick at which a whole visit can end."""
    found: dict[Done, Timeline] = {}
    for done, moves in lane.moves:
        fronts = found.get(done, 0)
        windows: dict[tuple[int, int], Timeline] = {}
        for move in moves:
            reached = found.get(move.to, 0)
            if done == 0:
                for length, mask in lane.lengths[move.part]:
                    reached |= mask << length
            elif fronts:
                wait = (move.least, move.most)
                window = windows.get(wait)
                if window is None:
                    window = (
                        spread(fronts << move.least, move.most - move.least) if move.most >= move.least else 0
                    )
                    windows[wait] = window
                for length, mask in lane.lengths[move.part]:
                    reached |= (window & mask) << length
                if move.reach:
                    reached |= overlapping(fronts, lane.lengths[move.part], move.reach)
            found[move.to] = reached
    return found.get(lane.full, 0)


def overlapping(fronts: Timeline, lengths: Lengths, reach: int) -> Timeline:
    """The fronts after a part that begins while others still run."""
    reached = 0
    for length, mask in lengths:
        if reach >= length:
            reached |= fronts & spread(mask << length, reach - length)
        over = min(length - 1, reach)
        if over > 0:
            reached |= (spread_back(fronts >> 1, over - 1) & mask) << length
    return reached


def ends_by_waiting(lane: Lane) -> Iterator[tuple[int, Timeline]]:
    """The total waiting, from 0 upwards, and every tick at which a visit that waits so long can end."""
    levels: list[dict[Done, Timeline]] = []
    for waiting in range(lane.most_waiting + 1):
        now: dict[Done, Timeline] = {}
        levels.append(now)
        for done, moves in lane.moves:
            for move in moves:
                reached = now.get(move.to, 0)
                if done:
                    reached |= _after_wait(levels, waiting, move, lane.lengths[move.part])
                elif waiting == 0:
                    for length, mask in lane.lengths[move.part]:
                        reached |= mask << length
                if reached:
                    now[move.to] = reached
        yield waiting, now.get(lane.full, 0)


def _after_wait(levels: list[dict[Done, Timeline]], waiting: int, move: Move, lengths: Lengths) -> Timeline:
    begun, reached, done = 0, 0, move.done
    for wait in range(move.least, min(move.most, waiting) + 1):
        fronts = levels[waiting - wait].get(done, 0)
        if fronts:
            begun |= fronts << wait
    if begun:
        for length, mask in lengths:
            reached |= (begun & mask) << length
    if move.reach:
        reached |= overlapping(levels[waiting].get(done, 0), lengths, move.reach)
    return reached


@dataclass(frozen=True, slots=True)
class Rest:
    """All ways to one end: for parts done and the time covered from there, the fronts it can be reached from.

    A front is the last end of the parts done; for none done it is the first start. Ticks count from `base`.
    """

    base: int
    end: int
    fronts: dict[Done, dict[Covered, Timeline]]
    lengths: dict[int, Lengths]


def rest(lane: Lane, opens: int, end: int) -> Rest:
    """All ways to `end` that begin at `opens` or later."""
    base = max(opens, end - lane.longest)
    window = between(0, end - base)
    lengths: dict[int, Lengths] = {
        part: tuple([(length, mask >> base & window) for length, mask in one])
        for part, one in enumerate(lane.lengths)
    }
    fronts: dict[Done, dict[Covered, Timeline]] = {lane.full: {0: 1 << end - base}}
    for done, moves in reversed(lane.moves):
        if done == lane.full:
            continue
        here: dict[Covered, Timeline] = {}
        for move in moves:
            for covered, ahead in fronts[move.to].items():
                for length, mask in lengths[move.part]:
                    begun = mask & ahead >> length
                    if begun and (done == 0 or move.most >= move.least):
                        if done:
                            begun = spread_back(begun >> move.least, move.most - move.least)
                        here[covered + length] = here.get(covered + length, 0) | begun
                if move.reach:
                    _before_overlap(here, covered, ahead, lengths[move.part], move.reach)
        fronts[done] = here
    return Rest(base, end, fronts, lengths)


def _before_overlap(
    here: dict[Covered, Timeline], covered: Covered, ahead: Timeline, lengths: Lengths, reach: int
) -> None:
    for length, mask in lengths:
        if reach >= length:
            inside = ahead & spread(mask << length, reach - length)
            if inside:
                here[covered] = here.get(covered, 0) | inside
        begun = mask & ahead >> length
        for over in range(1, length):
            if begun and length - over <= reach:
                key = covered + over
                here[key] = here.get(key, 0) | begun << length - over
