"""The window as the desk lives in it: its day, what it selects, and what it says when something goes wrong."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QWidget

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput
from clinic_scheduler.services.changing import appointments
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.ui.visit_panel import LONGEST_NOTE
from tests.support import screen
from tests.support.clinics import ANA, BEN, MASSAGE, OLGA, PHYSIO
from tests.support.desk import book
from tests.support.window import focused

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def visit(work, actor, clinic):
    """Emma with Ana at nine and with Ben in the blue room at ten."""
    return book(work, actor, [clinic.part("09:00"), clinic.part("10:00", BEN, MASSAGE, minutes=30)])


def columns(seat):
    return [column.name for column in seat.window.model.schedule.columns]


def shown(seat):
    return seat.window.panel.visit.shown


def test_it_opens_on_today_with_a_column_each_and_says_where_it_is(seat):
    assert columns(seat) == ["Ana Silva", "Ben Okafor"]
    assert seat.window.windowTitle() == "Test clinic - Clinic Scheduler"
    assert "Kofi Mensah, Desk 1" in seat.status
    seat.until(lambda: "live" in seat.status)


def test_days_are_walked_by_buttons_keys_and_the_small_month(seat, clinic):
    seat.show_day(clinic.monday)
    on = clinic.monday + timedelta(days=1)
    screen.press(seat.window.top, "Next day (Ctrl+Right)")
    seat.until(lambda: seat.day == on)
    screen.press(seat.window.top, "Previous day (Ctrl+Left)")
    seat.until(lambda: seat.day == clinic.monday)
    seat.window.day_view.setFocus()
    seat.press((Key.Key_Right, CTRL))
    seat.until(lambda: seat.day == on)
    seat.window.panel.month._days.setFocus()
    seat.press(Key.Key_Down)
    seat.until(lambda: seat.day == on + timedelta(days=7))
    seat.press(Key.Key_T)
    today = seat.window.model.schedule.now.astimezone(seat.window._desk.clinic.where).date()
    seat.until(lambda: seat.day == today)
    assert str(today.day) in seat.window.top.day.text()


def test_quick_steps_end_on_the_day_that_was_asked_for_last(seat, clinic):
    seat.show_day(clinic.monday)
    for _ in range(20):
        seat.window.views.show_next()
    seat.until(lambda: seat.day == clinic.monday + timedelta(days=20))
    seat.settle()
    assert seat.day == clinic.monday + timedelta(days=20)


def test_the_days_end_somewhere(seat):
    seat.show_day(date(2199, 12, 31))
    seat.window.views.show_next()
    seat.settle()
    seat.window.show_day(date.min)
    seat.until(lambda: seat.day == date(1900, 1, 1))
    seat.window.views.show_previous()
    seat.settle()
    assert not seat.refused


def test_the_columns_are_rooms_when_asked(seat, visit, clinic):
    seat.show_day(clinic.monday)
    seat.window.day_view.setFocus()
    seat.press(Key.Key_R)
    seat.until(lambda: columns(seat) == ["Blue room", "Red room"])
    assert seat.window.actions_by_name["show_rooms"].isChecked()
    assert seat.patients == ["Emma Müller"]  # the other part needs no room
    screen.press(seat.window.top, "People")
    seat.until(lambda: columns(seat) == ["Ana Silva", "Ben Okafor"])


def test_a_click_shows_the_whole_visit_at_the_side(seat, qtbot, visit, clinic):
    seat.show_day(clinic.monday)
    qtbot.mouseClick(seat.window.day_view.viewport(), LEFT, pos=seat.place(0, 9 * 60 + 10))
    said = {"Emma Müller", "Ana Silva", "Ben Okafor", "Blue room", "09:00 to 09:45", visit.reference}
    seat.until(lambda: said <= set(screen.words(seat.window.panel.visit)))
    qtbot.mouseClick(seat.window.day_view.viewport(), LEFT, pos=seat.place(0, 15 * 60))
    assert shown(seat) is None


def test_the_keyboard_alone_reaches_a_visit_and_empty_time(seat, visit, clinic):
    seat.show_day(clinic.monday)
    seat.window.top.day.setFocus(Qt.FocusReason.OtherFocusReason)
    seat.window.day_view.setFocus(Qt.FocusReason.TabFocusReason)
    seat.until(lambda: shown(seat) is not None)
    assert seat.window.day_view.selected == visit.appointment_ids[0]
    seat.press(Key.Key_Down)
    seat.until(lambda: shown(seat) is None)
    assert seat.window.day_view.cursor_time() == (ANA, clinic.at("09:45"))


def test_a_selection_that_was_given_up_at_once_shows_nothing(seat, visit, clinic):
    seat.show_day(clinic.monday)
    seat.window.day_view.select(visit.appointment_ids[0])
    seat.window.day_view.select(None)
    seat.settle()
    assert shown(seat) is None


def test_another_day_forgets_the_selection(seat, visit, clinic):
    seat.show_day(clinic.monday)
    seat.select(visit.appointment_ids[0])
    seat.show_day(clinic.monday + timedelta(days=1))
    assert shown(seat) is None
    assert seat.window.day_view.selected is None


def test_what_another_desk_books_appears_by_itself(seat, work, colleague, clinic):
    seat.show_day(clinic.monday)
    seat.until(lambda: "live" in seat.status)
    seat.settle()
    book(work, colleague, [clinic.part("11:00")], OLGA)
    seat.until(lambda: seat.patients == ["Olga Petrova"], seat.live_ms)
    seat.until(lambda: seat.window.panel.month._days.load.get(clinic.monday) == 1)


def test_what_another_desk_cancels_goes_and_with_it_the_selection(seat, work, colleague, clinic, visit):
    seat.show_day(clinic.monday)
    seat.until(lambda: "live" in seat.status)
    seat.select(visit.appointment_ids[0])
    work.write(
        lambda s: appointments.cancel(
            s, actor=colleague, appointment_ids=visit.appointment_ids, versions=[1, 1], reason="ill"
        )
    )
    seat.until(lambda: seat.patients == [], seat.live_ms)
    seat.until(lambda: shown(seat) is None)


def test_the_selected_visit_is_read_again_when_a_part_of_it_goes(seat, work, colleague, clinic, visit):
    seat.show_day(clinic.monday)
    seat.until(lambda: "live" in seat.status)
    first, second = visit.appointment_ids
    seat.select(first)
    work.write(
        lambda s: appointments.cancel(
            s, actor=colleague, appointment_ids=[second], versions=[1], reason="ill"
        )
    )
    seat.until(lambda: shown(seat) and shown(seat).parts[1].status == "cancelled", seat.live_ms)
    seat.until(lambda: "ill" in screen.words(seat.window.panel.visit))


@pytest.mark.parametrize("how", ["key", "button"])
def test_a_booking_is_begun_by_key_and_button_and_only_once(seat, how):
    if how == "key":
        seat.window.day_view.setFocus()
        seat.press((Key.Key_N, CTRL), (Key.Key_N, CTRL))
    else:
        screen.press(seat.window.top, "New booking")
        screen.press(seat.window.top, "New booking")
    wizard = seat.wizard
    seat.window.new_booking()
    seat.settle()
    assert seat.window.bookings.wizard is wizard
    assert len(seat.read(lambda s: booking_session.unfinished(s, actor=seat.actor))) == 1
    seat.until(lambda: seat.tray == ["None. A booking that is left waits here."])


def test_empty_time_begins_a_booking_there(seat, qtbot, clinic):
    seat.show_day(clinic.monday)
    qtbot.mouseDClick(seat.window.day_view.viewport(), LEFT, pos=seat.place(1, 14 * 60))
    typed = seat.wizard.draft.typed
    assert typed["at"] == clinic.at("14:00").isoformat()
    assert (typed["from"], typed["with"]) == (clinic.monday.isoformat(), str(BEN))
    wizard = seat.wizard
    seat.type("physio")
    seat.press(Key.Key_Return, Key.Key_Return)
    seat.until(lambda: wizard.currentId() == 1 and wizard.page_now.answers.currentIndex().isValid())
    part = wizard.page_now.answers.currentIndex().data(Qt.ItemDataRole.UserRole).parts[0]
    assert (part.service_id, part.practitioner_id, part.start) == (PHYSIO, BEN, clinic.at("14:00"))


def test_a_room_is_no_practitioner(seat, qtbot, clinic):
    seat.show_day(clinic.monday)
    seat.window.views.show_rooms()
    seat.until(lambda: columns(seat) == ["Blue room", "Red room"])
    qtbot.mouseDClick(seat.window.day_view.viewport(), LEFT, pos=seat.place(0, 14 * 60))
    assert "with" not in seat.wizard.draft.typed


@pytest.mark.parametrize("name", ["<b>Mia</b><img src='/etc/passwd'>", "x" * 10_000, "\u202e" + "w " * 5_000])
def test_any_name_is_shown_as_it_is_and_widens_nothing(seat, work, clinic, visit, name):
    with work.engine.begin() as connection:
        for table in (t.Patient, t.Service, t.Resource):
            connection.execute(table.__table__.update().values(name=name))
    width, panel = seat.window.width(), seat.window.panel.widget().width()
    seat.show_day(clinic.monday)
    seat.window.refresh()
    seat.settle()
    seat.select(visit.appointment_ids[0])
    seat.until(lambda: name[:LONGEST_NOTE] in screen.words(seat.window.panel.visit))
    assert seat.window.width() == width
    assert seat.window.panel.widget().width() <= panel
    assert seat.window.minimumSizeHint().width() < 1_100
    plain = [label for label in seat.window.findChildren(QLabel) if label.text()]
    assert {label.textFormat() for label in plain} == {Qt.TextFormat.PlainText}


def test_whatever_nobody_claimed_is_refused_in_words(seat):
    seat.tasks.refused.emit(InvalidInput("That time is over; please choose a later one."))
    assert seat.window.notice.text == "That time is over; please choose a later one."
    screen.press(seat.window.notice, "Close this notice")
    assert seat.window.notice.text == ""


def test_a_screen_that_was_out_of_date_is_read_again(seat, work, colleague, clinic):
    """Also where the line to the other desks is down."""
    seat.connected._live.stop()
    seat.show_day(clinic.monday)
    book(work, colleague, [clinic.part("11:00")], OLGA)
    seat.tasks.refused.emit(
        ChangedMeanwhile("Somebody else changed this visit meanwhile; please look at it again.")
    )
    seat.until(lambda: seat.patients == ["Olga Petrova"])


def test_everything_the_keyboard_reaches_has_a_name(seat, visit, clinic):
    seat.show_day(clinic.monday)
    seat.select(visit.appointment_ids[0])
    reached = [
        widget
        for widget in seat.window.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert len(reached) > 8
    for widget in reached:
        assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name), widget


def test_tab_goes_round_and_comes_back(seat):
    seat.window.day_view.setFocus()
    passed = []
    for _ in range(60):
        seat.press(Key.Key_Tab)
        passed.append(focused())
        if passed[-1] is seat.window.day_view:
            break
    assert passed[-1] is seat.window.day_view
    assert {"New booking", "Today"} <= {getattr(widget, "text", str)() for widget in passed}


def test_a_notice_pushes_the_day_down_and_not_the_window_wide(seat):
    width = seat.window.width()
    seat.window.notice.tell("word " * 2_000)
    seat.until(seat.window.notice.isVisible)
    assert seat.window.width() == width
    assert seat.window.minimumSizeHint().width() <= 1100
    assert seat.window.day_view.mapTo(seat.window, QPoint(0, 0)).y() > 0
