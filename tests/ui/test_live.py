"""Notices from the watching thread become few refreshes on the GUI thread."""

import threading
from uuid import UUID

import pytest
from PySide6.QtCore import QThread

from clinic_scheduler.db.changes import Change
from clinic_scheduler.ui.live import Live

ONE, TWO = (Change("appointment", UUID(int=n)) for n in (1, 2))


class Watching(threading.Thread):
    """Tells what it was given, in a thread of its own."""

    def __init__(self, live, *notices):
        super().__init__()
        self.live, self.notices, self.is_stopped = live, notices, False

    def run(self):
        self.live.line(True)
        for notice in self.notices:
            self.live.hear(notice)

    def stop(self):
        self.join(5)
        self.is_stopped = True


class Screen(Live):
    """Remembers what it passed on, and in which thread."""

    def __init__(self):
        super().__init__()
        self.batches, self.threads, self.lines = [], set(), []
        self.changed.connect(self.note)
        self.connected.connect(self.lines.append)

    def note(self, batch):
        self.batches.append(batch)
        self.threads.add(QThread.currentThread())


@pytest.fixture
def live(qapp):
    return Screen()


def test_a_burst_is_one_refresh_on_the_gui_thread(live, qtbot, qapp):
    live.watch(Watching(live, *[frozenset({ONE})] * 500, frozenset({TWO})))
    qtbot.waitUntil(lambda: bool(live.batches))
    qtbot.wait(250)
    assert live.batches == [frozenset({ONE, TWO})]
    assert live.threads == {qapp.thread()}
    assert live.lines == [True]
    live.stop()


def test_everything_swallows_the_rest_and_only_once(live, qtbot):
    live.watch(Watching(live, frozenset({ONE}), None, frozenset({TWO})))
    qtbot.waitUntil(lambda: bool(live.batches))
    assert live.batches == [None]
    live.hear(frozenset({TWO}))
    qtbot.waitUntil(lambda: len(live.batches) == 2)
    assert live.batches[1] == frozenset({TWO})
    live.stop()


def test_a_steady_stream_is_not_put_off_for_ever(live, qtbot):
    for _ in range(30):
        live.hear(frozenset({ONE}))
        qtbot.wait(20)
    assert len(live.batches) >= 3


def test_stopping_ends_the_thread_and_may_be_done_twice(live, qtbot):
    watching = Watching(live)
    live.watch(watching)
    live.stop()
    live.stop()
    assert watching.is_stopped
