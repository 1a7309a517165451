"""Reading CSV files row by row: bounded in memory, and exact about where something is wrong."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn

from clinic_scheduler.errors import ImportRefused

from .rules import FileRules

LONGEST_LINE = 65_536
MOST_ROWS = 500_000
STEP = 65_536  # bytes between two words of progress
UTF_8_MARK = b"\xef\xbb\xbf"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that could not be understood; rows count as a spreadsheet does, the headings are row 1."""

    file: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        column = f', column "{self.column}"' if self.column else ""
        return f"{self.file}, row {self.row}{column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `values` by what the mapping calls them, without blanks around."""

    file: str
    number: int
    values: dict[str, str]


def place(source: Path, rules: FileRules) -> Path:
    """The file to read, which must lie in the source folder.

    Raises:
        ImportRefused: it is missing or lies elsewhere.
    """
    folder = source.resolve()
    if not folder.is_dir():
        raise ImportRefused(f"There is no folder {source}; check the path.")
    path = (folder / rules.file).resolve()
    if not path.is_relative_to(folder):
        raise ImportRefused(f"{rules.file} lies outside the source folder; put the file into {source}.")
    if not path.is_file():
        raise ImportRefused(f"There is no file {rules.file} in {source}; check its name in the mapping.")
    return path


def rows(path: Path, rules: FileRules, progress: Callable[[int], None]) -> Iterator[Row | Refusal]:
    """Yield every row that is not blank; `progress` hears how many bytes were read.

    Raises:
        ImportRefused: the file itself cannot be read as the mapping says.
    """
    try:
        with path.open("rb") as file:
            yield from _Reader(file, rules, progress).rows()
    except OSError:
        raise ImportRefused(f"The file {path} cannot be read; check its permissions.") from None


class _Reader:
    """The state of reading one file: which row it is at, and what the headings are."""

    def __init__(self, file: BinaryIO, rules: FileRules, progress: Callable[[int], None]) -> None:
        self._file, self._rules, self._progress = file, rules, progress
        self._number = 1
        self._headings: Sequence[str] = ()
        self._read = 0

    def rows(self) -> Iterator[Row | Refusal]:
        """Yield the rows below the headings."""
        reader = csv.reader(self._lines(), delimiter=self._rules.delimiter, strict=True)
        try:
            self._headings = [heading.strip() for heading in next(reader, [])]
            where = self._columns()
            for cells in reader:
                self._number += 1
                if self._number > MOST_ROWS:
                    self._refuse(f"there are more than {MOST_ROWS} rows; split the file")
                if any(cell.strip() for cell in cells):
                    yield self._row(cells, where)
        except csv.Error as error:
            self._refuse_next(b"", f"the row cannot be taken apart ({error}); check its quotation marks")

    def _row(self, cells: Sequence[str], where: dict[str, int]) -> Row | Refusal:
        width = len(self._headings)
        if len(cells) < width or any(cell.strip() for cell in cells[width:]):
            reason = f"the row has {len(cells)} values, the headings are {width}"
            return Refusal(self._rules.file, self._number, "", reason)
        return Row(
            self._rules.file, self._number, {key: cells[index].strip() for key, index in where.items()}
        )

    def _columns(self) -> dict[str, int]:
        if not any(self._headings):
            self._refuse("the file is empty; export it again")
        where = {}
        for key, heading in self._rules.columns.items():
            count = self._headings.count(heading)
            if count != 1:
                self._refuse_heading(heading, count)
            where[key] = self._headings.index(heading)
        return where

    def _refuse_heading(self, heading: str, count: int) -> NoReturn:
        if count > 1:
            self._refuse(f'two columns are called "{heading}"; rename one of them')
        others = [sign for sign in (",", ";", "|", "\t") if sign in self._headings[0]]
        if len(self._headings) == 1 and others:
            sign = "\\t" if others[0] == "\t" else others[0]
            self._refuse(f'the values stand apart by "{sign}"; write delimiter = "{sign}" in the mapping')
        there = ", ".join(self._headings)[:300]
        self._refuse(
            f'there is no column "{heading}", the file has {there};'
            f" name the right one under [files.{self._rules.part}.columns]"
        )

    def _lines(self) -> Iterator[str]:
        """Yield the lines as text; never more than one line of bounded length is in memory."""
        is_first, told = True, 0
        while raw := self._file.readline(LONGEST_LINE + 1):
            self._read += len(raw)
            if is_first:
                raw = self._unmarked(raw)
                is_first = False
            if self._read - told >= STEP:
                told = self._read
                self._progress(told)
            self._check(raw)
            yield self._decoded(raw)
        self._progress(self._read)

    def _unmarked(self, raw: bytes) -> bytes:
        if raw.startswith(UTF_16_MARKS):
            self._refuse("the file is UTF-16; save it as CSV in UTF-8")
        if not raw.startswith(UTF_8_MARK):
            return raw
        if self._rules.encoding.lower() not in {"utf-8", "utf8", "utf-8-sig"}:
            self._refuse(f'the file is UTF-8; take encoding = "{self._rules.encoding}" out of the mapping')
        return raw.removeprefix(UTF_8_MARK)

    def _check(self, raw: bytes) -> None:
        if len(raw) > LONGEST_LINE:
            self._refuse_next(raw[:-1], f"the line is longer than {LONGEST_LINE} characters; cut it")
        if b"\0" in raw:
            self._refuse_next(
                raw[: raw.index(b"\0")], "there is a zero byte, so this is no text; export the file again"
            )

    def _decoded(self, raw: bytes) -> str:
        try:
            return raw.decode(self._rules.encoding)
        except UnicodeDecodeError as error:
            reason = f"the text is not {self._rules.encoding}; save the file as UTF-8"
            if error.encoding.lower().replace("_", "-") == "utf-8":
                reason += f', or write encoding = "windows-1252" under [files.{self._rules.part}]'
            self._refuse_next(raw[: error.start + 1], reason)

    def _refuse_next(self, before: bytes, reason: str) -> NoReturn:
        """Refuse the row being read, in the column where `before` ends."""
        text = before.decode("latin-1").replace("\r", " ")
        cells = next(csv.reader([text], delimiter=self._rules.delimiter), [])
        if self._headings:
            self._number += 1
        at = len(cells) - 1
        self._refuse(reason, self._headings[at] if 0 <= at < len(self._headings) else "")

    def _refuse(self, reason: str, column: str = "") -> NoReturn:
        raise ImportRefused(f"{Refusal(self._rules.file, self._number, column, reason)}.")
