"""How one session differs from the service: name, service, length, practitioner, room; each may stay as it is."""

from collections.abc import Iterable
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QSpinBox, QWidget

from clinic_scheduler.errors import NotFound
from clinic_scheduler.services.catalogue import Catalogue, ResourceFacts, ServiceFacts
from clinic_scheduler.services.plans.settings import OwnSession
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.theme import style_as

LONGEST_NAME, HIGHEST, LETTERS = 80, 9_999, 60


class StepForm(QWidget):
    """A session to be typed.

    Signals:
        changed: something else stands there.
    """

    changed = Signal()

    def __init__(self, offered: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offered = offered
        self._service_id: UUID | None = None
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText(self.tr("Such as: stitches out"))
        self.service, self.practitioner, self.room = (QComboBox() for _ in range(3))
        for box in (self.service, self.practitioner, self.room):
            box.setMinimumContentsLength(16)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.length = QSpinBox()
        self.length.setRange(0, HIGHEST)
        self.length.setSuffix(self.tr(" min"))
        self.length.setSpecialValueText(self.tr("As long as the service"))
        self._errors: dict[str, tuple[QWidget, QLabel]] = {}
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._add(form, "name", self.tr("Name"), self.name)
        self._add(form, "service", self.tr("Service"), self.service)
        self._add(form, "duration", self.tr("Length"), self.length)
        self._add(form, "practitioner", self.tr("With"), self.practitioner)
        self._add(form, "room", self.tr("Room"), self.room)
        controls.level(form)
        self.name.textChanged.connect(self._tell)
        self.length.valueChanged.connect(self._tell)
        self.service.activated.connect(self._change_service)
        self.practitioner.activated.connect(self._tell)
        self.room.activated.connect(self._tell)

    def _add(self, form: QFormLayout, key: str, words: str, field: QWidget) -> None:
        field.setAccessibleName(words)
        error = wide(controls.label(tone="error"))
        error.setFont(fonts.small())
        error.hide()
        form.addRow(words, field)
        form.addRow("", error)
        form.setRowVisible(error, False)
        self._errors[key] = field, error

    def show_session(self, service_id: UUID, own: OwnSession) -> None:
        """Show a session of the plan of that service, without a signal."""
        self._service_id = service_id
        for field in (self.name, self.length):
            field.blockSignals(True)
        self.name.setText(own.name)
        self.length.setValue(own.duration_min or 0)
        for field in (self.name, self.length):
            field.blockSignals(False)
        usual = self._named(service_id)
        self.service.clear()
        self.service.addItem(self.tr("{service} (as the plan)").format(service=usual)[:LETTERS], None)
        for one in self._offered.services:
            if one.id != service_id:
                self.service.addItem(one_line(one.name)[:LETTERS], one.id)
        self.service.setCurrentIndex(max(0, self.service.findData(own.service_id)))
        self._offer_people(own.practitioner_id, own.room_id)

    @property
    def own(self) -> OwnSession:
        """What stands there, whether it can be or not."""
        return OwnSession(
            self.name.text(),
            self.service.currentData(),
            self.length.value() or None,
            self.practitioner.currentData(),
            self.room.currentData(),
        )

    def refuse(self, key: str, sentence: str) -> None:
        """Say at the field what is wrong."""
        field, error = self._errors[key]
        error.setText(sentence)
        form = self.layout()
        if isinstance(form, QFormLayout):
            form.setRowVisible(error, bool(sentence))
        style_as(field, invalid=bool(sentence))

    def accept_all(self) -> None:
        """Nothing is wrong."""
        for key, (_field, error) in self._errors.items():
            if error.text():
                self.refuse(key, "")

    def said(self, key: str) -> str:
        """What is said to be wrong at a field."""
        return self._errors[key][1].text()

    def _named(self, service_id: UUID) -> str:
        try:
            return one_line(self._offered.service(service_id).name)
        except NotFound:
            return self.tr("no longer offered")

    def _facts(self) -> ServiceFacts | None:
        try:
            chosen: UUID | None = self.service.currentData() or self._service_id
            return self._offered.service(chosen) if chosen is not None else None
        except NotFound:
            return None

    def _offer_people(self, practitioner_id: UUID | None, room_id: UUID | None) -> None:
        facts = self._facts()
        able = {one.practitioner_id for one in facts.performers} if facts else set[UUID]()
        people = [one for one in self._offered.practitioners if one.id in able or one.id == practitioner_id]
        rooms = self._offered.rooms_for(facts) if facts else ()
        others = [one for one in self._offered.rooms if one.id == room_id and one not in rooms]
        _fill(self.practitioner, self.tr("Anyone who performs it"), people, practitioner_id)
        _fill(self.room, self.tr("Any room of its kind"), (*rooms, *others), room_id)

    def _change_service(self, _index: int) -> None:
        self._offer_people(self.practitioner.currentData(), self.room.currentData())
        self.changed.emit()

    def _tell(self, _value: object = None) -> None:
        self.changed.emit()


def _fill(box: QComboBox, nobody: str, resources: Iterable[ResourceFacts], chosen: UUID | None) -> None:
    box.clear()
    box.addItem(nobody, None)
    for one in resources:
        box.addItem(one_line(one.name)[:LETTERS], one.id)
    box.setCurrentIndex(max(0, box.findData(chosen)))
