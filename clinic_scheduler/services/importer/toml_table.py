"""Reading a TOML table strictly: what nobody asks for is a typing mistake, and is named."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NoReturn

from clinic_scheduler.errors import ImportRefused


@dataclass(slots=True)
class Table:
    """One table of the file `file`; `path` is its heading, such as "files.bookings"."""

    file: str
    path: str
    values: dict[str, object]
    asked: set[str] = field(default_factory=set)

    def refuse(self, reason: str, key: str = "") -> NoReturn:
        """Decline the file, naming the place.

        Raises:
            ImportRefused: always.
        """
        place = ".".join(part for part in (self.path, key) if part)
        raise ImportRefused(f"{self.file}, {place}: {reason}" if place else f"{self.file}: {reason}")

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.values

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not blank; without a default it must be there."""
        value = self._value(key, default)
        if not isinstance(value, str):
            self.refuse('this must be a text in quotes, such as "Code".', key)
        if not value.strip() and default != value:
            self.refuse("this is blank; write the value or leave the line out.", key)
        return value

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from `low` to `high`."""
        value = self._value(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.refuse(f"this must be a whole number from {low} to {high}.", key)
        return value

    def choice(self, key: str, words: Collection[str], default: str | None = None) -> str:
        """One of `words`."""
        value = self.text(key, default)
        if value not in words:
            self.refuse(f'"{value}" is none of {", ".join(words)}.', key)
        return value

    def table(self, key: str) -> "Table":
        """The table below; an empty one where there is none."""
        self.asked.add(key)
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.refuse("this must be a table with a heading in square brackets.", key)
        return Table(self.file, f"{self.path}.{key}" if self.path else key, value)

    def done(self) -> None:
        """Refuse what was not asked for."""
        for key in self.values:
            if key not in self.asked:
                near = difflib.get_close_matches(key, self.asked, 1)
                hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(self.asked))}."
                self.refuse(f'"{key}" means nothing here; {hint}')

    def _value(self, key: str, default: object) -> object:
        self.asked.add(key)
        if key not in self.values and default is None:
            self.refuse("this is missing; add it.", key)
        return self.values.get(key, default)
