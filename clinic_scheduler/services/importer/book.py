"""The book as its files tell it: every row understood, or listed with the reason why not."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from clinic_scheduler.errors import ImportRefused, InvalidInput
from clinic_scheduler.services import localtime

from .lines import Line, LineReader
from .offered import ServiceLine, refusal, services
from .reading import Progress, Refusal, Row, place, rows
from .rules import BookMapping

Listed = Mapping[str, Sequence[Row | Refusal]]


@dataclass(frozen=True, slots=True)
class Book:
    """What was read; `refused` could not be understood. `counts` are the rows of each file."""

    mapping: BookMapping
    services: Mapping[str, ServiceLine]
    lines: tuple[Line, ...]
    refused: tuple[Refusal, ...]
    counts: Mapping[str, int]

    @property
    def rows(self) -> int:
        """The rows that stand for an appointment, understood or not."""
        parts = {
            rules.file for part, rules in self.mapping.files.items() if part in ("bookings", "cancellations")
        }
        return sum(self.counts[file] for file in parts)


def read_book(mapping: BookMapping, source: Path, progress: Progress) -> Book:
    """Read every file of the book in `source`; `progress` hears the bytes read and those in all.

    Raises:
        ImportRefused: a file is missing, or is not what the mapping says.
    """
    listed = _listed(mapping, source, progress)
    if not listed["bookings"]:
        file = mapping.files["bookings"].file
        raise ImportRefused(f"{file}, row 2: there are headings but no rows; check that the export is whole.")
    reader = LineReader(
        mapping, dict(services(mapping, listed.get("services", ()))), localtime.zone(mapping.zone)
    )
    refused: list[Refusal] = []
    bookings, cancellations, no_shows = (
        _lines(reader, listed, part, refused) for part in ("bookings", "cancellations", "no_shows")
    )
    lines = _marked(bookings, no_shows, refused) + cancellations
    counts = {mapping.files[part].file: len(found) for part, found in listed.items()}
    return Book(mapping, reader.services, tuple(lines), tuple(refused), counts)


def _listed(mapping: BookMapping, source: Path, progress: Progress) -> Listed:
    paths = {part: place(source, rules) for part, rules in mapping.files.items()}
    sizes = {part: path.stat().st_size for part, path in paths.items()}
    if len(set(paths.values())) < len(paths):
        raise ImportRefused("Two parts of the mapping name the same file; give each its own.")
    found, before = {}, 0
    for part, path in paths.items():
        telling = _from(before, sum(sizes.values()), progress)
        found[part] = list(rows(path, mapping.files[part], telling))
        before += sizes[part]
    return found


def _from(before: int, total: int, progress: Progress) -> Callable[[int], None]:
    def tell(done: int) -> None:
        progress(before + done, total)

    return tell


def _lines(reader: LineReader, listed: Listed, part: str, refused: list[Refusal]) -> list[Line]:
    """The lines of one part; what cannot be understood goes to `refused`."""
    found = []
    records: dict[str, int] = {}
    for row in listed.get(part, ()):
        if isinstance(row, Refusal):
            refused.append(row)
            continue
        rules = reader.mapping.files[part]
        try:
            line = reader.line(rules, row)
        except InvalidInput as error:
            refused.append(refusal(rules, row, error))
            continue
        first = records.setdefault(line.record, line.row) if line.record else line.row
        if first == line.row:
            found.append(line)
        else:
            reason = f'"{line.record}" stands in row {first} already'
            refused.append(Refusal(line.file, line.row, rules.columns["id"], reason))
    return found


def _marked(bookings: Sequence[Line], no_shows: Iterable[Line], refused: list[Refusal]) -> list[Line]:
    """The bookings, those who did not come marked; a no-show without a booking goes to `refused`."""
    waiting: dict[tuple[str, str, str, date], deque[int]] = defaultdict(deque)
    for index, line in enumerate(bookings):
        waiting[line.what].append(index)
    missed = set()
    for line in no_shows:
        if waiting[line.what]:
            missed.add(waiting[line.what].popleft())
        else:
            reason = "no booking has this person, staff, service and day"
            refused.append(Refusal(line.file, line.row, "", reason))
    return [replace(line, is_no_show=index in missed) for index, line in enumerate(bookings)]
