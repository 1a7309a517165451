"""Several days in one schedule, a column for each day and resource."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_scheduler.services.days.schedule import (
    ClosedTime,
    Column,
    DaySchedule,
    HeldTime,
    HourMark,
    Visit,
    wall_minute,
)
from clinic_scheduler.services.localtime import DAY_MIN, MINUTE

SHORTEST = 5  # minutes; what begins and ends in the hour that clocks repeat must not vanish


def side_by_side(days: Sequence[DaySchedule], resource_ids: Sequence[UUID] | None = None) -> DaySchedule:
    """The days, each with the columns of these resources in their order, or with all of them.

    Raises:
        ValueError: there is no day.
    """
    if not days:
        raise ValueError("several days are at least one")
    first = days[0]
    columns, dates = list[Column](), list[date]()
    visits, holds, closed = list[Visit](), list[HeldTime](), list[ClosedTime]()
    opens, closes = list[int](), list[int]()
    for each in days:
        places = _places(each, resource_ids, len(columns))
        columns += [each.columns[place] for place in places]
        dates += [each.day] * len(places)
        wall = _wall(each)
        visits += [
            _moved(visit, places[visit.column], wall) for visit in each.visits if visit.column in places
        ]
        for held in each.holds:
            if held.column in places:
                start, end = _span(held.start, held.end, wall)
                holds.append(held.moved(places[held.column], start, end))
        closed += [
            shut._replace(column=places[shut.column], start=wall(shut.start), end=wall(shut.end))
            for shut in each.closed
            if shut.column in places
        ]
        opens.append(wall(each.opens))
        closes.append(wall(each.closes))
    return DaySchedule(
        day=first.day,
        zone=first.zone,
        columns=tuple(columns),
        visits=tuple(visits),
        holds=tuple(holds),
        closed=tuple(closed),
        hours=tuple(HourMark(minute, f"{minute // 60:02}:00") for minute in range(0, DAY_MIN, 60)),
        length=DAY_MIN,
        opens=min(opens),
        closes=max(closes),
        midnight=first.midnight,
        now=first.now,
        dates=tuple(dates),
    )


def only(day: DaySchedule, resource_ids: Sequence[UUID]) -> DaySchedule:
    """The day with the columns of these resources, in their order."""
    places = _places(day, resource_ids, 0)
    return replace(
        day,
        columns=tuple(day.columns[place] for place in places),
        visits=tuple(v._replace(column=places[v.column]) for v in day.visits if v.column in places),
        holds=tuple(h.moved(places[h.column], h.start, h.end) for h in day.holds if h.column in places),
        closed=tuple(c._replace(column=places[c.column]) for c in day.closed if c.column in places),
    )


def _places(day: DaySchedule, resource_ids: Sequence[UUID] | None, first: int) -> dict[int, int]:
    """The new number of each column that is wanted, in the order wanted."""
    known = {column.resource_id: number for number, column in enumerate(day.columns)}
    wanted = known if resource_ids is None else [one for one in resource_ids if one in known]
    return {known[one]: first + place for place, one in enumerate(wanted)}


def _wall(day: DaySchedule) -> Callable[[int], int]:
    """From elapsed minutes to what the wall clock shows; they differ only where it is changed."""
    if day.length == DAY_MIN:
        return int
    where = ZoneInfo(day.zone)

    def wall(minute: int) -> int:
        if minute >= day.length:
            return minute - day.length + DAY_MIN
        return wall_minute(day.day, day.midnight + minute * MINUTE, where)

    return wall


def _moved(visit: Visit, column: int, wall: Callable[[int], int]) -> Visit:
    start, end = _span(visit.start, visit.end, wall)
    if (start, end) == (visit.start, visit.end):
        return visit._replace(column=column)
    return visit._replace(
        column=column,
        start=start,
        end=end,
        busy_start=start - (visit.start - visit.busy_start),
        busy_end=end + visit.busy_end - visit.end,
        gap_start=wall(visit.gap_start) if visit.gap_end else 0,
        gap_end=wall(visit.gap_end) if visit.gap_end else 0,
    )


def _span(start: int, end: int, wall: Callable[[int], int]) -> tuple[int, int]:
    first = wall(start)
    return first, max(wall(end), first + SHORTEST)
