"""Holds as a whole: one end for all parts, two hours at most, one of three ends, lanes of what several share."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import InvalidInput, TimeTaken
from clinic_scheduler.services import integrity
from clinic_scheduler.services.taking import booking, claims
from clinic_scheduler.services.taking.holds import LONGEST_HOLD
from clinic_scheduler.services.unfinished import booking_session
from tests.support.clinics import ANA, BEN, BLUE_ROOM, MASSAGE, OLGA, PHYSIO, shift_clock
from tests.support.desk import confirm, count, hold, start

COUNTERS = ("holds_taken", "holds_converted", "holds_lapsed", "holds_released")


def counted(work, begun):
    """Taken, converted, lapsed, released."""
    columns = [getattr(t.BookingSession, name) for name in COUNTERS]
    return tuple(
        work.read(lambda s: s.execute(select(*columns).where(t.BookingSession.id == begun.id)).one())
    )


def renew(work, actor, begun):
    return work.write(lambda s: booking.renew(s, actor=actor, session_id=begun.id)).value


def ends(work, begun):
    return {claim.live_to for claim in work.read(lambda s: claims.live_holds(s, begun.id))}


def during(work, one, other):
    """What `other` returns, begun while `one` has done its work and not committed yet."""
    done, go = threading.Event(), threading.Event()

    def early(session):
        one(session)
        done.set()
        go.wait(5)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(work.write, early)
        done.wait(5)
        second = pool.submit(work.write, other)
        time.sleep(0.2)
        go.set()
        first.result(20)
        return second.result(20).value


def test_a_confirm_that_waits_finds_what_was_taken_again_meanwhile(work, actor, clinic):
    begun = hold(work, actor, start(work, actor), clinic.part("09:00")).session
    shift_clock(work, timedelta(minutes=20))
    request = new_id()
    assert during(
        work,
        lambda s: booking.renew(s, actor=actor, session_id=begun.id),
        lambda s: booking.confirm(s, actor=actor, session_id=begun.id, request_id=request),
    ).reference
    assert counted(work, begun) == (2, 1, 1, 0)


def test_a_renewal_that_waits_finds_what_was_picked_meanwhile(work, actor, clinic):
    begun = hold(work, actor, start(work, actor), clinic.part("09:00")).session
    shift_clock(work, timedelta(minutes=20))
    parts = (clinic.part("09:30"),)
    assert during(
        work,
        lambda s: booking.hold(s, actor=actor, session_id=begun.id, version=begun.version, parts=parts),
        lambda s: booking.renew(s, actor=actor, session_id=begun.id),
    )
    assert counted(work, begun) == (2, 0, 1, 0)
    assert len(ends(work, begun)) == 1


def test_a_pick_with_all_its_parts_is_one_hold_until_it_is_confirmed(work, actor, clinic):
    held = hold(work, actor, start(work, actor), clinic.part("09:00"), clinic.part("10:00", BEN))
    assert counted(work, held.session) == (1, 0, 0, 0)
    confirm(work, actor, held.session)
    assert counted(work, held.session) == (1, 1, 0, 0)


def test_another_pick_gives_the_first_back(work, actor, clinic):
    held = hold(work, actor, start(work, actor), clinic.part("09:00"))
    held = hold(work, actor, held.session, clinic.part("11:00"))
    assert counted(work, held.session) == (2, 0, 0, 1)


def test_a_pick_after_the_first_ran_out_counts_it_as_lapsed(work, actor, clinic):
    held = hold(work, actor, start(work, actor), clinic.part("09:00"))
    shift_clock(work, timedelta(minutes=16))
    held = hold(work, actor, held.session, clinic.part("11:00"))
    assert counted(work, held.session) == (2, 0, 1, 0)


@pytest.mark.parametrize(("minutes", "fates"), [(1, (1, 0, 0, 1)), (16, (1, 0, 1, 0))])
@pytest.mark.parametrize("end", ["release", "discard"])
def test_what_is_given_up_was_released_or_had_lapsed(work, actor, clinic, end, minutes, fates):
    held = hold(work, actor, start(work, actor), clinic.part("09:00"))
    shift_clock(work, timedelta(minutes=minutes))
    seen = held.session
    if end == "release":
        work.write(lambda s: booking.release(s, actor=actor, session_id=seen.id, version=seen.version))
    else:
        work.write(lambda s: booking_session.discard(s, actor=actor, session_id=seen.id))
    assert counted(work, held.session) == fates


def test_a_lapsed_hold_that_is_confirmed_counts_as_two(work, actor, clinic):
    held = hold(work, actor, start(work, actor), clinic.part("09:00"))
    shift_clock(work, timedelta(minutes=16))
    confirm(work, actor, held.session)
    assert counted(work, held.session) == (2, 1, 1, 0)


def test_renewing_is_no_new_hold_and_taking_a_lapsed_one_again_is(work, actor, clinic):
    held = hold(work, actor, start(work, actor), clinic.part("09:00"))
    renew(work, actor, held.session)
    assert counted(work, held.session) == (1, 0, 0, 0)
    shift_clock(work, timedelta(minutes=16))
    renew(work, actor, held.session)
    assert counted(work, held.session) == (2, 0, 1, 0)


def test_renewing_leaves_the_version_that_the_screen_knows(work, actor, clinic):
    held = hold(work, actor, start(work, actor), clinic.part("09:00"))
    shift_clock(work, timedelta(minutes=16))
    renew(work, actor, held.session)
    hold(work, actor, held.session, clinic.part("09:00"))


def test_nobody_holds_a_time_for_longer_than_two_hours(work, actor, clinic):
    held = hold(work, actor, start(work, actor), clinic.part("09:00"))
    began = held.until - timedelta(minutes=15)
    for minutes in range(10, 120, 10):
        shift_clock(work, timedelta(minutes=minutes))
        until = renew(work, actor, held.session)
    assert timedelta() <= began + LONGEST_HOLD - until < timedelta(minutes=1)
    with pytest.raises(
        InvalidInput, match=r"two hours at most; please confirm before \d\d:\d\d, or pick"
    ) as refused:
        renew(work, actor, held.session)
    assert refused.value.field == "time"
    assert ends(work, held.session) == {until}


def test_two_hours_begin_anew_only_with_a_time_that_shares_none_with_the_last(work, actor, clinic):
    held = hold(work, actor, start(work, actor), clinic.part("09:00"))
    first_end = held.until - timedelta(minutes=15) + LONGEST_HOLD
    for minutes in range(10, 120, 10):
        shift_clock(work, timedelta(minutes=minutes))
        held = hold(work, actor, held.session, clinic.part("09:00" if minutes % 20 else "09:15"))
    assert held.until <= first_end
    held = hold(work, actor, held.session, clinic.part("09:00", BEN, days=1))
    assert held.until > first_end


def test_a_session_lives_as_long_as_what_it_holds(work, actor, clinic):
    held = hold(work, actor, start(work, actor), clinic.part("09:00"))
    shift_clock(work, timedelta(minutes=14))
    until = renew(work, actor, held.session)
    found = work.read(lambda s: booking_session.find(s, actor=actor, session_id=held.session.id))
    assert timedelta() <= booking_session.LIFETIME - (found.expires_at - found.now) < timedelta(minutes=1)
    assert found.held_until == until


def test_what_hold_tells_is_what_is_stored(work, actor, clinic):
    begun = start(work, actor)
    held = hold(work, actor, begun, clinic.part("09:00"), clinic.part("10:00", BEN))
    found = work.read(lambda s: booking_session.find(s, actor=actor, session_id=begun.id))
    assert replace(held.session, now=found.now) == found


def test_a_colleague_sees_who_holds_a_time_and_until_when(work, actor, colleague, clinic):
    held = hold(work, actor, start(work, actor), clinic.part("09:00"))
    (seen,) = work.read(lambda s: booking_session.unfinished(s, actor=colleague))
    assert (seen.user_name, seen.workstation, seen.held_until) == ("Kofi Mensah", "Desk 1", held.until)


@pytest.fixture
def room_for_two(work, clinic):
    with work.engine.begin() as connection:
        connection.execute(update(t.Resource).where(t.Resource.id == BLUE_ROOM).values(capacity=2))
    return clinic


def in_blue_room(part):
    return replace(part, room_id=BLUE_ROOM)


def lanes(work):
    rows = select(t.Claim.lane).where(t.Claim.resource_id == BLUE_ROOM, t.Claim.live_to > claims.clock())
    return sorted(work.read(lambda s: s.scalars(rows).all()))


def test_a_room_for_two_is_held_twice_and_then_taken(work, actor, colleague, room_for_two):
    hold(work, actor, start(work, actor), in_blue_room(room_for_two.part("09:00")))
    rival = start(work, colleague, patient=OLGA)
    hold(work, colleague, rival, in_blue_room(room_for_two.part("09:00", BEN)))
    assert lanes(work) == [1, 2]
    with work.engine.begin() as connection:  # somebody for a third visit at that time
        connection.execute(update(t.Resource).where(t.Resource.id == BEN).values(capacity=2))
    third = start(work, actor, patient=None)
    with pytest.raises(TimeTaken, match="Blue room is not free"):
        hold(work, actor, third, in_blue_room(room_for_two.part("09:15", BEN, MASSAGE, minutes=30)))
    assert work.read(integrity.overlaps) == []


def test_two_parts_of_one_visit_may_use_one_room_at_once(work, actor, room_for_two):
    first = in_blue_room(room_for_two.part("09:00"))
    beside = replace(in_blue_room(room_for_two.part("09:00", BEN)), visitor=1)
    done = confirm(work, actor, hold(work, actor, start(work, actor), first, beside).session)
    taken = select(t.Claim.lane).where(t.Claim.resource_id == BLUE_ROOM, t.Claim.live_to.is_(None))
    assert sorted(work.read(lambda s: s.scalars(taken).all())) == [1, 2]
    assert len(done.appointment_ids) == 2


def test_a_patients_companion_takes_no_time_of_the_patient(work, actor, room_for_two):
    first = room_for_two.part("09:00")
    beside = replace(room_for_two.part("09:00", BEN), visitor=1)
    begun = hold(work, actor, start(work, actor), first, beside).session
    assert count(work, t.Claim, t.Claim.session_id == begun.id) == 3


def test_a_processing_gap_is_held_around(work, actor, colleague, clinic):
    with work.engine.begin() as connection:
        connection.execute(
            update(t.Service).where(t.Service.id == PHYSIO).values(gap_start_min=10, gap_end_min=40)
        )
    held = hold(work, actor, start(work, actor), clinic.part("09:00"))
    other = clinic.part("09:10", ANA, minutes=30)
    hold(work, colleague, start(work, colleague, OLGA), other)
    confirm(work, actor, held.session)
    gaps = select(t.Appointment.gap_start_min, t.Appointment.gap_end_min)
    assert work.read(lambda s: s.execute(gaps).all()) == [(10, 40)]
    assert work.read(lambda s: s.scalar(select(func.count()).select_from(t.Claim))) == 5
