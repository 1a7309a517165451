"""Writing what is filtered to a file, chunk by chunk, while the desk goes on working."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services import sheets
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.listing import export
from clinic_scheduler.services.listing.asked import Asked
from clinic_scheduler.services.listing.export import Progress, Words
from clinic_scheduler.services.listing.statements import Key
from clinic_scheduler.services.sheets import Sheet
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.tasks import Tasks

translate = QCoreApplication.translate
STATUSES: Final = ("pending", "confirmed", "arrived", "in_progress", "completed", "no_show", "cancelled")
SOURCES: Final = ("phone", "walk_in", "direct", "waitlist", "online", "plan", "imported")
PAYMENTS: Final = ("pending", "part_paid", "paid", "refunded")


class Exporting(QObject):
    """One file at a time.

    Signals:
        told: a sentence for the desk.
        refused: a ClinicError.
        progressed: how many appointments are written; -1 when nothing is under way.
    """

    told = Signal(str)
    refused = Signal(object)
    progressed = Signal(int)

    def __init__(self, tasks: Tasks, actor: Actor, clinic: ClinicFacts, place: QWidget) -> None:
        super().__init__(place)
        self._tasks, self._actor, self._clinic, self._place = tasks, actor, clinic, place
        self._sheet: Sheet | None = None
        self._asked, self._name, self._count = Asked(), "", 0
        self._is_finishing = False

    @property
    def is_busy(self) -> bool:
        """Whether a file is being written."""
        return self._sheet is not None

    def ask(self, asked: Asked) -> None:
        """Ask where to, then write what is asked for."""
        if self.is_busy:
            self.told.emit(self.tr("A file is being written already; wait for it, or stop it."))
            return
        self._asked = asked
        dialog = QFileDialog(self._place.window(), self.tr("Export bookings"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Workbook (*.xlsx)"), self.tr("Comma-separated (*.csv)")])
        dialog.setDefaultSuffix("xlsx")
        dialog.selectFile(self.tr("bookings"))
        dialog.filterSelected.connect(self._choose_kind)
        dialog.fileSelected.connect(self._begin)
        self._dialog = dialog
        dialog.open()

    def write(self, asked: Asked, path: Path) -> None:
        """Write what is asked for to a file; its name says of which kind."""
        try:
            sheet = sheets.sheet(path, self.tr("Bookings"), [head(name) for name in export.COLUMNS])
        except ClinicError as error:
            self.refused.emit(error)
            return
        self._sheet, self._asked, self._name, self._count = sheet, asked, path.name, 0
        self.progressed.emit(0)
        self._read(sheet, 0, None)

    def stop(self) -> None:
        """Leave it, with no file."""
        if self._is_finishing:
            self.told.emit(self.tr("Everything is written already; the file is just being finished."))
        elif self._sheet is not None:
            self._sheet.drop()
            self._end()
            self.told.emit(self.tr("The export was stopped; nothing was written."))

    def _choose_kind(self, chosen: str) -> None:
        self._dialog.setDefaultSuffix("csv" if "csv" in chosen else "xlsx")

    def _begin(self, chosen: str) -> None:
        self.write(self._asked, Path(chosen))

    def _read(self, sheet: Sheet, number: int, after: Key | None) -> None:
        work = partial(
            export.write_chunk,
            actor=self._actor,
            asked=self._asked,
            words=words(self._clinic.currency),
            sheet=sheet,
            number=number,
            after=after,
        )
        self._tasks.read(
            self, work, partial(self._go_on, sheet, number), refused=partial(self._refuse, sheet)
        )

    def _go_on(self, sheet: Sheet, number: int, done: Progress) -> None:
        if sheet is not self._sheet:  # stopped meanwhile
            return
        self._count += done.count
        self.progressed.emit(self._count)
        if done.next is not None:
            self._read(sheet, number + 1, done.next)
            return
        self._is_finishing = True
        self._tasks.read(self, partial(_finish, sheet), self._tell, refused=partial(self._refuse, sheet))

    def _tell(self, _done: object) -> None:
        self._tasks.write(self, partial(export.note, actor=self._actor, count=self._count))
        said = self.tr("{count} appointments are written to {name}.")
        self.told.emit(said.format(count=self._count, name=self._name))
        self._end()

    def _refuse(self, sheet: Sheet, error: ClinicError) -> None:
        if sheet is not self._sheet:  # stopped meanwhile
            return
        sheet.drop()
        self._end()
        self.refused.emit(error)

    def _end(self) -> None:
        self._sheet, self._is_finishing = None, False
        self.progressed.emit(-1)


def _finish(sheet: Sheet, _session: object) -> None:
    """Compress and name the file where nobody waits for it."""
    sheet.finish()


def words(currency: str) -> Words:
    """What state words are called in the file."""
    return Words(
        {one: texts.status_word(one) for one in STATUSES},
        {one: texts.source_word(one) for one in SOURCES},
        {one: texts.payment_word(one) for one in PAYMENTS},
        translate("bookings", "yes"),
        texts.digits(currency),
    )


def head(name: str) -> str:
    """What a column of the file is called."""
    heads = {
        "reference": translate("bookings", "Reference"),
        "patient": translate("bookings", "Patient"),
        "phone": translate("bookings", "Phone"),
        "email": translate("bookings", "E-mail"),
        "day": translate("bookings", "Day"),
        "start": translate("bookings", "Start"),
        "end": translate("bookings", "End"),
        "service": translate("bookings", "Service"),
        "practitioner": translate("bookings", "Practitioner"),
        "room": translate("bookings", "Room"),
        "status": translate("bookings", "Status"),
        "late": translate("bookings", "Late cancellation"),
        "reason": translate("bookings", "Reason"),
        "price": translate("bookings", "Price"),
        "currency": translate("bookings", "Currency"),
        "source": translate("bookings", "Source"),
        "payment": translate("bookings", "Payment"),
        "session": translate("bookings", "Session"),
        "booked": translate("bookings", "Booked on"),
    }
    return heads[name]
