"""What the dashboard shows, as plain values: numbers with what is behind each, in tiles and bars."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from clinic_scheduler.services.figures.behind import Behind
from clinic_scheduler.ui import texts

translate = QCoreApplication.translate
COUNT, SHARE, CENTS, MEAN, MINUTES = "count", "share", "cents", "mean", "minutes"
NOTHING: Final = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in its unit; `currency` for money. Missing where there is nothing to divide by."""

    value: float | None
    unit: str = COUNT
    currency: str = ""

    @property
    def whole(self) -> float:
        """Money in the currency's whole unit."""
        return texts.whole_units(self.value or 0, self.currency)

    def text(self) -> str:
        """As the clinic's country writes it."""
        if self.value is None:
            return NOTHING
        locale = QLocale()
        if self.unit == SHARE:
            return f"{locale.toString(100 * self.value, 'f', 1)}\N{NARROW NO-BREAK SPACE}%"
        if self.unit == CENTS:
            return texts.money(round(self.value), self.currency)
        if self.unit == MINUTES:
            return texts.duration(round(self.value))
        return (
            locale.toString(self.value, "f", 1) if self.unit == MEAN else locale.toString(round(self.value))
        )


@dataclass(frozen=True, slots=True)
class Tile:
    """One number: how the figure is called in definitions.py, what stands beside it, what it was before.

    A `note` stands where there is no before.
    """

    name: str
    amount: Amount
    before: Amount | None
    behind: Behind | None
    beside: Amount | None = None
    note: str = ""

    def spoken(self, title: str) -> str:
        """The whole tile in a sentence."""
        words = [self.amount.text()] + ([self.beside.text()] if self.beside else [])
        said = f"{title}: {', '.join(words + [self.note] * bool(self.note))}"
        return said if self.before is None else f"{said}. {before_words(self.before)}"


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled number; of its length the first part is solid, the `hatched` rest is not."""

    label: str
    amount: Amount
    hatched: float = 0
    beside: Amount | None = None
    before: Amount | None = None
    behind: Behind | None = None

    def spoken(self) -> str:
        """The whole bar in a sentence."""
        words = [self.amount.text()] + ([self.beside.text()] if self.beside else [])
        said = f"{self.label}: {', '.join(words)}"
        return said if self.before is None else f"{said}. {before_words(self.before)}"


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one unit; named as in definitions.py."""

    name: str
    bars: tuple[Bar, ...]


def before_words(before: Amount) -> str:
    """As in "12 in the days before"."""
    return translate("figures", "{number} in the days before").format(number=before.text())
