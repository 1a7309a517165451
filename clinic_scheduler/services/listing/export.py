"""Handing out what is filtered, appointment by appointment, a chunk at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from clinic_scheduler.services import audit, catalogue
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people import persons
from clinic_scheduler.services.sheets import Cell, Sheet

from . import lines
from .asked import Asked
from .lines import Line
from .statements import Key

CHUNK: Final = 1_000
# What each column holds, in their order; the screen names them in the desk's language.
COLUMNS: Final = (
    "reference",
    "patient",
    "phone",
    "email",
    "day",
    "start",
    "end",
    "service",
    "practitioner",
    "room",
    "status",
    "late",
    "reason",
    "price",
    "currency",
    "source",
    "payment",
    "session",
    "booked",
)


@dataclass(frozen=True, slots=True)
class Words:
    """What state words are called; `digits` are those of the currency after the point."""

    status: Mapping[str, str]
    source: Mapping[str, str]
    payment: Mapping[str, str]
    late: str
    digits: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How many appointments a chunk had, and after which the next begins; None when that was all."""

    count: int
    next: Key | None


def write_chunk(
    session: Session,
    *,
    actor: Actor,
    asked: Asked,
    words: Words,
    sheet: Sheet,
    number: int,
    after: Key | None,
) -> Progress:
    """Append the next appointments to the file; done twice, they stand in it once.

    Chunks are read one after the other, so that nobody waits for a long one; what stays as it is meanwhile is in the
    file exactly once.
    """
    found, following = read_chunk(session, actor=actor, asked=asked, after=after)
    clinic = catalogue.clinic(session, actor.clinic_id)
    sheet.put(number, [_cells(line, words, clinic) for line in found])
    return Progress(len(found), following)


def read_chunk(
    session: Session, *, actor: Actor, asked: Asked, after: Key | None, limit: int = CHUNK
) -> tuple[Sequence[Line], Key | None]:
    """Every appointment that is wanted, as the lead of a line of its own; and where the next chunk begins."""
    wanted, _is_cut = lines.question(session, actor, asked)
    rows = lines.walk(session, wanted, after, limit + 1, is_folded=False)
    found = tuple(lines.filled(session, asked.filter, rows[:limit], wanted.clinic))
    return found, rows[limit - 1][0] if len(rows) > limit else None


def note(session: Session, *, actor: Actor, count: int) -> None:
    """Leave in the audit that so many appointments were handed out."""
    audit.record(session, actor, "bookings.exported", "clinic", actor.clinic_id, after={"count": count})


def _cells(line: Line, words: Words, clinic: ClinicFacts) -> list[Cell]:
    visit, part = line.visit, line.lead
    return [
        visit.reference,
        visit.patient,
        persons.shown_phone(visit.phone, clinic.country) if visit.phone else "",
        visit.email,
        part.day,
        part.start.time() if part.start else None,
        part.end.time() if part.end else None,
        part.service,
        part.practitioner,
        part.room,
        words.status[part.status],
        words.late if part.is_late_cancel else "",
        part.status_reason,
        part.price_cents / 10**words.digits,
        clinic.currency,
        words.source[visit.source],
        words.payment[visit.payment_state],
        part.counter,
        visit.created_at.replace(tzinfo=None),
    ]
