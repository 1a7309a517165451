"""The selected visit at the side: every fact of it, names as they are, never wider than the panel."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from clinic_scheduler.services.details import Happening, VisitDetails, VisitPart
from clinic_scheduler.ui.side_panel import WIDTH
from clinic_scheduler.ui.visit_panel import LONGEST_NOTE, MOST_HISTORY, VisitPanel, told
from tests.support import screen

EVIL = "<b>Mia</b><img src='/etc/passwd'>"
START, END = datetime(2026, 11, 23, 9, 0), datetime(2026, 11, 23, 9, 45)  # noqa: DTZ001 - wall time
PART = VisitPart(
    UUID(int=1), "Physiotherapy", "Ana Silva", "Blue room", START, END, "confirmed", "", 5000, "3/6", "", 1
)
HAPPENED = Happening(START, "Kofi Mensah", "Desk 1", "booking.confirmed", "")
DETAILS = VisitDetails(
    UUID(int=2),
    "4VXW-C549",
    "Emma Müller",
    is_guest=False,
    phone="030 12345678",
    email="emma@example.org",
    alert="Allergic to latex",
    notes="by the window",
    source="phone",
    payment_state="pending",
    total_cents=5000,
    currency="EUR",
    parts=(PART,),
    history=(HAPPENED,),
)


@pytest.fixture(autouse=True)
def _british(qapp):
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def panel(qtbot):
    panel = VisitPanel()
    qtbot.addWidget(panel)
    panel.setFixedWidth(WIDTH - 32)
    panel.show()
    return panel


def said(panel, qtbot, details):
    panel.show_visit(details)
    qtbot.waitUntil(lambda: details.reference in screen.words(panel))
    return screen.words(panel)


def test_every_fact_stands_there(panel, qtbot):
    words = said(panel, qtbot, DETAILS)
    for fact in (
        "Emma Müller",
        "Allergic to latex",
        "Physiotherapy · 3/6",
        "09:00 to 09:45",
        "Ana Silva",
        "Blue room",
        "4VXW-C549",
        "030 12345678",
        "emma@example.org",
        "by the window",
        "23.11. 09:00, Kofi Mensah, Desk 1: booked",
    ):
        assert fact in words, fact
    assert any(word.startswith("Confirmed") for word in words)
    assert "50.00" in "".join(words)


def test_what_is_not_known_has_no_row_and_a_time_never_told_is_called_unknown(panel, qtbot):
    bare = replace(
        DETAILS,
        alert="",
        phone="",
        source="walk_in",
        notes="",
        history=(),
        is_guest=True,
        parts=(replace(PART, start=None, end=None, room=""),),
    )
    words = said(panel, qtbot, bare)
    assert "unknown" in words
    assert "guest, none yet" in words
    assert not {"Room", "Phone", "Day", "History"} & set(words)


def test_only_what_stands_can_be_cancelled(panel, qtbot):
    said(panel, qtbot, DETAILS)
    with qtbot.waitSignal(panel.cancel_wanted) as wanted:
        screen.press(panel, "Cancel visit…")
    assert wanted.args == [DETAILS]
    done = replace(DETAILS, reference="DONE", parts=(replace(PART, status="completed"),))
    said(panel, qtbot, done)
    assert not [button for button in panel.findChildren(QPushButton) if button.isVisible()]


@pytest.mark.parametrize("text", [EVIL, "x" * 10_000, "w " * 5_000, "\u202eabc", "a\u0301" * 5_000])
def test_any_text_is_shown_as_it_is_and_widens_nothing(panel, qtbot, text):
    evil = replace(DETAILS, patient=text, alert=text, notes=text, parts=(replace(PART, service=text),))
    words = said(panel, qtbot, evil)
    assert text[:LONGEST_NOTE] in words
    labels = panel.findChildren(QLabel)
    assert {label.textFormat() for label in labels if label.text()} == {Qt.TextFormat.PlainText}
    assert panel.minimumSizeHint().width() <= WIDTH
    assert not any("<img" in label.toolTip() or "<b>" in label.toolTip() for label in labels)


def test_a_very_long_name_costs_no_long_time(panel, qtbot):
    """One line of a megabyte once cost a label a quarter of a second."""
    words = said(panel, qtbot, replace(DETAILS, patient="x" * 1_000_000, alert="y" * 1_000_000))
    assert max(map(len, words)) <= LONGEST_NOTE


def test_the_newest_of_a_long_history_is_shown(panel, qtbot):
    many = tuple(replace(HAPPENED, reason=f"number {n}") for n in range(30))
    words = [word for word in said(panel, qtbot, replace(DETAILS, history=many)) if "number" in word]
    assert len(words) == MOST_HISTORY
    assert "number 29" in words[-1]


def test_a_history_line_names_what_was_done():
    assert told(HAPPENED) == "23.11. 09:00, Kofi Mensah, Desk 1: booked"
    gone = replace(HAPPENED, action="appointment.cancelled", reason="ill")
    assert told(gone) == "23.11. 09:00, Kofi Mensah, Desk 1: cancelled (ill)"
    assert told(replace(HAPPENED, action="of.tomorrow")).endswith(": of.tomorrow")


def test_nothing_selected_says_what_to_do(panel, qtbot):
    said(panel, qtbot, DETAILS)
    panel.clear()
    assert panel.shown is None
    qtbot.waitUntil(lambda: any("double click" in word for word in screen.words(panel)))
