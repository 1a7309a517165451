"""What only points to itself is taken apart on the GUI thread."""

import gc
import linecache
import threading
import weakref

import pytest

from clinic_scheduler.ui.collecting import EVERY_MS, Collecting


class Knot:
    """Points to itself, so that only the collector frees it."""

    def __init__(self, freed_in):
        self.itself = self
        weakref.finalize(self, lambda: freed_in.append(threading.current_thread()))


@pytest.fixture
def collecting(qapp):
    made = Collecting()
    made.begin()
    yield made
    made.end()
    gc.disable()  # as every test has it


def make_much():
    for _ in range(20):
        assert [[] for _ in range(1_000)]
    return [[] for _ in range(5_000)]


def test_no_other_thread_collects(qtbot, collecting):
    freed_in = []
    Knot(freed_in)
    thread = threading.Thread(target=make_much)
    thread.start()
    thread.join()
    assert freed_in == []
    kept = make_much()
    qtbot.waitUntil(lambda: freed_in != [], timeout=20 * EVERY_MS)
    assert freed_in == [threading.main_thread()]
    assert kept


def test_the_source_of_what_was_imported_is_not_kept(qtbot, collecting):
    assert linecache.getlines(threading.__file__)
    qtbot.waitUntil(lambda: threading.__file__ not in linecache.cache, timeout=20 * EVERY_MS)
    assert linecache.getlines(threading.__file__)


def test_python_gets_it_back(qapp):
    made = Collecting()
    made.begin()
    assert not gc.isenabled()
    assert gc.get_freeze_count()
    made.end()
    assert gc.isenabled()
    assert not gc.get_freeze_count()
    gc.disable()
