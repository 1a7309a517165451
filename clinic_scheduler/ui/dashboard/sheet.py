"""The dashboard as a table, for a spreadsheet: a line for every number that is shown or folded away."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.services import sheets
from clinic_scheduler.services.figures.period import Period
from clinic_scheduler.services.sheets import Cell

from . import definitions
from .shown import CENTS, Amount, Chart, Tile

translate = QCoreApplication.translate
Shown = Tile | Chart


def head() -> Sequence[str]:
    """The first line."""
    return (
        translate("sheet", "Figure"),
        translate("sheet", "Of"),
        translate("sheet", "Value"),
        translate("sheet", "Rate or other"),
        translate("sheet", "Days before"),
        translate("sheet", "Unit"),
    )


def rows(period: Period, shown: Iterable[Shown]) -> Iterator[Sequence[Cell]]:
    """The lines; rates are parts of 1, money is in the currency's whole unit."""
    before = period.before()
    yield translate("sheet", "Days"), "", str(period.first), str(period.last), "", ""
    yield translate("sheet", "Days before"), "", str(before.first), str(before.last), "", ""
    for each in shown:
        name = definitions.title(each.name)
        if isinstance(each, Tile):
            yield _row(name, "", each.amount, each.beside, each.before)
            continue
        for bar in each.bars:
            yield _row(name, bar.label, bar.amount, bar.beside, bar.before)


def write(path: Path, period: Period, shown: Iterable[Shown]) -> None:
    """Write CSV or XLSX, as the name of the file ends.

    Raises:
        InvalidInput: the file cannot be written there, or is of another kind.
    """
    made = sheets.sheet(path, translate("sheet", "Figures"), head())
    made.put(0, list(rows(period, shown)))
    made.finish()


def _row(name: str, of: str, amount: Amount, beside: Amount | None, before: Amount | None) -> Sequence[Cell]:
    unit = amount.currency if amount.unit == CENTS else amount.unit
    return name, of, _plain(amount), _plain(beside), _plain(before), unit


def _plain(amount: Amount | None) -> Cell:
    if amount is None or amount.value is None:
        return None
    return amount.whole if amount.unit == CENTS else amount.value
