"""The services of the visit, one line each: who, how long, how much; ordered by drag or by keys."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.wishes import Wish
from clinic_scheduler.ui import controls, fonts, icons, theme
from clinic_scheduler.ui.booking import words
from clinic_scheduler.ui.booking.frames import CutLabel
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.tokens import current

NAMES: Final = 60  # letters of a name in a combo box


class Grip(QLabel):
    """What a line is dragged by.

    Signals:
        dragged: the mouse's place on the screen while the button is down.
        dropped: the button was let go.
    """

    dragged = Signal(QPoint)
    dropped = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPixmap(icons.pixmap("grip-vertical", 16, "muted", self.devicePixelRatioF()))
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(name)
        self.setFixedWidth(20)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.dropped.emit()


class Line(QFrame):
    """One service of the visit.

    Signals:
        wished: the Wish as it is now, after the practitioner was chosen.
        moved: by how many places.
        walked: the keyboard goes so many lines on.
        removed: the line is not wanted any more.
        dragged: the mouse's place on the screen.
        dropped: the drag is over.
    """

    wished = Signal(object)
    moved = Signal(int)
    walked = Signal(int)
    removed = Signal()
    dragged = Signal(QPoint)
    dropped = Signal()

    def __init__(self, number: int, wish: Wish, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wish = wish
        self._number, self._catalogue = number, catalogue
        self._service = catalogue.service(wish.service_id)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._grip = Grip(self.tr("Drag to change the order (Alt+Up, Alt+Down)"), self)
        self._grip.dragged.connect(self.dragged)
        self._grip.dropped.connect(self.dropped)
        self._name = CutLabel(self._service.name, fonts.body(strong=True))
        self._detail = controls.label(tone="muted")
        self._detail.setFont(fonts.tabular(fonts.small()))
        self._price = controls.label()
        self._price.setFont(fonts.tabular(fonts.body(strong=True)))
        self.who = QComboBox()
        self.who.setAccessibleName(
            self.tr("Practitioner for {service}").format(service=one_line(self._service.name))
        )
        self.extras: list[QCheckBox] = []
        self._remove = controls.icon_button("trash-2", self.tr("Remove (Delete)"), quiet=True)
        self._remove.clicked.connect(self.removed)
        self._lay_out()
        self._offer()
        self.who.activated.connect(self._choose)
        self.who.installEventFilter(self)
        self._show()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 10, 8, 10)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.addWidget(self._grip, 0, 0, 2, 1)
        grid.addWidget(self._name, 0, 1)
        grid.addWidget(self._price, 0, 2, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self._remove, 0, 3, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.who, 1, 1)
        grid.addWidget(self._detail, 1, 2, Qt.AlignmentFlag.AlignRight)
        grid.addLayout(self._extras(), 2, 1, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(2, 112)

    def _extras(self) -> QVBoxLayout:
        """The add-ons of the service, to be ticked."""
        column = QVBoxLayout()
        column.setSpacing(4)
        for one in self._service.add_ons:
            box = QCheckBox(one_line(words.add_on_text(one, self._catalogue.clinic.currency))[:NAMES])
            box.setAccessibleName(self.tr("Add-on {name}").format(name=box.text()))
            box.setChecked(one.id in self.wish.add_on_ids)
            box.toggled.connect(self._tick)
            self.extras.append(box)
            column.addWidget(box)
        return column

    def _tick(self, _is_on: bool) -> None:
        ticked = zip(self._service.add_ons, self.extras, strict=True)
        self.wish = replace(self.wish, add_on_ids=tuple(one.id for one, box in ticked if box.isChecked()))
        self._show()
        self.wished.emit(self.wish)

    def _offer(self) -> None:
        """Fill the combo box; several practitioners wished at once stay as a choice of their own."""
        self.who.addItem(self.tr("Anyone"), ())
        for performer in self._service.performers:
            name = words.resource_name(self._catalogue, performer.practitioner_id)
            self.who.addItem(one_line(name)[:NAMES], (performer.practitioner_id,))
        wished = self.wish.practitioner_ids
        if len(wished) > 1:
            names = [words.resource_name(self._catalogue, practitioner) for practitioner in wished]
            self.who.addItem(one_line(self.tr(" or ").join(names))[:NAMES], wished)
        self.who.setCurrentIndex(max(0, self.who.findData(wished)))
        self.who.setMinimumContentsLength(12)
        self.who.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def _choose(self, index: int) -> None:
        chosen = self.who.itemData(index)
        practitioners: tuple[UUID, ...] = tuple(chosen)
        self.wish = replace(self.wish, practitioner_ids=practitioners)
        self._show()
        self.wished.emit(self.wish)

    def number(self, number: int) -> None:
        """Say which line of the visit this is, from 1."""
        self._number = number
        self._show()

    def _show(self) -> None:
        length = words.length_text(words.lengths(self._service, self.wish))
        price = words.price_text(words.prices(self._service, self.wish), self._catalogue.clinic.currency)
        self._detail.setText(length)
        self._price.setText(price)
        extras = [box.text() for box in self.extras if box.isChecked()]
        parts = [one_line(self._service.name), *extras, self.who.currentText(), length, price]
        self.setAccessibleName(f"{self._number}, " + ", ".join(parts))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with an arrow moves the line, Delete removes it, plain arrows go to the next."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            is_move = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            (self.moved if is_move else self.walked).emit(step)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """The wheel scrolls the lines, it must not choose another practitioner on its way."""
        if watched is self.who and event.type() == QEvent.Type.Wheel and not self.who.hasFocus():
            event.ignore()
            return True
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.block(current(), self._service.hue).bar)
        painter.drawRoundedRect(0, 8, 4, self.height() - 16, 2, 2)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(current().accent, 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        else:
            painter.fillRect(0, self.height() - 1, self.width(), 1, current().faint_line)

    def focusInEvent(self, event: QEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        self.update()
