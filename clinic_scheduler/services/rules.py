"""What no claim can refuse: a time that is over, the wrong person, a time nobody works."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from clinic_scheduler.errors import InvalidInput

from . import hours, localtime, timelines
from .catalogue import Catalogue
from .hours import Span
from .wishes import Part

GRACE = timedelta(minutes=5)  # a visit may begin while it is being booked


def check(session: Session, offered: Catalogue, parts: Sequence[Part], now: datetime) -> None:
    """Refuse parts that the clinic's rules forbid, whoever has the time.

    Raises:
        InvalidInput: there is no part, one is over, or lies outside the practitioner's hours.
        NotFound: the service or practitioner is gone, or does not go with the other.
    """
    if not parts:
        raise InvalidInput("Please choose a time first.", "time")
    check_time([part.start for part in parts], now)
    where = offered.clinic.where
    first = min(localtime.local_day(part.start, where) for part in parts)
    last = max(localtime.local_day(part.end, where) for part in parts)
    span = Span(first, (last - first).days + 1, where)
    people = tuple({part.practitioner_id: None for part in parts})
    opened = hours.open_times(session, offered.clinic.id, people, span)
    for part in parts:
        offered.service(part.service_id).performer(part.practitioner_id)
        wanted = timelines.between(span.minute(part.start), span.minute_up(part.end))
        if wanted & ~opened[part.practitioner_id].open:
            name = offered.resource(part.practitioner_id).name
            raise InvalidInput(f"{name} is not at work at that time; please choose another.", "time")


def check_time(starts: Sequence[datetime], now: datetime) -> None:
    """Refuse a visit that should have begun.

    Raises:
        InvalidInput: its time is over.
    """
    if starts and min(starts) < now - GRACE:
        raise InvalidInput("That time is over; please choose a later one.", "time")
