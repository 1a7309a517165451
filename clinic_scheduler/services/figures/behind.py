"""What is asked for to see what a figure counted: a filter for each kind of thing that is counted. Pure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clinic_scheduler.db.states import AppointmentStatus


@dataclass(frozen=True, slots=True)
class Appointments:
    """Appointments of the local days from `first` to `last`; what is empty asks for nothing.

    Weekdays count from 0, Monday; `leads` are names of visits.ALL_LEADS. With `is_late` only cancellations that came
    too late, with `is_upcoming` only those still to come, on whatever day.
    """

    first: date
    last: date
    practitioner_ids: frozenset[UUID] = frozenset()
    service_ids: frozenset[UUID] = frozenset()
    room_ids: frozenset[UUID] = frozenset()
    statuses: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    leads: frozenset[str] = frozenset()
    is_late: bool = False
    is_upcoming: bool = False


@dataclass(frozen=True, slots=True)
class Sessions:
    """Booking sessions begun on these days; `kind` is sessions.PATIENT, sessions.GUEST or empty.

    `holds` names one fate of holds, as sessions.Holds does: those sessions of whose holds at least one met it.
    """

    first: date
    last: date
    outcomes: frozenset[str] = frozenset()
    steps: frozenset[str] = frozenset()
    kind: str = ""
    user_ids: frozenset[UUID] = frozenset()
    workstations: frozenset[str] = frozenset()
    holds: str = ""


@dataclass(frozen=True, slots=True)
class Plans:
    """Treatment plans begun on these days, or with `is_running` all that run now."""

    first: date
    last: date
    strategies: frozenset[str] = frozenset()
    standings: frozenset[str] = frozenset()
    is_running: bool = False


@dataclass(frozen=True, slots=True)
class Wishes:
    """Wishes written down on these days."""

    first: date
    last: date
    states: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Offers:
    """Offers made on these days."""

    first: date
    last: date
    states: frozenset[str] = frozenset()


Behind = Appointments | Sessions | Plans | Wishes | Offers
STANDING = frozenset(status.value for status in AppointmentStatus if status != AppointmentStatus.CANCELLED)
