"""The dashboard as it stands on the screen: chapters of tiles and charts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinic_scheduler.ui import controls, fonts

from . import definitions
from .cards import ChartCard, Columns, TileButton
from .legend import Legend
from .shown import Chart, Tile

TILE_W, CARD_W, SPACING = 180, 420, 12


@dataclass(frozen=True, slots=True)
class _Chapter:
    """Names of figures, by how they are shown."""

    tiles: Sequence[str]
    upright: Sequence[str] = ()
    charts: Sequence[str] = ()


# In the order of definitions.CHAPTERS.
LAYOUT: Final = (
    _Chapter(("today", "upcoming", "plans_running")),
    _Chapter(
        (
            "total",
            "standing",
            "completed",
            "no_shows",
            "cancelled",
            "late",
            "worth_completed",
            "worth_missed",
        ),
        ("by_day",),
        ("by_practitioner", "by_service", "by_weekday", "by_lead", "by_status", "by_source"),
    ),
    _Chapter((), (), ("use_practitioners", "use_rooms")),
    _Chapter(
        ("sessions_begun", "conversion"),
        (),
        ("outcomes", "left_at", "by_user", "by_workstation", "by_kind", "holds"),
    ),
    _Chapter(("plans_begun", "completion", "lapsed", "sessions_each"), (), ("plan_standings", "by_strategy")),
    _Chapter(("fill_rate", "accepted_rate"), (), ("wishes", "offers")),
)


class Page(QScrollArea):
    """Everything, one chapter under the other.

    Signals:
        opened: the filter behind a number.
    """

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # nothing jumps when it comes
        self.tiles: dict[str, TileButton] = {}
        self.charts: dict[str, ChartCard] = {}
        self._shown: dict[str, Tile | Chart] = {}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 4, 4, 16)
        column.setSpacing(SPACING)
        for chapter, layout in zip(definitions.CHAPTERS, LAYOUT, strict=True):
            head = controls.label(QCoreApplication.translate("figures", chapter.title))
            head.setFont(fonts.body(strong=True))
            head.setContentsMargins(0, 12, 0, 0)
            line = QHBoxLayout()
            line.addWidget(head, 1)
            if layout.upright:
                line.addWidget(Legend(), 0, Qt.AlignmentFlag.AlignBottom)
            column.addLayout(line)
            self._add(column, layout)
        column.addStretch(1)
        self.setWidget(inside)

    def _add(self, column: QVBoxLayout, layout: _Chapter) -> None:
        for name in layout.tiles:
            tile = self.tiles[name] = TileButton(name)
            tile.opened.connect(self.opened)
        for name in (*layout.upright, *layout.charts):
            card = self.charts[name] = ChartCard(name, is_upright=name in layout.upright)
            card.view.opened.connect(self.opened)
        if layout.tiles:
            column.addWidget(Columns([self.tiles[name] for name in layout.tiles], TILE_W, SPACING, 4))
        for name in layout.upright:
            column.addWidget(self.charts[name])
        if layout.charts:
            column.addWidget(Columns([self.charts[name] for name in layout.charts], CARD_W, SPACING, 2))

    def show_figures(self, figures: Iterable[Tile | Chart]) -> None:
        """Show some of them; the others stay."""
        for each in figures:
            self._shown[each.name] = each
            if isinstance(each, Tile):
                self.tiles[each.name].show_tile(each)
            else:
                self.charts[each.name].show_chart(each)

    @property
    def shown(self) -> list[Tile | Chart]:
        """Everything that was read so far, in the order of the definitions."""
        names = (each.name for chapter in definitions.CHAPTERS for each in chapter.definitions)
        return [self._shown[name] for name in names if name in self._shown]
