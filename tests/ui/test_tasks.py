"""Work leaves the GUI thread, and its outcome comes back to whoever still waits for it."""

import gc
import sys
import threading
import weakref
from dataclasses import dataclass, field

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread

from clinic_scheduler.errors import ClinicError, TimeTaken
from clinic_scheduler.ui.tasks import Tasks


@dataclass
class Done:
    value: object
    changes: frozenset = frozenset()


@dataclass
class Database:
    """Runs work with a session that is only a word; `changes` is what every write reports."""

    changes: frozenset = frozenset()
    repeatable: list = field(default_factory=list)
    are_one: list = field(default_factory=list)

    def read(self, work, *, is_one=False):
        self.are_one.append(is_one)
        return work("session")

    def write(self, work, *, repeatable=False):
        self.repeatable.append(repeatable)
        return Done(work("session"), self.changes)


class Owner(QObject):
    """A view that keeps what it was handed, and in which thread."""

    def __init__(self):
        super().__init__()
        self.values = []
        self.errors = []
        self.threads = []

    def take(self, value):
        self.values.append(value)
        self.threads.append(QThread.currentThread())

    def sorry(self, error):
        self.errors.append(error)


class Gate:
    """Work that waits until it is let through."""

    def __init__(self, value):
        self.value = value
        self.started = threading.Event()
        self.opened = threading.Event()

    def __call__(self, session):
        self.started.set()
        assert self.opened.wait(10)
        return self.value


@pytest.fixture
def database():
    return Database()


@pytest.fixture
def tasks(qapp, database):
    made = Tasks(database.read, database.write)
    yield made
    made.close()


@pytest.fixture
def owner(qapp):
    return Owner()


def idle(tasks):
    return lambda: tasks.running == 0


def test_a_read_is_done_in_a_thread_and_delivered_on_the_gui_thread(qtbot, qapp, tasks, owner):
    workers = []
    tasks.read(owner, lambda session: workers.append(threading.current_thread().name) or session, owner.take)
    qtbot.waitUntil(idle(tasks))
    assert owner.values == ["session"]
    assert owner.threads == [qapp.thread()]
    assert workers[0].startswith("reader")


def test_a_single_statement_is_told_to_the_database_as_such(qtbot, tasks, database, owner):
    tasks.read(owner, lambda session: session, owner.take, is_one=True)
    qtbot.waitUntil(idle(tasks))
    assert database.are_one == [True]


def test_nothing_is_delivered_before_control_returns(qtbot, tasks, owner):
    gate = Gate("late")
    gate.opened.set()
    tasks.read(owner, gate, owner.take)
    assert gate.started.wait(10)
    assert owner.values == []
    qtbot.waitUntil(lambda: owner.values == ["late"])


def test_writes_happen_in_the_order_asked(qtbot, tasks, owner):
    order = []
    first = Gate(1)
    tasks.write(owner, lambda session: order.append(first(session)), owner.take)
    for number in range(2, 6):
        tasks.write(owner, lambda _session, number=number: order.append(number), owner.take)
    first.opened.set()
    qtbot.waitUntil(idle(tasks))
    assert order == [1, 2, 3, 4, 5]


def test_only_the_latest_of_several_reads_is_shown(qtbot, tasks, owner):
    old, new = Gate("old week"), Gate("new week")
    tasks.read(owner, old, owner.take, latest="week")
    tasks.read(owner, new, owner.take, latest="week")
    new.opened.set()
    qtbot.waitUntil(lambda: owner.values == ["new week"])
    old.opened.set()
    qtbot.waitUntil(idle(tasks))
    assert owner.values == ["new week"]


def test_a_stale_read_that_has_not_begun_never_runs(qtbot, database, owner):
    tasks = Tasks(database.read, database.write, readers=1)
    blocker, stale = Gate("first"), Gate("stale")
    tasks.read(owner, blocker, owner.take)
    tasks.read(owner, stale, owner.take, latest="week")
    tasks.read(owner, lambda _session: "newest", owner.take, latest="week")
    blocker.opened.set()
    qtbot.waitUntil(idle(tasks))
    tasks.close()
    assert not stale.started.is_set()
    assert owner.values == ["first", "newest"]


def test_reads_of_different_names_or_owners_do_not_replace_each_other(qtbot, tasks, owner):
    other = Owner()
    tasks.read(owner, lambda _session: "a", owner.take, latest="week")
    tasks.read(owner, lambda _session: "b", owner.take, latest="people")
    tasks.read(other, lambda _session: "c", other.take, latest="week")
    qtbot.waitUntil(idle(tasks))
    assert sorted(owner.values) == ["a", "b"]
    assert other.values == ["c"]


