"""What an import did, for the screen and for a JSON file."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from clinic_scheduler.errors import ImportRefused

from .reading import Refusal

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Overlap:
    """A row kept although the book overlaps there; `with_rows` are file and row of the others."""

    file: str
    row: int
    with_rows: tuple[tuple[str, int], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The figures of one import; what it created counts, not what was there.

    `rows` are those of bookings and cancellations: imported, already there, changed since, or refused. `gone` are
    appointments of an earlier import whose row left the book; `made_again` counts cancelled services that stand among
    the bookings of the same day too.
    """

    book: str
    clinic: str
    is_dry_run: bool
    rows: int
    imported: int = 0
    already: int = 0
    refused: tuple[Refusal, ...] = ()
    changed: tuple[Refusal, ...] = ()
    dropped: tuple[Refusal, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    patients: int = 0
    guests: int = 0
    practitioners: int = 0
    services: int = 0
    bookings: int = 0
    appointments: int = 0
    no_shows: int = 0
    cancelled: int = 0
    made_again: int = 0
    gone: int = 0
    files: Mapping[str, int] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What happened, in one line."""
        verb = "would be imported" if self.is_dry_run else "imported"
        return (
            f"{self.imported} of {self.rows} rows {verb}: {self.bookings} bookings with {self.appointments}"
            f" appointments, {self.patients} patients, {self.no_shows} no-shows, {self.cancelled} cancelled,"
            f" {len(self.overlaps)} overlaps accepted; {self.already} there already, {len(self.changed)} changed"
            f" since, {len(self.refused)} refused."
        )


class RowsRefused(ImportRefused):
    """Rows could not be understood, and the mapping does not let them be skipped; nothing was imported."""

    def __init__(self, report: ImportReport) -> None:
        named = "; ".join(str(refusal) for refusal in report.refused[:MOST_NAMED])
        more = len(report.refused) - MOST_NAMED
        rest = f"; and {more} more" if more > 0 else ""
        super().__init__(
            f"{named}{rest}. Nothing was imported; correct the file,"
            ' or write bad_rows = "skip" under [policy] in the mapping.'
        )
        self.report = report


def check_report_path(path: Path) -> None:
    """Refuse a place where no report can be written, before anything is imported; leaves an empty file.

    Raises:
        ImportRefused: with the path.
    """
    try:
        path.touch(mode=0o600)
        with path.open("a", encoding="utf-8"):
            pass
    except OSError:
        raise ImportRefused(f"The report {path} cannot be written; choose another place.") from None


def write_report(report: ImportReport, path: Path) -> None:
    """Write the report as JSON; it names rows and codes, so it is readable by its owner only.

    Raises:
        ImportRefused: the file cannot be written.
    """
    text = json.dumps(asdict(report), indent=2, ensure_ascii=False) + "\n"
    try:
        path.touch(mode=0o600)
        path.write_text(text, "utf-8")
    except OSError:
        raise ImportRefused(f"The report {path} cannot be written; the import itself is done.") from None
