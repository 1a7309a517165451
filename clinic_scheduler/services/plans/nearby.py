"""Other times for one session of a plan, between the sessions before and after it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from clinic_scheduler.services import localtime
from clinic_scheduler.services.plans.course import spaced
from clinic_scheduler.services.plans.possible import Need, Possible
from clinic_scheduler.services.plans.proposals import Looking, Proposed
from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.wishes import Part

FEW, PER_DAY, APART_MIN = 3, 2, 60


def added(
    found: Sequence[Proposed], needs: Mapping[int, Need], times: Possible, looking: Looking
) -> Iterator[Proposed]:
    """The sessions, those in conflict with a few other times."""
    for one in found:
        if one.is_conflict and not one.is_booked:
            others = of(one, found, needs[one.step.number], times, FEW, looking.usual_min)
            yield replace(one, alternatives=others)
        else:
            yield one


def of(
    one: Proposed,
    found: Sequence[Proposed],
    need: Need,
    times: Possible,
    limit: int,
    usual_min: int | None = None,
) -> tuple[Part, ...]:
    """At most so many times in the window of the session, those near its own time first; its own is left out.

    Where the window has none, the nearest after it.
    """
    low, high = _days(one, found, times)
    aim = _day(one, times) or (one.window.ideal if one.window else low)
    column = _column(one, times, usual_min)
    days = [low + timedelta(days=n) for n in range(max(0, (high - low).days + 1))]
    parts = list(_on(days, aim, column, one, need, times, limit))
    if not parts and one.window:
        low = max(high + timedelta(days=1), times.span.first)
        last = times.span.first + timedelta(days=times.span.count - 1)
        after = [low + timedelta(days=n) for n in range(max(0, (last - low).days + 1))]
        parts = list(_on(after, low, column, one, need, times, limit))
    return tuple(parts)


def _days(one: Proposed, found: Sequence[Proposed], times: Possible) -> tuple[date, date]:
    """The first and the last day that the neighbours leave."""
    first, last = times.span.first, times.span.first + timedelta(days=times.span.count - 1)
    low, high = (one.window.earliest, one.window.latest) if one.window else (first, last)
    after = next((each for each in found if each.step.number == one.step.number + 1 and each.part), None)
    if after and after.part and after.is_fixed:
        least, _ideal, most = spaced(after.step.gap)
        day = localtime.local_day(after.part.start, times.span.where)
        low, high = max(low, day - timedelta(days=most)), min(high, day - timedelta(days=least))
    return max(low, first), min(high, last)


def _day(one: Proposed, times: Possible) -> date | None:
    return localtime.local_day(one.part.start, times.span.where) if one.part else None


def _column(one: Proposed, times: Possible, usual_min: int | None) -> int:
    if one.part:
        wall = one.part.start.astimezone(times.span.where)
        return (wall.hour * 60 + wall.minute) // times.step
    return (usual_min or 0) // times.step


def _on(
    days: Sequence[date], aim: date, column: int, one: Proposed, need: Need, times: Possible, limit: int
) -> Iterator[Part]:
    left = limit
    for day in sorted(days, key=lambda day: (abs(day - aim), day)):
        for part in _of_day((day - times.span.first).days, column, one, need, times):
            if one.part and (part.start, part.practitioner_id) == (one.part.start, one.part.practitioner_id):
                continue
            yield part
            left -= 1
            if not left:
                return


def _of_day(day: int, column: int, one: Proposed, need: Need, times: Possible) -> Iterator[Part]:
    """Two times of a day, the nearest: the first with the same practitioner, the other with anyone else."""
    own, others = list[tuple[int, UUID]](), list[tuple[int, UUID]]()
    mine = one.part.practitioner_id if one.part else None
    for able in times.able(need):
        of_day = able.starts >> day * times.columns & ((1 << times.columns) - 1)
        (own if able.id == mine else others).extend((each, able.id) for each in timelines.minutes(of_day))
    taken: list[tuple[int, UUID]] = []
    for options in (own, others, own, others):
        apart = [
            option
            for option in sorted(options, key=lambda option: abs(option[0] - column))
            if all(abs(option[0] - at) * times.step >= APART_MIN for at, who in taken if who == option[1])
        ]
        if apart and len(taken) < PER_DAY:
            taken.append(apart[0])
            yield times.part(need, day, *apart[0])
