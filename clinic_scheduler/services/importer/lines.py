"""One row of a book, understood as an appointment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import localtime
from clinic_scheduler.services.people import persons

from .offered import ServiceLine, unlisted
from .patterns import Pattern
from .reading import Row
from .rules import BookMapping, FileRules

LONGEST_CODE = 100
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Line:
    """An appointment of the book. `start` is wall time; `person` is empty where the book names nobody.

    Phone and e-mail are as written. `record` is the book's own number of it, where it has one.
    """

    part: str
    file: str
    row: int
    person: str
    staff: str
    service: str
    day: date
    start: datetime | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    record: str = ""
    is_no_show: bool = False
    cancelled_on: date | None = None
    cancelled_by: str = ""

    @property
    def is_cancelled(self) -> bool:
        """Whether it stands among the cancellations."""
        return self.part == "cancellations"

    @property
    def what(self) -> tuple[str, str, str, date]:
        """What no-shows and cancellations have in common with their booking, for they carry no time."""
        return self.person, self.staff, self.service, self.day


@dataclass(frozen=True, slots=True)
class LineReader:
    """Turns rows into lines; `services` grows by those that the mapping lets be added."""

    mapping: BookMapping
    services: dict[str, ServiceLine]
    where: ZoneInfo

    def line(self, rules: FileRules, row: Row) -> Line:
        """The row as an appointment.

        Raises:
            InvalidInput: with the reason; `field` is what the mapping calls the column.
        """
        values = row.values
        day = _day(rules.date, values["date"], "date")
        person = _code(values["person"], "person")
        return Line(
            rules.part,
            row.file,
            row.number,
            person,
            self._staff(values["staff"]),
            self._service(values["service"]),
            day,
            self._start(day, rules.time, values),
            persons.clean_name(values["name"], field="name") if values.get("name") else _named(person),
            values.get("phone", ""),
            values.get("email", ""),
            _code(values.get("id", ""), "id"),
            cancelled_on=_day(rules.date, values["cancelled_on"], "cancelled_on")
            if values.get("cancelled_on")
            else None,
            cancelled_by=_code(values.get("cancelled_by", ""), "cancelled_by"),
        )

    def _staff(self, code: str) -> str:
        if not code:
            raise InvalidInput("the member of staff is missing", "staff")
        if code not in self.mapping.staff and not self.mapping.policy.adds_staff:
            raise InvalidInput(
                f'"{code[:40]}" is not among the staff of the mapping; add [staff.{code[:40]}]', "staff"
            )
        return _named(_code(code, "staff"), "staff")

    def _service(self, code: str) -> str:
        if not code:
            raise InvalidInput("the service is missing", "service")
        if code not in self.services:
            self.services[code] = unlisted(self.mapping, _code(code, "service"))
        return code

    def _start(self, day: date, pattern: Pattern, values: Mapping[str, str]) -> datetime | None:
        if "time" not in values:
            return None
        try:
            wall = datetime.combine(day, pattern.time(values["time"]))
        except InvalidInput as error:
            raise InvalidInput(str(error), "time") from None
        if not localtime.exists(wall, self.where):
            raise InvalidInput(f"the clocks went forward that day, {wall:%H:%M} did not happen", "time")
        if localtime.is_ambiguous(wall, self.where):
            raise InvalidInput(f"the clocks went back that day, {wall:%H:%M} happened twice", "time")
        return wall


def _day(pattern: Pattern, text: str, field: str) -> date:
    try:
        day = pattern.day(text)
    except InvalidInput as error:
        raise InvalidInput(str(error), field) from None
    if not EARLIEST <= day < LATEST:
        raise InvalidInput(f"the year {day.year} cannot be right", field)
    return day


def _code(text: str, field: str) -> str:
    if len(text) > LONGEST_CODE:
        raise InvalidInput(f"there are more than {LONGEST_CODE} characters", field)
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in text):
        raise InvalidInput("there are characters that cannot be printed", field)
    return text


def _named(code: str, field: str = "person") -> str:
    """A code that has to serve as a name; nobody's stays empty."""
    return persons.clean_name(code, field=field) if code else ""
