"""How alike two people are by name, phone and birth date, and the traits by which whoever is alike is found.

A trait is a number made of something that two records of one person are likely to share: the whole name in any order,
the end of the phone number, the birth date, and the edges of each two words of the name: beginnings and ends, since
one slip of the finger spoils the beginning or the end of a word and not both.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations, product
from uuid import UUID

from clinic_scheduler.services.people import persons

WAY = 1  # how traits are made; after a change here the upkeep makes them anew for whoever has an older number
MOST_WORDS = 6
LONGEST_WORD = 20
SURE_LETTERS = 4  # shorter words mean somebody else where a letter differs: Jan, Jon
PHONE_END = 7
SHORT = 5  # letters; one letter more and one less than this share edges with it


class Reason(StrEnum):
    """Why somebody on record may be the person asked for."""

    SAME_NAME = "same_name"
    SWAPPED_NAMES = "swapped_names"
    SIMILAR_NAME = "similar_name"
    ONE_NAME = "one_name"
    SAME_PHONE = "same_phone"
    SAME_BIRTH_DATE = "same_birth_date"
    SWAPPED_BIRTH_DATE = "swapped_birth_date"


# A reason that is not enough alone counts where another stands beside it.
WEIGHTS = {
    Reason.SAME_NAME: 7,
    Reason.SWAPPED_NAMES: 6,
    Reason.SIMILAR_NAME: 5,
    Reason.SAME_PHONE: 5,
    Reason.SAME_BIRTH_DATE: 4,
    Reason.SWAPPED_BIRTH_DATE: 3,
    Reason.ONE_NAME: 1,
}
ENOUGH = 5
OTHER_BIRTH_DATE = 2  # by how much somebody born on another day is less likely


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody; `phone` is E.164 or whatever digits there are."""

    name: str
    phone: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits of a person: those that say much alone, and those of two words of the name, of which more say more."""

    telling: frozenset[int]
    edges: frozenset[int]


def traits(clinic_id: UUID, person: Person) -> Traits:
    """The traits to keep for somebody on record of the clinic, and to find others by."""
    words = name_words(person.name)
    telling = {"name " + " ".join(sorted(loosened(word) for word in words))} if words else set()
    if end := _phone_end(person.phone):
        telling.add(f"phone {end}")
    if person.birth_date:
        telling.add(f"birth {person.birth_date}")
    edges = {
        "edges " + " ".join(sorted(both))
        for one, other in combinations(words, 2)
        for both in product(_edges(one), _edges(other))
    }
    return Traits(
        frozenset(_number(clinic_id, text) for text in telling),
        frozenset(_number(clinic_id, text) for text in edges),
    )


def reasons(asked: Person, other: Person) -> tuple[Reason, ...]:
    """Why `other` may be who is asked for, weightiest first; nothing where that is not likely."""
    found = [_names(asked, other)] if asked.name and other.name else []
    if _is_same_phone(asked.phone, other.phone):
        found.append(Reason.SAME_PHONE)
    if asked.birth_date and other.birth_date == asked.birth_date:
        found.append(Reason.SAME_BIRTH_DATE)
    elif asked.birth_date and other.birth_date and other.birth_date == swapped(asked.birth_date):
        found.append(Reason.SWAPPED_BIRTH_DATE)
    told = sorted((reason for reason in found if reason), key=lambda reason: -WEIGHTS[reason])
    is_born = {Reason.SAME_BIRTH_DATE, Reason.SWAPPED_BIRTH_DATE} & set(told)
    is_enough = any(WEIGHTS[reason] >= ENOUGH for reason in told) or (is_born and Reason.ONE_NAME in told)
    return tuple(told) if is_enough else ()


def likelihood(found: Sequence[Reason], asked: Person, other: Person) -> int:
    """How likely, to rank by: more is likelier."""
    born = {Reason.SAME_BIRTH_DATE, Reason.SWAPPED_BIRTH_DATE}
    is_other = asked.birth_date and other.birth_date and born.isdisjoint(found)
    return sum(WEIGHTS[reason] for reason in found) - (OTHER_BIRTH_DATE if is_other else 0)


def swapped(day: date) -> date | None:
    """The date with day and month taken for each other; None where there is no such date, or it is the same."""
    if day.day == day.month or day.day > 12:
        return None
    return day.replace(month=day.day, day=day.month)


def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a name, at hyphens and points too."""
    found = re.findall(r"\w+", persons.folded(name).replace("_", " "))
    return tuple(word[:LONGEST_WORD] for word in found[:MOST_WORDS])


