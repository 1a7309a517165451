"""Tables of figures as files for a spreadsheet; nothing in them is taken for a formula."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

Cell = str | int | float | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # OWASP, CSV Injection


def as_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a CSV file that Excel opens as UTF-8.

    Raises:
        OSError: the file cannot be written.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(head)
        out.writerows([_harmless(cell) for cell in row] for row in rows)


def as_xlsx(path: Path, sheet: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write an Excel file of one sheet, its heads kept in sight.

    Raises:
        OSError: the file cannot be written.
    """
    import xlsxwriter  # noqa: PLC0415 - costs every start a twentieth of a second

    path.touch()  # the library says in a warning of its own what is wrong with a path
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    page.freeze_panes(1, 0)
    page.write_row(0, 0, head, book.add_format({"bold": True}))
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(line, column, cell)
            elif cell is not None:
                page.write_number(line, column, cell)
    page.autofit()
    book.close()


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
