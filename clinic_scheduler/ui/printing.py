"""Everything on paper: vector pages for the printer, the preview and PDF."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLocale, QMarginsF, QObject, Qt, QTime
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPdfWriter
from PySide6.QtWidgets import QDialog, QWidget

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.ui import texts

_DPI = 600
WIDE = (1000, 760)


@dataclass(frozen=True, slots=True)
class Paper:
    """Something to print: `paint` paints all pages onto a device whose page is set up, and says how many there were."""

    title: str
    clinic: str
    paint: Callable[[QPagedPaintDevice], int]
    size: QPageSize.PageSizeId = QPageSize.PageSizeId.A4
    margin_mm: float = 12
    is_upright: bool = True

    def set_up(self, device: QPagedPaintDevice) -> None:
        """Prepare the page of a device; a printer with larger paper puts a small page into the corner."""
        across, upright = QPageLayout.Orientation.Landscape, QPageLayout.Orientation.Portrait
        device.setPageSize(QPageSize(self.size))
        device.setPageOrientation(upright if self.is_upright else across)
        margin = self.margin_mm
        device.setPageMargins(QMarginsF(margin, margin, margin, margin), QPageLayout.Unit.Millimeter)


def printed_words(printed_at: datetime, number: int, total: int) -> str:
    """What the footer says; `printed_at` is shown as it is: give it in the clinic's zone."""
    return texts.translate("printing", "Printed {date} {time}     Page {number} of {total}").format(
        date=texts.short_date(printed_at.date(), with_year=True),
        time=QLocale().toString(QTime(printed_at.hour, printed_at.minute), QLocale.FormatType.ShortFormat),
        number=number,
        total=total,
    )


def write_pdf(path: Path, paper: Paper) -> int:
    """Write it as a PDF; how many pages it has.

    Raises:
        InvalidInput: the file cannot be written there.
    """
    try:
        path.open("ab").close()
    except OSError as error:
        raise InvalidInput(
            f"{path.name} cannot be written there. Choose another folder or name.", "path"
        ) from error
    writer = QPdfWriter(str(path))
    writer.setResolution(_DPI)
    writer.setTitle(paper.title)
    writer.setCreator(paper.clinic)
    paper.set_up(writer)
    return paper.paint(writer)


def open_preview(parent: QWidget, paper: Paper, heading: str, size: tuple[int, int] = WIDE) -> QDialog:
    """Open the print preview over `parent` and return at once; from it the desk prints or saves a PDF."""
    # Loads the system's printing, which nobody waits for at the start of the program.
    from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog  # noqa: PLC0415

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    paper.set_up(printer)
    printer.setDocName(paper.title)
    dialog = QPrintPreviewDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(heading)
    dialog.paintRequested.connect(_Pages(dialog, printer, paper).paint)
    dialog.resize(*size)
    dialog.open()
    return dialog


class _Pages(QObject):
    """Paints the preview as often as it asks; keeps the printer alive as long as the dialog."""

    def __init__(self, dialog: QDialog, printer: QPagedPaintDevice, paper: Paper) -> None:
        super().__init__(dialog)
        self._printer, self._paper = printer, paper

    def paint(self, device: QPagedPaintDevice) -> None:
        self._paper.paint(device)
