"""Who is alike, whichever way the name was mistyped, and that traits find everybody who is."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.services.people import likeness
from clinic_scheduler.services.people.likeness import Person, Reason, is_one_letter_off
from tests.support.clinics import CLINIC

BORN = date(1980, 5, 1)
EMMA = Person("Emma Müller", "+493012345678", BORN)
WORD = st.text("abcdeln", min_size=1, max_size=7)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (Person("EMMA  Mu\u0308ller"), ["same_name"]),
        (Person("Emma Muller"), ["same_name"]),
        (Person("Emma Mueller"), ["similar_name"]),
        (Person("Müller, Emma"), ["swapped_names"]),
        (Person("Mueller Emma"), ["similar_name"]),
        (Person("Emma Mülller"), ["similar_name"]),
        (Person("Emma Mülelr"), ["similar_name"]),
        (Person("Emma Miller"), ["similar_name"]),
        (Person("Enma Müler"), ["similar_name"]),
        (Person("Emma Maria Müller"), ["similar_name"]),
        (Person("Emma Müller-Schmidt"), ["similar_name"]),
        (Person("Emmma Mullre"), ["similar_name"]),
        (Person("Ema Muler"), ["similar_name"]),
        (Person("Emma Mull"), []),
        (Person("Eva Müller"), []),
        (Person("Emma"), []),
        (Person("Eva Müller", birth_date=BORN), ["same_birth_date", "one_name"]),
        (Person("Emma", birth_date=BORN), ["same_birth_date", "one_name"]),
        (Person("Eva Müller", birth_date=date(1980, 1, 5)), ["swapped_birth_date", "one_name"]),
        (Person("Eva Müller", birth_date=date(1980, 1, 6)), []),
        (Person("Eva Klein", birth_date=BORN), []),
        (Person("", birth_date=BORN), []),
        (Person("Eva Klein", "+493012345678"), ["same_phone"]),
        (Person("Eva Klein", "030 12345678"), ["same_phone"]),
        (Person("Eva Klein", "+433012345678"), ["same_phone"]),
        (Person("Eva Klein", "+498912345678"), []),
        (Person("Emma Müller", "+493012345678", BORN), ["same_name", "same_phone", "same_birth_date"]),
        (Person(""), []),
        (Person("%"), []),
    ],
)
def test_reasons_are_seen_and_named(asked, why):
    assert [str(reason) for reason in likeness.reasons(asked, EMMA)] == why


@pytest.mark.parametrize(
    ("day", "other"),
    [
        (date(1980, 5, 1), date(1980, 1, 5)),
        (date(1980, 12, 11), date(1980, 11, 12)),
        (date(1980, 5, 5), None),
        (date(1980, 5, 13), None),
        (date(1980, 2, 29), None),
    ],
)
def test_day_and_month_are_swapped_where_that_is_a_date(day, other):
    assert likeness.swapped(day) == other


@pytest.mark.parametrize("others", ["Jan", "Jon"])
def test_a_short_name_is_another_where_a_letter_differs(others):
    is_same = others == "Jan"
    assert bool(likeness.reasons(Person(f"{others} Li"), Person("Jan Li"))) is is_same


def slipped(word, place, sign, slip):
    head, tail = word[:place], word[place:]
    return {
        "put": head + sign + tail,
        "drop": head + tail[1:],
        "change": head + sign + tail[1:],
        "swap": head + tail[:2][::-1] + tail[2:],
    }[slip]


def test_a_slip_that_makes_a_double_letter_is_one_slip():
    assert likeness.reasons(Person("Booler Emma"), Person("Emma Bogoler")) == ("similar_name",)


def test_a_birth_date_that_is_not_known_is_no_swapped_one():
    same_either_way = Person("Eva Müller", birth_date=date(1980, 5, 5))
    assert likeness.reasons(same_either_way, Person("Emma Müller")) == ()


def by_definition(one, other):
    """All that one slip of the finger makes of a word."""
    made = {one}
    for n in range(len(one) + 1):
        made |= {one[:n] + sign + one[n:] for sign in "abcdeln"}
        made |= {one[:n] + sign + one[n + 1 :] for sign in "abcdeln"}
        made |= {one[:n] + one[n + 1 :], one[:n] + one[n : n + 2][::-1] + one[n + 2 :]}
    return other in made


@given(WORD, WORD)
def test_one_letter_off_is_what_one_slip_makes(one, other):
    assert is_one_letter_off(one, other) == by_definition(one, other)


@given(
    WORD, st.integers(0, 7), st.sampled_from("abcdeln"), st.sampled_from(["put", "drop", "change", "swap"])
)
def test_one_slip_is_always_seen(word, place, sign, slip):
    assert is_one_letter_off(word, slipped(word, place, sign, slip))


NAMES = st.lists(st.text("aeiourstlnmk", min_size=1, max_size=8), min_size=1, max_size=3).map(" ".join)
DAYS = st.none() | st.dates(date(1950, 1, 1), date(1950, 12, 31))
PHONES = st.sampled_from(["", "+493012345678", "+433012345678", "03012345678", "+4989123456"])


@given(st.builds(Person, NAMES, PHONES, DAYS), st.builds(Person, NAMES, PHONES, DAYS))
def test_whoever_is_alike_shares_traits(asked, other):
    if not likeness.reasons(asked, other):
        return
    mine, theirs = likeness.traits(CLINIC, asked), likeness.traits(CLINIC, other)
    swapped = likeness.swapped(asked.birth_date) if asked.birth_date else None
    telling = mine.telling | likeness.traits(CLINIC, Person("", birth_date=swapped)).telling
    is_mononym = len(likeness.name_words(asked.name)) == 1
    assert mine.edges & theirs.edges or telling & theirs.telling or is_mononym


SLIPS = st.tuples(
    st.integers(0, 9), st.sampled_from("aeklmnst"), st.sampled_from(["put", "drop", "change", "swap"])
)
NAME = st.text("aeklmnst", min_size=6, max_size=9)


@given(NAME, NAME, SLIPS, SLIPS, st.booleans())
def test_a_slip_in_each_of_two_names_is_found_in_either_order(first, last, one, other, is_swapped):
    typed = [slipped(first, *one), slipped(last, *other)]
    asked, kept = Person(" ".join(typed[::-1] if is_swapped else typed)), Person(f"{first} {last}")
    mine, theirs = likeness.traits(CLINIC, asked), likeness.traits(CLINIC, kept)
    assert likeness.reasons(asked, kept)
    assert mine.edges & theirs.edges


def test_traits_of_one_clinic_say_nothing_in_another():
    here, there = likeness.traits(CLINIC, EMMA), likeness.traits(UUID(int=5), EMMA)
    assert not here.telling & there.telling
    assert not here.edges & there.edges
    assert all(0 <= trait < 2**63 for trait in here.telling | here.edges)


def test_the_likelier_stands_first():
    asked = Person("Emma Müller", birth_date=BORN)
    ranked = [
        Person("Emma Müller", birth_date=BORN),
        Person("Emma Müller"),
        Person("Emma Müller", birth_date=date(1970, 1, 1)),
    ]
    likely = [likeness.likelihood(likeness.reasons(asked, one), asked, one) for one in ranked]
    assert likely == sorted(likely, reverse=True)
    assert len(set(likely)) == len(ranked)
    assert Reason.SAME_NAME in likeness.reasons(asked, ranked[2])
