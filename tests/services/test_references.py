"""References that survive the telephone: every single wrong sign and every swap of neighbours is found."""

import random

import pytest

from clinic_scheduler.services.references import ALPHABET, LENGTH, new_reference, normalised

REFERENCES = [new_reference() for _ in range(200)]


def wrong_signs(reference):
    for place, sign in enumerate(reference):
        if sign != "-":
            for other in ALPHABET:
                if other != sign:
                    yield reference[:place] + other + reference[place + 1 :]


def swaps(reference):
    signs = reference.replace("-", "")
    for place in range(len(signs) - 1):
        if signs[place] != signs[place + 1]:
            yield signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]


def test_a_reference_is_short_readable_and_its_own_check():
    for reference in REFERENCES:
        assert len(reference) == LENGTH + 2
        assert reference[4] == "-"
        assert set(reference) <= {*ALPHABET, "-"}
        assert normalised(reference) == reference


def test_every_wrong_sign_is_found():
    assert [bad for reference in REFERENCES for bad in wrong_signs(reference) if normalised(bad)] == []


def test_every_swap_of_neighbours_is_found():
    assert [bad for reference in REFERENCES for bad in swaps(reference) if normalised(bad)] == []


def test_references_differ():
    assert len({new_reference() for _ in range(2_000)}) == 2_000


@pytest.mark.parametrize("shape", ["{}", " {} ", "{0:.4} {0[5]}{0[6]}{0[7]}{0[8]}", "#{}.", "{}\n"])
def test_a_reference_is_known_however_it_is_typed(shape):
    reference = random.choice(REFERENCES)  # noqa: S311 - any will do
    typed = shape.format(reference)
    assert normalised(typed) == reference
    assert normalised(typed.lower()) == reference
    assert normalised(reference.replace("-", "")) == reference


@pytest.mark.parametrize(
    "text",
    ["", "-", "K7MP", "0O1I-LSZB", "K7MP-4X2AA", "ß" * 8, "K7MP-4X2\0", "٣٣٣٣-٣٣٣٣", "A" * 1_000_000, "%"],
)
def test_what_cannot_be_a_reference_is_none(text):
    assert normalised(text) is None
