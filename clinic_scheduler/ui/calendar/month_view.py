"""The month: a cell a day with its number of visits, how full it is, and who comes first."""

from datetime import date

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from clinic_scheduler.services.days.months import Month, MonthDay
from clinic_scheduler.ui import fonts, hues, texts, theme
from clinic_scheduler.ui.calendar.typeset import Typesetter, one_line

Role = Qt.ItemDataRole
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
DAYS = 7
PAD, BAR_H, CHIP_BAR = 8, 3, 3
NOTCH = 120  # of a wheel
STRUCK = frozenset({"no_show", "cancelled"})


class MonthModel(QAbstractTableModel):
    """A row a week; the text is the day as one would say it."""

    DAY = Role.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.days: tuple[MonthDay, ...] = ()
        self.shown, self.today = date.min, date.min

    def show(self, month: Month | None, shown: date, today: date) -> None:
        """Replace everything; `shown` is any day of the month that is looked at."""
        self.beginResetModel()
        self.days = month.days if month else ()
        self.shown, self.today = shown, today
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.days) // DAYS

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else DAYS

    def at(self, index: Index) -> MonthDay:
        """The day of a cell."""
        return self.days[index.row() * DAYS + index.column()]

    def index_of(self, day: date) -> QModelIndex:
        """The cell of a day; invalid if it is not shown."""
        number = (day - self.days[0].day).days if self.days else -1
        return self.index(number // DAYS, number % DAYS) if 0 <= number < len(self.days) else QModelIndex()

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return self.spoken(self.at(index))
        return self.at(index) if role == self.DAY else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if role != Role.DisplayRole or orientation is not Qt.Orientation.Horizontal or not self.days:
            return None
        return QLocale().dayName(self.days[section].day.isoweekday(), QLocale.FormatType.ShortFormat)

    def spoken(self, day: MonthDay) -> str:
        """As in "Tuesday 24 November, 23 visits, 71 percent booked"."""
        parts = [texts.long_date(day.day), self.tr("%n visits", "", day.count)]
        if day.count == 1:
            parts[1] = self.tr("1 visit")
        if day.closed:
            parts.append(one_line(day.closed))
        elif day.open_min:
            parts.append(self.tr("{load} percent booked").format(load=day.load))
        else:
            parts.append(self.tr("nobody works"))
        return ", ".join(parts)


class _Cells(QStyledItemDelegate):
    """Painted from the top: number and count, load, visits as far as there is room."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.measure()

    def measure(self) -> None:
        """Take the fonts of today."""
        self._strong, self._small = (
            Typesetter(fonts.body(strong=True)),
            Typesetter(fonts.tabular(fonts.tiny())),
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(64, 64)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, MonthModel)  # noqa: S101 - the view has no other
        day, rect = model.at(index), QRect(option.rect)
        painter.save()
        painter.setClipRect(rect)
        self._ground(painter, rect, model, day, option.state)
        inside = rect.adjusted(PAD, 4, -PAD, -4)
        top = self._head(painter, inside, model, day)
        if day.closed:
            self._word(painter, one_line(day.closed), inside.x(), top, inside.width())
        else:
            self._visits(painter, inside, top, day)
        painter.restore()

    def _ground(
        self, p: QPainter, rect: QRect, model: MonthModel, day: MonthDay, state: QStyle.StateFlag
    ) -> None:
        colours = theme.current()
        is_shut = bool(day.closed) or not day.open_min
        p.fillRect(rect, colours.closed if is_shut else colours.surface)
        if day.day == model.today:
            p.fillRect(rect.x(), rect.y(), rect.width(), 2, colours.accent)
        p.setPen(colours.line)
        p.drawLine(rect.topRight(), rect.bottomRight())
        p.drawLine(rect.bottomLeft(), rect.bottomRight())
        if state & QStyle.StateFlag.State_Selected:
            p.setPen(colours.accent)
            p.drawRect(rect.adjusted(1, 1, -2, -2))
            p.drawRect(rect.adjusted(2, 2, -3, -3))

    def _head(self, p: QPainter, inside: QRect, model: MonthModel, day: MonthDay) -> int:
        colours, is_here = theme.current(), day.day.month == model.shown.month
        ink = colours.text if is_here else colours.muted
        number = str(day.day.day)
        p.setFont(self._strong.font)
        p.setPen(colours.accent_text if day.day == model.today else ink)
        p.drawStaticText(inside.x(), inside.y(), self._strong.line(number))
        space = inside.width() - self._strong.width(number) - PAD
        whole = model.tr("1 visit") if day.count == 1 else model.tr("%n visits", "", day.count)
        words = next((one for one in (whole, str(day.count)) if self._small.width(one) <= space), "")
        if day.count and words:
            p.setFont(self._small.font)
            p.setPen(colours.muted)
            right = inside.right() - self._small.width(words)
            p.drawStaticText(right, inside.y() + 3, self._small.line(words))
        top = inside.y() + self._strong.height + 2
        if day.open_min:
            p.fillRect(inside.x(), top, inside.width(), BAR_H, colours.faint_line)
            p.fillRect(inside.x(), top, inside.width() * day.load // 100, BAR_H, colours.accent)
        return top + BAR_H + 4

    def _visits(self, p: QPainter, inside: QRect, top: int, day: MonthDay) -> None:
        colours, line = theme.current(), self._small.height + 2
        rows = max(0, (inside.bottom() - top) // line)
        has_more = day.count > min(len(day.first), rows)
        shown = day.first[: rows - 1 if has_more else rows] if rows else ()
        for one in shown:
            p.fillRect(inside.x(), top + 1, CHIP_BAR, line - 3, hues.block(colours, one.hue).bar)
            x, space = inside.x() + CHIP_BAR + 5, inside.width() - CHIP_BAR - 5
            time = f"{one.time} "
            name = one_line(one.patient)
            if self._small.width(time) + 40 <= space:
                self._word(p, time, x, top, space)
                x, space = x + self._small.width(time), space - self._small.width(time)
            width = self._word(p, name, x, top, space, colours.text)
            if one.status in STRUCK:
                p.fillRect(x, top + self._small.height // 2, width, 1, colours.muted)
            top += line
        if has_more and rows:
            left = day.count - len(shown)
            self._word(p, f"+{left}", inside.x() + CHIP_BAR + 5, top, inside.width())

    def _word(self, p: QPainter, text: str, x: int, y: int, space: int, ink: QColor | None = None) -> int:
        """A muted word, cut at a letter; its width."""
        found = self._small.fitted(text, space, x, y)
        if found is None:
            return 0
        p.setFont(self._small.font)
        p.setPen(ink or theme.current().muted)
        p.drawStaticText(found.x, found.y, found.line)
        return found.width


class MonthView(QTableView):
    """Walked by arrows, entered by Enter; PageUp and PageDown turn the months.

    Signals:
        day_opened: a date that was entered or double-clicked.
        day_selected: the date that the keyboard stands on.
        month_stepped: -1 or +1.
    """

    day_opened = Signal(object)
    day_selected = Signal(object)
    month_stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("plain", True)
        self.setAccessibleName(self.tr("Month calendar"))
        self.days = MonthModel(self)
        self.setModel(self.days)
        self._cells = _Cells(self)
        self.setItemDelegate(self._cells)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        for head in (self.horizontalHeader(), self.verticalHeader()):
            head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            head.setMinimumSectionSize(24)
        self.horizontalHeader().setSectionsClickable(False)
        self.activated.connect(self._open)
        self._turned = 0

    def show_month(self, month: Month, day: date, today: date) -> None:
        """Show a month with the keyboard on a day of it."""
        self.days.show(month, day, today)
        self.setCurrentIndex(self.days.index_of(day))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.month_stepped.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.text().isalpha():
            event.ignore()  # letters are the window's commands
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._turned += event.angleDelta().y()
        steps = int(self._turned / NOTCH)
        self._turned -= steps * NOTCH
        if steps:
            self.month_stepped.emit(-steps)
        event.accept()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self.day_selected.emit(self.days.at(current).day)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.ApplicationFontChange, QEvent.Type.FontChange):
            self._cells.measure()
        self.viewport().update()

    def _open(self, index: Index) -> None:
        if index.isValid():
            self.day_opened.emit(self.days.at(index).day)
