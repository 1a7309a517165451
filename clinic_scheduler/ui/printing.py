"""The day on paper: vector pages for the printer, the preview and PDF, readable in black and white."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QMarginsF, QObject, Qt
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPdfWriter
from PySide6.QtWidgets import QDialog, QWidget

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.days.schedule import DaySchedule
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.print_layout import is_portrait
from clinic_scheduler.ui.print_page import DayPainter, title_of

_DPI = 600


def paint_day(
    device: QPagedPaintDevice,
    schedule: DaySchedule,
    *,
    clinic: str,
    printed_at: datetime,
    masked: bool = False,
) -> int:
    """Paint all pages onto a QPdfWriter or QPrinter whose page is set up; how many there were.

    `printed_at` is shown as it is: give it in the clinic's zone. `masked` prints initials for names.
    """
    return DayPainter(device, schedule, clinic, printed_at, masked=masked).paint()


def set_up_page(device: QPagedPaintDevice, schedule: DaySchedule) -> None:
    """A4 with narrow margins, upright for a few columns and across for many."""
    across, upright = QPageLayout.Orientation.Landscape, QPageLayout.Orientation.Portrait
    device.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    device.setPageOrientation(upright if is_portrait(schedule) else across)
    device.setPageMargins(QMarginsF(12, 12, 12, 12), QPageLayout.Unit.Millimeter)


def write_pdf(
    path: Path, schedule: DaySchedule, *, clinic: str, printed_at: datetime, masked: bool = False
) -> int:
    """Write the day as a PDF; how many pages it has.

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
    writer.setTitle(title_of(schedule))
    writer.setCreator(clinic)
    set_up_page(writer, schedule)
    return paint_day(writer, schedule, clinic=clinic, printed_at=printed_at, masked=masked)


def open_preview(
    parent: QWidget, schedule: DaySchedule, *, clinic: str, printed_at: datetime, masked: bool = False
) -> QDialog:
    """Open the print preview over `parent` and return at once; from it the desk prints or saves a PDF."""
    # Loads the system's printing, which nobody waits for at the start of the program.
    from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog  # noqa: PLC0415

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    set_up_page(printer, schedule)
    printer.setDocName(title_of(schedule))
    dialog = QPrintPreviewDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(texts.translate("printing", "Print the day"))
    pages = _PreviewPages(dialog, printer, schedule, clinic, printed_at, masked=masked)
    dialog.paintRequested.connect(pages.paint)
    dialog.resize(1000, 760)
    dialog.open()
    return dialog


class _PreviewPages(QObject):
    """Paints the preview as often as it asks; keeps the printer alive as long as the dialog."""

    def __init__(
        self,
        dialog: QDialog,
        printer: QPagedPaintDevice,
        schedule: DaySchedule,
        clinic: str,
        printed_at: datetime,
        *,
        masked: bool,
    ) -> None:
        super().__init__(dialog)
        self._printer = printer
        self._schedule = schedule
        self._clinic = clinic
        self._printed_at = printed_at
        self._masked = masked

    def paint(self, device: QPagedPaintDevice) -> None:
        paint_day(
            device, self._schedule, clinic=self._clinic, printed_at=self._printed_at, masked=self._masked
        )
