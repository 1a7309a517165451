"""The catalogue as a list that narrows while typing."""

from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from clinic_scheduler.services.catalogue import Catalogue, ServiceFacts
from clinic_scheduler.services.people.persons import folded
from clinic_scheduler.services.wishes import Wish
from clinic_scheduler.ui import fonts, theme
from clinic_scheduler.ui.booking import painting, words
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.tokens import current

SERVICE: Final = Qt.ItemDataRole.UserRole
ROW: Final = 52
_Index = QModelIndex | QPersistentModelIndex


class ServiceModel(QAbstractListModel):
    """The services that hold every word typed, those that begin with it first."""

    def __init__(self, catalogue: Catalogue, parent: QObject) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._all = [
            (service, folded(f"{service.name} {service.category} {service.code}"))
            for service in catalogue.services
        ]
        self._found = [service for service, _ in self._all]

    def narrow(self, text: str) -> None:
        """Show what `text` asks for; everything where it is blank."""
        wanted = folded(text[:200]).split()
        found = [
            (min(_rank(word, searched) for word in wanted) if wanted else 0, number, service)
            for number, (service, searched) in enumerate(self._all)
            if all(word in searched for word in wanted)
        ]
        self.beginResetModel()
        self._found = [service for _, _, service in sorted(found, key=_order)]
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._found)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name to show, the sentence to speak, and the ServiceFacts behind."""
        service = self._found[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return service.name
        if role == SERVICE:
            return service
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{service.name}, {self.detail(service)}"
        return None

    def detail(self, service: ServiceFacts) -> str:
        """Length and price with anyone."""
        anyone = Wish(service.id)
        length = words.length_text(words.lengths(service, anyone))
        price = words.price_text(words.prices(service, anyone), self._catalogue.clinic.currency)
        return f"{length} · {price}"


def _rank(word: str, searched: str) -> int:
    return 0 if searched.startswith(word) else 1 if f" {word}" in searched else 2


def _order(found: tuple[int, int, ServiceFacts]) -> tuple[int, int]:
    return found[0], found[1]


class ServiceDelegate(QStyledItemDelegate):
    """Name over category at the left, length and price at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        service = index.data(SERVICE)
        if not isinstance(model, ServiceModel) or not isinstance(service, ServiceFacts):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painting.row(painter, option.rect, option)
        inner = option.rect.adjusted(16, 6, -16, -6)
        bar = QRect(inner.left(), inner.top() + 2, 4, inner.height() - 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.block(current(), service.hue).bar)
        painter.drawRoundedRect(bar, 2, 2)
        detail, font = model.detail(service), fonts.tabular(fonts.small())
        space = painting.width(detail, font) + 8
        painting.put(painter, inner, detail, font, current().muted, painting.RIGHT)
        text = inner.adjusted(16, 0, -space, 0)
        upper, lower = QRect(text), QRect(text)
        upper.setHeight(text.height() // 2)
        lower.setTop(upper.bottom() + 1)
        second = one_line(service.category) or one_line(service.code)
        painting.put(
            painter, upper if second else text, service.name, fonts.body(strong=True), current().text
        )
        painting.put(painter, lower, second, fonts.small(), current().muted)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, ROW)


def service_view(model: ServiceModel, name: str, parent: QWidget | None = None) -> QListView:
    """The list that shows the model."""
    view = QListView(parent)
    view.setModel(model)
    view.setItemDelegate(ServiceDelegate(view))
    view.setAccessibleName(name)
    view.setUniformItemSizes(True)
    view.setMouseTracking(True)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return view
