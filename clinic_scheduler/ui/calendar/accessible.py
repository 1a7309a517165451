"""The painted day for screen readers: visits, holds and the keyboard's place as items of a list."""

from weakref import ref

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QWindow
from PySide6.QtWidgets import QAccessibleWidget

from clinic_scheduler.services.days.schedule import HeldTime, Visit
from clinic_scheduler.ui.calendar import speech
from clinic_scheduler.ui.calendar.day_view import DayView
from clinic_scheduler.ui.calendar.scene import Scene
from clinic_scheduler.ui.calendar.walk import Spot

Entry = Visit | HeldTime | Spot
Text = QAccessible.Text


class AccessibleDays:
    """Makes the interfaces of day views. Keep it as long as the application: Qt holds no reference."""

    def __init__(self) -> None:
        self._kept: list[AccessibleDay] = []

    def make(self, _class_name: str, thing: QObject | None) -> QAccessibleInterface | None:
        """The interface of a day view; None for any other object, so that Qt asks on."""
        if not isinstance(thing, DayView):
            return None
        made = AccessibleDay(thing)
        self._kept.append(made)
        return made


def install() -> AccessibleDays:
    """Let screen readers see day views; the caller keeps what is returned."""
    days = AccessibleDays()
    QAccessible.installFactory(days.make)
    return days


class AccessibleDay(QAccessibleWidget):
    """A list whose items are what is painted, in reading order, the empty time under the keyboard last."""

    def __init__(self, view: DayView) -> None:
        super().__init__(view, QAccessible.Role.List, "")
        self._view = ref(view)
        self._scene: Scene | None = None
        self._entries: list[Entry] = []
        self._items: list[AccessibleItem] = []  # by place; never dropped, since Qt remembers their addresses

    def view(self) -> DayView | None:
        view = self._view()
        return view if view is not None and shiboken6.isValid(view) else None

    def entries(self) -> list[Entry]:
        """What the children stand for now."""
        view = self.view()
        if view is None or view.scene is None:
            return []
        if view.scene is not self._scene:
            self._scene = view.scene
            found: list[Visit | HeldTime] = [v for content in view.scene.contents for v in content.visits]
            found += [h for content in view.scene.contents for h in content.holds]
            self._entries = [*sorted(found, key=lambda entry: (entry.start, entry.column))]
        spot = view.spot
        return [*self._entries, spot] if spot is not None and spot.visit is None else self._entries

    def text(self, t: QAccessible.Text) -> str:
        view = self.view()
        return view.accessibleName() if view is not None and t == Text.Name else ""

    def childCount(self) -> int:
        return len(self.entries())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        if not 0 <= index < self.childCount():
            return None
        while len(self._items) <= index:
            self._items.append(AccessibleItem(self, len(self._items)))
        return self._items[index]

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return child.place if isinstance(child, AccessibleItem) else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        for index, entry in enumerate(self.entries()):
            if self.rect_of(entry).contains(x, y):
                return self.child(index)
        return None

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        view = self.view()
        if view is None or view.spot is None:
            return None
        for index, entry in enumerate(self.entries()):
            if self.is_current(entry):
                return self.child(index)
        return None

    def is_current(self, entry: Entry) -> bool:
        """Whether the keyboard stands on it."""
        view = self.view()
        if view is None or view.spot is None:
            return False
        return entry == view.spot or (isinstance(entry, Visit) and entry.id == view.spot.visit)

    def rect_of(self, entry: Entry) -> QRect:
        """Where an entry is on the screen."""
        view = self.view()
        if view is None or view.scene is None:
            return QRect()
        if isinstance(entry, Spot):
            rect = view.rect_of_spot() or QRect()
        elif isinstance(entry, Visit):
            rect = view.rect_of(entry.id) or QRect()
        else:
            boxes = view.scene.boxes(entry.column).holds
            origin = view.to_content(QPoint(0, 0))
            rect = next((b.rect.translated(-origin) for b in boxes if b.held == entry), QRect())
        return QRect(view.viewport().mapToGlobal(rect.topLeft()), rect.size())


class AccessibleItem(QAccessibleInterface):
    """The item at one place of the list; what it stands for changes with the day."""

    def __init__(self, day: AccessibleDay, place: int) -> None:
        super().__init__()
        self._day = day
        self.place = place

    def entry(self) -> Entry | None:
        entries = self._day.entries() if shiboken6.isValid(self._day) else []
        return entries[self.place] if self.place < len(entries) else None

    def isValid(self) -> bool:
        return self.entry() is not None

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]
        view = self._day.view()
        return view.window().windowHandle() if view is not None else None

    def parent(self) -> QAccessibleInterface:
        return self._day

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def text(self, t: QAccessible.Text) -> str:
        view, entry = self._day.view(), self.entry()
        if t != Text.Name or entry is None or view is None or view.scene is None:
            return ""
        schedule = view.scene.schedule
        if isinstance(entry, Visit):
            return speech.visit(schedule, entry)
        if isinstance(entry, HeldTime):
            return speech.hold(schedule, entry)
        return speech.empty_time(schedule, entry.column, entry.minute)

    def setText(self, t: QAccessible.Text, text: str) -> None:
        """Nothing here is edited in place."""

    def rect(self) -> QRect:
        entry = self.entry()
        return self._day.rect_of(entry) if entry is not None else QRect()

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        view, entry = self._day.view(), self.entry()
        if view is None or entry is None:
            state.invalid = True
            return state
        state.readOnly = True
        state.focusable = state.selectable = not isinstance(entry, HeldTime)
        if self._day.is_current(entry):
            state.selected = True
            state.focused = view.hasFocus()
        port = view.viewport()
        seen = QRect(port.mapToGlobal(QPoint(0, 0)), port.size())
        state.offscreen = not seen.intersects(self.rect())
        return state

    def foregroundColor(self) -> QColor:
        return QColor()

    def backgroundColor(self) -> QColor:
        return QColor()
