"""Cancelling, the legal moves of a status, and opening again; on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import FINAL, LEGAL_MOVES, AppointmentStatus
from clinic_scheduler.errors import (
    ChangedMeanwhile,
    ClinicError,
    InvalidInput,
    KeyReused,
    NotFound,
    NotPermitted,
    TimeTaken,
)
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import BOOK
from clinic_scheduler.services.changing import appointments
from clinic_scheduler.services.taking import claims
from tests.support.changing import advance, cancel, holds_true, reopen, row
from tests.support.clinics import ANA, BEN, JOSE, MASSAGE, OLGA, shift_clock, stop_clock
from tests.support.desk import book, count


def begun(work, clinic, wall="09:10"):
    """Let the clock run until that time of the clinic's Monday."""
    shift_clock(work, clinic.at(wall) - work.read(claims.now))


def test_cancelling_frees_the_time_and_is_told(work, actor, colleague, clinic):
    done = book(work, actor, [clinic.part("09:00"), clinic.part("10:00", BEN)])
    cancel(work, actor, done.appointment_ids[0], reason="ill")
    book(work, colleague, [clinic.part("09:00")], patient=OLGA)
    total = work.read(
        lambda s: s.scalar(select(t.Booking.total_cents).where(t.Booking.id == done.booking_id))
    )
    assert total == 5000
    assert count(work, t.Message, t.Message.kind == "cancellation") == 1
    holds_true(work)


@pytest.mark.parametrize("hours", [0, 24, 48])
@pytest.mark.parametrize(("spare", "late"), [(1, False), (0, False), (-1, True)])
def test_a_cancellation_within_the_notice_is_late(work, actor, clinic, hours, spare, late):
    """To the millisecond, by what the clinic asks for; without any notice, what has begun."""
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    with work.engine.begin() as connection:
        connection.execute(update(t.Clinic).values(cancel_notice_hours=hours))
    stop_clock(work, clinic.at("09:00") - timedelta(hours=hours, milliseconds=spare))
    cancel(work, actor, part)
    assert row(work, part).is_late_cancel is late


