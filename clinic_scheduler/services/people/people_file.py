"""A file of people as a spreadsheet writes it: its encoding, its separator, which column means what."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clinic_scheduler.errors import ImportRefused
from clinic_scheduler.services.people import persons

LARGEST = 32 * 1024 * 1024
MOST_ROWS = 20_000
LONGEST_CELL = 20_000
SEPARATORS = (";", ",", "\t")
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

# What a column may be called, in folded letters; a name may stand in one column or two.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "full name", "patient", "patient name", "client", "client name"),
    "first_name": ("first name", "given name", "forename", "vorname", "prenom", "nombre"),
    "last_name": ("last name", "surname", "family name", "nachname", "familienname", "nom", "apellidos"),
    "phone": ("phone", "telephone", "tel", "mobile", "mobile phone", "phone number", "telefon", "handy"),
    "email": ("email", "e-mail", "mail", "email address", "e-mail address"),
    "birth_date": ("birth date", "date of birth", "dob", "birthday", "birthdate", "born", "geburtsdatum"),
    "code": ("code", "patient number", "patient no", "patient id", "number", "no", "id", "nr", "nummer"),
    "notes": ("notes", "note", "comment", "comments", "remarks", "notizen", "bemerkung"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One person's line; `line` counts as an editor does, the headings stand in line 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file taken apart; `encoding` and `separator` are what it was read with."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    separator: str


def read(data: bytes) -> Sheet:
    """The file in rows; blank ones are left out.

    Raises:
        ImportRefused: it is no such file; names the line where it can.
    """
    if len(data) > LARGEST:
        raise ImportRefused(f"The file is larger than {LARGEST // 1024 // 1024} MB; split it.")
    text, encoding = _decoded(data)
    if "\0" in text:
        raise ImportRefused("The file holds zero bytes, so it is no text; save it as CSV and try again.")
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    headings: tuple[str, ...] = ()
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            values = tuple(cell.strip() for cell in cells)
            if any(values):
                if not headings:
                    headings = values
                else:
                    rows.append(Row(line, values))
            line = reader.line_num + 1
            if len(rows) > MOST_ROWS:
                raise ImportRefused(f"The file has more than {MOST_ROWS} people; split it.")
    except csv.Error:
        raise ImportRefused(
            f"Line {max(line, reader.line_num)} cannot be taken apart; check its quotation marks."
        ) from None
    if not rows:
        raise ImportRefused("The file names nobody; it needs a line of headings and a line for each person.")
    return Sheet(headings, tuple(rows), encoding, separator)


def guess(headings: Sequence[str]) -> dict[str, int]:
    """Which column each field is probably in, by its heading; the first that fits."""
    found: dict[str, int] = {}
    for number, heading in enumerate(headings):
        words = persons.folded(heading.replace("_", " ")).rstrip(".:")
        for field, names in HEADINGS.items():
            if words in names and field not in found:
                found[field] = number
    if "name" in found:  # "Name, First name" is a family name and a given one
        if "first_name" in found and "last_name" not in found:
            found["last_name"] = found.pop("name")
        else:
            found.pop("first_name", None)
            found.pop("last_name", None)
    return found


def _decoded(data: bytes) -> tuple[str, str]:
    marked = next((name for mark, name in MARKS.items() if data.startswith(mark)), "")
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
    raise ImportRefused(f"Line {line} holds signs that are no letters; save the file as CSV in UTF-8.")


def _separator(text: str) -> str:
    """What stands most often in the first line with anything in it."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=first.count)
