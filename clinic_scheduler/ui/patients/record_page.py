"""One person's record: the name with what can be done, the fields, and everything there is beside them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from clinic_scheduler.services.actor import ERASE, MERGE, Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people.records import Record
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.patients import words
from clinic_scheduler.ui.patients.record_form import RecordForm
from clinic_scheduler.ui.patients.record_tables import RecordTables
from clinic_scheduler.ui.theme import style_as


class RecordPage(QWidget):
    """Empty until somebody is picked.

    Signals:
        save_wanted: what is typed is to be kept.
        merge_wanted, erase_wanted: this record is to be merged or erased.
        hand_out_wanted: "json" or "pdf", how everything on record is to be handed out.
        visit_wanted: as of RecordTables.
    """

    save_wanted = Signal()
    merge_wanted = Signal()
    erase_wanted = Signal()
    hand_out_wanted = Signal(str)
    visit_wanted = Signal(object, object)

    def __init__(self, clinic: ClinicFacts, actor: Actor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actor = actor
        self.is_new = False
        self._name = wide(controls.heading(""))
        self._figures = wide(controls.label(tone="muted"))
        self._missed = wide(controls.label(tone="warning"))
        self.form, self.tables = RecordForm(clinic), RecordTables(clinic)
        self._said = wide(controls.label())
        self.save = controls.primary(self.tr("Save"))
        self.revert = QPushButton(self.tr("Undo changes"))
        self._merge = QPushButton(self.tr("Merge…"))
        self._erase = QPushButton(self.tr("Erase…"))
        self._hand_out = QPushButton(self.tr("Hand out data"))
        menu = QMenu(self._hand_out)
        menu.addAction(self.tr("To read, as PDF…")).triggered.connect(self._as_pdf)
        menu.addAction(self.tr("For another program, as JSON…")).triggered.connect(self._as_json)
        self._hand_out.setMenu(menu)
        self._layers = QStackedLayout(self)
        none = controls.label(self.tr("Pick somebody at the left, or put somebody new on record."), "muted")
        none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        none.setWordWrap(True)
        self._layers.addWidget(none)
        self._layers.addWidget(self._build())
        self._connect()

    def _build(self) -> QWidget:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name, 1)
        for button in (self._merge, self._hand_out, self._erase):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._said, 1)
        foot.addWidget(self.revert)
        foot.addWidget(self.save)
        whole = controls.card()
        column = QVBoxLayout(whole)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._figures)
        column.addWidget(self._missed)
        column.addWidget(self.form)
        column.addWidget(self.tables, 1)
        column.addLayout(foot)
        self._name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._said.setFont(fonts.body())
        return whole

    def _connect(self) -> None:
        self.save.clicked.connect(self.save_wanted)
        self.revert.clicked.connect(self._undo)
        self._merge.clicked.connect(self.merge_wanted)
        self._erase.clicked.connect(self.erase_wanted)
        self.form.edited.connect(self._mark)
        self.form.entered.connect(self.save.click)
        self.tables.visit_wanted.connect(self.visit_wanted)

    @property
    def record(self) -> Record | None:
        """Who is shown; nobody while somebody new is typed in."""
        return self.form.record

    @property
    def is_changed(self) -> bool:
        """Whether something is typed that is not saved."""
        return (self.is_new or self.record is not None) and self.form.is_changed

    def show_record(self, record: Record) -> None:
        """Show this person."""
        self.is_new = False
        self.form.show_record(record)
        self._name.setText(one_line(record.line.name))
        self._figures.setText(words.figures(record))
        missed = words.missed(record)
        self._missed.setText(missed)
        self._missed.setVisible(bool(missed))
        self.tables.show_record(record)
        self._arrange()

    def show_new(self) -> None:
        """Show empty fields for somebody who is to be put on record."""
        self.is_new = True
        self.form.show_record(None)
        self._name.setText(self.tr("New patient"))
        self._figures.setText(self.tr("Nothing is kept before you save."))
        self._missed.hide()
        self.tables.clear()
        self._arrange()
        self.form.begin()

    def show_nobody(self) -> None:
        """Show that nobody is picked."""
        self.is_new = False
        self.form.show_record(None)
        self._layers.setCurrentIndex(0)

    def tell(self, sentence: str, tone: str = "") -> None:
        """Say something below the record."""
        self._said.setText(sentence)
        style_as(self._said, tone=tone)

    def _arrange(self) -> None:
        self.tell("")
        self._layers.setCurrentIndex(1)
        self.tables.setVisible(not self.is_new)
        self._merge.setVisible(not self.is_new and MERGE in self._actor.permissions)
        self._erase.setVisible(not self.is_new and ERASE in self._actor.permissions)
        self._hand_out.setVisible(not self.is_new)
        self._mark()

    def _mark(self) -> None:
        self.save.setEnabled(self.is_changed)
        self.revert.setEnabled(self.is_changed)

    def _undo(self) -> None:
        self.form.revert()
        self.tell("")
        if self.is_new:
            self.show_nobody()

    def _as_pdf(self) -> None:
        self.hand_out_wanted.emit("pdf")

    def _as_json(self) -> None:
        self.hand_out_wanted.emit("json")
