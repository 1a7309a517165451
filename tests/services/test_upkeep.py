"""What has run out is swept away, by one desk at a time, and the figures say so."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services import upkeep
from clinic_scheduler.services.changing import appointments
from clinic_scheduler.services.taking import booking, claims
from clinic_scheduler.services.unfinished import booking_session
from tests.support import desk, sessions
from tests.support.clinics import CLINIC, EMMA, JOSE, OLGA, shift_clock


def sweep(work, actor):
    return work.write(lambda s: upkeep.sweep(s, actor=actor))


def count(work, table, *where):
    return work.read(lambda s: s.scalar(select(func.count()).select_from(table).where(*where)))


def outcome(work, begun):
    return work.read(lambda s: s.get(t.BookingSession, begun.id).outcome)


def test_where_nothing_has_run_out_nothing_is_swept(work, actor, clinic):
    begun = desk.start(work, actor)
    desk.hold(work, actor, begun, clinic.part("09:00"))
    swept = sweep(work, actor).value
    assert (swept.holds, swept.sessions, swept.offers) == (0, 0, 0)
    assert count(work, t.Claim) == 2


def test_a_hold_is_swept_from_the_second_it_expires(work, actor, clinic):
    begun = desk.start(work, actor)
    until = desk.hold(work, actor, begun, clinic.part("09:00")).until
    shift_clock(work, until - work.read(claims.now) - timedelta(seconds=10))
    assert sweep(work, actor).value.holds == 0
    shift_clock(work, timedelta(minutes=15))
    outcome_ = sweep(work, actor)
    assert outcome_.value.holds == 1  # one pick, of the practitioner's and the patient's time
    assert {change.topic for change in outcome_.changes} == {"time"}
    assert count(work, t.Claim) == 0
    row = work.read(lambda s: s.get(t.BookingSession, begun.id))
    assert (row.holds_taken, row.holds_lapsed, row.held_since) == (1, 1, None)
    assert sweep(work, actor).value.holds == 0
    assert outcome(work, begun) == "open"
    assert desk.confirm(work, actor, begun).appointment_ids  # the time was still free


def test_appointments_and_cancelled_times_are_never_swept(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00")])
    gone = desk.book(work, actor, [clinic.part("10:00")]).appointment_ids
    work.write(lambda s: appointments.cancel(s, actor=actor, appointment_ids=gone, versions=[1]))
    shift_clock(work, timedelta(days=30))
    assert sweep(work, actor).value.holds == 0
    assert count(work, t.Claim, t.Claim.kind == "appointment") == 4


def test_a_session_ends_with_its_two_hours_and_forgets_what_was_chosen(work, actor, colleague, clinic):
    old = desk.start(work, actor)
    parked = desk.start(work, colleague, OLGA)
    work.write(lambda s: booking_session.park(s, actor=colleague, session_id=parked.id))
    shift_clock(work, timedelta(hours=1, minutes=59))
    young = desk.start(work, actor, JOSE)
    assert sweep(work, actor).value.sessions == 0
    shift_clock(work, timedelta(hours=2))
    assert sweep(work, actor).value.sessions == 2
    assert [outcome(work, one) for one in (old, parked, young)] == ["expired", "expired", "open"]
    assert work.read(lambda s: s.get(t.BookingSession, old.id).choices) == {}
    assert work.read(lambda s: s.get(t.BookingSession, old.id).ended_at) is not None


def test_a_hold_that_was_given_back_has_not_lapsed(work, actor, clinic):
    begun = desk.hold(work, actor, desk.start(work, actor), clinic.part("09:00")).session
    work.write(lambda s: booking.release(s, actor=actor, session_id=begun.id, version=begun.version))
    shift_clock(work, timedelta(minutes=20))
    assert sweep(work, actor).value.holds == 0
    row = sessions.row(work, begun)
    assert (row.holds_taken, row.holds_released, row.holds_lapsed) == (1, 1, 0)
    assert count(work, t.Claim) == 0


def test_a_booking_that_expires_frees_what_it_still_holds(work, actor, colleague, clinic):
    begun = desk.hold(work, actor, desk.start(work, actor), clinic.part("09:00")).session
    soon = work.read(claims.now) + timedelta(minutes=1)
    with work.engine.begin() as connection:
        connection.execute(update(t.BookingSession).values(expires_at=soon))
    shift_clock(work, timedelta(minutes=2))
    assert (sweep(work, actor).value.sessions, sessions.holds(work, begun)) == (1, 0)
    assert sessions.row(work, begun).holds_released == 1
    desk.hold(work, colleague, desk.start(work, colleague, OLGA), clinic.part("09:00"))


def test_outcome_step_and_counters_stay(work, actor, clinic):
    begun = desk.hold(work, actor, desk.start(work, actor), clinic.part("09:00")).session
    sessions.save(work, actor, begun, begun.choices, step="patient")
    shift_clock(work, timedelta(hours=3))
    sweep(work, actor)
    row = sessions.row(work, begun)
    assert (row.outcome, row.step, row.choices) == ("expired", "patient", {})
    assert (row.holds_taken, row.holds_lapsed, row.patient_id) == (1, 1, EMMA)


def test_what_was_taken_over_is_kept_for_a_day(work, actor, colleague, clinic):
    older = desk.start(work, actor, EMMA, sessions.MIA)
    desk.start(work, colleague)
    for hours, emptied in ((23, 0), (25, 1), (26, 0)):
        shift_clock(work, timedelta(hours=hours))
        assert sweep(work, actor).value.emptied == emptied
    row = sessions.row(work, older)
    assert (row.choices, row.outcome) == ({}, "abandoned")
    with pytest.raises(NotFound):
        work.read(lambda s: booking_session.replaced(s, actor=actor, session_id=older.id))


def offer(work, clinic, begun, minutes, *, entry=None, state="open"):
    """An offer that holds its time by the booking, and the entry it answers."""
    entry_id = entry or new_id()
    with work.engine.begin() as connection:
        if entry is None:
            connection.execute(
                insert(t.WaitlistEntry).values(
                    id=entry_id,
                    clinic_id=CLINIC,
                    patient_id=OLGA,
                    wishes={},
                    from_day=clinic.monday,
                    until_day=clinic.monday,
                    state="offered",
                )
            )
        ends = work.read(claims.now) + timedelta(minutes=minutes)
        connection.execute(
            insert(t.WaitlistOffer).values(
                id=new_id(), entry_id=entry_id, session_id=begun.id, expires_at=ends, state=state
            )
        )
    return entry_id


def states(work):
    return work.read(
        lambda s: (
            sorted(s.scalars(select(t.WaitlistOffer.state))),
            sorted(s.scalars(select(t.WaitlistEntry.state))),
        )
    )


def test_an_offer_that_nobody_took_frees_its_time_and_its_person_waits_on(work, actor, colleague, clinic):
    begun = desk.hold(work, actor, desk.start(work, actor, OLGA), clinic.part("09:00")).session
    offer(work, clinic, begun, 5)
    assert sweep(work, actor).value.offers == 0
    shift_clock(work, timedelta(minutes=10))
    swept = sweep(work, actor)
    assert (swept.value.offers, swept.value.sessions) == (1, 1)
    assert "waitlist_entry" in {change.topic for change in swept.changes}
    assert (outcome(work, begun), sessions.holds(work, begun)) == ("expired", 0)
    assert states(work) == (["expired"], ["waiting"])
    desk.hold(work, colleague, desk.start(work, colleague), clinic.part("09:00"))


def test_who_has_another_open_offer_is_still_offered(work, actor, clinic):
    first, second = desk.start(work, actor, None), desk.start(work, actor, OLGA)
    entry = offer(work, clinic, first, 5)
    offer(work, clinic, second, 50, entry=entry)
    shift_clock(work, timedelta(minutes=10))
    assert sweep(work, actor).value.offers == 1
    assert states(work) == (["expired", "open"], ["offered"])
    assert [outcome(work, one) for one in (first, second)] == ["expired", "open"]


def test_an_offer_that_was_booked_or_answered_stays_as_it_is(work, actor, clinic):
    begun = desk.hold(work, actor, desk.start(work, actor, OLGA), clinic.part("09:00")).session
    offer(work, clinic, begun, 5)
    offer(work, clinic, desk.start(work, actor, None), 5, state="declined")
    desk.confirm(work, actor, begun)
    shift_clock(work, timedelta(minutes=10))
    assert sweep(work, actor).value.offers == 0
    assert states(work)[0] == ["declined", "open"]


def test_answers_are_forgotten_after_a_week(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00")])
    shift_clock(work, timedelta(days=6))
    sweep(work, actor)
    assert count(work, t.BookingRequest) == 1
    shift_clock(work, timedelta(days=8))
    sweep(work, actor)
    assert count(work, t.BookingRequest) == 0


def test_the_figures_of_the_last_run_are_kept(work, actor, colleague, clinic):
    desk.hold(work, actor, desk.start(work, actor), clinic.part("09:00"))
    sweep(work, actor)
    shift_clock(work, timedelta(hours=3))
    swept = sweep(work, colleague).value
    turn = work.read(lambda s: s.scalars(select(t.UpkeepTurn)).one())
    assert (turn.name, turn.ran_by, turn.leased_until, turn.ran_at) == ("sweep", "Desk 2", None, swept.at)
    told = {"holds": 1, "sessions": 1, "offers": 0, "emptied": 0, "people": 0, "indexed": 0, "plans": 0}
    assert turn.figures == told


def test_one_desk_sweeps_while_another_is_at_it(work, actor, colleague, clinic):
    """A turn that its desk never ended, since the desk died, is free again after a minute."""
    now = sweep(work, actor).value.at
    with work.engine.begin() as connection:
        leased = now + timedelta(seconds=30)
        connection.execute(t.UpkeepTurn.__table__.update().values(leased_until=leased))
    assert sweep(work, colleague).value is None
    shift_clock(work, timedelta(seconds=31))
    assert sweep(work, colleague).value is not None


def test_a_desk_does_not_wait_for_another_that_is_sweeping(pg_url, actor, colleague):
    work = UnitOfWork(open_engine(pg_url))
    answers = []

    def meanwhile(session):
        upkeep.sweep(session, actor=actor)
        began = time.monotonic()
        answers.append(sweep(work, colleague).value)
        answers.append(time.monotonic() - began)

    work.write(meanwhile)
    work.close()
    assert answers[0] is None
    assert answers[1] < 1
