"""Long choices are packed, and nothing that is packed can break the reading."""

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.services.unfinished import choices, packed
from clinic_scheduler.services.unfinished.choices import VERSION, Choices

LONG = Choices(notes="by the window", typed={f"field {n}": "by the window " * 100 for n in range(20)})


def test_long_choices_are_packed_and_come_back_as_they_were():
    stored = choices.write(LONG)
    assert len(json.dumps(stored)) < 1_000
    assert choices.read(json.loads(json.dumps(stored))) == (LONG, ())


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_what_is_longer_than_four_kilobytes_is_packed(over):
    bare = len(json.dumps(choices.write(Choices(notes="x" * 3_500, typed={"y": ""})), separators=(",", ":")))
    stored = choices.write(
        Choices(notes="x" * 3_500, typed={"y": "y" * (packed.LONGEST_PLAIN - bare + over)})
    )
    assert (packed.FIELD in stored) == (over > 0)


def test_a_program_of_the_first_version_finds_a_packed_booking_damaged_and_does_not_fail():
    """It read the fields it knew, one by one, each from what it expected there."""
    shell = choices.write(LONG)
    assert {name for name in shell if shell[name] is None} == {"wishes", "parts", "guest", "notes", "typed"}
    assert "from_day" not in shell


def test_a_bomb_is_not_unpacked():
    blanks = zlib.compress(b" " * (packed.LARGEST + 1))
    assert len(blanks) < 10_000
    bomb = {"version": VERSION, "packed": base64.b64encode(blanks).decode()}
    assert choices.read(bomb) == (Choices(), ("everything",))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"7", b"{", b"\xff", b"[" * 100_000, b"NaN", b"9" * 10_000, b"{}{}"]
)
def test_what_is_packed_and_no_object_is_wholly_damaged(content):
    stored = {"version": VERSION, "packed": base64.b64encode(zlib.compress(content)).decode()}
    assert choices.read(stored) == (Choices(), ("everything",))


@given(place=st.integers(0, 10_000), sign=st.characters(codec="ascii"))
def test_a_damaged_packing_is_read_whole_or_not_at_all(place, sign):
    stored = choices.write(LONG)
    text = stored["packed"]
    place %= len(text)
    stored["packed"] = text[:place] + sign + text[place + 1 :]
    assert choices.read(stored) in ((LONG, ()), (Choices(), ("everything",)))


@given(cut=st.integers(0, 10_000))
def test_half_a_packing_is_wholly_damaged(cut):
    stored = choices.write(LONG)
    stored["packed"] = stored["packed"][: cut % len(stored["packed"])]
    assert choices.read(stored) == (Choices(), ("everything",))
