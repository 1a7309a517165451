"""Cancelling, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import ChangedMeanwhile
from clinic_scheduler.services import appointments, claims
from tests.support.clinics import BEN, OLGA, shift_clock
from tests.support.desk import book, count


def test_cancelling_frees_the_time_and_is_told(work, actor, colleague, clinic):
    done = book(work, actor, [clinic.part("09:00"), clinic.part("10:00", BEN)])
    work.write(
        lambda s: appointments.cancel(
            s, actor=actor, appointment_ids=done.appointment_ids[:1], versions=[1], reason="ill"
        )
    )
    book(work, colleague, [clinic.part("09:00")], patient=OLGA)
    total = work.read(
        lambda s: s.scalar(select(t.Booking.total_cents).where(t.Booking.id == done.booking_id))
    )
    assert total == 5000
    assert count(work, t.Message, t.Message.kind == "cancellation") == 1


@pytest.mark.parametrize(("ahead", "late"), [(timedelta(hours=25), False), (timedelta(hours=23), True)])
def test_a_cancellation_within_the_notice_is_late(work, actor, clinic, ahead, late):
    done = book(work, actor, [clinic.part("09:00")])
    shift_clock(work, clinic.at("09:00") - work.read(claims.now) - ahead)
    work.write(
        lambda s: appointments.cancel(s, actor=actor, appointment_ids=done.appointment_ids, versions=[1])
    )
    assert work.read(lambda s: s.scalar(select(t.Appointment.is_late_cancel))) is late


def test_a_visit_changed_meanwhile_is_not_cancelled(work, actor, colleague, clinic):
    done = book(work, actor, [clinic.part("09:00")])
    work.write(
        lambda s: appointments.cancel(s, actor=actor, appointment_ids=done.appointment_ids, versions=[1])
    )
    with pytest.raises(ChangedMeanwhile):
        work.write(
            lambda s: appointments.cancel(
                s, actor=colleague, appointment_ids=done.appointment_ids, versions=[1]
            )
        )
