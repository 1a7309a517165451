"""Diaries kept in memory say what the database says, after whatever happened, once its notices arrived."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import Change, announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.localtime import Span
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.times import diaries, timelines
from clinic_scheduler.services.times.diaries import Diaries
from tests.support import clinics, desk
from tests.support.clinics import ANA, BEN, BLUE_ROOM, EMMA, MASSAGE, OLGA, RED_ROOM
from tests.support.statements import statements

EVERYBODY = (ANA, BEN, BLUE_ROOM, RED_ROOM, EMMA, OLGA)


@pytest.fixture
def kept():
    return Diaries()


@pytest.fixture
def ask(work, clinic, kept):
    """Asks the kept diaries in a transaction of its own."""

    def asked(ids=EVERYBODY, days=1, tick=5):
        span = Span(clinic.monday, days, clinics.ZONE)
        return work.read(lambda s: kept.look(s, clinic.id, ids, span, tick))

    return asked


def test_asking_again_asks_nothing_of_the_database(work, ask):
    first = ask()
    with statements(work.engine) as said:
        again = ask()
        ask(ids=(BEN,))
    assert said == []
    assert again.of == first.of
    assert first.now <= again.now < first.now + timedelta(minutes=1)


def test_after_a_notice_one_statement_reads_those_again(work, actor, clinic, kept, ask):
    ask(), ask(days=7)
    begun = desk.start(work, actor, None)
    part = clinic.part("10:00", BEN, MASSAGE, minutes=30)
    kept.heard(
        work.write(
            lambda s: booking.hold(s, actor=actor, session_id=begun.id, version=begun.version, parts=[part])
        ).changes
    )
    with statements(work.engine) as said:
        after = ask()
        ask()
    assert len(said) == 1
    assert [len(after.of[one].holds) for one in (ANA, BEN, BLUE_ROOM)] == [0, 1, 1]
    assert len(ask(days=7).of[BEN].holds) == 1


@pytest.mark.parametrize("topic", ["booking", "appointment", "patient", "booking_session", "message"])
def test_what_has_nothing_to_do_with_time_changes_nothing(work, kept, ask, topic):
    ask()
    kept.heard(frozenset({Change(topic, ANA)}))
    with statements(work.engine) as said:
        ask()
    assert said == []


@pytest.mark.parametrize("topic", [None, "clinic", "hours", "resource", "service", "something new"])
def test_what_may_change_anything_is_read_anew(work, clinic, kept, ask, topic):
    ask()
    with work.engine.begin() as connection:
        connection.execute(delete(t.WorkingHours).where(t.WorkingHours.resource_id == ANA))
    kept.heard(topic and frozenset({Change(topic, clinic.id)}))
    assert ask().of[ANA].open == 0


def take(work, clinic, start="10:00", who=ANA):
    """Book somebody's time from another desk, which announces it."""

    def block(session):
        times = {"start_at": clinic.at(start), "end_at": clinic.at(start) + timedelta(minutes=30)}
        row = {"id": new_id(), "clinic_id": clinic.id, "resource_id": who, "kind": "block"}
        session.execute(insert(t.Claim).values(row | times))
        announce(session, "time", who)

    return work.write(block).changes


def elsewhere(step):
    """Do it in another thread, as other desks do."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(step).result()


@pytest.mark.parametrize("everything", [False, True])
def test_a_read_that_began_before_a_notice_is_not_kept_as_if_it_came_after(
    work, clinic, kept, ask, everything
):
    span = Span(clinic.monday, 1, clinics.ZONE)

    def slow(session):
        session.execute(select(t.Clinic.id)).all()  # from now on it sees no change

        def meanwhile():
            changes = take(work, clinic)
            kept.heard(None if everything else changes)

        elsewhere(meanwhile)
        return kept.look(session, clinic.id, EVERYBODY, span, 5)

    assert work.read(slow).of[ANA].taken == (0,)
    assert ask().of[ANA].taken != (0,)


def test_a_notice_between_reading_and_keeping_counts(work, clinic, kept, ask, monkeypatch):
    read = diaries.look

    def slow_look(*given):
        found = read(*given)
        elsewhere(lambda: kept.heard(take(work, clinic)))
        return found

    monkeypatch.setattr(diaries, "look", slow_look)
    ask()
    monkeypatch.undo()
    with statements(work.engine) as said:
        assert ask().of[ANA].taken != (0,)
    assert len(said) == 1


def test_a_read_from_no_known_time_is_not_kept(work, clinic, kept, ask):
    span = Span(clinic.monday, 1, clinics.ZONE)

    def forgetful(session):
        del session.info["begun"]
        return kept.look(session, clinic.id, (ANA,), span, 5)

    work.read(forgetful)
    take(work, clinic)  # of which no notice comes
    assert ask().of[ANA].taken != (0,)


def test_changes_that_are_taken_back_are_seen_inside_only(work, clinic, kept, ask):
    span = Span(clinic.monday, 1, clinics.ZONE)
    before = ask()

    def undecided(session):
        times = {"start_at": clinic.at("10:00"), "end_at": clinic.at("11:00")}
        row = {"id": new_id(), "clinic_id": clinic.id, "resource_id": ANA, "kind": "block"}
        session.execute(insert(t.Claim).values(row | times))
        announce(session, "time", ANA)
        assert kept.look(session, clinic.id, EVERYBODY, span, 5).of[ANA].taken != (0,)
        raise ClinicError("no")

    with pytest.raises(ClinicError):
        work.write(undecided)
    assert ask().of == before.of


def test_nothing_is_kept_while_no_notice_can_arrive(work, clinic, kept, ask):
    ask()
    kept.listening(False)
    take(work, clinic)
    assert ask().of[ANA].taken != (0,)
    take(work, clinic, "14:00")
    assert len(list(timelines.intervals(ask().of[ANA].taken[0]))) == 2
    kept.listening(True)
    ask()
    with statements(work.engine) as said:
        ask()
    assert said == []


def test_a_look_that_was_handed_out_does_not_change(work, clinic, kept, ask):
    before = ask()
    kept.heard(take(work, clinic))
    ask()
    assert before.of[ANA].taken == (0,)


def test_memory_is_bounded(work, clinic, kept, monkeypatch):
    monkeypatch.setattr(diaries, "MOST_SPANS", 3)
    monkeypatch.setattr(diaries, "MOST_RESOURCES", 4)
    monkeypatch.setattr(diaries, "MOST_NOTICES", 5)
    for number in range(10):
        span = Span(clinic.monday + timedelta(days=number % 5), 1, clinics.ZONE)
        for ids in (EVERYBODY, (new_id(), new_id())):
            work.read(lambda s, span=span, ids=ids: kept.look(s, clinic.id, ids, span, 5))
        kept.heard(frozenset(Change("time", new_id()) for _ in range(3)))
        assert len(kept._kept) <= 3
        assert len(kept._noticed) <= 5 + 3
        assert all(len(found) <= 4 + len(EVERYBODY) for found in kept._kept.values())


def test_a_desk_that_slept_reads_anew(work, clinic, kept, ask, monkeypatch):
    ask()
    take(work, clinic)
    monkeypatch.setattr(diaries.time, "time", lambda awake=diaries.time.time: awake() + 3600)
    assert ask().of[ANA].taken != (0,)
