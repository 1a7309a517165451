"""Taking and giving back time: in one order, within one tick of the clock, and no further than asked."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from clinic_scheduler.db.engine import Limits, open_engine
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import DatabaseBusy
from clinic_scheduler.services import integrity
from clinic_scheduler.services.taking import booking, claims
from tests.support import clinics, desk
from tests.support.clinics import ANA, BEN, EMMA, OLGA

QUICK = Limits(lock_ms=100, call_ms=2_000)


@pytest.fixture
def pg(pg_url, actor):
    unit = UnitOfWork(open_engine(pg_url))
    clinics.make(unit, actor)
    yield unit
    unit.close()


def stop_clock(work):
    """Let the database's clock stand, as it seems to within one of its ticks."""
    with work.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            now = connection.exec_driver_sql("SELECT now FROM clock").scalar()
            connection.exec_driver_sql("DROP VIEW clock")
            connection.exec_driver_sql(f"CREATE VIEW clock AS SELECT {now} AS now")
            return
        now = connection.execute(text("SELECT clinic_clock()::text")).scalar()
        stood = f"RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT '{now}'::timestamptz $$"
        connection.execute(text(f"CREATE OR REPLACE FUNCTION clinic_clock() {stood}"))


def test_the_same_time_is_picked_again_within_one_tick(work, actor, clinic):
    stop_clock(work)
    held = desk.hold(work, actor, desk.start(work, actor), clinic.part("09:00"))
    for wall in ("09:00", "09:15", "09:00"):
        held = desk.hold(work, actor, held.session, clinic.part(wall))
    desk.confirm(work, actor, held.session)
    assert work.read(integrity.overlaps) == []


def test_a_time_is_given_back_and_taken_by_another_within_one_tick(work, actor, colleague, clinic):
    stop_clock(work)
    held = desk.hold(work, actor, desk.start(work, actor), clinic.part("09:00"))
    work.write(
        lambda s: booking.release(s, actor=actor, session_id=held.session.id, version=held.session.version)
    )
    desk.hold(work, colleague, desk.start(work, colleague, OLGA), clinic.part("09:00"))
    assert work.read(integrity.overlaps) == []


def test_holds_of_other_sessions_are_left_alone(work, actor, colleague, clinic):
    mine = desk.hold(work, actor, desk.start(work, actor), clinic.part("09:00")).session
    theirs = desk.hold(work, colleague, desk.start(work, colleague, OLGA), clinic.part("10:00"))
    clinics.shift_clock(work, timedelta(minutes=5))
    work.write(lambda s: booking.renew(s, actor=actor, session_id=mine.id))
    assert {claim.live_to for claim in work.read(lambda s: claims.live_holds(s, theirs.session.id))} == {
        theirs.until
    }
    desk.confirm(work, actor, mine)
    assert len(work.read(lambda s: claims.live_holds(s, theirs.session.id))) == 2


def test_desks_queue_for_a_resource(pg, pg_url):
    hurried = UnitOfWork(open_engine(pg_url, QUICK), QUICK)

    def meanwhile(session):
        claims.lock(session, [ANA, EMMA])
        hurried.write(lambda s: claims.lock(s, [BEN, OLGA]))
        with pytest.raises(DatabaseBusy):
            hurried.write(lambda s: claims.lock(s, [OLGA, ANA]))

    pg.write(meanwhile)
    hurried.write(lambda s: claims.lock(s, [ANA]))
    hurried.close()


def test_desks_that_want_the_same_in_another_order_never_wait_for_each_other(pg, caplog):
    wanted = [ANA, BEN, EMMA, OLGA]

    def keep_locking(order):
        for _ in range(40):
            pg.write(lambda s: claims.lock(s, order))

    desks = [threading.Thread(target=keep_locking, args=(order,)) for order in (wanted, wanted[::-1]) * 2]
    for one in desks:
        one.start()
    for one in desks:
        one.join()
    assert [record.message for record in caplog.records if "repeating" in record.message] == []
