"""Several days in one schedule, a column for each day and resource."""

from collections.abc import Callable, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_scheduler.services.days.schedule import DaySchedule, HourMark, wall_minute
from clinic_scheduler.services.localtime import DAY_MIN, MINUTE

SHORTEST = 5  # minutes; what begins and ends in the hour that clocks repeat must not vanish


def side_by_side(days: Sequence[DaySchedule], resource_ids: Sequence[UUID] | None = None) -> DaySchedule:
    """The days, each with the columns of these resources in their order, or with all of them.

    Raises:
        ValueError: there is no day.
    """
    if not days:
        raise ValueError("several days are at least one")
    first, columns, dates = days[0], [], []
    visits, holds, closed = [], [], []
    opens, closes = [], []
    for each in days:
        places = _places(each, resource_ids, len(columns))
        columns += [each.columns[place] for place in places]
        dates += [each.day] * len(places)
        wall = _wall(each)
        for visit in each.visits:
            if visit.column in places:
                start, end = _span(visit.start, visit.end, wall)
                busy = start - (visit.start - visit.busy_start), end + visit.busy_end - visit.end
                visits.append(
                    visit._replace(
                        column=places[visit.column],
                        start=start,
                        end=end,
                        busy_start=busy[0],
                        busy_end=busy[1],
                    )
                )
        for held in each.holds:
            if held.column in places:
                start, end = _span(held.start, held.end, wall)
                holds.append(held.moved(places[held.column], start, end))
        for shut in each.closed:
            if shut.column in places:
                closed.append(
                    shut._replace(column=places[shut.column], start=wall(shut.start), end=wall(shut.end))
                )
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


def _span(start: int, end: int, wall: Callable[[int], int]) -> tuple[int, int]:
    first = wall(start)
    return first, max(wall(end), first + SHORTEST)
