"""The boxes of all controls as one style sheet, filled from a theme.

Style properties a widget may carry (set with theme.style_as, or made by controls.py):
    QPushButton, QToolButton: primary, quiet (no box until hovered), danger, chip, rail, tile (a card that opens),
        segment="first|middle|last"
    QFrame: card, chosen (a card that is picked), bar (a header or footer strip on surface), rule (a thin line),
        head (the strip over a place), side (a panel beside the work, with a line between), rail (the same at the left)
    QLabel: tone="muted|accent|warning|good|error", pill="warning|good|error|accent|plain"
    QLineEdit and other fields: invalid
    QScrollBar: idle (there is nothing to scroll, its room is kept)
    lists and tables: plain (without a line around it)
    lists and tables: bare (on a card, without a line around)
"""

from string import Template
from typing import Final

from clinic_scheduler.config import RESOURCES
from clinic_scheduler.ui.tokens import Theme

_BUTTONS: Final = """
QPushButton, QToolButton {
    min-height: 30px; padding: 0 12px; border: 1px solid $outline; border-radius: 6px;
    background: $raised; color: $text;
}
QToolButton { min-width: 30px; padding: 0; }
QToolButton[popupMode="1"] { padding-right: 24px; }
QToolButton::menu-button { border: none; width: 24px; }
QToolButton::menu-arrow { image: url("$chevron_down"); width: 16px; height: 16px; }
QToolButton::menu-indicator { image: none; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed, QToolButton:open { background: $pressed; }
QPushButton:checked, QToolButton:checked {
    background: $accent_ground; color: $accent_text; border-color: $accent;
}
ToggleButton:checked, RailButton:checked { font-weight: 600; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; background: $ground; border-color: $line; }
QPushButton[primary="true"] {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; padding: 0 16px;
}
QPushButton[primary="true"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[primary="true"]:pressed { background: $accent_text; border-color: $accent_text; }
QPushButton[primary="true"]:disabled { background: $hover; color: $disabled; border-color: $line; }
QPushButton[danger="true"] { color: $now; border-color: $now; }
QPushButton[danger="true"]:hover { background: $now_ground; }
QPushButton[danger="true"]:disabled { color: $disabled; background: $ground; border-color: $line; }
QPushButton[quiet="true"], QToolButton[quiet="true"] { background: transparent; border-color: transparent; }
QPushButton[quiet="true"]:hover, QToolButton[quiet="true"]:hover { background: $hover; border-color: $quiet_edge; }
QPushButton[quiet="true"] { color: $accent_text; padding: 0 8px; }
QPushButton[tile="true"] { background: $surface; border-color: $line; border-radius: 8px; min-height: 82px; }
QPushButton[tile="true"]:hover { background: $hover; }
QPushButton[chip="true"] { min-height: 26px; padding: 0 12px; border-radius: 14px; }
QPushButton[segment="first"], QToolButton[segment="first"] {
    border-top-right-radius: 0; border-bottom-right-radius: 0; border-right: none;
}
QPushButton[segment="middle"], QToolButton[segment="middle"] { border-radius: 0; border-right: none; }
QPushButton[segment="last"], QToolButton[segment="last"] {
    border-top-left-radius: 0; border-bottom-left-radius: 0;
}
QToolButton[segment] { padding: 0 8px; }
QToolButton[segment]:checked, QPushButton[segment]:checked { border-color: $outline; }
QToolButton[rail="true"] {
    min-width: 66px; min-height: 52px; padding: 4px 2px; border: 1px solid transparent; border-radius: 8px;
    background: transparent; color: $muted;
}
QToolButton[rail="true"]:hover { background: $hover; color: $text; }
QToolButton[rail="true"]:checked { background: $accent_ground; color: $accent_text; border-color: $rail_edge; }
QToolButton:focus { border: 2px solid $accent; min-width: 28px; min-height: 28px; }
QToolButton[rail="true"]:focus { border: 2px solid $accent; min-width: 64px; min-height: 50px; padding: 4px 2px; }
"""

_FIELDS: Final = """
QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QTextEdit {
    border: 1px solid $outline; border-radius: 6px; background: $raised; color: $text;
    selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $muted;
}
QLineEdit, QComboBox, QAbstractSpinBox { min-height: 30px; padding: 0 8px; }
QLineEdit > QToolButton { min-width: 0; min-height: 0; padding: 0; border: none; background: transparent; }
QAbstractSpinBox { max-height: 30px; }
QPlainTextEdit, QTextEdit { padding: 4px; }
QLineEdit:hover, QComboBox:hover, QAbstractSpinBox:hover { border-color: $muted; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {
    border: 2px solid $accent; min-height: 28px; padding: 0 7px;
}
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: 3px; }
QLineEdit[invalid="true"], QComboBox[invalid="true"], QAbstractSpinBox[invalid="true"],
QPlainTextEdit[invalid="true"] { border: 2px solid $now; min-height: 28px; padding: 0 7px; }
QLineEdit[quiet="true"] { background: transparent; border-color: transparent; padding: 0 4px; }
QLineEdit[quiet="true"]:hover { border-color: $outline; }
QLineEdit[quiet="true"]:focus { background: $raised; border-color: $accent; }
QLabel[tip="true"] {
    background: $raised; color: $text; border: 1px solid $outline; border-radius: 6px; padding: 4px 8px;
}
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled, QPlainTextEdit:disabled, QTextEdit:disabled {
    background: $ground; color: $disabled; border-color: $line;
}
QLineEdit[readOnly="true"], QPlainTextEdit[readOnly="true"], QTextEdit[readOnly="true"] {
    background: $ground; border-color: $line;
}
QComboBox, QAbstractSpinBox { padding-right: 0; }
QComboBox:focus, QAbstractSpinBox:focus { padding-right: 0; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit, QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit:focus {
    border: none; min-height: 0; padding: 0; background: transparent;
}
QComboBox::drop-down, QDateTimeEdit::drop-down {
    subcontrol-origin: border; subcontrol-position: center right; border: none; width: 28px;
}
QComboBox::down-arrow, QDateTimeEdit::down-arrow { image: url("$chevron_down"); width: 16px; height: 16px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; border: none; width: 24px; margin: 1px;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; border-top-right-radius: 5px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; border-bottom-right-radius: 5px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-arrow { image: url("$chevron_up"); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url("$chevron_down"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { border: 1px solid $outline; background: $raised; padding: 4px; outline: none; }
QComboBox QAbstractItemView::item { padding: 0 8px; border-radius: 4px; }
QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; }
"""

