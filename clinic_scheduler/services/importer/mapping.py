"""The mapping: a TOML file that says how a clinic's old book is to be read."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from clinic_scheduler.db.states import AppointmentStatus
from clinic_scheduler.errors import ImportRefused, InvalidInput
from clinic_scheduler.services import localtime, setup
from clinic_scheduler.services.setup import Hours

from .patterns import Pattern, pattern
from .rules import PARTS, BookMapping, Durations, FileRules, Policy, StaffRules
from .toml_table import Table

LONGEST_MAPPING = 1_000_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BOOK_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
OPENING = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})")
LONGEST_SERVICE = 1440


def load_mapping(path: Path) -> BookMapping:
    """Read and check a mapping.

    Raises:
        ImportRefused: with the file, the place in it and what to write there.
    """
    root = Table(path.name, "", _toml(path))
    book = root.text("book")
    if not BOOK_NAME.fullmatch(book):
        root.refuse("use up to 40 small letters, digits and hyphens, such as salon.", "book")
    clinic, reading, policy = root.table("clinic"), root.table("reading"), root.table("policy")
    mapping = BookMapping(
        book=book,
        clinic_name=clinic.text("name"),
        zone=_zone(clinic),
        country=clinic.text("country").upper(),
        currency=clinic.choice("currency", sorted(setup.CURRENCIES)),
        files=_files(root.table("files"), reading),
        staff=_staff(root.table("staff")),
        durations=_durations(root.table("durations")),
        policy=_policy(policy),
    )
    for table in (clinic, reading, root):
        table.done()
    _agree(root, mapping)
    return mapping


def _toml(path: Path) -> dict[str, object]:
    try:
        if not path.is_file():
            raise ImportRefused(f"There is no mapping file {path}; check the path.")
        if path.stat().st_size > LONGEST_MAPPING:
            raise ImportRefused(f"{path.name} is too large for a mapping; is it the right file?")
        return tomllib.loads(path.read_text("utf-8"))
    except OSError:
        raise ImportRefused(f"The file {path} cannot be read; check its permissions.") from None
    except UnicodeDecodeError:
        raise ImportRefused(f"{path.name} is not UTF-8; save it in that encoding.") from None
    except tomllib.TOMLDecodeError as error:
        raise ImportRefused(f"{path.name} is no valid TOML: {error}.") from None


def _zone(clinic: Table) -> str:
    name = clinic.text("zone")
    try:
        localtime.zone(name)
    except InvalidInput as error:
        clinic.refuse(str(error), "zone")
    return name


def _files(files: Table, reading: Table) -> dict[str, FileRules]:
    defaults = _Defaults(
        _encoding(reading, "utf-8"),
        _delimiter(reading, ","),
        reading.text("date", "%Y-%m-%d"),
        reading.text("time", "%H:%M"),
    )
    found = {part: _file(files.table(part), part, defaults) for part in PARTS if files.has(part)}
    files.asked.update(PARTS)
    files.done()
    if "bookings" not in found:
        files.refuse("name the file with the bookings under [files.bookings].")
    return found


@dataclass(frozen=True, slots=True)
class _Defaults:
    encoding: str
    delimiter: str
    date: str
    time: str


def _file(table: Table, part: str, defaults: _Defaults) -> FileRules:
    needed, allowed = PARTS[part]
    columns = table.table("columns")
    headings = {key: columns.text(key) for key in needed}
    headings |= {key: columns.text(key) for key in allowed if columns.has(key)}
    columns.asked.update(allowed)
    columns.done()
    day = _pattern(table, "date", defaults.date)
    hour = _pattern(table, "time", defaults.time)
    if not day.tells_day:
        table.refuse("a date needs %d, %m and %Y.", "date")
    if not hour.tells_time:
        table.refuse("a time needs %H and %M, or %I, %M and %p.", "time")
    rules = FileRules(
        part,
        table.text("file"),
        headings,
        _encoding(table, defaults.encoding),
        _delimiter(table, defaults.delimiter),
        day,
        hour,
    )
    table.done()
    return rules


def _pattern(table: Table, key: str, default: str) -> Pattern:
    try:
        return pattern(table.text(key, default))
    except InvalidInput as error:
        table.refuse(f"{error}.", key)


def _encoding(table: Table, default: str) -> str:
    name = table.text("encoding", default)
    try:
        # Lines are cut before they are decoded, so the end of a line must be what it is in ASCII.
        is_usable = "a,b\n".encode(name) == b"a,b\n"
    except (LookupError, ValueError):
        is_usable = False
    if not is_usable:
        table.refuse(f'"{name}" cannot be read; use utf-8, windows-1252 or another like them.', "encoding")
    return name


def _delimiter(table: Table, default: str) -> str:
    # A tab is blank to Table.text.
    if table.values.get("delimiter") == "\t":
        table.asked.add("delimiter")
        return "\t"
    return table.choice("delimiter", (",", ";", "|"), default) if default != "\t" else "\t"


def _staff(table: Table) -> dict[str, StaffRules]:
    found = {}
    for index, code in enumerate(table.values):
        person = table.table(code)
        found[code.strip()] = StaffRules(
            code.strip(),
            person.text("name", code.strip()),
            person.text("role", ""),
            person.whole("hue", 0, 11, index % 12),
            _hours(person.table("hours")),
        )
        person.done()
    return found


def _hours(table: Table) -> tuple[Hours, ...]:
    found = []
    for weekday, key in enumerate(WEEKDAYS):
        if table.has(key):
            for opening in table.text(key).split(","):
                start, end = _opening(table, key, opening)
                found.append(Hours(weekday, start, end))
    table.asked.update(WEEKDAYS)
    table.done()
    return tuple(found)


def _opening(table: Table, key: str, text: str) -> tuple[int, int]:
    found = OPENING.fullmatch(text.strip())
    start, end = (int(found[i]) * 60 + int(found[i + 1]) for i in (1, 3)) if found else (0, 0)
    if not found or not start < end <= 1440 or int(found[2]) > 59 or int(found[4]) > 59:
        table.refuse(f'"{text.strip()}" is no opening; write it as "10:00-19:30".', key)
    return start, end


def _durations(table: Table) -> Durations:
    services, categories = table.table("services"), table.table("categories")
    found = Durations(
        {code.strip(): services.whole(code, 1, LONGEST_SERVICE) for code in services.values},
        {name.strip(): categories.whole(name, 1, LONGEST_SERVICE) for name in categories.values},
        table.whole("default", 1, LONGEST_SERVICE) if table.has("default") else None,
    )
    table.asked.add("default")
    table.done()
    return found


def _policy(table: Table) -> Policy:
    found = Policy(
        table.choice("unknown_staff", ("refuse", "add"), "refuse") == "add",
        table.choice("unknown_service", ("refuse", "add"), "refuse") == "add",
        table.choice("bad_rows", ("stop", "skip"), "stop") == "skip",
        table.choice(
            "past_status",
            (AppointmentStatus.COMPLETED, AppointmentStatus.CONFIRMED),
            AppointmentStatus.COMPLETED,
        ),
    )
    table.done()
    return found


def _agree(root: Table, mapping: BookMapping) -> None:
    """Refuse what is right by itself but not together."""
    if not mapping.staff and not mapping.policy.adds_staff:
        root.refuse('name the staff under [staff], or write unknown_staff = "add" under [policy].', "staff")
    if mapping.policy.adds_services and mapping.durations.default is None:
        root.refuse(
            'unknown_service = "add" needs a duration for such services; add default to [durations].',
            "policy",
        )
    if len(mapping.country) != 2 or not mapping.country.isalpha():
        root.refuse("a country is given by its two letters, such as CA.", "clinic.country")
