"""Putting the people of a file on record: tried first, then all of them or none, and nobody twice."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ImportRefused, InvalidInput
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.catalogue import clinic
from clinic_scheduler.services.people import duplicates, likeness, patients, persons, records
from clinic_scheduler.services.people.duplicates import Likely
from clinic_scheduler.services.people.likeness import Person, Reason
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.people.people_file import LONGEST_CELL, Row, Sheet

LONGEST_CODE = 60
MONTH_FIRST = ("US",)
MOST_MET = 10  # who share one birth date, where a file has the same one for all


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot be taken, in a sentence."""

    line: int
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody of the file in clean values."""

    line: int
    person: PatientLine
    code: str
    notes: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody who may be on record already, or stand in the file twice; `other_line` is 0 for one on record."""

    line: int
    name: str
    other: str
    other_line: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What an import would do. With any problem it does nothing; `known` are lines of people on record already."""

    new: tuple[Newcomer, ...]
    known: tuple[int, ...]
    alike: tuple[Alike, ...]
    problems: tuple[Problem, ...]

    def taken(self, *, with_alike: bool) -> tuple[Newcomer, ...]:
        """Who would be put on record."""
        doubtful = set() if with_alike else {one.line for one in self.alike}
        return tuple(one for one in self.new if one.line not in doubtful)


@dataclass(frozen=True, slots=True)
class Imported:
    """How many people were put on record, and how many lines were left out as known or as alike."""

    new: int
    known: int
    alike: int


def attempt(session: Session, *, actor: Actor, sheet: Sheet, columns: Mapping[str, int]) -> Trial:
    """What the import would do; nothing is changed. `columns` says in which column each field stands.

    Raises:
        InvalidInput: no column is said to hold the name.
        NotPermitted: the person may not put people on record.
    """
    actor.require(BOOK)
    if not {"name", "last_name", "first_name"} & set(columns):
        raise InvalidInput("Choose the column that holds the name.", "name")
    country = clinic(session, actor.clinic_id).country
    read: list[Newcomer] = []
    problems: list[Problem] = []
    for row in sheet.rows:
        try:
            read.append(_read(row, sheet.headings, columns, country))
        except InvalidInput as error:
            column = columns.get(error.field)
            heading = sheet.headings[column] if column is not None else ""
            problems.append(Problem(row.line, heading, str(error)))
    likely = _likely(session, actor.clinic_id, read)
    fresh, known, doubled = _sorted_out(session, actor, read, likely)
    alike = _alike(actor.clinic_id, fresh, likely)
    return Trial(
        tuple(fresh), tuple(known), alike, tuple(sorted([*problems, *doubled], key=lambda p: p.line))
    )


def take(
    session: Session, *, actor: Actor, sheet: Sheet, columns: Mapping[str, int], with_alike: bool
) -> Imported:
    """Put everybody of the file on record who is not there yet; without `with_alike` not whoever may be.

    Raises:
        ImportRefused: a line cannot be taken; then nothing is.
        InvalidInput, NotPermitted: as `attempt`.
    """
    if session.get_bind().dialect.name == "postgresql":  # two desks with one file: the second finds all known
        queue = text("SELECT pg_advisory_xact_lock(5, hashtext(:clinic))")
        session.execute(queue, {"clinic": str(actor.clinic_id)})
    trial = attempt(session, actor=actor, sheet=sheet, columns=columns)
    if trial.problems:
        first = trial.problems[0]
        raise ImportRefused(
            f"Nothing was imported; line {first.line}: {first.text}"
            + (f" {len(trial.problems) - 1} more lines cannot be taken." if len(trial.problems) > 1 else "")
        )
    taken = trial.taken(with_alike=with_alike)
    patients.write(
        session,
        actor.clinic_id,
        [one.person for one in taken],
        {one.person.id: one.code for one in taken},
        {one.person.id: one.notes for one in taken},
    )
    done = Imported(len(taken), len(trial.known), len(trial.new) - len(taken))
    facts = {"new": done.new, "known": done.known, "alike": done.alike}
    audit.record(session, actor, "patients.imported", "clinic", actor.clinic_id, after=facts)
    announce(session, "patient", *(one.person.id for one in taken))
    return done


def _read(row: Row, headings: Sequence[str], columns: Mapping[str, int], country: str) -> Newcomer:
    """The line in clean values; a refusal names the field."""
    if len(row.cells) != len(headings):
        raise InvalidInput(f"The line has {len(row.cells)} values, the headings are {len(headings)}.")
    values = {field: row.cells[column] for field, column in columns.items()}
    for field, value in values.items():
        if len(value) > LONGEST_CELL:
            raise InvalidInput("The text is far too long; please shorten it.", field)
    whole = values.get("name") or f"{values.get('first_name', '')} {values.get('last_name', '')}"
    field = "name" if "name" in columns else "last_name" if "last_name" in columns else "first_name"
    person = PatientLine(
        new_id(),
        persons.clean_name(whole, field=field),
        persons.clean_phone(values.get("phone", ""), country),
        persons.clean_email(values.get("email", "")),
        patients.clean_birth_date(_day(values.get("birth_date", ""), country)),
        "",
    )
    code = records.clean_text(values.get("code", ""), LONGEST_CODE, "code")
    notes = records.clean_text(values.get("notes", ""), records.LONGEST_NOTES, "notes")
    return Newcomer(row.line, person, code, notes)


def _day(written: str, country: str) -> date | None:
    """A date as spreadsheets write it: 1980-12-31, 31.12.1980, 31/12/1980 (12/31/1980 in the United States)."""
    if not written:
        return None
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]0{1,2}:00(?::00)?)?", written)
    local = re.fullmatch(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", written)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if local:
            one, other, year = int(local[1]), int(local[3]), int(local[4])
            is_month_first = country in MONTH_FIRST and local[2] == "/"
            return date(year, one, other) if is_month_first else date(year, other, one)
    except ValueError:
        pass
    raise InvalidInput("That is no date; write it like 1980-12-31.", "birth_date")


def _sorted_out(
    session: Session, actor: Actor, read: Sequence[Newcomer], likely: Mapping[int, tuple[Likely, ...]]
) -> tuple[list[Newcomer], list[int], list[Problem]]:
    """Who is new, the lines of those known already, and codes that two people have."""
    p = t.Patient
    owner = func.coalesce(p.merged_into, p.id)
    coded = dict(
        session.execute(select(p.code, owner).where(p.clinic_id == actor.clinic_id, p.code != "")).all()
    )
    exact = {_key(each.line) for found in likely.values() for each in found}
    names = dict(
        session.execute(
            select(p.id, p.name).where(p.id.in_([coded[n.code] for n in read if n.code in coded]))
        ).all()
    )
    fresh: list[Newcomer] = []
    known: list[int] = []
    problems: list[Problem] = []
    by_code: dict[str, Newcomer] = {}
    seen: set[tuple[object, ...]] = set()
    for one in read:
        holder = names.get(coded.get(one.code, one.person.id), "") if one.code else ""
        earlier = by_code.setdefault(one.code, one) if one.code else one
        if holder and not _is_same_name(holder, one.person.name):
            text = f'The code "{one.code}" belongs to {holder} already; correct it or leave it empty.'
            problems.append(Problem(one.line, "", text))
        elif (
            holder or _identity(one.person, one.code) in seen or (not one.code and _key(one.person) in exact)
        ):
            known.append(one.line)
        elif earlier is not one:
            text = f'The code "{one.code}" stands in line {earlier.line} too; correct one of them.'
            problems.append(Problem(one.line, "", text))
        else:
            fresh.append(one)
        seen.add(_identity(one.person, one.code))
    return fresh, known, problems


def _likely(session: Session, clinic_id: UUID, read: Sequence[Newcomer]) -> dict[int, tuple[Likely, ...]]:
    """Who may be on record already, by line."""
    found = duplicates.of_many(session, clinic_id, [_as_person(one) for one in read])
    return {one.line: likely for one, likely in zip(read, found, strict=True)}


def _as_person(one: Newcomer) -> Person:
    return Person(one.person.name, one.person.phone, one.person.birth_date)


def _key(person: PatientLine) -> tuple[object, ...]:
    return persons.folded(person.name), person.phone, person.email, person.birth_date


def _identity(person: PatientLine, code: str) -> tuple[object, ...]:
    return (*_key(person), code)


def _is_same_name(one: str, other: str) -> bool:
    return bool(likeness.reasons(Person(one), Person(other)))


def _alike(
    clinic_id: UUID, fresh: Sequence[Newcomer], likely: Mapping[int, tuple[Likely, ...]]
) -> tuple[Alike, ...]:
    """Whoever is likely on record, or in the file before."""
    found: list[Alike] = []
    met: dict[int, list[Newcomer]] = {}
    for one in fresh:
        traits = likeness.traits(clinic_id, _as_person(one)).telling
        earlier = {other.line: other for trait in traits for other in met.get(trait, ())[-MOST_MET:]}
        if first := next(iter(likely[one.line]), None):
            found.append(Alike(one.line, one.person.name, first.line.name, 0, first.reasons))
        else:
            for other in earlier.values():
                if reasons := likeness.reasons(_as_person(one), _as_person(other)):
                    found.append(Alike(one.line, one.person.name, other.person.name, other.line, reasons))
                    break
        for trait in traits:
            met.setdefault(trait, []).append(one)
    return tuple(found)
