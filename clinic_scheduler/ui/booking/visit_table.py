"""A visit as lines: time, service, practitioner, price; and the total."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui import fonts, texts, theme
from clinic_scheduler.ui.booking import painting, words
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.tokens import current

ROW: Final = 52
FOOT: Final = 44
TIME: Final = 60


class VisitTable(QWidget):
    """Painted, so that long names are cut at a letter and never widen the page."""

    def __init__(self, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._parts: tuple[Part, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these."""
        self._parts = tuple(parts)
        spoken = [", ".join((*self._texts(part), self._price(part.price_cents))) for part in self._parts]
        self.setAccessibleName("; ".join([*spoken, self.total]))
        self.updateGeometry()
        self.update()

    @property
    def total(self) -> str:
        """What the visit costs."""
        return self._price(sum(part.price_cents for part in self._parts))

    def sizeHint(self) -> QSize:
        return QSize(320, len(self._parts) * ROW + FOOT)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def _price(self, cents: int) -> str:
        return texts.money(cents, self._catalogue.clinic.currency)

    def _texts(self, part: Part) -> tuple[str, str, str]:
        who = words.resource_name(self._catalogue, part.practitioner_id)
        if part.room_id is not None:
            who = f"{who} · {words.resource_name(self._catalogue, part.room_id)}"
        if part.listed_cents is not None:
            instead = self.tr("instead of {price}").format(price=self._price(part.listed_cents))
            who = f"{who} · {instead}: {one_line(part.price_reason)}"
        return (
            words.time_text(part.start, self._catalogue),
            words.part_name(self._catalogue, part),
            who,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width() - 12  # the scroll bar's
        for number, part in enumerate(self._parts):
            self._draw(painter, QRect(0, number * ROW, width, ROW), part)
        foot = QRect(0, len(self._parts) * ROW, width, FOOT)
        strong = fonts.tabular(fonts.body(strong=True))
        painting.put(
            painter, foot.adjusted(TIME + 12, 0, 0, 0), self.tr("In all"), fonts.body(), current().muted
        )
        painting.put(painter, foot, self.total, strong, current().text, painting.RIGHT)

    def _draw(self, painter: QPainter, place: QRect, part: Part) -> None:
        time, service, who = self._texts(part)
        figures = fonts.tabular(fonts.body())
        price = self._price(part.price_cents)
        painting.put(painter, place, price, figures, current().text, painting.RIGHT)
        inner = place.adjusted(0, 7, -painting.width(price, figures) - 12, -7)
        painting.put(painter, QRect(0, inner.top(), TIME, inner.height() // 2), time, figures, current().text)
        colours = theme.block(current(), words.service_hue(self._catalogue, part.service_id))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.bar)
        painter.drawRoundedRect(QRect(TIME - 8, inner.top() + 1, 4, inner.height() - 2), 2, 2)
        text = inner.adjusted(TIME + 12, 0, 0, 0)
        upper, lower = QRect(text), QRect(text)
        upper.setHeight(text.height() // 2)
        lower.setTop(upper.bottom() + 1)
        painting.put(painter, upper, service, fonts.body(strong=True), current().text)
        painting.put(painter, lower, who, fonts.small(), current().muted)
        painter.fillRect(0, place.bottom(), place.width(), 1, current().faint_line)
