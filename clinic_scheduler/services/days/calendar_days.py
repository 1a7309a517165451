"""Rows of visits and holds, and open time, put where they stand on the axes of several days."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from itertools import pairwise
from uuid import UUID

from clinic_scheduler.db.types import EPOCH, MICROSECOND
from clinic_scheduler.services.days.calendar_rows import HoldRow, Names, VisitRow
from clinic_scheduler.services.days.schedule import ClosedTime, DaySchedule, HeldTime, HourMark, Visit
from clinic_scheduler.services.people import persons
from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.times.hours import OpenTime, Reason, Span
from clinic_scheduler.services.times.timelines import Timeline

HOUR, DAY_MIN = 60, 1440
MINUTE = 60_000_000  # in microseconds
ALWAYS_SHOWN = (8 * 60, 18 * 60)  # so that the hours keep their place from day to day
NO_GAP = (0, 0)
Shut = tuple[int, int, str, str]  # minutes of a day, kind, reason


class Days:
    """The days of a span, filled bit by bit."""

    def __init__(self, span: Span, names: Names) -> None:
        self._span, self._names = span, names
        self._zero = (span.start - EPOCH) // MICROSECOND
        # The minutes of the midnights, and of the one after the span.
        self._starts = [0, *(Span(span.first, n + 1, span.where).length for n in range(span.count))]
        self._visits: list[list[Visit]] = [[] for _ in range(span.count)]
        self._holds: list[list[HeldTime]] = [[] for _ in range(span.count)]
        self._closed: list[list[ClosedTime]] = [[] for _ in range(span.count)]
        self._open: Timeline = 0

    def add_visits(self, rows: Iterable[VisitRow]) -> None:
        """Show visits, given in the order of starting, on each day that they touch."""
        zero, starts, labels = self._zero, self._starts, _labels()
        index, services, rooms = self._names.index, self._names.services, self._names.rooms
        visit = partial(tuple.__new__, Visit)  # as `Visit`, in a third of the time
        for (
            identifier, booking_id, column, start_at, end_at, before, after, patient, service_id, status,
            room, counter, came, is_paid, has_note, reason, version, leaves, returns,
        ) in rows:  # fmt: skip
            start, end = (start_at - zero) // MINUTE, -((zero - end_at) // MINUTE)
            place = index.get(column)
            if place is None:
                continue
            day = max(bisect_right(starts, start) - 1, 0)  # it may have begun before the span
            start, end, length = start - starts[day], end - starts[day], starts[day + 1] - starts[day]
            time = labels[start] if length == DAY_MIN and start >= 0 else self._wall(day, start)
            service, hue = services[service_id]
            is_new = came >= zero + starts[day] * MINUTE
            made = visit((
                identifier, booking_id, place, start, end, start - before, end + after, time, patient, service,
                status, hue, rooms.get(room, ""), counter, is_new, is_paid, has_note, reason, version,
                *((start + leaves, start + returns) if leaves and returns else NO_GAP),
            ))  # fmt: skip
            self._visits[day].append(made)
            if end > length:
                self._carry(made, day)

    def _carry(self, visit: Visit, day: int) -> None:
        """Show a visit on the days after its first too."""
        for later in self._touched(visit.end + self._starts[day], day + 1):
            shift = self._starts[later] - self._starts[day]
            self._visits[later].append(
                visit._replace(
                    start=visit.start - shift,
                    end=visit.end - shift,
                    busy_start=visit.busy_start - shift,
                    busy_end=visit.busy_end - shift,
                    gap_start=visit.gap_start - shift if visit.gap_end else 0,
                    gap_end=visit.gap_end - shift if visit.gap_end else 0,
                    is_new=False,
                )
            )

    def _touched(self, end: int, first: int) -> Iterator[int]:
        """The days from `first` on that begin before a minute of the span."""
        return (day for day in range(first, self._span.count) if self._starts[day] < end)

    def add_holds(self, rows: Sequence[HoldRow]) -> None:
        """Show live holds on each day that they touch."""
        for row in rows:
            place = self._names.index.get(row.column)
            if place is None:
                continue
            start, end = (row.start - self._zero) // MINUTE, -((self._zero - row.end) // MINUTE)
            for day in self._touched(end, max(0, bisect_right(self._starts, start) - 1)):
                self._holds[day].append(
                    HeldTime(
                        session_id=row.session_id,
                        column=place,
                        start=start - self._starts[day],
                        end=end - self._starts[day],
                        service=self._names.services.get(row.service, ("", 0))[0],
                        owner=row.owner,
                        initials=persons.initials(row.owner),
                        workstation=row.workstation,
                        expires_at=row.until,
                    )
                )

    def add_hours(self, opened: Mapping[UUID, OpenTime]) -> None:
        """Show when each column is closed, and why."""
        kept: dict[tuple[Timeline, tuple[Reason, ...]], list[list[Shut]]] = {}
        for number, column in enumerate(self._names.columns):
            times = opened[column.resource_id]
            self._open |= times.open
            # Most columns have the same hours.
            key = times.open, times.reasons
            if key not in kept:
                kept[key] = [list(_shut(*key, *ends)) for ends in pairwise(self._starts)]
            for closed, shut in zip(self._closed, kept[key], strict=True):
                closed += [ClosedTime(number, *each) for each in shut]

    def schedules(self, now: datetime) -> tuple[DaySchedule, ...]:
        """The days, by the database's clock at `now`."""
        return tuple(self._schedule(day, now) for day in range(self._span.count))

    def _schedule(self, day: int, now: datetime) -> DaySchedule:
        start, length = self._starts[day], self._starts[day + 1] - self._starts[day]
        first, last = self._bounds(day, length)
        return DaySchedule(
            day=self._span.days()[day],
            zone=self._span.where.key,
            columns=self._names.columns,
            visits=tuple(self._visits[day]),
            holds=tuple(self._holds[day]),
            closed=tuple(self._closed[day]),
            hours=tuple(HourMark(m, self._wall(day, m)) for m in range(0, length, HOUR)),
            length=length,
            opens=first,
            closes=last,
            midnight=self._span.moment(start),
            now=now,
        )

    def _bounds(self, day: int, length: int) -> tuple[int, int]:
        """What is worth showing: a usual day, the opening hours of anybody, every visit; in full hours."""
        opened = self._open >> self._starts[day] & timelines.between(0, length)
        visits, holds = self._visits[day], self._holds[day]
        starts = [ALWAYS_SHOWN[0], *(v.start for v in visits), *(h.start for h in holds)]
        ends = [ALWAYS_SHOWN[1], *(v.end for v in visits), *(h.end for h in holds)]
        if opened:
            starts.append((opened & -opened).bit_length() - 1)
            ends.append(opened.bit_length())
        return max(0, min(starts) // HOUR * HOUR), min(length, -(-max(ends) // HOUR) * HOUR)

    def _wall(self, day: int, minute: int) -> str:
        """The wall time of a minute of a day, also of one before it."""
        if minute >= 0 and self._starts[day + 1] - self._starts[day] == DAY_MIN:
            return _labels()[minute]
        moment = self._span.moment(self._starts[day] + minute)
        return moment.astimezone(self._span.where).strftime("%H:%M")


@lru_cache(maxsize=1)
def _labels() -> tuple[str, ...]:
    """The wall time of each minute of a day without a change of the clocks."""
    return tuple(f"{minute // HOUR:02}:{minute % HOUR:02}" for minute in range(DAY_MIN))


def _shut(opened: Timeline, reasons: Sequence[Reason], start: int, end: int) -> Iterator[Shut]:
    """Of the minutes from `start` to `end`: the named reasons first, then whatever else is not open."""
    whole = timelines.between(0, end - start)
    explained = opened >> start & whole
    for reason in reasons:
        begins, ends = max(reason.start, start) - start, min(reason.end, end) - start
        if begins < ends:
            yield begins, ends, reason.kind, reason.text
            explained |= timelines.between(begins, ends)
    for begins, ends in timelines.intervals(whole & ~explained):
        yield begins, ends, "outside", ""
