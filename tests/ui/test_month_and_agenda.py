"""The month and the agenda in the real window: walked, entered, acted in."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from clinic_scheduler.db import tables as t
from tests.support.clinics import ANA, BEN, MASSAGE
from tests.support.desk import book

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def visit(work, actor, clinic):
    """Emma with Ana at nine and with Ben at ten, on Monday; somebody with an evil name on Tuesday."""
    done = book(work, actor, [clinic.part("09:00"), clinic.part("10:00", BEN, MASSAGE, minutes=30)])
    book(work, actor, [clinic.part("11:00", days=1)])
    return done


@pytest.fixture
def month(seat, visit, clinic):
    seat.show_day(clinic.monday)
    seat.window.day_view.setFocus()
    seat.press(Key.Key_M)
    seat.until(seat.window.page.month_view.isVisible)
    seat.settle()
    return seat.window.page.month_view


@pytest.fixture
def agenda(seat, visit, clinic):
    seat.show_day(clinic.monday)
    seat.window.day_view.setFocus()
    seat.press(Key.Key_A)
    seat.until(seat.window.page.agenda_view.isVisible)
    seat.settle()
    return seat.window.page.agenda_view


def texts(agenda):
    """Each day's head, and of each visit what the columns say."""
    model, found = agenda.visits, []
    for row in range(model.rowCount()):
        day = model.index(row, 0)
        found.append(day.data())
        found += [
            [model.index(n, column, day).data() for column in range(4)] for n in range(model.rowCount(day))
        ]
    return found


def test_days_are_spoken_with_their_visits_and_load(month, clinic):
    said = month.days.index_of(clinic.monday).data()
    assert said.endswith("2 visits, 8 percent booked")
    assert month.days.index_of(clinic.monday + timedelta(days=6)).data().endswith("nobody works")


def test_arrows_walk_and_enter_opens_the_day(seat, month, clinic):
    assert month.hasFocus()
    seat.press(Key.Key_Right, Key.Key_Return)
    seat.until(seat.window.day_view.isVisible)
    seat.until(lambda: seat.day == clinic.monday + timedelta(days=1))
    assert seat.window.page.view.kind == "day"


def test_pages_and_the_wheel_turn_months(seat, month, clinic):
    title = seat.window.top.day.text()
    seat.press(Key.Key_PageDown)
    seat.until(lambda: seat.window.top.day.text() != title)
    turn = QPoint(0, 120)
    at = QPointF(20, 20)
    event = QWheelEvent(
        at, at, QPoint(), turn, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(month.viewport(), event)
    seat.until(lambda: seat.window.top.day.text() == title)


def test_a_change_elsewhere_is_counted_at_once(seat, month, work, colleague, clinic):
    book(work, colleague, [clinic.part("14:00", ANA)])
    seat.until(lambda: "3 visits" in month.days.index_of(clinic.monday).data(), seat.live_ms)


def test_the_agenda_lists_days_with_visits_only(agenda, clinic):
    found = texts(agenda)
    assert [one.split(" · ")[1] for one in found if isinstance(one, str)] == ["2 visits", "1 visit"]
    assert found[1] == ["09:00 to 09:45", "Emma Müller", "Physiotherapy", "Ana Silva"]
    assert (
        agenda.visits.index(0, 0, agenda.visits.index(0, 0))
        .data(Qt.ItemDataRole.AccessibleTextRole)
        .startswith(f"{clinic.monday:%A} 09:00, Emma Müller, Physiotherapy, confirmed")
    )


def test_a_visit_of_the_agenda_is_shown_and_acted_on(seat, agenda, work, visit):
    assert agenda.selected == visit.appointment_ids[0]
    seat.until(lambda: seat.window.panel.visit.shown is not None)
    seat.window.actions_by_name["arrive_visit"].trigger()
    seat.settle()
    assert work.read(lambda s: s.get(t.Appointment, visit.appointment_ids[0]).status) == "arrived"
    seat.until(lambda: agenda.selected == visit.appointment_ids[0])
    seat.press((Key.Key_Z, CTRL))
    seat.settle()
    assert work.read(lambda s: s.get(t.Appointment, visit.appointment_ids[0]).status) == "confirmed"


def test_names_stay_plain_and_one_person_can_be_looked_at(seat, agenda, work):
    with work.engine.begin() as connection:
        connection.execute(t.Patient.__table__.update().values(name="<b>Ana</b> & \u202e\u05d1\u05df"))
    seat.window.refresh()
    seat.until(lambda: texts(agenda)[1][1].startswith("<b>Ana</b> &"))
    seat.window.page.look_at(BEN)
    seat.until(lambda: [one[3] for one in texts(agenda) if isinstance(one, list)] == ["Ben Okafor"])


def test_empty_days_say_what_to_do(seat, agenda, clinic):
    seat.window.page.show_day(clinic.monday + timedelta(days=200))
    seat.until(lambda: texts(agenda) == [])
    assert agenda.selected is None
    assert not agenda.grab().isNull()


def test_views_are_kept_on_keys(seat, clinic):
    seat.show_day(clinic.monday)
    with seat.qtbot.waitSignal(seat.window.views_kept) as kept:
        seat.window.views.view_week()
        seat.settle()
        seat.window.page.look_at(BEN)
        seat.settle()
        seat.window.actions_by_name["keep_view_1"].trigger()
    assert str(BEN) in kept.args[0]
    seat.window.views.view_day()
    seat.settle()
    seat.window.actions_by_name["open_view_1"].trigger()
    seat.until(lambda: [c.resource_id for c in seat.window.model.schedule.columns] == [BEN] * 7)
    seat.window.actions_by_name["open_view_2"].trigger()
    assert "No view is kept on F3" in seat.window.notice.text


def test_columns_are_chosen_and_ordered(seat, clinic):
    seat.show_day(clinic.monday)
    seat.window.actions_by_name["choose_columns"].trigger()
    dialog = seat.dialog
    dialog._list.setCurrentRow(1)
    dialog._up()
    dialog._choose()
    seat.until(lambda: [c.resource_id for c in seat.window.model.schedule.columns] == [BEN, ANA])
    seat.window.actions_by_name["choose_columns"].trigger()
    seat.dialog._choose_all()
    seat.until(lambda: [c.resource_id for c in seat.window.model.schedule.columns] == [ANA, BEN])
