"""Times of the day as people type them: "15:00", "3pm", "15h", "at 9", "morning". Pure."""

import re
from dataclasses import dataclass
from typing import Final

NOON: Final = 12 * 60
HALVES: Final = {
    "am": "morning",
    "morning": "morning",
    "mornings": "morning",
    "pm": "afternoon",
    "afternoon": "afternoon",
    "afternoons": "afternoon",
    "evening": "afternoon",
}
EXACT: Final = re.compile(r"(\d{1,2})(?:[:h](\d{2})|h)?\s*(am|pm)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A minute of the wall clock, or a half of the day; one of the two."""

    minute: int | None = None
    half: str = ""


def understood(text: str, *, is_after_at: bool = False) -> TimeOfDay | None:
    """The time that is meant; None if that cannot be told. A bare number counts only after "at"."""
    plain = text[:20].strip().lower()
    if plain in HALVES:
        return TimeOfDay(half=HALVES[plain])
    if plain == "noon":
        return TimeOfDay(NOON)
    found = EXACT.fullmatch(plain)
    if found is None or (plain.isdigit() and not is_after_at):
        return None
    hour, minute, side = int(found[1]), int(found[2] or 0), found[3]
    if side and not 1 <= hour <= 12:
        return None
    if side:
        hour = hour % 12 + (12 if side == "pm" else 0)
    return TimeOfDay(hour * 60 + minute) if hour < 24 and minute < 60 else None
