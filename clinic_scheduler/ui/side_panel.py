"""What stands beside the calendar: the small month, the tray, the selected visit."""

from datetime import date
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from clinic_scheduler.services.actor import Actor

from .month_grid import MonthGrid
from .pin_list import PinList
from .plans.card import PlanCard
from .tray import Tray
from .visit_panel import VisitPanel

WIDTH = 304


class SidePanel(QScrollArea):
    """A column that scrolls when it is higher than the window."""

    def __init__(self, actor: Actor, zone: ZoneInfo, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.month = MonthGrid(today)
        self.tray = Tray(actor, zone)
        self.pins = PinList(zone)
        self.visit, self.plan = VisitPanel(), PlanCard()
        inside = QFrame()
        inside.setProperty("side", True)
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(24)
        for part in (self.month, self.tray, self.pins, self.visit):
            column.addWidget(part)
        column.addSpacing(-12)  # the plan belongs to the visit above it
        column.addWidget(self.plan)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