_VIEWS: Final = """
QAbstractItemView {
    background: $surface; alternate-background-color: $ground; color: $text; border: 1px solid $line;
    gridline-color: $faint_line;
}
QAbstractItemView[plain="true"] { border: none; }
QAbstractItemView[bare="true"], QAbstractItemView[quiet="true"] { border: none; background: transparent; }
QListView::item, QTreeView::item, QTableView::item { padding: 0 5px; }
QListView::item:hover, QTreeView::item:hover, QTableView::item:hover { background: $hover; color: $text; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {
    background: $accent_ground; color: $accent_text;
}
QListView::item:disabled, QTreeView::item:disabled, QTableView::item:disabled { color: $disabled; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section {
    min-height: 31px; padding: 0 8px; border: none; border-bottom: 1px solid $line;
    background: $surface; color: $muted; font-weight: 600; text-align: left;
}
QTableCornerButton::section { background: $surface; border: none; border-bottom: 1px solid $line; }
QScrollBar:vertical { width: 12px; background: transparent; margin: 0; }
QScrollBar:horizontal { height: 12px; background: transparent; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $muted; }
QScrollBar[idle="true"]::handle { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
"""

_FRAMES: Final = """
QFrame[card="true"] { background: $surface; border: 1px solid $line; border-radius: 8px; }
QFrame[card="true"][chosen="true"] { border: 2px solid $accent; }
QFrame[bar="true"] { background: $surface; }
QFrame[head="true"] { background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[rail="true"] { background: $surface; border: none; border-right: 1px solid $line; }
QFrame[side="true"] { background: $surface; border: none; border-left: 1px solid $line; }
QFrame[rule="true"] { background: $line; border: none; max-height: 1px; }
QScrollArea { background: transparent; border: none; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="accent"] { color: $accent_text; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="good"] { color: $good; }
QLabel[tone="error"] { color: $now; }
QLabel[pill] { border: 1px solid $line; border-radius: 6px; padding: 2px 8px; background: $surface; }
QLabel[pill="warning"] { color: $warning; background: $warning_ground; border-color: $warning; }
QLabel[pill="good"] { color: $good; background: $good_ground; border-color: $good_ground; }
QLabel[pill="error"] { color: $now; background: $now_ground; border-color: $now; }
QLabel[pill="accent"] { color: $accent_text; background: $accent_ground; border-color: $accent_ground; }
QGroupBox { border: 1px solid $line; border-radius: 8px; margin-top: 20px; padding: 12px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; left: 0; padding: 0 0 4px 0; }
QDialogButtonBox { button-layout: 3; }
QProgressBar {
    border: none; border-radius: 3px; background: $line; min-height: 6px; max-height: 6px; text-align: center;
    color: transparent;
}
QProgressBar::chunk { border-radius: 3px; background: $accent; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QStatusBar { background: $surface; border-top: 1px solid $line; color: $muted; }
QStatusBar::item { border: none; }
QStatusBar QLabel { padding: 0 8px; }
QToolBar {
    background: $surface; border: none; border-bottom: 1px solid $line; padding: 4px 12px; spacing: 8px;
}
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar::tab {
    min-height: 30px; padding: 0 12px; background: transparent; color: $muted; border: none;
    border-bottom: 2px solid transparent;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $accent_text; border-bottom-color: $accent; font-weight: 600; }
QMenuBar { background: $surface; border-bottom: 1px solid $line; }
QMenuBar::item { padding: 4px 8px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: $accent_ground; color: $accent_text; }
QMenu { background: $raised; border: 1px solid $outline; padding: 4px; }
QMenu::item { min-height: 20px; padding: 4px 24px 4px 8px; border-radius: 4px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: $accent_ground; color: $accent_text; }
QMenu::item:disabled { color: $disabled; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QToolTip { background: $raised; color: $text; border: 1px solid $outline; padding: 4px 8px; }
"""

_NOT_COLOURS: Final = frozenset({"name", "is_dark", "is_high_contrast"})
_SHEET: Final = Template(_BUTTONS + _FIELDS + _VIEWS + _FRAMES)


def stylesheet(theme: Theme) -> str:
    """The style sheet of the application in `theme`."""
    colours = {name: getattr(theme, name).name() for name in Theme.__slots__ if name not in _NOT_COLOURS}
    strong = theme.is_high_contrast
    return _SHEET.substitute(
        colours,
        chevron_down=(RESOURCES / "controls" / "chevron-down.svg").as_posix(),
        chevron_up=(RESOURCES / "controls" / "chevron-up.svg").as_posix(),
        pressed=colours["accent_ground" if strong else "line"],  # strong lines are too dark for text
        scroll=colours["outline"],
        quiet_edge=colours["outline"] if strong else colours["hover"],
        rail_edge=colours["accent"] if strong else colours["accent_ground"],
    )
