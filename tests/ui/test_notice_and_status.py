"""The strip that tells, and the bar that says how things stand."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar

from clinic_scheduler.errors import TimeTaken
from clinic_scheduler.ui.notice import LONGEST, Notice
from clinic_scheduler.ui.status import BUSY_AFTER_MS, Status
from tests.support import screen

EVIL = "<b>Mia</b><img src='/etc/passwd'> &lt;"


@pytest.fixture
def notice(qtbot):
    notice = Notice()
    qtbot.addWidget(notice)
    notice.setFixedWidth(600)
    return notice


@pytest.fixture
def status(qtbot):
    status = Status("clinic.db", "Kofi Mensah, Desk 1")
    qtbot.addWidget(status)
    status.show()
    return status


def test_it_is_hidden_until_there_is_something_to_say(notice):
    assert notice.isHidden()
    assert notice.text == ""


def test_a_refusal_stands_there_until_it_is_closed(notice):
    notice.refuse(TimeTaken("That time was just taken; please choose another."))
    assert notice.isVisible()
    assert notice.text == notice.accessibleName() == "That time was just taken; please choose another."
    screen.press(notice, "Close this notice")
    assert notice.isHidden()


def test_it_goes_by_itself_and_a_new_one_stays_its_whole_time(notice, qtbot):
    notice._timer.setInterval(200)
    notice.tell("one")
    qtbot.wait(120)
    notice.tell("two")
    qtbot.wait(120)
    assert notice.text == "two"
    qtbot.waitUntil(notice.isHidden, timeout=1_000)


@pytest.mark.parametrize("text", [EVIL, "x" * 10_000, "w " * 5_000, "a\nb", "\u202eabc"])
def test_any_text_is_shown_as_it_is_and_widens_nothing(notice, text):
    notice.tell(text)
    assert notice.text == text[:LONGEST]
    assert {label.textFormat() for label in notice.findChildren(QLabel) if label.text()} == {
        Qt.TextFormat.PlainText
    }
    assert notice.minimumSizeHint().width() < 600


def test_warnings_and_news_have_different_signs(notice):
    sign = notice.findChildren(QLabel)[0]
    notice.tell("one")
    news = sign.pixmap().toImage()
    notice.refuse(TimeTaken("two"))
    assert sign.pixmap().toImage() != news


def test_the_line_is_told_in_words_and_sign(status):
    assert status.texts[0] == "◌ clinic.db, connecting"
    status.note_line(True)
    assert status.texts[0] == "● clinic.db, live"
    status.note_line(False)
    assert status.texts[0] == "○ clinic.db, offline"
    assert status.texts[1] == "Kofi Mensah, Desk 1"


def test_only_work_that_takes_a_while_is_shown(status, qtbot):
    bar = status.findChild(QProgressBar)
    assert bar.accessibleName()
    status.note_busy(1)
    status.note_busy(2)
    assert bar.isHidden()
    status.note_busy(0)
    qtbot.wait(BUSY_AFTER_MS + 100)
    assert bar.isHidden()
    status.note_busy(1)
    qtbot.waitUntil(bar.isVisible, timeout=BUSY_AFTER_MS * 3)
    status.note_busy(0)
    assert bar.isHidden()


def test_names_in_the_status_bar_are_shown_as_they_are(qtbot):
    status = Status(EVIL, EVIL)
    qtbot.addWidget(status)
    assert EVIL in status.texts[0]
    assert status.texts[1] == EVIL
    assert {label.textFormat() for label in status.findChildren(QLabel) if label.text()} == {
        Qt.TextFormat.PlainText
    }


def test_without_a_line_it_says_how_old_the_calendar_is(qtbot):
    status = Status("clinic.db", "Kofi Mensah, Desk 1")
    qtbot.addWidget(status)
    status.note_read("10:32")
    assert "10:32" not in " ".join(status.texts)
    status.note_line(False)
    assert "offline; the calendar is as of 10:32" in status.texts[0]
    status.note_read("10:40")
    assert "as of 10:40" in status.texts[0]
    status.note_line(True)
    assert "live" in status.texts[0]
