"""Which bookings somebody means who types a name, a number, an address or a reference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.types import Ids, among
from clinic_scheduler.services import references
from clinic_scheduler.services.people import patients, persons

from .asked import LONGEST_TEXT

MOST_PEOPLE, MOST_BOOKINGS = 300, 5_000
SHORTEST_REFERENCE = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Bookings; `is_cut` where so many were meant that some are missing."""

    booking_ids: tuple[UUID, ...]
    is_cut: bool


def bookings(session: Session, clinic_id: UUID, text: str) -> Found:
    """The bookings of people on record and of guests who are meant, and those of that reference."""
    text = "".join(c if c.isprintable() else " " for c in text[:LONGEST_TEXT])
    people = patients.search(session, clinic_id=clinic_id, text=text, limit=MOST_PEOPLE)
    found: dict[UUID, None] = {}
    for wanted in _queries(clinic_id, text, [one.id for one in people]):
        found |= dict.fromkeys(session.scalars(wanted.limit(MOST_BOOKINGS + 1)))
    is_cut = len(people) == MOST_PEOPLE or len(found) > MOST_BOOKINGS
    return Found(tuple(found)[:MOST_BOOKINGS], is_cut)


def _queries(clinic_id: UUID, text: str, people: Sequence[UUID]) -> Iterator[Select[UUID]]:
    b = t.Booking
    mine = select(b.id).where(b.clinic_id == clinic_id)
    beginning = _reference(text)
    if beginning:
        # Bounded from both sides, an index helps in any order of letters; the rest is looked at.
        bounds = b.reference >= beginning, b.reference <= beginning + "z"
        # Else SQLite would begin with all of the clinic.
        is_here = func.coalesce(b.clinic_id, b.clinic_id) == clinic_id
        yield select(b.id).where(is_here, *bounds, b.reference.startswith(beginning, autoescape=True))
    if people:
        # The people are of this clinic; asked for it once more, SQLite would read all its bookings.
        yield select(b.id).where(among(b.patient_id, bindparam("people", list(people), Ids())))
    words = [word for word in text.split() if persons.folded(word)]
    if words:
        yield mine.where(b.patient_id.is_(None), and_(*map(_guest_has, words)))


def _guest_has(word: str) -> ColumnElement[bool]:
    b = t.Booking
    digits = "".join(c for c in word if c.isdigit())
    is_number = digits and not any(c.isalpha() for c in word)
    phone = [b.guest_phone.contains(digits.removeprefix("00").removeprefix("0"))] if is_number else []
    # SQLite lowers no letter but those of ASCII: the others are looked for as names are written, too.
    forms = (word.casefold(), persons.folded(word), word, word.title(), word.upper())
    letters = dict.fromkeys(form.lower() if form.isascii() else form for form in forms)
    return or_(
        *phone,
        *(
            func.lower(column).contains(form, autoescape=True)
            for column in (b.guest_name, b.guest_email)
            for form in letters
        ),
    )


def _reference(text: str) -> str:
    """The beginning of a reference as it is stored, where the text may be one."""
    signs = "".join(c for c in text.upper() if c.isalnum())
    if not SHORTEST_REFERENCE <= len(signs) <= references.LENGTH + 1:
        return ""
    if len(text.split()) > 2 or any(c not in references.ALPHABET for c in signs):
        return ""
    return signs[:4] + (f"-{signs[4:]}" if len(signs) > 4 else "")
