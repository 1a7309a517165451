"""Visits are dragged, stretched, picked up and put back in the real window, on both databases."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import DatabaseUnavailable
from clinic_scheduler.services import integrity
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.ui.override_dialog import OverrideDialog
from tests.support import screen
from tests.support.changing import cancel, change
from tests.support.clinics import ANA, BEN, EMMA, MASSAGE, OLGA
from tests.support.desk import book

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
TALL = 3000  # so high a view that nothing has to be scrolled


@pytest.fixture
def visit(work, actor, clinic):
    """Emma with Ana at nine."""
    return book(work, actor, [clinic.part("09:00")]).appointment_ids[0]


@pytest.fixture
def desk(seat, visit, clinic):
    seat.window.resize(1400, TALL)
    seat.show_day(clinic.monday)
    return seat


def begins(work, clinic, appointment_id):
    """Day, wall time and practitioner of an appointment."""
    row = work.read(lambda s: s.get(t.Appointment, appointment_id))
    return row.local_start, row.practitioner_id


def on(clinic, wall):
    return f"{clinic.monday.isoformat()}T{wall}"


def drag(seat, start, end, modifiers=NONE, *, drop=True):
    """From (column, minute) to another, over a place in between, as hands do."""
    port = seat.window.day_view.viewport()
    first, last = seat.place(*start) + QPoint(0, 8), seat.place(*end) + QPoint(0, 8)
    QTest.mousePress(port, LEFT, modifiers, first)
    for place in (first + QPoint(0, 15), last + QPoint(0, 3), last):
        QTest.mouseMove(port, place)
    dragging = seat.window.day_view.dragging
    if dragging.drag is not None and dragging.drag.visit is not None:
        seat.until(lambda: dragging.drag is None or dragging.drag.targets is not None)
    if drop:
        QTest.mouseRelease(port, LEFT, modifiers, last)
        seat.settle()
        seat.until(lambda: dragging.drag is None or seat.window.findChild(OverrideDialog))


def press(seat, *keys):
    seat.window.day_view.setFocus()
    seat.press(*keys)


def undo(seat):
    seat.window.actions_by_name["undo"].trigger()
    seat.settle()


def redo(seat):
    seat.window.actions_by_name["redo"].trigger()
    seat.settle()


def test_a_visit_is_dragged_to_another_time_and_person(desk, work, clinic, visit):
    drag(desk, (0, 9 * 60), (1, 14 * 60))
    assert begins(work, clinic, visit) == (on(clinic, "14:00"), BEN)
    assert "Ctrl+Z takes it back" in desk.window.notice.text
    undo(desk)
    assert begins(work, clinic, visit) == (on(clinic, "09:00"), ANA)
    redo(desk)
    assert begins(work, clinic, visit) == (on(clinic, "14:00"), BEN)
    assert work.read(integrity.overlaps) == []


def test_a_small_slip_of_the_hand_moves_nothing(desk, work, clinic, visit):
    port, place = desk.window.day_view.viewport(), desk.place(0, 9 * 60 + 10)
    QTest.mousePress(port, LEFT, NONE, place)
    QTest.mouseMove(port, place + QPoint(2, 3))
    QTest.mouseRelease(port, LEFT, NONE, place + QPoint(2, 3))
    desk.settle()
    assert begins(work, clinic, visit) == (on(clinic, "09:00"), ANA)
    assert desk.window.day_view.selected == visit


def test_escape_gives_a_drag_up(desk, work, clinic, visit):
    drag(desk, (0, 9 * 60), (0, 15 * 60), drop=False)
    press(desk, Key.Key_Escape)
    assert desk.window.day_view.dragging.drag is None
    QTest.mouseRelease(desk.window.day_view.viewport(), LEFT, NONE, desk.place(0, 15 * 60))
    desk.settle()
    assert begins(work, clinic, visit) == (on(clinic, "09:00"), ANA)


def test_dark_places_say_why_and_refuse(desk, work, actor, clinic, visit):
    book(work, actor, [clinic.part("14:00")], OLGA)
    drag(desk, (0, 9 * 60), (0, 14 * 60 + 15), drop=False)
    dragging = desk.window.day_view.dragging
    desk.until(lambda: "another visit" in dragging.drag.why)
    assert dragging.drag.is_allowed(desk.window.model.schedule) is False
    assert dragging.drag.dim
    QTest.mouseRelease(desk.window.day_view.viewport(), LEFT, NONE, desk.place(0, 14 * 60 + 15))
    desk.settle()
    dialog = desk.dialog  # whoever may override is asked for a reason
    dialog.reject()
    assert begins(work, clinic, visit) == (on(clinic, "09:00"), ANA)


def test_with_leave_and_a_reason_it_goes_against_a_rule(desk, work, clinic, visit):
    drag(desk, (0, 9 * 60), (0, 12 * 60 + 15))
    dialog = desk.dialog
    assert not screen.button(dialog, "Do it").isEnabled()
    dialog.findChild(QLineEdit).setText("she asked for it")
    screen.press(dialog, "Do it")
    desk.settle()
    assert begins(work, clinic, visit) == (on(clinic, "12:15"), ANA)
    undo(desk)
    assert begins(work, clinic, visit) == (on(clinic, "09:00"), ANA)


def test_whoever_may_not_override_is_told_why(desk, work, clinic, visit):
    desk.window.acting._actor = desk.actor.__class__(
        **{name: getattr(desk.actor, name) for name in desk.actor.__slots__}
        | {"permissions": frozenset({"book"})}
    )
    drag(desk, (0, 9 * 60), (0, 12 * 60 + 15))
    assert "break" in desk.window.notice.text
    assert begins(work, clinic, visit) == (on(clinic, "09:00"), ANA)


def test_edges_stretch_and_shorten(desk, work, clinic, visit):
    box = desk.window.day_view.scene.find(visit)
    port = desk.window.day_view.viewport()
    bottom = QPoint(box.x + 40, box.y + box.height - 2) - desk.window.day_view.origin()
    assert desk.window.day_view.dragging.shape_at(bottom) == Qt.CursorShape.SizeVerCursor
    QTest.mousePress(port, LEFT, NONE, bottom)
    for by in (15, 30, desk.window.day_view.zoom.hour_height // 4):
        QTest.mouseMove(port, bottom + QPoint(0, by))
    QTest.mouseRelease(port, LEFT, NONE, bottom + QPoint(0, 24))
    desk.settle()
    row = work.read(lambda s: s.get(t.Appointment, visit))
    assert row.end_at - row.start_at == timedelta(minutes=60)
    undo(desk)
    row = work.read(lambda s: s.get(t.Appointment, visit))
    assert row.end_at - row.start_at == timedelta(minutes=45)


def test_a_time_is_drawn_for_a_booking(desk, clinic):
    drag(desk, (1, 10 * 60), (1, 11 * 60))
    wizard = desk.wizard
    assert wizard.draft.choices.typed["at"].startswith(clinic.at("10:00").isoformat()[:16])
    assert wizard.draft.choices.typed["with"] == str(BEN)


def test_shift_takes_the_whole_visit_along(desk, work, actor, clinic):
    parts = [clinic.part("13:00"), clinic.part("13:45", BEN, MASSAGE, minutes=30)]
    first, second = book(work, actor, parts, OLGA).appointment_ids
    desk.until(lambda: len(desk.patients) == 3)
    drag(desk, (1, 13 * 60 + 45), (1, 15 * 60), SHIFT)
    assert begins(work, clinic, second) == (on(clinic, "15:00"), BEN)
    assert begins(work, clinic, first) == (on(clinic, "14:15"), ANA)
    undo(desk)
    assert begins(work, clinic, first) == (on(clinic, "13:00"), ANA)


def test_the_keyboard_picks_up_and_puts_down(desk, work, clinic, visit):
    desk.select(visit)
    press(desk, Key.Key_Space)
    dragging = desk.window.day_view.dragging
    desk.until(lambda: dragging.drag.targets is not None)
    press(desk, Key.Key_Down, Key.Key_Down, Key.Key_Right, Key.Key_Space)
    desk.settle()
    assert begins(work, clinic, visit) == (on(clinic, "09:30"), BEN)
    desk.select(visit)
    press(desk, Key.Key_Space, Key.Key_Down, Key.Key_Escape)
    assert dragging.drag is None
    press(desk, (Key.Key_Z, CTRL))
    desk.settle()
    assert begins(work, clinic, visit) == (on(clinic, "09:00"), ANA)


def test_several_steps_are_taken_back_one_by_one(desk, work, clinic, visit):
    for wall in (10, 11, 14):
        column, minute = 0, int(begins(work, clinic, visit)[0][11:13]) * 60
        drag(desk, (column, minute), (0, wall * 60))
    seen = []
    for _ in range(3):
        undo(desk)
        seen.append(begins(work, clinic, visit)[0][11:])
    assert seen == ["11:00", "10:00", "09:00"]
    assert not desk.window.actions_by_name["undo"].isEnabled()
    for _ in range(3):
        redo(desk)
    assert begins(work, clinic, visit)[0][11:] == "14:00"


def test_what_a_colleague_changed_since_is_not_undone(desk, work, colleague, clinic, visit):
    drag(desk, (0, 9 * 60), (0, 10 * 60))
    change(work, colleague, Change(visit, 2, clinic.at("15:00")))
    desk.settle()
    undo(desk)
    assert "changed this visit meanwhile" in desk.window.notice.text
    assert begins(work, clinic, visit) == (on(clinic, "15:00"), ANA)
    assert not desk.window.actions_by_name["undo"].isEnabled()


def test_one_wins_where_two_desks_move_the_same_visit(desk, sit, work, colleague, clinic, visit):
    drag(desk, (0, 9 * 60), (0, 10 * 60), drop=False)
    change(work, colleague, Change(visit, 1, clinic.at("14:00"), practitioner_id=BEN))
    QTest.mouseRelease(desk.window.day_view.viewport(), LEFT, NONE, desk.place(0, 10 * 60) + QPoint(0, 8))
    desk.settle()
    assert "changed this visit meanwhile" in desk.window.notice.text
    assert begins(work, clinic, visit) == (on(clinic, "14:00"), BEN)
    desk.until(lambda: desk.window.model.visit(visit).column == 1)


def test_a_visit_that_goes_away_while_it_is_dragged(desk, work, actor, clinic, visit):
    drag(desk, (0, 9 * 60), (0, 10 * 60), drop=False)
    cancel(work, actor, visit)
    desk.until(lambda: desk.patients == [], desk.live_ms)
    QTest.mouseRelease(desk.window.day_view.viewport(), LEFT, NONE, desk.place(0, 10 * 60) + QPoint(0, 8))
    desk.settle()
    assert "changed this visit meanwhile" in desk.window.notice.text
    assert EMMA


def test_without_a_server_nothing_moves_and_the_hands_are_free_again(desk, visit, monkeypatch):
    def gone(*_about, **_more):
        raise DatabaseUnavailable("The database does not answer; nothing was changed.")

    monkeypatch.setattr(desk.window.acting._tasks, "_write", gone)
    drag(desk, (0, 9 * 60), (0, 14 * 60))
    assert "does not answer" in desk.window.notice.text
    assert not desk.window.day_view.dragging.is_waiting


def test_what_has_begun_is_not_picked_up(desk, visit):
    desk.select(visit)
    desk.window.actions_by_name["arrive_visit"].trigger()
    desk.until(lambda: desk.window.model.visit(visit).status == "arrived")
    press(desk, Key.Key_Space)
    assert "arrived and keeps its time" in desk.window.notice.text
    assert desk.window.day_view.dragging.drag is None
