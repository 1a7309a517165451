"""Files that spreadsheets open: CSV and XLSX, in which no text is ever taken for a formula."""

import csv
import os
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from threading import Lock
from typing import Final, Protocol
from uuid import uuid4

from clinic_scheduler.errors import InvalidInput

MOST_ROWS: Final = 1_048_575  # of a sheet in XLSX, its head aside
LONGEST_CELL: Final = 32_000  # Excel takes 32,767 characters
Cell = str | int | float | date | datetime | time | None
# Where a spreadsheet may begin to read: at the beginning, and after what some countries part cells with.
RISKY: Final = re.compile(r"(^|[;,|\t\r\n\"])(\s*)([=+\-@\uFF0B\uFF0D\uFF1D\uFF20])")
PLAIN: Final = re.compile(r"[+-]?[\d ()./-]*\d")  # a number, also of a telephone
UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)  # XML has no place for them


class Sheet(Protocol):
    """A file in the making; nothing stands under its name before it is finished."""

    def put(self, number: int, rows: Sequence[Sequence[Cell]]) -> None:
        """Append rows; asked again with a number that was put already, it does nothing."""

    def finish(self) -> None:
        """Give the file its name."""

    def drop(self) -> None:
        """Leave nothing behind."""


def sheet(path: Path, title: str, heads: Sequence[str]) -> Sheet:
    """A new file of the kind that its name ends in.

    Raises:
        InvalidInput: it cannot be written there, or is of another kind.
    """
    kinds: dict[str, type[_Csv | _Xlsx]] = {".csv": _Csv, ".xlsx": _Xlsx}
    if path.suffix.lower() not in kinds:
        raise InvalidInput("Please let the name of the file end in .csv or .xlsx.", "path")
    draft = path.with_name(f".{path.stem[:60]}-{uuid4().hex[:8]}{path.suffix}")
    try:
        draft.open("wb").close()
    except OSError as error:
        raise _unwritable(path) from error
    return kinds[path.suffix.lower()](path, draft, title, heads)


def harmless(text: str) -> str:
    """The text as a spreadsheet may read it from CSV: what would begin a formula has an apostrophe before it."""
    return text if PLAIN.fullmatch(text) else RISKY.sub(r"\1\2'\3", text)


def _unwritable(path: Path) -> InvalidInput:
    return InvalidInput(f"{path.name} cannot be written there. Choose another folder or name.", "path")


class _File:
    """What both kinds have in common."""

    def __init__(self, path: Path, draft: Path) -> None:
        self._path, self._draft, self._next = path, draft, 0
        self._is_dropped = False
        self._turn = Lock()  # whoever stops it sits at another thread than who writes

    def _is_new(self, number: int) -> bool:
        is_new = number == self._next and not self._is_dropped
        self._next += is_new
        return is_new

    def _name_it(self) -> None:
        try:
            os.replace(self._draft, self._path)  # noqa: PTH105 - as one step, over a file of that name too
        except OSError as error:
            self._draft.unlink(missing_ok=True)
            raise _unwritable(self._path) from error


class _Csv(_File):
    """Comma-separated, in UTF-8 with the mark by which Excel knows it (RFC 4180)."""

    def __init__(self, path: Path, draft: Path, _title: str, heads: Sequence[str]) -> None:
        super().__init__(path, draft)
        self._stream = draft.open("w", encoding="utf-8-sig", newline="", errors="replace")
        self._writer = csv.writer(self._stream)
        self._writer.writerow([harmless(head) for head in heads])

    def put(self, number: int, rows: Sequence[Sequence[Cell]]) -> None:
        with self._turn:
            if self._is_new(number):
                self._writer.writerows([[_as_text(cell) for cell in row] for row in rows])

    def finish(self) -> None:
        with self._turn:
            if not self._is_dropped:
                self._stream.close()
                self._name_it()

    def drop(self) -> None:
        with self._turn:
            self._is_dropped = True
            self._stream.close()
            self._draft.unlink(missing_ok=True)


def _as_text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, str):
        return harmless(cell.replace("\0", ""))
    return "" if cell is None else str(cell)


class _Xlsx(_File):
    """A workbook of one sheet; texts are written as texts, whatever they look like."""

    def __init__(self, path: Path, draft: Path, title: str, heads: Sequence[str]) -> None:
        # Nobody who exports nothing waits for it.
        import xlsxwriter  # noqa: PLC0415

        super().__init__(path, draft)
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(draft), options)
        self._sheet = self._book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31])
        self._formats = {
            kind: self._book.add_format({"num_format": shown})
            for kind, shown in ((datetime, "yyyy-mm-dd hh:mm"), (date, "yyyy-mm-dd"), (time, "hh:mm"))
        }
        bold = self._book.add_format({"bold": True})
        for column, head in enumerate(heads):
            self._sheet.write_string(0, column, head, bold)
            self._sheet.set_column(column, column, max(10, min(30, len(head) + 4)))
        self._sheet.freeze_panes(1, 0)
        self._rows = 0

    def put(self, number: int, rows: Sequence[Sequence[Cell]]) -> None:
        if self._rows + len(rows) > MOST_ROWS:
            raise InvalidInput(
                "So many lines fit no workbook; export them as CSV, or choose fewer days.", "path"
            )
        with self._turn:
            for row in rows if self._is_new(number) else ():
                self._rows += 1
                for column, cell in enumerate(row):
                    self._write(column, cell)

    def _write(self, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            self._sheet.write_string(self._rows, column, UNSEEN.sub("", cell)[:LONGEST_CELL])
        elif isinstance(cell, datetime | date | time):
            kind = next(kind for kind in self._formats if isinstance(cell, kind))
            self._sheet.write_datetime(self._rows, column, cell, self._formats[kind])
        elif cell is not None:
            self._sheet.write_number(self._rows, column, cell)

    def finish(self) -> None:
        with self._turn:
            if not self._is_dropped:
                self._book.close()
                self._name_it()

    def drop(self) -> None:
        with self._turn:
            if not self._is_dropped:
                self._is_dropped = True
                self._book.close()
                self._draft.unlink(missing_ok=True)
