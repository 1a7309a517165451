"""What a mapping says, checked: how each file is read, who the staff are, how long things last."""

from collections.abc import Mapping
from dataclasses import dataclass

from clinic_scheduler.services.setup import Hours

from .patterns import Pattern

WHO_AND_WHAT = ("person", "staff", "service", "date")
# Part of the book -> columns it must have, columns it may have.
PARTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "bookings": ((*WHO_AND_WHAT, "time"), ("name", "phone", "email", "id")),
    "cancellations": (
        WHO_AND_WHAT,
        ("time", "cancelled_on", "cancelled_by", "name", "phone", "email", "id"),
    ),
    "no_shows": (WHO_AND_WHAT, ()),
    "services": (("code",), ("name", "category", "price")),
}


@dataclass(frozen=True, slots=True)
class FileRules:
    """How one file is read. `columns` maps what we call a value to the heading in the file."""

    part: str
    file: str
    columns: Mapping[str, str]
    encoding: str
    delimiter: str
    date: Pattern
    time: Pattern


@dataclass(frozen=True, slots=True)
class StaffRules:
    """A member of the staff, by the code in the book."""

    code: str
    name: str
    role: str
    hue: int
    hours: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Durations:
    """Minutes by service code, else by category, else `default` where there is one."""

    services: Mapping[str, int]
    categories: Mapping[str, int]
    default: int | None

    def minutes(self, code: str, category: str) -> int | None:
        """How long a service lasts, or None where the mapping does not say."""
        return self.services.get(code, self.categories.get(category, self.default))


@dataclass(frozen=True, slots=True)
class Policy:
    """What to do with what is not as expected."""

    adds_staff: bool
    adds_services: bool
    skips_bad_rows: bool
    past_status: str


@dataclass(frozen=True, slots=True)
class BookMapping:
    """A checked mapping. `book` begins the name of every imported record, so it must never change."""

    book: str
    clinic_name: str
    zone: str
    country: str
    currency: str
    files: Mapping[str, FileRules]
    staff: Mapping[str, StaffRules]
    durations: Durations
    policy: Policy
