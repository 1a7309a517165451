"""Two desks at the pinboard at once; on both databases."""

import threading

import pytest

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.changing import pinboard
from tests.services.changing.test_interleaving import cancelled, side_by_side
from tests.support.clinics import BEN, OLGA
from tests.support.desk import book, count

STATEMENTS = range(12)  # of a desk; more than it has


def pinning(actor, ids):
    return lambda s: pinboard.pin(s, actor=actor, appointment_ids=ids)


@pytest.fixture
def visits(work, actor, clinic):
    """Four appointments of one patient, a day apart."""
    parts = [clinic.part("10:00", BEN, days=days) for days in range(4)]
    return [book(work, actor, [part], OLGA).appointment_ids[0] for part in parts]


def test_two_desks_pin_the_same_at_once(work, database_url, actor, colleague, visits):
    both, told = threading.Barrier(2), []

    def desk(who, ids):
        own = UnitOfWork(open_engine(database_url))
        both.wait(10)
        told.extend(own.write(pinning(who, ids)).value)
        own.close()

    threads = [
        threading.Thread(target=desk, args=(actor, visits)),
        threading.Thread(target=desk, args=(colleague, visits[::-1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(told) == sorted(visits)
    assert count(work, t.Pin) == len(visits)


@pytest.mark.parametrize("number", STATEMENTS)
def test_nothing_is_pinned_that_is_cancelled_at_the_same_time(
    work, database_url, actor, colleague, visits, number
):
    for visit, stops_pinning in zip(visits, (True, False), strict=False):
        steps = [pinning(actor, [visit]), cancelled(colleague, visit)]
        said = side_by_side(database_url, number, *(steps if stops_pinning else steps[::-1]))[:2]
        assert said[stops_pinning] is None  # whoever pins may be refused, whoever cancels is not
        assert count(work, t.Pin) == 0
