"""The dashboard on the screen: numbers that open what they counted, walked by keys, read out, written to files."""

import csv
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel

from clinic_scheduler.services.actor import FIGURES
from clinic_scheduler.services.figures.behind import Appointments
from clinic_scheduler.services.figures.period import Period
from clinic_scheduler.ui.controls import RailButton
from clinic_scheduler.ui.dashboard.place import DashboardPlace
from clinic_scheduler.ui.dashboard.rows_dialog import RowsDialog
from tests.support.changing import cancel
from tests.support.clinics import ANA, BEN, MASSAGE, OLGA
from tests.support.desk import book

Key = Qt.Key


@pytest.fixture
def visits(work, actor, clinic):
    """Three that stand and one that was cancelled, all on that Monday."""
    both = book(work, actor, [clinic.part("09:00"), clinic.part("09:45", BEN, MASSAGE, minutes=30)])
    other = book(work, actor, [clinic.part("11:00")], OLGA)
    gone = book(work, actor, [clinic.part("14:00")], OLGA).appointment_ids[0]
    cancel(work, actor, gone)
    return (*both.appointment_ids, *other.appointment_ids)


@pytest.fixture
def place(seat, visits, clinic):
    seat.window.actions_by_name["show_dashboard"].trigger()
    seat.settle()
    found = seat.window.places.at("dashboard")
    look_at(seat, found, clinic.monday, clinic.monday)
    return found


def look_at(seat, place, first, last):
    place.bar.first.setDate(first)
    place.bar.last.setDate(last)
    place.bar.first.setDate(first)
    seat.until(lambda: place.bar.period == Period(first, last + timedelta(days=1)))
    seat.settle()
    assert not place._missing


def bars(place, name):
    return {bar.label: bar.amount.value for bar in place.page.charts[name].view.bars.chart.bars}


def opened(seat, place):
    seat.settle()
    dialog = place.findChild(RowsDialog)
    seat.until(lambda: dialog._rows is not None)
    return dialog


def column(dialog, number):
    return [dialog.table.item(row, number).text() for row in range(dialog.table.rowCount())]


def test_every_figure_is_on_the_screen(place):
    numbers = {name: tile.tile.amount.text() for name, tile in place.page.tiles.items()}
    assert (numbers["total"], numbers["standing"], numbers["cancelled"]) == ("4", "3", "1")
    assert (numbers["sessions_begun"], numbers["upcoming"]) == ("0", "3")
    assert bars(place, "by_practitioner") == {"Ana Silva": 2, "Ben Okafor": 1}
    assert bars(place, "by_service") == {"Physiotherapy": 2, "Back massage": 1}
    assert bars(place, "by_status") | {"Confirmed": 3, "Cancelled": 1} == bars(place, "by_status")
    assert bars(place, "use_practitioners") == {"Ana Silva": 90 / 420, "Ben Okafor": 30 / 420}
    assert {each.name for each in place.page.shown} == {*place.page.tiles, *place.page.charts}


def test_a_number_opens_what_it_counted_and_from_there_the_visit(seat, place, visits, clinic):
    place.page.tiles["standing"].setFocus()
    seat.press(Key.Key_Space)
    dialog = opened(seat, place)
    assert column(dialog, 1) == ["09:00", "09:45", "11:00"]
    assert column(dialog, 2) == ["Emma Müller", "Emma Müller", "Olga Petrova"]
    assert "3 rows" in " ".join(label.text() for label in dialog.findChildren(QLabel))
    dialog.table.setCurrentCell(2, 0)
    dialog.table.activated.emit(dialog.table.currentIndex())
    seat.until(lambda: seat.window.day_view.selected == visits[2])
    assert seat.window.places.shown == "calendar"
    assert seat.day == clinic.monday