def loosened(word: str) -> str:
    """A folded word without what is written in two ways: "mueller" and "muller" both become "muler"."""
    return re.sub(r"(.)\1+", r"\1", re.sub(r"([aou])e", r"\1", word))


def is_one_letter_off(one: str, other: str) -> bool:
    """Whether the words are the same but for one letter wrong, missing, added, or swapped with its neighbour."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    start = next((n for n, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    if one[start + 1 :] == other[start + 1 :]:
        return True
    is_swapped = one[start : start + 2] == other[start : start + 2][::-1]
    return is_swapped and one[start + 2 :] == other[start + 2 :]


def _names(asked: Person, other: Person) -> Reason | None:
    mine, theirs = name_words(asked.name), name_words(other.name)
    if not mine or not theirs:
        return None
    if mine == theirs:
        return Reason.SAME_NAME
    if sorted(mine) == sorted(theirs):
        return Reason.SWAPPED_NAMES
    in_common = _in_common(mine, theirs)
    if in_common == min(len(mine), len(theirs)) and (in_common > 1 or len(mine) == len(theirs)):
        return Reason.SIMILAR_NAME
    return Reason.ONE_NAME if in_common else None


def _in_common(mine: Sequence[str], theirs: Sequence[str]) -> int:
    """The most words that can be paired with one of their own on the other side, by augmenting paths."""
    paired: dict[int, int] = {}

    def pair(number: int, tried: set[int]) -> bool:
        for other, word in enumerate(theirs):
            if other not in tried and _is_alike(mine[number], word):
                tried.add(other)
                if other not in paired or pair(paired[other], tried):
                    paired[other] = number
                    return True
        return False

    return sum(pair(number, set()) for number in range(len(mine)))


def _is_alike(one: str, other: str) -> bool:
    """Whether one slip lies between the words, as they stand or loosened, which a slip can make one of two."""
    loose, others = loosened(one), loosened(other)
    if loose == others:
        return True
    return any(
        max(len(mine), len(theirs)) >= SURE_LETTERS and is_one_letter_off(mine, theirs)
        for mine, theirs in ((one, other), (loose, others))
    )


def _is_same_phone(one: str, other: str) -> bool:
    """Whether the numbers are the same, be it without the code of the country."""
    end = _phone_end(one)
    return bool(end) and end == _phone_end(other) and _national(one) == _national(other)


def _phone_end(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    return digits[-PHONE_END:] if len(digits) >= PHONE_END else ""


def _national(phone: str) -> str:
    import phonenumbers  # noqa: PLC0415 - see `persons`

    try:
        return str(phonenumbers.parse(phone).national_number)
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", phone).lstrip("0")


def _edges(word: str) -> set[str]:
    """Beginnings and ends of a word as it stands and loosened: two letters of long ones, one of short ones.

    Those between have both, so that words whose lengths differ by one have edges of one length.
    """
    return {
        edge
        for form in (word, loosened(word))
        for letters in (1, 2)
        if (len(form) <= SHORT if letters == 1 else len(form) >= SHORT)
        for edge in (f"{form[:letters]}-", f"-{form[-letters:]}")
    }


def _number(clinic_id: UUID, text: str) -> int:
    digest = hashlib.blake2b(text.encode(), key=clinic_id.bytes, digest_size=8).digest()
    return int.from_bytes(digest) >> 1