def test_memory_stays_flat(qtbot, tasks):
    for number in range(50):
        owner = Owner()
        tasks.read(owner, lambda _session, number=number: number, owner.take, latest=f"name {number}")
    qtbot.waitUntil(idle(tasks))
    assert tasks._newest == {}
    assert tasks._jobs == {}


def test_a_destroyed_owner_gets_nothing(qtbot, tasks, owner):
    gate = Gate("nobody waits")
    taken = owner.values
    tasks.read(owner, gate, owner.take)
    shiboken6.delete(owner)
    gate.opened.set()
    qtbot.waitUntil(idle(tasks))
    assert taken == []


def test_the_last_reference_to_an_owner_is_never_dropped_in_a_thread(qtbot, qapp, tasks):
    ended_in = []
    for _ in range(100):
        owner = Owner()
        weakref.finalize(
            owner, lambda: ended_in.append(threading.current_thread() is threading.main_thread())
        )
        tasks.read(owner, lambda _session, mine=owner: len(mine.values), owner.take)
        del owner
    qtbot.waitUntil(idle(tasks))
    gc.collect()
    assert ended_in == [True] * 100


def test_a_refusal_goes_to_who_asked(qtbot, tasks, owner):
    with qtbot.assertNotEmitted(tasks.refused):
        tasks.write(owner, refuse, owner.take, owner.sorry)
        qtbot.waitUntil(idle(tasks))
    assert [str(error) for error in owner.errors] == ["Just taken. Choose another time."]
    assert owner.values == []


def test_a_refusal_nobody_claims_is_announced(qtbot, tasks, owner):
    with qtbot.waitSignal(tasks.refused) as heard:
        tasks.read(owner, refuse, owner.take)
    assert isinstance(heard.args[0], ClinicError)


def test_a_refused_write_is_announced_even_when_its_window_is_gone(qtbot, tasks, owner):
    gate = Gate(None)
    tasks.write(owner, lambda session: (gate(session), refuse(session)), refused=owner.sorry)
    shiboken6.delete(owner)
    with qtbot.waitSignal(tasks.refused):
        gate.opened.set()


def test_a_refused_read_of_a_closed_window_is_nobodys_business(qtbot, tasks, owner):
    gate = Gate(None)
    tasks.read(owner, lambda session: (gate(session), refuse(session)), owner.take)
    shiboken6.delete(owner)
    with qtbot.assertNotEmitted(tasks.refused):
        gate.opened.set()
        qtbot.waitUntil(idle(tasks))


def refuse(_session):
    raise TimeTaken("Just taken. Choose another time.")


def test_changes_are_announced_before_the_write_is_answered(qtbot, tasks, database, owner):
    database.changes = frozenset({"visit"})
    seen = []
    tasks.changed.connect(lambda changes: seen.append((changes, list(owner.values))))
    tasks.write(owner, lambda _session: "booked", owner.take, repeatable=True)
    qtbot.waitUntil(idle(tasks))
    assert seen == [(frozenset({"visit"}), [])]
    assert owner.values == ["booked"]
    assert database.repeatable == [True]


def test_a_write_that_changed_nothing_announces_nothing(qtbot, tasks, owner):
    with qtbot.assertNotEmitted(tasks.changed):
        tasks.write(owner, lambda _session: None)
        qtbot.waitUntil(idle(tasks))


def test_a_bug_reaches_the_crash_hook_and_the_next_task_still_runs(qtbot, monkeypatch, tasks, owner):
    bugs = []
    monkeypatch.setattr(
        sys, "excepthook", lambda kind, error, _trace: bugs.append((kind, error.__traceback__))
    )
    tasks.read(owner, lambda _session: 1 // 0, owner.take, refused=owner.sorry)
    tasks.read(owner, lambda _session: "fine", owner.take)
    qtbot.waitUntil(idle(tasks))
    assert [kind for kind, _ in bugs] == [ZeroDivisionError]
    assert bugs[0][1] is not None
    assert owner.errors == []
    assert owner.values == ["fine"]


def test_busy_counts_up_and_back_to_nothing(qtbot, tasks, owner):
    counts = []
    tasks.busy.connect(counts.append)
    gate = Gate("x")
    tasks.read(owner, gate, owner.take)
    tasks.write(owner, lambda _session: None)
    gate.opened.set()
    qtbot.waitUntil(idle(tasks))
    assert counts[:2] == [1, 2]
    assert counts[-1] == 0


def test_closing_finishes_every_write_and_starts_nothing_more(qtbot, database, owner):
    tasks = Tasks(database.read, database.write)
    written = []
    gate = Gate("first")
    tasks.write(owner, lambda session: written.append(gate(session)))
    tasks.write(owner, lambda _session: written.append("second"))
    gate.opened.set()
    tasks.close()
    tasks.write(owner, lambda _session: written.append("too late"))
    tasks.read(owner, lambda _session: "too late", owner.take)
    assert written == ["first", "second"]
    assert tasks.running == 0