def test_bars_are_walked_by_keys_and_read_out_one_by_one(seat, place, clinic):
    view = place.page.charts["by_practitioner"].view
    view.setFocus()
    wanted = []
    place.list_wanted.disconnect(place.show_rows)
    place.list_wanted.connect(wanted.append)
    seat.press(Key.Key_Down, Key.Key_Return, Key.Key_Up, Key.Key_Return)
    assert [asked.practitioner_ids for asked in wanted] == [{BEN}, {ANA}]
    assert isinstance(wanted[0], Appointments)
    assert (wanted[0].first, wanted[0].last) == (clinic.monday, clinic.monday)
    heard = QAccessible.queryAccessibleInterface(view)
    names = [heard.child(n).text(QAccessible.Text.Name) for n in range(heard.childCount())]
    assert names == ["Ana Silva: 2. 0 in the days before", "Ben Okafor: 1. 0 in the days before"]
    assert heard.text(QAccessible.Text.Description) == "; ".join(names)
    assert place.page.tiles["no_shows"].accessibleName() == "No-shows: 0, 0,0\u202f%. 0 in the days before"


def test_days_are_chosen_by_one_click_stepped_and_typed(seat, place):
    today = place.bar._today
    seat.qtbot.mouseClick(place.bar.quick._group.buttons()[2], Qt.MouseButton.LeftButton)
    seat.settle()
    assert (place.bar.period.first, place.bar.quick.key) == (today.replace(day=1), "month")
    place.bar._step_back()
    seat.settle()
    assert place.bar.period.until == today.replace(day=1)
    assert place.bar.quick.key == "month"
    before = place.bar.period
    refused = []
    place.refused.connect(refused.append)
    place.bar.last.setDate(before.first - timedelta(days=1))
    assert "before the first" in str(refused[0])
    assert place.bar.period == before


def test_what_others_do_comes_to_the_screen(seat, place, work, colleague, clinic, visits):
    place._pause.setInterval(50)
    cancel(work, colleague, visits[2])
    seat.until(lambda: place.page.tiles["standing"].tile.amount.value == 2, seat.live_ms + 3_000)


def test_the_figures_are_written_for_a_spreadsheet(seat, place, tmp_path, work, clinic):
    told = []
    place.told.connect(told.append)
    place.export_to(str(tmp_path / "figures.csv"))
    place.export_to(str(tmp_path / "figures.xlsx"))
    with (tmp_path / "figures.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    sheet = openpyxl.load_workbook(tmp_path / "figures.xlsx").active
    rows = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert len(rows) == len(lines)
    assert ["By practitioner", "Ana Silva", 2, "", 0, "count"] in rows
    assert ["By practitioner", "Ana Silva", "2", "", "0", "count"] in lines
    assert ["Days", "", str(clinic.monday), str(clinic.monday), "", ""] in lines
    assert len(told) == 2
    refused = []
    place.refused.connect(refused.append)
    place.export_to(str(tmp_path / "missing" / "figures.xlsx"))
    place.export_to(str(tmp_path / "missing" / "figures.csv"))
    assert all("cannot be written" in str(error) for error in refused)
    assert len(refused) == 2


def test_only_who_may_see_figures_finds_the_way(seat, qtbot):
    buttons = [button.text() for button in seat.window.places.rail.findChildren(RailButton)]
    assert "Dashboard" in buttons
    allowed = seat.actor.permissions - {FIGURES}
    reception = replace(seat.actor, permissions=allowed)
    place = DashboardPlace(seat.tasks, reception, seat.window._desk.clinic)
    qtbot.addWidget(place)
    refused = []
    place.refused.connect(refused.append)
    place.come()
    seat.until(lambda: refused)
    assert "ask a colleague" in str(refused[0])


def test_a_name_is_never_taken_for_markup_or_a_formula(seat, place, tmp_path):
    card = place.page.charts["by_practitioner"]
    chart = card.view.bars.chart
    odd = replace(chart.bars[0], label="=1+1<b>bold</b>\u202e\n" + "x" * 500)
    card.show_chart(replace(chart, bars=(odd, *chart.bars[1:])))
    index = card.view.bars.index(0)
    tip = card.view.bars.data(index, Qt.ItemDataRole.ToolTipRole)
    assert "<" not in tip
    card.grab()
    place.page._shown["by_practitioner"] = card.view.bars.chart
    place.export_to(str(tmp_path / "odd.csv"))
    assert "\n\"'=1+1" in (tmp_path / "odd.csv").read_text("utf-8-sig") or ",\"'=1+1" in (
        tmp_path / "odd.csv"
    ).read_text("utf-8-sig")
