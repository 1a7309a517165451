"""A booked visit as a calendar file for whoever comes (RFC 5545): one event for each service, in the clinic's zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

PRODUCT: Final = "-//Clinic Scheduler//Clinic Scheduler//EN"
MINUTE: Final = timedelta(minutes=1)
MOST: Final = 500  # signs of one text; longer ones no calendar shows


@dataclass(frozen=True, slots=True)
class Occasion:
    """One service as the patient reads it; times are aware, `uid` stays the same when it is moved."""

    uid: UUID
    start: datetime
    end: datetime
    summary: str
    place: str
    description: str
    sequence: int = 0


def calendar_file(occasions: tuple[Occasion, ...], where: ZoneInfo, written_at: datetime) -> bytes:
    """The file, with the rules of the zone inside, so that every calendar shows the clinic's wall time."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    years = [moment.astimezone(where).year for one in occasions for moment in (one.start, one.end)]
    if years:
        made.add_component(_zone(where, min(years) - 1, max(years) + 1))
    for occasion in occasions:
        made.add_component(_event(occasion, where, written_at))
    return bytes(made.to_ical())


def _zone(where: ZoneInfo, first: int, last: int) -> Timezone:
    """The zone's rules for those years, both included; icalendar's own are an hour off on the nights in spring."""
    zone = Timezone()
    zone.add("tzid", where.key)
    begin, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (first, last + 1))
    zone.add_component(_observance(begin, where, begin))
    for moment in _changes(where, begin, end):
        zone.add_component(_observance(moment, where, moment - MINUTE))
    return zone


def _observance(moment: datetime, where: ZoneInfo, before: datetime) -> TimezoneStandard | TimezoneDaylight:
    """What holds from an instant on; its beginning is written in the time that held before (RFC 5545, 3.6.5)."""
    now, was = moment.astimezone(where), before.astimezone(where)
    offset = was.utcoffset() or timedelta()
    made = TimezoneDaylight() if now.dst() else TimezoneStandard()
    made.add("dtstart", (moment + offset).replace(tzinfo=None))
    made.add("tzoffsetfrom", offset)
    made.add("tzoffsetto", now.utcoffset())
    made.add("tzname", now.tzname())
    return made


def _changes(where: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """The instants at which the zone's offset or name changes, to the minute."""
    day = begin
    while day < end:
        following = day + timedelta(days=1)
        if _clock(day, where) != _clock(following, where):
            low, high = 0, 24 * 60
            while high - low > 1:
                middle = (low + high) // 2
                is_before = _clock(day + middle * MINUTE, where) == _clock(day, where)
                low, high = (middle, high) if is_before else (low, middle)
            yield day + high * MINUTE
        day = following


def _clock(moment: datetime, where: ZoneInfo) -> tuple[timedelta | None, str | None]:
    local = moment.astimezone(where)
    return local.utcoffset(), local.tzname()


def _event(occasion: Occasion, where: ZoneInfo, written_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{occasion.uid}@clinic-scheduler")
    event.add("dtstamp", written_at)
    event.add("dtstart", occasion.start.astimezone(where))
    event.add("dtend", occasion.end.astimezone(where))
    event.add("summary", _plain(occasion.summary))
    event.add("location", _plain(occasion.place))
    event.add("description", _plain(occasion.description))
    event.add("status", "CONFIRMED")
    event.add("sequence", occasion.sequence)
    return event


def _plain(text: str) -> str:
    """Without control characters, which the format forbids."""
    return "".join(c for c in text if c.isprintable() or c == "\n")[:MOST]
