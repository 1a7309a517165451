"""People of a file: which column is what, what would happen line by line, then all of it at once."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.errors import ClinicError, ImportRefused, InvalidInput
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.people import people_file, people_import
from clinic_scheduler.services.people.likeness import Reason
from clinic_scheduler.services.people.people_file import Sheet
from clinic_scheduler.services.people.people_import import Imported, Trial
from clinic_scheduler.ui import controls, fonts, icons
from clinic_scheduler.ui.booking import words as booking_words
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.patients.record_tables import table
from clinic_scheduler.ui.tasks import Tasks
from clinic_scheduler.ui.theme import style_as

SIZE = (860, 660)
MOST_SHOWN = 500


class ImportDialog(QDialog):
    """The dry run is read anew after each choice; nobody is put on record before the last button.

    Signals:
        imported: what was done, in a sentence.
    """

    imported = Signal(str)

    def __init__(self, tasks: Tasks, actor: Actor, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Import patients"))
        self.resize(*SIZE)
        self._tasks, self._actor = tasks, actor
        self._sheet: Sheet | None = None
        self._trial: Trial | None = None
        self._is_filling = False
        self._file = wide(controls.label(self.tr("A table saved as CSV, one line for each person."), "muted"))
        self._hint = wide(
            controls.label(
                self.tr(
                    "The first line holds the headings: name, phone, e-mail, birth date, code, notes, in any "
                    "order. You see what would happen line by line before anybody is put on record."
                ),
                "muted",
            )
        )
        self._boxes = {field: QComboBox() for field in people_file.HEADINGS}
        self._columns = QWidget()
        self._told = wide(controls.label())
        self.lines = table(
            self.tr("What would happen"),
            (self.tr("Line"), self.tr("Where, or who"), self.tr("What")),
            (64, 220),
        )
        self._with_alike = QCheckBox(self.tr("Take those too who may be on record already"))
        self._said = wide(controls.label(tone="error"))
        self._choose = QPushButton(icons.icon("upload"), self.tr("Choose a file…"))
        self._go = controls.primary(self.tr("Import"))
        self._build()
        self._choose.clicked.connect(self._ask)
        self._go.clicked.connect(self._take)
        self._with_alike.toggled.connect(self._count)
        for box in self._boxes.values():
            box.currentIndexChanged.connect(self._try)
        self._arrange()

    def _build(self) -> None:
        grid = QGridLayout(self._columns)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for number, (field, box) in enumerate(self._boxes.items()):
            caption = controls.label(self._caption(field))
            caption.setFont(fonts.small(strong=True))
            caption.setBuddy(box)
            caption.setContentsMargins(0, 4, 0, 0)
            box.setAccessibleName(self.tr("Column of {field}").format(field=self._caption(field)))
            box.setMinimumContentsLength(12)
            grid.addWidget(caption, number // 4 * 2, number % 4)
            grid.addWidget(box, number // 4 * 2 + 1, number % 4)
        for number in range(4):
            grid.setColumnStretch(number, 1)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._choose)
        top.addWidget(self._file, 1, Qt.AlignmentFlag.AlignVCenter)
        leave = QPushButton(self.tr("Close"))
        leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._with_alike)
        foot.addStretch(1)
        foot.addWidget(leave)
        foot.addWidget(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(controls.heading(self.tr("Put the people of a file on record")))
        column.addLayout(top)
        for part in (self._hint, self._columns, self._told):
            column.addWidget(part)
        column.addWidget(self.lines, 100)
        column.addWidget(self._said)
        column.addStretch(1)
        column.addLayout(foot)
        self._said.hide()

    def _caption(self, field: str) -> str:
        return {
            "name": self.tr("Name"),
            "first_name": self.tr("First name"),
            "last_name": self.tr("Family name"),
            "phone": self.tr("Phone"),
            "email": self.tr("E-mail"),
            "birth_date": self.tr("Birth date"),
            "code": self.tr("Code"),
            "notes": self.tr("Notes"),
        }[field]

    def _ask(self) -> None:
        kinds = self.tr("Tables as text (*.csv *.txt *.tsv)")
        dialog = QFileDialog(self, self.tr("Choose a file"), "", f"{kinds};;{self.tr('All files (*)')}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open_file)
        dialog.open()

    def open_file(self, path: str) -> None:
        """Read this file and show what would happen."""
        self._tell("")
        self._sheet = self._trial = None
        self._arrange()
        self._file.setText(Path(path).name)
        self._tasks.read(
            self, partial(_read, Path(path)), self._show_sheet, refused=self._refuse, latest="file"
        )

    def _show_sheet(self, sheet: Sheet) -> None:
        self._sheet = sheet
        guessed = people_file.guess(sheet.headings)
        self._is_filling = True
        for field, box in self._boxes.items():
            box.clear()
            box.addItem(self.tr("Not in the file"), None)
            for number, heading in enumerate(sheet.headings):
                box.addItem(one_line(heading)[:60] or str(number + 1), number)
            box.setCurrentIndex(guessed[field] + 1 if field in guessed else 0)
        self._is_filling = False
        self._try()

    @property
    def _chosen(self) -> dict[str, int]:
        return {
            field: box.currentData() for field, box in self._boxes.items() if box.currentData() is not None
        }

    def _try(self) -> None:
        if self._sheet is None or self._is_filling:
            return
        self._trial = None
        self._tell("")
        self._arrange()
        self._told.setText(self.tr("Looking through {count} lines…").format(count=len(self._sheet.rows)))
        work = partial(people_import.attempt, actor=self._actor, sheet=self._sheet, columns=self._chosen)
        self._tasks.read(self, work, self._show, refused=self._refuse, latest="trial")

    def _show(self, trial: Trial) -> None:
        self._trial = trial
        rows = [(p.line, p.heading, p.text) for p in trial.problems]
        rows += [
            (one.line, one.name, self._why(one.other, one.other_line, one.reasons)) for one in trial.alike
        ]
        self.lines.setRowCount(min(len(rows), MOST_SHOWN))
        for row, cells in enumerate(rows[:MOST_SHOWN]):
            for column, text in enumerate(cells):
                item = QTableWidgetItem(one_line(str(text)))
                self.lines.setItem(row, column, item)
        self._arrange()
        self._count()

    def _why(self, other: str, other_line: int, reasons: tuple[Reason, ...]) -> str:
        why = booking_words.why_alike(reasons)
        if other_line:
            told = self.tr("May be the person of line {line}, {name}. {why}.")
            return told.format(line=other_line, name=one_line(other), why=why)
        return self.tr("May be on record as {name}. {why}.").format(name=one_line(other), why=why)

    def _count(self) -> None:
        trial = self._trial
        if trial is None:
            return
        taken = len(trial.taken(with_alike=self._with_alike.isChecked()))
        if trial.problems:
            self._told.setText(self._refused_lines(len({one.line for one in trial.problems})))
        else:
            told = self.tr("{new} would be put on record, {known} are there already, {alike} may be.")
            self._told.setText(told.format(new=taken, known=len(trial.known), alike=len(trial.alike)))
        style_as(self._told, tone="error" if trial.problems else "")
        may_go = not trial.problems and taken > 0
        self._go.setText(self.tr("Import {count}").format(count=taken) if may_go else self.tr("Import"))
        self._go.setEnabled(may_go)

    def _refused_lines(self, count: int) -> str:
        if count == 1:
            return self.tr(
                "One line cannot be taken, so nobody is. Correct it in the file and choose it again."
            )
        told = self.tr(
            "{count} lines cannot be taken, so nobody is. Correct them in the file and choose it again."
        )
        return told.format(count=count)

    def _arrange(self) -> None:
        trial = self._trial
        self._hint.setVisible(self._sheet is None)
        self._columns.setVisible(self._sheet is not None)
        self._told.setVisible(self._sheet is not None)
        self.lines.setVisible(bool(trial and (trial.problems or trial.alike)))
        self._with_alike.setVisible(bool(trial and trial.alike and not trial.problems))
        if trial is None:
            self._go.setEnabled(False)

    def _take(self) -> None:
        if self._sheet is None:
            return
        work = partial(
            people_import.take,
            actor=self._actor,
            sheet=self._sheet,
            columns=self._chosen,
            with_alike=self._with_alike.isChecked(),
        )
        self._go.setEnabled(False)
        self._tasks.write(self, work, self._done, self._refuse)

    def _done(self, done: Imported) -> None:
        told = self.tr("{new} put on record; {known} were there already, {alike} were left out.")
        self.imported.emit(told.format(new=done.new, known=done.known, alike=done.alike))
        self.accept()

    def _refuse(self, error: ClinicError) -> None:
        self._told.setText("")
        self._tell(str(error))
        if isinstance(error, InvalidInput) and error.field in self._boxes:
            self._boxes[error.field].setFocus()

    def _tell(self, sentence: str) -> None:
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))


def _read(path: Path, _session: object) -> Sheet:
    """The file in rows; read in a thread, since it may lie far away.

    Raises:
        ImportRefused: it cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError:
        raise ImportRefused(
            f"{path.name} cannot be read; check that it is there and yours to read."
        ) from None
    return people_file.read(data)
