"""What must still hold when a visit is confirmed, and what was agreed and stays so."""

import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import ClinicError, HoldLapsed, NotFound, RuleBroken
from clinic_scheduler.services import integrity, references
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from tests.support.clinics import ANA, BEN, BLUE_ROOM, CLINIC, MASSAGE, PHYSIO, make, shift_clock
from tests.support.desk import book, confirm, count, hold, start

GUEST = Choices(guest=Guest("Zoe"))


def put(work, statement):
    with work.engine.begin() as connection:
        connection.execute(statement)


@pytest.fixture
def held(work, actor, clinic):
    """A massage of Ben in the blue room, held for Emma, with a note."""
    begun = start(work, actor, chosen=Choices(notes="by the window"))
    return hold(work, actor, begun, clinic.part("09:00", BEN, MASSAGE, minutes=30)).session


def gone(table, identifier):
    return lambda _clinic: update(table).where(table.id == identifier).values(is_active=False)


def away(clinic):
    times = {"start_at": clinic.at("09:15"), "end_at": clinic.at("12:00")}
    return insert(t.TimeOff).values(id=new_id(), resource_id=BEN, **times)


def closed(clinic):
    times = {"start_at": clinic.at("00:00"), "end_at": clinic.at("23:00")}
    return insert(t.Closure).values(id=new_id(), clinic_id=CLINIC, reason="snow", **times)


def no_longer_his(_clinic):
    p = t.ServicePerformer
    return update(p).where(p.service_id == MASSAGE).values(practitioner_id=ANA)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (gone(t.Service, MASSAGE), NotFound, "service is no longer offered"),
        (gone(t.Resource, BEN), NotFound, "no longer available"),
        (gone(t.Resource, BLUE_ROOM), NotFound, "no longer available"),
        (no_longer_his, NotFound, "does not perform Back massage"),
        (away, RuleBroken, "Ben Okafor is not at work"),
        (closed, RuleBroken, "the clinic is closed"),
    ],
)
def test_what_changed_since_the_pick_is_named_and_nothing_typed_is_lost(
    work, actor, clinic, held, change, error, words
):
    put(work, change(clinic))
    with pytest.raises(error, match=words):
        confirm(work, actor, held)
    assert count(work, t.Booking) == count(work, t.BookingRequest) == 0
    again = work.read(lambda s: booking_session.find(s, actor=actor, session_id=held.id))
    assert (again.choices.notes, again.choices.parts) == ("by the window", held.choices.parts)
    assert again.held_until is not None


def test_price_length_and_buffers_stay_as_agreed(work, actor, held):
    changed = {"price_cents": 9900, "duration_min": 60, "buffer_before_min": 30, "buffer_after_min": 0}
    put(work, update(t.Service).where(t.Service.id == MASSAGE).values(**changed))
    confirm(work, actor, held)
    a = t.Appointment
    columns = (a.price_cents, a.start_at, a.end_at, a.buffer_before_min, a.buffer_after_min)
    price, start_at, end_at, before, after = work.read(lambda s: s.execute(select(*columns)).one())
    assert (price, end_at - start_at, before, after) == (5000, timedelta(minutes=30), 0, 10)
    assert work.read(integrity.overlaps) == []


def test_a_gap_stays_as_agreed(work, actor, clinic):
    gap = update(t.Service).where(t.Service.id == PHYSIO)
    put(work, gap.values(gap_start_min=10, gap_end_min=30))
    begun = hold(work, actor, start(work, actor), clinic.part("09:00")).session
    put(work, gap.values(gap_start_min=None, gap_end_min=None))
    confirm(work, actor, begun)
    a = t.Appointment
    assert work.read(lambda s: s.execute(select(a.gap_start_min, a.gap_end_min)).one()) == (10, 30)


def test_a_notice_that_was_kept_at_the_pick_is_kept(work, actor, clinic):
    begun = hold(work, actor, start(work, actor), clinic.part("09:00")).session
    left = clinic.at("09:00") - work.read(claims.now)
    put(work, update(t.Clinic).values(notice_min=left // timedelta(minutes=1) - 2))
    shift_clock(work, timedelta(minutes=10))
    confirm(work, actor, begun)


def test_a_hold_that_has_seconds_left_is_confirmed(work, actor, clinic):
    held = hold(work, actor, start(work, actor), clinic.part("09:00"), clinic.part("10:00", BEN))
    shift_clock(work, held.until - work.read(claims.now) - timedelta(seconds=2))
    assert len(confirm(work, actor, held.session).appointment_ids) == 2
    assert count(work, t.Claim, t.Claim.live_to.is_(None)) == 4


def test_a_reference_that_somebody_has_is_drawn_again(work, actor, clinic, monkeypatch):
    drawn = iter(["AAAA-AAAA", "AAAA-AAAA", "CCCC-CCCC"])
    monkeypatch.setattr(references, "new_reference", lambda: next(drawn))
    assert book(work, actor, [clinic.part("09:00")]).reference == "AAAA-AAAA"
    assert book(work, actor, [clinic.part("11:00")]).reference == "CCCC-CCCC"


def test_a_session_that_was_booked_keeps_nothing_but_its_figures(work, actor, held):
    confirm(work, actor, held)
    s = t.BookingSession
    row = work.read(lambda session: session.execute(select(s.choices, s.outcome, s.step, s.held_since)).one())
    assert tuple(row) == ({}, "converted", "payment", None)


def test_another_request_for_a_booked_session_is_refused(work, actor, held):
    confirm(work, actor, held)
    with pytest.raises(ClinicError, match="finished, discarded or taken over"):
        confirm(work, actor, replace(held))


def test_a_hold_that_runs_out_before_it_is_locked_has_lapsed(pg_url, actor, monkeypatch):
    """It lived when it was read, and was given away while its resources were queued for."""
    with closing(UnitOfWork(open_engine(pg_url))) as work, closing(UnitOfWork(open_engine(pg_url))) as other:
        clinic, queue = make(work, actor), claims.ask_lock
        begun = hold(work, actor, start(work, actor, None, GUEST), clinic.part("09:00")).session
        colleague = replace(actor, workstation="Desk 2", user_id=new_id())
        theirs = start(other, colleague, None, GUEST)
        ends = work.read(claims.now) + timedelta(milliseconds=300)
        put(work, update(t.Claim).where(t.Claim.session_id == begun.id).values(live_to=ends))

        def lock_too_late(session, resource_ids):
            monkeypatch.setattr(claims, "ask_lock", queue)
            while other.read(claims.now) <= ends:
                time.sleep(0.02)
            hold(other, colleague, theirs, clinic.part("09:00"))
            return queue(session, resource_ids)

        monkeypatch.setattr(claims, "ask_lock", lock_too_late)
        with pytest.raises(HoldLapsed, match="expired"):
            confirm(work, actor, begun)
