"""What somebody types into the search line, as "silva physio tue pm", taken apart. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from PySide6.QtCore import QLocale

from clinic_scheduler.services import references
from clinic_scheduler.services.catalogue import Catalogue, ServiceFacts
from clinic_scheduler.services.people import persons
from clinic_scheduler.services.unfinished.choices import MOST_LINES

from . import day_words, time_words
from .time_words import TimeOfDay

LONGEST: Final = 120
DAY_WORDS: Final = 4  # "in 2 weeks", "14 march 2027", "end of month"
SHORTEST: Final = 3  # letters by which a weekday, a service or a practitioner is known
LEAST_DIGITS: Final = 5
WITH: Final = frozenset({"with", "by", "@"})
LINKS: Final = frozenset({"and", "for", "on", "+", ",", "&"})


@dataclass(frozen=True, slots=True)
class DayAndTime:
    """A day and a time, as far as they are named, and the words that are neither."""

    day: date | None = None
    time: TimeOfDay | None = None
    rest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """What is meant. `person` is what to search people for; a `reference` or `phone` is all there is."""

    person: str = ""
    service_ids: tuple[UUID, ...] = ()
    practitioner_id: UUID | None = None
    day: date | None = None
    time: TimeOfDay | None = None
    reference: str = ""
    phone: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is meant."""
        return self == Understood()


def day_and_time(text: str, today: date, locale: QLocale | None = None) -> DayAndTime:
    """The day and the time among the words; of several days or times the first counts, the others are rest."""
    words = text[:LONGEST].replace(",", " ").split()
    day: date | None = None
    time: TimeOfDay | None = None
    rest: list[str] = []
    place = 0
    while place < len(words):
        found, count = _day_at(words, place, today, locale) if day is None else (None, 0)
        if found is not None:
            day = found
        elif time is None and (taken := _time_at(words, place)) is not None:
            time, count = taken
        else:
            rest.append(words[place])
            count = 1
        place += count
    return DayAndTime(day, time, tuple(rest))


def _day_at(words: Sequence[str], place: int, today: date, locale: QLocale | None) -> tuple[date | None, int]:
    """The day that the most words from here on name, and how many they are."""
    for count in range(min(DAY_WORDS, len(words) - place), 0, -1):
        some = words[place : place + count]
        phrase = " ".join(some)
        if any(_is_time(word) for word in some) or (count == 1 and _is_too_short(phrase)):
            continue
        found = day_words.understood(phrase, today, locale)
        if found is not None:
            return found, count
    return None, 0


def _is_time(word: str) -> bool:
    return time_words.understood(word) is not None


def _is_too_short(word: str) -> bool:
    """A bare number is no day here, nor are two letters, which may be a name."""
    return word.isdigit() or (word.isalpha() and len(word) < SHORTEST)


def _time_at(words: Sequence[str], place: int) -> tuple[TimeOfDay, int] | None:
    if words[place].lower() == "at" and place + 1 < len(words):
        found = time_words.understood(words[place + 1], is_after_at=True)
        if found is not None:
            return found, 2
    found = time_words.understood(words[place])
    return (found, 1) if found is not None else None


@dataclass(slots=True)
class _Reading:
    """The words that are neither day nor time, sorted into whom and what."""

    offered: Catalogue
    person: list[str] = field(default_factory=list)
    services: list[ServiceFacts] = field(default_factory=list)
    practitioner_id: UUID | None = None

    def take(self, words: Sequence[str]) -> None:
        """Names before the first service are the person's; after it a practitioner is one, too."""
        place = 0
        while place < len(words):
            folded = [persons.folded(word).strip(".") for word in words[place:]]
            if folded[0] in WITH and len(folded) > 1 and (who := self._practitioner(folded[1])):
                self.practitioner_id, count = who, 2
            elif (service := self._service(folded)) and len(self.services) < MOST_LINES:
                self.services.append(service[0])
                count = service[1]
            elif self.services and self.practitioner_id is None and (who := self._practitioner(folded[0])):
                self.practitioner_id, count = who, 1
            else:
                self.person += [] if folded[0] in LINKS else [words[place]]
                count = 1
            place += count

    def _practitioner(self, word: str) -> UUID | None:
        """Whose name has a word that begins so; None where it could be several."""
        found = [
            one.id
            for one in self.offered.practitioners
            if len(word) >= SHORTEST
            and any(part.startswith(word) for part in persons.folded(one.name).split())
        ]
        return found[0] if len(found) == 1 else None

    def _service(self, words: Sequence[str]) -> tuple[ServiceFacts, int] | None:
        """The service that the most words from here on begin to name, and how many they are."""
        for count in range(min(4, len(words)), 0, -1):
            phrase = " ".join(words[:count])
            ranked = [(_fit(phrase, one), n) for n, one in enumerate(self.offered.services)]
            rank, number = min(ranked, default=(MISSES, 0))
            if rank < MISSES:
                return self.offered.services[number], count
        return None


MISSES: Final = 10**6


def _fit(phrase: str, service: ServiceFacts) -> int:
    """Lower is better: the name or code itself, a name that begins so (the shorter the better), then a word of it."""
    name = persons.folded(service.name)
    if phrase in (name, persons.folded(service.code)):
        return 0
    if len(phrase) < SHORTEST:
        return MISSES
    if name.startswith(phrase):
        return 1 + len(name)
    if f" {phrase}" in name:
        return 1000 + len(name)
    return MISSES


def understood(text: str, offered: Catalogue, today: date, locale: QLocale | None = None) -> Understood:
    """What is meant by the text; a person is whatever is nothing else."""
    typed = " ".join("".join(c if c.isprintable() else " " for c in text[:LONGEST]).split())
    reference = references.normalised(typed)
    if reference is not None:
        return Understood(reference=reference)
    digits = sum(c.isdigit() for c in typed)
    if digits >= LEAST_DIGITS and all(c.isdigit() or c in "+-()/. " for c in typed):
        parted = day_and_time(typed, today, locale)
        if parted.day is None:
            return Understood(phone=typed)
    found = day_and_time(typed, today, locale)
    reading = _Reading(offered)
    reading.take(found.rest)
    return Understood(
        " ".join(reading.person),
        tuple(one.id for one in reading.services),
        reading.practitioner_id,
        found.day,
        found.time,
    )
