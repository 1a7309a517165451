"""What of a book is new: rows known by their origin are not imported twice, and become visits by person and day."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from .book import Book
from .lines import Line
from .reading import Refusal

# An origin is a key of the row's unchanging part, a number where rows are alike, "~", and a print of the rest.
PRINT = 10


@dataclass(frozen=True, slots=True)
class Known:
    """The origins of an earlier import."""

    appointments: frozenset[str] = frozenset()
    bookings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A booking to be made, its lines in the order of time; those without one come last."""

    origin: str
    person: str
    lines: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written, and what is not. `gone` are origins whose row left the book."""

    visits: tuple[PlannedVisit, ...]
    already: int
    changed: tuple[Refusal, ...]
    gone: tuple[str, ...]
    made_again: frozenset[tuple[str, int]]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line to be written."""
        return tuple(line for visit in self.visits for _origin, line in visit.lines)


def plan(book: Book, known: Known) -> Plan:
    """Compare the book with what an earlier import left."""
    name = book.mapping.book
    before: dict[str, list[str]] = defaultdict(list)
    for origin in known.appointments:
        before[_key_of(origin)].append(origin)
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in book.lines:
        groups[_key(name, line)].append(line)
    fresh: list[tuple[str, Line]] = []
    changed: list[Refusal] = []
    gone: list[str] = []
    for key, lines in groups.items():
        new, altered, left = _compare(key, lines, before.pop(key, []))
        fresh += new
        changed += altered
        gone += left
    gone += (origin for left in before.values() for origin in left)
    again = {line.what for line in book.lines if not line.is_cancelled}
    return Plan(
        _visits(name, fresh, known.bookings),
        len(known.appointments) - len(gone) - len(changed),
        tuple(sorted(changed, key=lambda r: (r.file, r.row))),
        tuple(sorted(gone)),
        frozenset((x.file, x.row) for x in book.lines if x.is_cancelled and x.what in again),
    )


def _compare(
    key: str, lines: Sequence[Line], before: Sequence[str]
) -> tuple[list[tuple[str, Line]], list[Refusal], list[str]]:
    """Of rows that share a key: the new ones, the changed ones, and the origins that no row is left for."""
    prints = Counter(origin.rpartition("~")[2] for origin in before)
    rest = []
    for line in lines:
        mark = _print(line)
        if prints[mark]:
            prints[mark] -= 1
        else:
            rest.append((mark, line))
    left = list(prints.elements())
    reason = "the row changed after it was imported; the appointment was left as it is, change it at the desk"
    altered = [Refusal(line.file, line.row, "", reason) for _mark, line in rest[: len(left)]]
    new = [
        (f"{key}/{number}~{mark}", line)
        for number, (mark, line) in enumerate(rest[len(left) :], start=len(before) + 1)
    ]
    return new, altered, [f"{key}~{mark}" for mark in left[len(altered) :]]


def _visits(book: str, fresh: Sequence[tuple[str, Line]], taken: frozenset[str]) -> tuple[PlannedVisit, ...]:
    groups: dict[str, list[tuple[str, Line]]] = defaultdict(list)
    for origin, line in fresh:
        # Two rows without a person need not be the same one.
        groups[
            _joined(book, "visit", line.person, line.day.isoformat()) if line.person else f"{origin}/guest"
        ].append((origin, line))
    visits = []
    for stem, lines in groups.items():
        # What is there already may have been changed or paid at the desk: later rows make a booking of their own.
        number = next(n for n in range(1, len(taken) + 2) if f"{stem}/{n}" not in taken)
        lines.sort(key=_order)
        visits.append(PlannedVisit(f"{stem}/{number}", lines[0][1].person, tuple(lines)))
    return tuple(sorted(visits, key=lambda visit: (visit.lines[0][1].day, _order(visit.lines[0]))))


def _order(numbered: tuple[str, Line]) -> tuple[bool, datetime, str, int]:
    _origin, line = numbered
    return line.start is None, line.start or datetime.min, line.file, line.row  # noqa: DTZ901  (wall time)


def _key(book: str, line: Line) -> str:
    if line.record:
        return _joined(book, line.part, "record", line.record)
    return _joined(book, line.part, line.person, line.staff, line.service, line.day.isoformat())


def _key_of(origin: str) -> str:
    return origin.rpartition("~")[0].rpartition("/")[0]


def _joined(*parts: str) -> str:
    return "/".join(quote(part, safe="") for part in parts)


def _print(line: Line) -> str:
    """A short print of what may change in a row without making it another one."""
    content: Mapping[str, object] = {
        "what": line.what if line.record else "",
        "start": line.start,
        "no_show": line.is_no_show,
        "cancelled": (line.cancelled_on, line.cancelled_by),
    }
    return hashlib.sha256(repr(sorted(content.items())).encode()).hexdigest()[:PRINT]
