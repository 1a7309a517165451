"""The people of the demo clinic: names of many languages, numbers and addresses that reach nobody."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from clinic_scheduler.config import RESOURCES
from clinic_scheduler.services.people import persons
from clinic_scheduler.services.people.patients import PatientLine

PATIENTS, CHILDREN = 400, 60
# Kept free for films and books: by the Bundesnetzagentur in Berlin, Hamburg, Frankfurt, Cologne, Munich and two
# mobile networks (Amtsblatt 7/2021, notice 148), by Ofcom in London. Each with how many digits may follow.
PHONES = (
    ("+493023125", 3),
    ("+494066969", 3),
    ("+496990009", 3),
    ("+492214710", 3),
    ("+498999998", 3),
    ("+4917139200", 2),
    ("+49176040690", 2),
    ("+442079460", 3),
)


@dataclass(frozen=True, slots=True)
class Words:
    """What the demo is told with."""

    notes: tuple[str, ...]
    alerts: tuple[str, ...]
    reasons: tuple[str, ...]
    known: tuple[str, ...]
    written: Mapping[str, str]
    languages: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class People:
    """Everybody on record; regulars come often, children mostly to the speech therapist."""

    regulars: tuple[PatientLine, ...]
    adults: tuple[PatientLine, ...]
    children: tuple[PatientLine, ...]

    @property
    def everybody(self) -> list[PatientLine]:
        """All of them, regulars first."""
        return [*self.regulars, *self.adults, *self.children]


def words() -> Words:
    """The words that come with the program."""
    found = tomllib.loads((RESOURCES / "demo.toml").read_text("utf-8"))
    return Words(
        tuple(found["notes"]),
        tuple(found["alerts"]),
        tuple(found["reasons"]),
        tuple(found["known"]),
        found["written"],
        tuple(found["language"]),
    )


def people(rng: Random, told: Words, today: date, new_id: Callable[[], UUID]) -> People:
    """Four hundred people, none of whom shares a name, number or address with another."""
    names = [*told.known, *told.written]
    names += _combined(rng, told.languages, PATIENTS - len(names))
    phones, mailboxes = _phones(rng, len(names)), _mailboxes(names, told.written)
    lines = [
        PatientLine(
            new_id(),
            name,
            phone if rng.random() < 0.93 else "",
            f"{mailbox}@example.org" if rng.random() < 0.84 else "",
            _birth_date(rng, today, is_child=index >= len(names) - CHILDREN),
            rng.choice(told.alerts) if rng.random() < 0.06 else "",
        )
        for index, (name, phone, mailbox) in enumerate(zip(names, phones, mailboxes, strict=True))
    ]
    regulars = len(told.known)
    return People(tuple(lines[:regulars]), tuple(lines[regulars:-CHILDREN]), tuple(lines[-CHILDREN:]))


def _combined(rng: Random, languages: Sequence[Mapping[str, Any]], count: int) -> list[str]:
    """Given and family names, the languages taking turns so that none crowds the list."""
    decks = []
    for language in languages:
        pairs = [(given, family) for given in language["given"] for family in language["family"]]
        if language.get("family_first"):
            pairs = [(family, given) for given, family in pairs]
        rng.shuffle(pairs)
        decks.append([" ".join(pair) for pair in pairs])
    found: dict[str, None] = {}
    while len(found) < count:
        for deck in decks:
            if deck and len(found) < count:
                found[deck.pop()] = None
    names = list(found)
    rng.shuffle(names)
    return names


def _phones(rng: Random, count: int) -> list[str]:
    """Different numbers, mostly of the first city, where the clinic is."""
    found: dict[str, None] = {}
    while len(found) < count:
        stem, digits = rng.choices(PHONES, weights=(8, 1, 1, 1, 1, 2, 2, 1))[0]
        found[f"{stem}{rng.randrange(10**digits):0{digits}}"] = None
    return list(found)


def _mailboxes(names: Sequence[str], chosen: Mapping[str, str]) -> Iterator[str]:
    taken: dict[str, int] = {}
    for name in names:
        plain = [
            "".join(c for c in word if c.isascii() and c.isalnum()) for word in persons.folded(name).split()
        ]
        mailbox = chosen.get(name) or f"{plain[0]}.{plain[-1]}"
        taken[mailbox] = taken.get(mailbox, 0) + 1
        yield mailbox if taken[mailbox] == 1 else f"{mailbox}{taken[mailbox]}"


def _birth_date(rng: Random, today: date, *, is_child: bool) -> date:
    years = rng.uniform(4, 14) if is_child else rng.triangular(17, 91, 46)
    return today - timedelta(days=round(years * 365.25))