def test_a_visit_changed_meanwhile_is_not_cancelled_and_said_how_it_is(work, actor, colleague, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    cancel(work, actor, part)
    with pytest.raises(ChangedMeanwhile, match="Somebody else changed this visit meanwhile: it is cancelled"):
        cancel(work, colleague, part)
    with pytest.raises(ChangedMeanwhile):
        cancel(work, colleague, part, version=2)


def test_a_repeated_cancellation_is_answered_with_the_first_result(work, actor, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    request = new_id()

    def ask(reason):
        return work.write(
            lambda s: appointments.cancel(
                s, actor=actor, appointment_ids=[part], versions=[1], reason=reason, request_id=request
            )
        ).value

    assert ask("ill") == ask("ill") == (part,)
    assert row(work, part).version == 2
    with pytest.raises(KeyReused):
        ask("on holiday")


def test_nothing_chosen_is_nothing_to_cancel(work, actor, clinic):
    for do in (cancel, reopen):
        with pytest.raises(InvalidInput, match="choose a visit"):
            do(work, actor)


@pytest.mark.parametrize("do", [cancel, lambda *a: advance(*a[:2], "arrived", *a[2:]), reopen])
def test_another_sites_appointment_is_not_there(work, actor, clinic, do):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    with pytest.raises(NotFound):
        do(work, replace(actor, clinic_id=new_id()), part)
    with pytest.raises(NotFound):
        do(work, actor, part, new_id())
    assert row(work, part).version == 1


@pytest.mark.parametrize("status", AppointmentStatus)
def test_a_status_leads_where_the_legal_moves_do(work, actor, clinic, status):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    begun(work, clinic)
    like = row(work, part)._asdict() | {"status": status, "origin": None}
    for position, to in enumerate(AppointmentStatus, 1):
        other = new_id()
        with work.engine.begin() as connection:
            connection.execute(insert(t.Appointment).values(like | {"id": other, "position": position}))
        if to in LEGAL_MOVES.get(status, ()) and to != "cancelled":
            advance(work, actor, to, other)
            assert (row(work, other).status, row(work, other).version) == (to, 2)
        else:
            with pytest.raises(InvalidInput, match="does not become"):
                advance(work, actor, to, other)


def test_a_no_show_frees_the_time_and_what_is_completed_keeps_it(work, actor, colleague, clinic):
    missed, kept = book(work, actor, [clinic.part("09:00"), clinic.part("10:00", BEN)]).appointment_ids
    begun(work, clinic)
    advance(work, actor, "no_show", missed)
    advance(work, actor, "completed", kept)
    holds_true(work)
    book(work, colleague, [clinic.part("09:10", minutes=30)], OLGA)
    with pytest.raises(TimeTaken, match="Ben Okafor"):
        book(work, colleague, [clinic.part("10:00", BEN)], JOSE)


def test_nobody_is_missed_before_the_visit_begins(work, actor, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    with pytest.raises(InvalidInput, match="not begun yet"):
        advance(work, actor, "no_show", part)
    holds_true(work)


@pytest.mark.parametrize("final", sorted(FINAL))
def test_a_finished_visit_is_opened_again_in_its_old_time(work, actor, clinic, final):
    massage = clinic.part("10:00", BEN, MASSAGE, minutes=30)
    ids = book(work, actor, [clinic.part("09:00"), massage]).appointment_ids
    begun(work, clinic, "12:00")
    if final == "cancelled":
        cancel(work, actor, *ids, reason="ill")
    else:
        advance(work, actor, final, *ids)
    reopen(work, actor, *ids, reason=" by\nmistake ")
    for part in ids:
        opened = row(work, part)
        assert (opened.status, opened.status_reason, opened.cancelled_at) == ("confirmed", "by mistake", None)
        assert (opened.is_late_cancel, opened.version) == (False, 3)
    assert work.read(lambda s: s.scalar(select(t.Booking.total_cents))) == 10_000
    holds_true(work)
    actions = work.read(lambda s: s.scalars(select(t.AuditEntry.action).order_by(t.AuditEntry.number)).all())
    assert actions[-2:] == ["appointment.reopened"] * 2
    assert work.read(audit.verify) == []


def test_a_visit_whose_time_is_gone_stays_closed_and_it_is_said_who_has_none(work, actor, colleague, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    cancel(work, actor, part)
    book(work, colleague, [clinic.part("09:30")], OLGA)
    with pytest.raises(TimeTaken, match="Ana Silva is not free"):
        reopen(work, actor, part)
    assert row(work, part).status == "cancelled"
    holds_true(work)


def test_a_visit_whose_hours_changed_is_opened_all_the_same(work, actor, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    cancel(work, actor, part)
    with work.engine.begin() as connection:
        connection.execute(t.WorkingHours.__table__.delete().where(t.WorkingHours.resource_id == ANA))
    shift_clock(work, timedelta(hours=2))
    reopen(work, actor, part)
    holds_true(work)


def test_opening_again_needs_permission_a_reason_and_something_finished(work, actor, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    with pytest.raises(InvalidInput, match="this one stands"):
        reopen(work, actor, part, version=1)
    cancel(work, actor, part)
    with pytest.raises(NotPermitted):
        reopen(work, replace(actor, permissions=frozenset({BOOK})), part)
    for blank in ("", " \n", "\0"):
        with pytest.raises(InvalidInput, match="write a reason"):
            reopen(work, actor, part, reason=blank)
    with pytest.raises(ChangedMeanwhile):
        reopen(work, actor, part, version=1)
    reopen(work, actor, part)


def test_a_cancellation_whose_time_was_never_told_is_booked_anew(work, actor, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    cancel(work, actor, part)
    with work.engine.begin() as connection:
        connection.execute(update(t.Appointment).values(start_at=None, end_at=None))
    with pytest.raises(InvalidInput, match="never told"):
        reopen(work, actor, part)


def test_every_status_change_needs_the_right_to_book(work, actor, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    guest = replace(actor, permissions=frozenset())
    for do in (cancel, lambda *a: advance(*a[:2], "arrived", *a[2:])):
        with pytest.raises(ClinicError) as refused:
            do(work, guest, part)
        assert type(refused.value) is NotPermitted
