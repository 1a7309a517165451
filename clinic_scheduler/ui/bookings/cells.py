"""What each cell of the list says, and what a whole row says to who listens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt

from clinic_scheduler.services.listing.courses import PlannedSession
from clinic_scheduler.services.listing.lines import Line, Part
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.calendar.typeset import one_line

from .rows import DayRow, LineRow, PartRow, Row

translate = QCoreApplication.translate
START: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
END: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the program and its width at first; `order` is what a click on its head sorts by."""

    name: str
    width: int
    order: str = ""


COLUMNS: Final = (
    Column("when", 216, "start"),
    Column("patient", 172, "patient"),
    Column("service", 172),
    Column("practitioner", 124),
    Column("room", 96),
    Column("status", 124),
    Column("course", 72),
    Column("total", 84),
    Column("payment", 104),
    Column("source", 104),
    Column("reference", 100),
    Column("booked", 140, "created"),
)
TIME_WIDTH: Final = 152
NUMBERS: Final = frozenset({"total"})


def head(name: str) -> str:
    """What a column is called."""
    words = {
        "when": translate("bookings", "When"),
        "patient": translate("bookings", "Patient"),
        "service": translate("bookings", "Service"),
        "practitioner": translate("bookings", "With"),
        "room": translate("bookings", "Room"),
        "status": translate("bookings", "Status"),
        "course": translate("bookings", "Course"),
        "total": translate("bookings", "Total"),
        "payment": translate("bookings", "Payment"),
        "source": translate("bookings", "Source"),
        "reference": translate("bookings", "Reference"),
        "booked": translate("bookings", "Booked"),
    }
    return words[name]


def text(row: Row, name: str, currency: str, *, by_day: bool) -> str:
    """What a cell says."""
    if isinstance(row, DayRow):
        return texts.long_date(row.day, with_year=True) if name == "when" else ""
    if isinstance(row, LineRow):
        return _of_line(row.line, name, currency, by_day=by_day)
    if isinstance(row, PartRow):
        return _of_part(row, name, currency)
    return _of_session(row.session, name)


def spoken(row: Row, currency: str) -> str:
    """The whole row as one sentence."""
    if isinstance(row, DayRow):
        return texts.long_date(row.day, with_year=True)
    names = ("when", "patient", "service", "practitioner", "status", "course", "payment", "reference")
    said = ", ".join(part for name in names if (part := text(row, name, currency, by_day=False)))
    if isinstance(row, LineRow) and row.can_open:
        state = translate("bookings", "unfolded") if row.is_open else translate("bookings", "folded")
        return f"{said}, {state}"
    return said


def _of_line(line: Line, name: str, currency: str, *, by_day: bool) -> str:
    if name == "when":
        return when(line.lead, by_day=by_day)
    if name == "total":
        return texts.money(line.visit.total_cents, currency)
    return one_line(_LINE[name](line))


def _booked(line: Line) -> str:
    at = line.visit.created_at
    return f"{texts.short_date(at.date())} {at:%H:%M}"


# One by one: a cell is painted often, and the locale takes its time.
_LINE: Final[Mapping[str, Callable[[Line], str]]] = MappingProxyType(
    {
        "patient": lambda line: line.visit.patient,
        "service": lambda line: ", ".join(dict.fromkeys(part.service for part in line.parts)),
        "practitioner": lambda line: ", ".join(dict.fromkeys(part.practitioner for part in line.parts)),
        "room": lambda line: ", ".join(dict.fromkeys(part.room for part in line.parts if part.room)),
        "status": lambda line: status(line.lead),
        "course": lambda line: line.lead.counter,
        "payment": lambda line: texts.payment_word(line.visit.payment_state),
        "source": lambda line: texts.source_word(line.visit.source),
        "reference": lambda line: line.visit.reference,
        "booked": _booked,
    }
)


def _of_part(row: PartRow, name: str, currency: str) -> str:
    part = row.part
    known = {
        "when": when(part, by_day=part.day == row.line.lead.day),
        "service": part.service,
        "practitioner": part.practitioner,
        "room": part.room,
        "status": status(part),
        "course": part.counter,
        "total": texts.money(part.price_cents, currency),
    }
    return one_line(known.get(name, ""))


def _of_session(session: PlannedSession, name: str) -> str:
    if name == "when":
        if session.day is None:
            return translate("bookings", "no day yet")
        words = texts.short_date(session.day)
        return words if session.appointment_id else translate("bookings", "due {day}").format(day=words)
    if name == "service":
        title = translate("bookings", "Session {number}").format(number=session.number)
        return one_line(f"{title} · {session.name}" if session.name else title)
    return session_word(session.state) if name == "status" else ""


def when(part: Part, *, by_day: bool) -> str:
    """Day and time of an appointment, the time alone below its day."""
    if part.start is None or part.end is None:
        return translate("bookings", "{day}, time unknown").format(day=texts.short_date(part.day))
    time = f"{part.start:%H:%M}\N{EN DASH}{part.end:%H:%M}"
    return time if by_day else f"{texts.short_date(part.day)}  {time}"


def status(part: Part) -> str:
    """The status in a word; a cancellation says when it came late."""
    word = texts.status_word(part.status)
    return translate("bookings", "{status}, late").format(status=word) if part.is_late_cancel else word


def session_word(state: str) -> str:
    """Where a session of a course stands."""
    words = {
        "planned": translate("bookings", "Planned"),
        "due": translate("bookings", "Due"),
        "booked": translate("bookings", "Booked"),
        "completed": translate("bookings", "Completed"),
        "missed": translate("bookings", "Missed"),
        "skipped": translate("bookings", "Skipped"),
        "cancelled": translate("bookings", "Cancelled"),
    }
    return words[state]
