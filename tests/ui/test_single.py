"""One program per database: the second start hands over and ends."""

import subprocess
import sys

import pytest
from PySide6.QtNetwork import QLocalSocket

from clinic_scheduler.ui.single import SingleInstance


@pytest.fixture
def first(qapp, tmp_path):
    made = SingleInstance(f"sqlite:///{tmp_path}/clinic.db")
    assert made.acquire()
    yield made
    made.release()


def test_the_second_start_hands_over_its_wish(qtbot, first, tmp_path):
    second = SingleInstance(f"sqlite:///{tmp_path}/clinic.db")
    assert not second.acquire()
    with qtbot.waitSignal(first.called) as heard:
        assert second.hand_over("open booking/Żaneta")
    assert heard.args == ["open booking/Żaneta"]


def test_a_start_without_a_wish_still_calls_the_window(qtbot, first, tmp_path):
    second = SingleInstance(f"sqlite:///{tmp_path}/clinic.db")
    with qtbot.waitSignal(first.called) as heard:
        assert second.hand_over("")
    assert heard.args == [""]


def test_another_database_may_be_open_beside(first, tmp_path):
    other = SingleInstance(f"sqlite:///{tmp_path}/other.db")
    assert other.acquire()
    other.release()


def test_a_place_given_up_is_free(qapp, tmp_path):
    for _ in range(2):
        one = SingleInstance(f"sqlite:///{tmp_path}/again.db")
        assert one.acquire()
        one.release()


def test_handing_over_to_nobody_fails(qapp, tmp_path):
    assert not SingleInstance(f"sqlite:///{tmp_path}/nobody.db").hand_over("hello", limit_ms=50)


def test_a_flood_is_cut_off(qtbot, first):
    socket = QLocalSocket()
    socket.connectToServer(first._name)
    assert socket.waitForConnected(2000)
    with qtbot.assertNotEmitted(first.called), qtbot.waitSignal(socket.disconnected):
        socket.write(b"x" * 100_000)


def test_after_a_crash_the_next_start_is_the_first_again(qapp, tmp_path):
    database = f"sqlite:///{tmp_path}/crashed.db"
    script = (
        "import os, sys\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from clinic_scheduler.ui.single import SingleInstance\n"
        "app = QCoreApplication([])\n"
        f"assert SingleInstance({database!r}).acquire()\n"
        "os._exit(1)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], timeout=60, check=False)  # noqa: S603 - our own script
    assert done.returncode == 1
    one = SingleInstance(database)
    assert one.acquire()
    one.release()
