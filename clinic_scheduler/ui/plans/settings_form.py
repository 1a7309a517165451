"""The fields of a service's plan settings: the whole course, and below it each session by itself."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.plans.course import MOST_SESSIONS, Gap
from clinic_scheduler.services.plans.settings import AS_THE_SERVICE, OwnSession, PlanSettings
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking.frames import Scrolled, as_card, wide
from clinic_scheduler.ui.theme import style_as

from . import words
from .gap_fields import GapFields
from .step_form import StepForm

MOST_TYPED = 99  # more than may be, so that a sentence says why not
LIST_W = 148


class SettingsForm(QWidget):
    """What is typed is settings at any time, whether they can be or not.

    Signals:
        changed: something else stands there.
    """

    changed = Signal()

    def __init__(self, offered: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: PlanSettings | None = None
        self._gaps: dict[int, Gap] = {}
        self._own: dict[int, OwnSession] = {}
        self._number = 1
        self.count = QSpinBox()
        self.count.setRange(1, MOST_TYPED)
        self.count.setAccessibleName(self.tr("Sessions"))
        self.count_error = _error()
        self.strategy = QComboBox()
        self.strategy.setAccessibleName(self.tr("How they are booked"))
        for key in words.STRATEGIES:
            self.strategy.addItem(words.strategy(key), key)
        self.gap = GapFields(self.tr("Days between two sessions"))
        self.keeps_practitioner = QCheckBox(self.tr("With one practitioner, where that is possible"))
        self.keeps_time = QCheckBox(self.tr("On one weekday and time, where that is possible"))
        self.sessions = QListWidget()
        as_card(self.sessions)
        self.sessions.setAccessibleName(self.tr("Each session"))
        self.sessions.setFixedWidth(LIST_W)
        self.step = StepForm(offered)
        self.has_own_gap = QCheckBox(self.tr("Own days since the session before"))
        self.own_gap = GapFields(self.tr("Days since the session before"))
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.addRow(self.tr("Sessions"), self.count)
        form.addRow("", self.count_error)
        form.addRow(self.tr("How they are booked"), self.strategy)
        form.addRow(self.tr("Days between two"), self.gap)
        form.addRow(self.tr("Wishes"), self.keeps_practitioner)
        form.addRow("", self.keeps_time)
        self._form = form
        form.setRowVisible(self.count_error, False)
        own = QVBoxLayout()
        own.setContentsMargins(0, 0, 8, 0)
        own.setSpacing(8)
        for part in (self.step, self.has_own_gap, self.own_gap):
            own.addWidget(part)
        own.addStretch(1)
        inner = QWidget()
        inner.setLayout(own)
        self._each = QWidget()
        row = QHBoxLayout(self._each)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.sessions)
        row.addWidget(Scrolled(inner), 1)
        title = controls.label(self.tr("Each session by itself"))
        title.setFont(fonts.body(strong=True))
        self._title = title
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(controls.level(form))
        column.addWidget(title)
        column.addWidget(self._each, 1)
        column.addStretch(0)

    def _connect(self) -> None:
        self.count.valueChanged.connect(self._change_count)
        self.strategy.activated.connect(self._tell)
        self.gap.changed.connect(self._tell)
        self.keeps_practitioner.toggled.connect(self._tell)
        self.keeps_time.toggled.connect(self._tell)
        self.sessions.currentRowChanged.connect(self._turn)
        self.step.changed.connect(self._keep_step)
        self.has_own_gap.toggled.connect(self._keep_gap)
        self.own_gap.changed.connect(self._keep_gap)

    def show_settings(self, found: PlanSettings) -> None:
        """Show these, without a signal."""
        self._shown, self._gaps, self._own = found, dict(found.gaps), dict(found.own)
        blocked = (self.count, self.strategy, self.keeps_practitioner, self.keeps_time)
        blockers = [QSignalBlocker(one) for one in blocked]
        self.count.setValue(found.sessions)
        self.strategy.setCurrentIndex(self.strategy.findData(found.strategy))
        self.keeps_practitioner.setChecked(found.keeps_practitioner)
        self.keeps_time.setChecked(found.keeps_time)
        del blockers
        self.gap.show_gap(found.gap)
        self._list(1)

    @property
    def settings(self) -> PlanSettings:
        """What stands there."""
        assert self._shown is not None  # noqa: S101 - nothing is asked before it is shown
        count = self.count.value()
        return replace(
            self._shown,
            sessions=count,
            strategy=self.strategy.currentData(),
            gap=self.gap.gap,
            gaps={n: gap for n, gap in sorted(self._gaps.items()) if n < count},
            own={n: one for n, one in sorted(self._own.items()) if n <= count},
            keeps_practitioner=self.keeps_practitioner.isChecked(),
            keeps_time=self.keeps_time.isChecked(),
        )

    # What is wrong

    def refuse(self, field: str, sentence: str) -> bool:
        """Say at its field what is wrong; whether that field is on show."""
        key, _, number = field.partition(" ")
        if number.isdecimal():
            if self._number != session_of(field):
                return False
            if key == "gap":
                self.own_gap.refuse(sentence)
            else:
                self.step.refuse(key, sentence)
            return True
        if key == "gap":
            self.gap.refuse(sentence)
        elif key == "sessions":
            self.count_error.setText(sentence)
            self._form.setRowVisible(self.count_error, True)
            style_as(self.count, invalid=True)
        return key in ("gap", "sessions")

    def accept_all(self) -> None:
        """Nothing is wrong."""
        if self.count_error.text():
            self.count_error.setText("")
            self._form.setRowVisible(self.count_error, False)
            style_as(self.count, invalid=False)
        for one in (self.gap, self.own_gap):
            one.refuse("")
        self.step.accept_all()

    # Each session

    def _list(self, number: int) -> None:
        count = min(self.count.value(), MOST_SESSIONS)
        with QSignalBlocker(self.sessions):
            self.sessions.clear()
            for n in range(1, count + 1):
                self.sessions.addItem(QListWidgetItem(self._item(n)))
            self.sessions.setCurrentRow(min(number, count) - 1)
        for part in (self._each, self._title):
            part.setVisible(count > 1)
        self._turn_to(self.sessions.currentRow())

    def _item(self, number: int) -> str:
        own = self._own.get(number, AS_THE_SERVICE)
        is_own = own != AS_THE_SERVICE or number - 1 in self._gaps
        text = f"{number} · {own.name}" if own.name else str(number)
        return self.tr("{session}, differs").format(session=text) if is_own and not own.name else text

    def _turn(self, row: int) -> None:
        """Another session is looked at: what is wrong with it stands at its fields now."""
        self._turn_to(row)
        self.changed.emit()

    def _turn_to(self, row: int) -> None:
        if self._shown is None or row < 0:
            return
        self._number = row + 1
        self.step.show_session(self._shown.service_id, self._own.get(self._number, AS_THE_SERVICE))
        before = self._gaps.get(self._number - 1)
        with QSignalBlocker(self.has_own_gap):
            self.has_own_gap.setChecked(before is not None)
        self.own_gap.show_gap(before or self.gap.gap)
        self.own_gap.setVisible(before is not None)
        self.has_own_gap.setVisible(self._number > 1)

    def _change_count(self, _count: int) -> None:
        self._list(self._number)
        self.changed.emit()

    def _keep_step(self) -> None:
        _put(self._own, self._number, self.step.own, AS_THE_SERVICE)
        self._rename()

    def _keep_gap(self, _value: object = None) -> None:
        self.own_gap.setVisible(self.has_own_gap.isChecked())
        if self.has_own_gap.isChecked():
            self._gaps[self._number - 1] = self.own_gap.gap
        else:
            self._gaps.pop(self._number - 1, None)
            self.own_gap.show_gap(self.gap.gap)
        self._rename()

    def _rename(self) -> None:
        item = self.sessions.item(self._number - 1)
        if item is not None:
            item.setText(self._item(self._number))
        self.changed.emit()

    def _tell(self, _value: object = None) -> None:
        self.changed.emit()


def session_of(field: str) -> int | None:
    """Of which session a field is: a gap belongs to the session after it."""
    key, _, number = field.partition(" ")
    if not number.isdecimal():
        return None
    return int(number) + (1 if key == "gap" else 0)


def _put(kept: dict[int, OwnSession], number: int, own: OwnSession, usual: OwnSession) -> None:
    if own == usual:
        kept.pop(number, None)
    else:
        kept[number] = own


def _error() -> QLabel:
    made = wide(controls.label(tone="error"))
    made.setFont(fonts.small())
    return made
