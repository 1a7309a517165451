"""One service of a wish: with whom, and in which room."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_scheduler.services.catalogue import Catalogue, ServiceFacts
from clinic_scheduler.services.wishes import Wish
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking import words
from clinic_scheduler.ui.booking.frames import CutLabel
from clinic_scheduler.ui.calendar.typeset import one_line

LONGEST: Final = 60


class WishLine(QFrame):
    """The service's name; who and where below it.

    Signals:
        changed: somebody else or another room is wished.
        removed: the service is not wished any more.
    """

    changed = Signal()
    removed = Signal(object)

    def __init__(self, wish: Wish, offered: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wish = wish
        self._service: ServiceFacts = offered.service(wish.service_id)
        name = one_line(self._service.name)
        people = [
            (p.practitioner_id, words.resource_name(offered, p.practitioner_id))
            for p in self._service.performers
        ]
        self.who = _box(self.tr("With whom: {service}").format(service=name), self.tr("Anyone"), people)
        if len(wish.practitioner_ids) > 1:  # of an entry made elsewhere; stays a choice of its own
            either = self.tr(" or ").join(words.resource_name(offered, one) for one in wish.practitioner_ids)
            self.who.addItem(one_line(either)[:LONGEST], wish.practitioner_ids)
        wished = wish.practitioner_ids[0] if len(wish.practitioner_ids) == 1 else wish.practitioner_ids
        self.who.setCurrentIndex(max(0, self.who.findData(wished or None)))
        rooms = [(room.id, room.name) for room in offered.rooms_for(self._service, None)]
        self.room = _box(self.tr("In which room: {service}").format(service=name), self.tr("Any room"), rooms)
        self.room.setCurrentIndex(max(0, self.room.findData(wish.room_id)))
        self.room.setVisible(self._service.needs_room and len(rooms) > 1)
        for box in (self.who, self.room):
            box.activated.connect(self._choose)
            box.installEventFilter(self)
        remove = controls.icon_button("trash-2", self.tr("Remove {service}").format(service=name), quiet=True)
        remove.clicked.connect(self._remove)
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(self.who, 1)
        choices.addWidget(self.room, 1)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(CutLabel(self._service.name, fonts.body(strong=True)))
        left.addLayout(choices)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(left, 1)
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignBottom)

    @property
    def wish(self) -> Wish:
        """The service as it is wished now."""
        chosen = self.who.currentData()
        people: tuple[UUID, ...] = (
            () if chosen is None else (chosen,) if isinstance(chosen, UUID) else tuple(chosen)
        )
        room = self.room.currentData() if self._service.needs_room else None
        return Wish(self._service.id, people, room, self._wish.preferred_id, self._wish.visitor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls, it must not choose somebody else on its way."""
        if isinstance(watched, QComboBox) and event.type() == QEvent.Type.Wheel and not watched.hasFocus():
            event.ignore()
            return True
        return False

    def _choose(self, _index: int) -> None:
        self.changed.emit()

    def _remove(self) -> None:
        self.removed.emit(self)


def _box(name: str, anything: str, choices: Sequence[tuple[UUID, str]]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.addItem(anything, None)
    for identifier, text in choices:
        box.addItem(one_line(text)[:LONGEST], identifier)
    box.setMinimumContentsLength(8)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box
