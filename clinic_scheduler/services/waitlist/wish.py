"""What somebody waits for, checked before it is kept, and read back as far as it can be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.localtime import DAY_MIN
from clinic_scheduler.services.offers import asking
from clinic_scheduler.services.unfinished import choices
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.services.wishes import Wish

VERSION = 1
MOST_URGENT = 3
LONGEST_NOTES = 1000
LONGEST_WAIT_DAYS = 730


@dataclass(frozen=True, slots=True)
class Wanted:
    """The services of one visit, and when it may be: local days with both ends included, minutes of the wall clock.

    No weekdays mean any. `urgency` is 0 (can wait) to 3 (at once). `plan_session_id` names the session of a treatment
    plan that the visit would be.
    """

    services: tuple[Wish, ...]
    from_day: date
    until_day: date
    weekdays: frozenset[int] = frozenset()
    from_min: int = 0
    until_min: int = DAY_MIN
    urgency: int = 0
    notes: str = ""
    plan_session_id: UUID | None = None

    def allows(self, day: date) -> bool:
        """Whether the visit may be on that day."""
        is_weekday = not self.weekdays or day.weekday() in self.weekdays
        return is_weekday and self.from_day <= day <= self.until_day


def write(wanted: Wanted) -> dict[str, Any]:
    """What has no column of its own, as JSON."""
    return {
        "version": VERSION,
        "visit": choices.write(Choices(wishes=wanted.services)),
        "weekdays": sorted(wanted.weekdays),
        "from_min": wanted.from_min,
        "until_min": wanted.until_min,
        "plan_session": str(wanted.plan_session_id) if wanted.plan_session_id else None,
    }


def read(stored: object, bare: Wanted) -> Wanted:
    """The wish with its JSON filled in, as far as it can be read.

    Without its services nothing fits, and the list shows that it has to be changed.
    """
    if not isinstance(stored, dict):
        return bare
    chosen, damaged = choices.read(stored.get("visit"))
    # A visit that lacks a service is another one than was wished.
    services = () if "wishes" in damaged or "everything" in damaged else chosen.wishes
    try:
        weekdays = frozenset(int(day) for day in stored["weekdays"])
        from_min, until_min = int(stored["from_min"]), int(stored["until_min"])
        plan_session = UUID(stored["plan_session"]) if stored["plan_session"] else None
        if not weekdays <= set(range(7)) or not 0 <= from_min < until_min <= DAY_MIN:
            raise ValueError("no such time of the week")
    except choices.UNREADABLE:
        return bare
    return replace(
        bare,
        services=services,
        weekdays=weekdays,
        from_min=from_min,
        until_min=until_min,
        plan_session_id=plan_session,
    )


def checked(wanted: Wanted, offered: Catalogue, today: date) -> Wanted:
    """The wish in the form it is kept in.

    Raises:
        InvalidInput: it could never be met, whatever time is freed; `field` says where.
        NotFound: a service is no longer offered.
    """
    if not wanted.services:
        raise InvalidInput("Please choose what the person waits for.", "services")
    _check_days(wanted, today)
    if not 0 <= wanted.urgency <= MOST_URGENT:
        raise InvalidInput("The urgency goes from 0 to 3; please choose one of these.", "urgency")
    if not 0 <= wanted.from_min < wanted.until_min <= DAY_MIN:
        raise InvalidInput("The latest time lies before the earliest; please choose another.", "until_min")
    lines = asking.lines(offered, wanted.services)
    for line in lines:
        _check_line(line, offered)
    _check_length(wanted, lines)
    return replace(wanted, notes=wanted.notes.strip()[:LONGEST_NOTES].replace("\0", ""))


def _check_days(wanted: Wanted, today: date) -> None:
    if wanted.until_day < wanted.from_day:
        raise InvalidInput("The last day lies before the first; please choose a later one.", "until_day")
    if wanted.until_day < today:
        raise InvalidInput("That last day is over; please choose a later one.", "until_day")
    if (wanted.until_day - today).days > LONGEST_WAIT_DAYS:
        raise InvalidInput("Nobody waits longer than two years; please choose an earlier day.", "until_day")
    days = (wanted.until_day - wanted.from_day).days + 1
    reached = {(wanted.from_day.weekday() + n) % 7 for n in range(min(days, 7))}
    if not wanted.weekdays <= set(range(7)) or (wanted.weekdays and not wanted.weekdays & reached):
        raise InvalidInput(
            "None of these weekdays lies between the first and the last day; please choose others.",
            "weekdays",
        )


def _check_line(line: asking.Line, offered: Catalogue) -> None:
    for practitioner_id in line.wish.practitioner_ids:
        line.service.performer(practitioner_id)
    if line.wish.room_id is not None:
        known = {room.id for room in offered.rooms}
        if line.wish.room_id not in known:
            raise NotFound("That room is no longer there; please choose another.")
    if not line.can_be:
        raise InvalidInput(
            f"Nobody can perform {line.service.name} like that; please choose another person or room.",
            "services",
        )


def _check_length(wanted: Wanted, lines: Sequence[asking.Line]) -> None:
    """A visit of several people takes as long as the longest of theirs."""
    needed: dict[int, int] = {}
    for line in lines:
        shortest = min(performer.duration_min for performer in line.performers)
        needed[line.wish.visitor] = needed.get(line.wish.visitor, 0) + shortest
    longest = max(needed.values())
    if wanted.until_min - wanted.from_min < longest:
        raise InvalidInput(
            f"The visit takes {longest} minutes and does not fit between these times; "
            "please choose earlier or later ones.",
            "until_min",
        )
