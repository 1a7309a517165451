"""Where an arrow key leads: from visit to visit, through the empty time between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from clinic_scheduler.services.days.schedule import Visit


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the keyboard is; `visit` is None on empty time.

    `minute` stays while walking sideways, so that going back leads back.
    """

    column: int
    minute: int
    visit: UUID | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What is walked on: the visits of each column by start, and the day's bounds and step."""

    columns: Sequence[Sequence[Visit]]
    opens: int
    closes: int
    step: int


def down(ground: Ground, spot: Spot) -> Spot:
    """The next visit or empty step below; the same spot at closing time."""
    visits = ground.columns[spot.column]
    place = _index(visits, spot)
    if place is None:
        line = spot.minute - spot.minute % ground.step + ground.step
        following = [v for v in visits if spot.minute <= v.start <= line]
        return _on(following[0]) if following else _empty(ground, spot, line)
    reached = max(v.end for v in visits[: place + 1])
    if place + 1 < len(visits) and visits[place + 1].start <= reached:
        return _on(visits[place + 1])
    return _empty(ground, spot, reached)


def up(ground: Ground, spot: Spot) -> Spot:
    """The visit or empty step above; the same spot at opening time."""
    visits = ground.columns[spot.column]
    place = _index(visits, spot)
    top = spot.minute if place is None else visits[place].start
    before = visits[:place] if place is not None else [v for v in visits if v.start < top]
    line = max(top - 1 - (top - 1) % ground.step, ground.opens)
    reached = max((v.end for v in before), default=ground.opens)
    if before and reached >= top:
        return _on(before[-1])
    if top <= ground.opens:
        return spot
    return Spot(spot.column, max(line, reached))


def sideways(ground: Ground, spot: Spot, by: int) -> Spot | None:
    """What stands beside at the same minute, `by` +1 or -1; None beyond the last column."""
    here = _at(ground.columns[spot.column], spot.minute)
    numbers = [v.id for v in here]
    if spot.visit in numbers:
        place = numbers.index(spot.visit) + by
        if 0 <= place < len(here):
            return Spot(spot.column, spot.minute, here[place].id)
    column = spot.column + by
    if not 0 <= column < len(ground.columns):
        return None
    there = _at(ground.columns[column], spot.minute)
    if not there:
        return Spot(column, spot.minute)
    return Spot(column, spot.minute, there[0 if by > 0 else -1].id)


def first(ground: Ground, column: int, minute: int) -> Spot:
    """Where the keyboard starts: the visit at that minute, else the step it lies in."""
    here = _at(ground.columns[column], minute)
    if here:
        return _on(here[0])
    line = max(minute - minute % ground.step, ground.opens)
    covering = _at(ground.columns[column], line)
    return Spot(column, max([line, *(v.end for v in covering)]))


def _on(visit: Visit) -> Spot:
    return Spot(visit.column, visit.start, visit.id)


def _empty(ground: Ground, spot: Spot, minute: int) -> Spot:
    return Spot(spot.column, minute) if minute < ground.closes else spot


def _index(visits: Sequence[Visit], spot: Spot) -> int | None:
    for i, visit in enumerate(visits):
        if visit.id == spot.visit:
            return i
    return None


def _at(visits: Sequence[Visit], minute: int) -> list[Visit]:
    return [v for v in visits if v.start <= minute < v.end]
