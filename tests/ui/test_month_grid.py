"""The small month: the right days in the right cells, by mouse and keys, on any date there is."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtWidgets import QLabel

from clinic_scheduler.ui.month_grid import CELL_H, EARLIEST, HEAD_H, LATEST, MonthGrid
from tests.support import screen

TODAY = date(2026, 11, 20)


@pytest.fixture
def grid(qtbot):
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))  # weeks begin on Monday
    grid = MonthGrid(TODAY)
    qtbot.addWidget(grid)
    grid.show_day(TODAY, TODAY)
    grid.setFixedWidth(280)
    grid.show()
    yield grid
    QLocale.setDefault(before)


def title(grid):
    return grid.findChildren(QLabel)[0].text()


def cell(row, column):
    return QPoint(column * 40 + 20, HEAD_H + row * CELL_H + CELL_H // 2)


def test_six_weeks_begin_with_the_week_of_the_first(grid):
    assert title(grid) == "November 2026"
    assert grid.visible() == (date(2026, 10, 26), date(2026, 12, 6))
    QLocale.setDefault(QLocale("en_US"))
    assert grid.visible()[0] == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("row", "column", "day"), [(0, 0, date(2026, 10, 26)), (3, 4, TODAY), (5, 6, date(2026, 12, 6))]
)
def test_a_click_chooses_the_day_under_it(grid, qtbot, row, column, day):
    with qtbot.waitSignal(grid.chosen) as chosen:
        qtbot.mouseClick(grid._days, Qt.MouseButton.LeftButton, pos=cell(row, column))
    assert chosen.args == [day]


def test_a_click_on_the_weekdays_chooses_nothing(grid, qtbot):
    with qtbot.assertNotEmitted(grid.chosen):
        qtbot.mouseClick(grid._days, Qt.MouseButton.LeftButton, pos=QPoint(20, 5))


@pytest.mark.parametrize(
    ("key", "days"), [(Qt.Key.Key_Left, -1), (Qt.Key.Key_Right, 1), (Qt.Key.Key_Up, -7), (Qt.Key.Key_Down, 7)]
)
def test_arrows_choose_the_day_beside(grid, qtbot, key, days):
    with qtbot.waitSignal(grid.chosen) as chosen:
        qtbot.keyClick(grid._days, key)
    assert chosen.args == [TODAY + timedelta(days=days)]


def test_pages_turn_without_choosing_and_ask_for_their_load(grid, qtbot):
    with qtbot.assertNotEmitted(grid.chosen), qtbot.waitSignal(grid.month_shown) as shown:
        qtbot.keyClick(grid._days, Qt.Key.Key_PageDown)
    assert shown.args == [date(2026, 11, 30), date(2027, 1, 10)]
    assert title(grid) == "December 2026"
    screen.press(grid, "Month after")
    assert title(grid) == "January 2027"
    for _ in range(3):
        screen.press(grid, "Month before")
    assert title(grid) == "October 2026"


def test_another_day_of_the_same_month_reads_nothing_anew(grid, qtbot):
    with qtbot.assertNotEmitted(grid.month_shown):
        grid.show_day(TODAY + timedelta(days=1), TODAY)
    with qtbot.waitSignal(grid.month_shown):
        grid.show_day(date(2026, 12, 1), TODAY)


def test_busier_days_are_darker_and_other_months_are_not_shaded(grid):
    def ink(row, column):
        return grid._days.grab().toImage().pixelColor(cell(row, column) - QPoint(15, 9)).lightness()

    plain = ink(1, 0)
    grid.show_load({date(2026, 11, 2): 1, date(2026, 11, 3): 9, date(2026, 10, 26): 9})
    assert ink(1, 1) < ink(1, 0)
    assert ink(0, 0) == ink(2, 0) == plain
    grid.show_load({})
    assert ink(1, 1) == plain


@pytest.mark.parametrize("edge", [date.min, date.max])
def test_the_ends_of_the_calendar_are_ends(grid, qtbot, edge):
    """Whoever holds a key down long enough gets there."""
    grid.show_day(edge, TODAY)
    grid._days.grab()
    assert EARLIEST <= grid._days.day <= LATEST
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
        qtbot.keyClick(grid._days, key)
        grid._days.grab()
