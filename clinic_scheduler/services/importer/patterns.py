"""Dates and times as a book writes them; unlike strptime, AM and PM are read in any language of the desk."""

import re
from dataclasses import dataclass
from datetime import date, time

from clinic_scheduler.errors import InvalidInput

PARTS = {
    "%d": r"(?P<day>[0-9]{1,2})",
    "%m": r"(?P<month>[0-9]{1,2})",
    "%Y": r"(?P<year>[0-9]{4})",
    "%y": r"(?P<short_year>[0-9]{2})",
    "%H": r"(?P<hour>[0-9]{1,2})",
    "%I": r"(?P<half_hour>[0-9]{1,2})",
    "%M": r"(?P<minute>[0-9]{1,2})",
    "%S": r"(?P<second>[0-9]{1,2})",
    "%p": r"(?P<half>[AaPp]\.?\s?[Mm]\.?)",
    "%%": "%",
}
EXAMPLES = {
    "%d": "24",
    "%m": "11",
    "%Y": "2026",
    "%y": "26",
    "%H": "14",
    "%I": "2",
    "%M": "10",
    "%S": "00",
    "%p": "PM",
    "%%": "%",
}
PIECE = re.compile(r"%.?|[^%]+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a column writes dates or times (or both), such as "%m/%d/%Y"; the signs are those of strptime."""

    text: str
    signs: frozenset[str]
    shape: re.Pattern[str]

    @property
    def example(self) -> str:
        """The 24th of November 2026, 14:10, written this way."""
        return PIECE.sub(lambda found: EXAMPLES.get(found[0], found[0]), self.text)

    @property
    def tells_day(self) -> bool:
        """Whether a whole date is in it."""
        return {"%d", "%m"} <= self.signs and bool({"%Y", "%y"} & self.signs)

    @property
    def tells_time(self) -> bool:
        """Whether a time of day is in it, without doubt about morning and afternoon."""
        return "%M" in self.signs and ("%H" in self.signs or {"%I", "%p"} <= self.signs)

    def day(self, value: str) -> date:
        """The date in `value`.

        Raises:
            InvalidInput: there is none.
        """
        found = self._parts(value, "date")
        year = int(found["year"]) if "year" in found else 2000 + int(found["short_year"])
        try:
            return date(year, int(found["month"]), int(found["day"]))
        except ValueError:
            raise InvalidInput(f'"{value}" is not in the calendar') from None

    def time(self, value: str) -> time:
        """The time of day in `value`.

        Raises:
            InvalidInput: there is none.
        """
        found = self._parts(value, "time")
        try:
            return time(self._hour(found), int(found["minute"]), int(found.get("second", 0)))
        except ValueError:
            raise InvalidInput(f'"{value}" is no time of day') from None

    @staticmethod
    def _hour(found: dict[str, str]) -> int:
        if "hour" in found:
            return int(found["hour"])
        hour = int(found["half_hour"])
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        return hour % 12 + (12 if found["half"][0] in "Pp" else 0)

    def _parts(self, value: str, kind: str) -> dict[str, str]:
        found = self.shape.fullmatch(value)
        if found is None:
            what = f'"{value[:40]}" is no {kind}' if value else f"the {kind} is missing"
            raise InvalidInput(f"{what}; it should look like {self.example}")
        return found.groupdict()


def pattern(text: str) -> Pattern:
    """The pattern that `text` describes.

    Raises:
        InvalidInput: it has a sign that is not known, or one twice.
    """
    pieces = PIECE.findall(text)
    signs = [piece for piece in pieces if piece.startswith("%")]
    for sign in signs:
        if sign not in PARTS:
            raise InvalidInput(f'"{sign}" means nothing in a date or time; use {", ".join(PARTS)}')
        if signs.count(sign) > 1:
            raise InvalidInput(f'"{sign}" stands in it twice')
    shape = "".join(PARTS.get(piece) or re.escape(piece) for piece in pieces)
    return Pattern(text, frozenset(signs), re.compile(shape))
