"""The people of a book: found by their code, or put on record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people import patients, persons
from clinic_scheduler.services.people.patients import PatientLine

from .lines import Line
from .reading import Refusal


@dataclass(frozen=True, slots=True)
class People:
    """Ids by code; `dropped` tells of phones and addresses that cannot exist and were left out."""

    ids: Mapping[str, UUID]
    new: frozenset[UUID]
    dropped: tuple[Refusal, ...]


@dataclass(slots=True)
class Contact:
    """What the rows of one person say, the first that says something."""

    name: str = ""
    phone: str = ""
    email: str = ""


def people(session: Session, clinic: ClinicFacts, lines: Iterable[Line]) -> People:
    """Everybody with a code in `lines`; the missing are put on record."""
    p = t.Patient
    owner = func.coalesce(p.merged_into, p.id)  # the old code of a merged record means who goes on for it
    wanted = select(p.code, owner).where(p.clinic_id == clinic.id, p.code != "")
    known = {code: identifier for code, identifier in session.execute(wanted)}  # noqa: C416  (rows are no pairs to mypy)
    contacts: dict[str, Contact] = {}
    dropped: list[Refusal] = []
    for line in lines:
        if not line.person:
            dropped.extend(contact(line, clinic.country)[2])
        elif line.person not in known:
            _note(contacts.setdefault(line.person, Contact()), line, clinic.country, dropped)
    ids = {code: new_id() for code in contacts}
    patients.write(
        session,
        clinic.id,
        [PatientLine(ids[code], c.name, c.phone, c.email, None, "") for code, c in contacts.items()],
        {identifier: code for code, identifier in ids.items()},
    )
    return People(known | ids, frozenset(ids.values()), tuple(dropped))


def contact(line: Line, country: str) -> tuple[str, str, tuple[Refusal, ...]]:
    """Phone and e-mail of a row in their stored form, and what had to be left out."""
    dropped = []
    values = []
    for column, text in (("phone", line.phone), ("email", line.email)):
        try:
            values.append(
                persons.clean_phone(text, country) if column == "phone" else persons.clean_email(text)
            )
        except InvalidInput:
            values.append("")
            dropped.append(Refusal(line.file, line.row, "", f"the {column} cannot exist and was left out"))
    return values[0], values[1], tuple(dropped)


def _note(known: Contact, line: Line, country: str, dropped: list[Refusal]) -> None:
    # A name that is only the code again gives way to a real one.
    if not known.name or known.name == line.person:
        known.name = line.name
    if (line.phone and not known.phone) or (line.email and not known.email):
        phone, email, left_out = contact(line, country)
        known.phone, known.email = known.phone or phone, known.email or email
        dropped.extend(left_out)
