"""What is refused although nobody else has the time, on both databases."""

from datetime import timedelta
from uuid import uuid4

import pytest

from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services.changing import appointments
from tests.support.clinics import ANA, BEN, MASSAGE, SPEECH, shift_clock
from tests.support.desk import book, confirm, hold, start


@pytest.mark.parametrize("wall", ["08:30", "11:30", "12:15", "16:30", "23:30"])
def test_a_time_outside_the_hours_or_in_the_break_is_refused(work, actor, clinic, wall):
    with pytest.raises(InvalidInput, match="Ana Silva is not at work") as refused:
        hold(work, actor, start(work, actor), clinic.part(wall))
    assert refused.value.field == "time"


def test_a_day_nobody_works_is_refused(work, actor, clinic):
    with pytest.raises(InvalidInput, match="not at work"):
        hold(work, actor, start(work, actor), clinic.part("10:00", days=5))


def test_a_service_goes_to_those_who_perform_it(work, actor, clinic):
    with pytest.raises(NotFound, match="does not perform"):
        hold(work, actor, start(work, actor), clinic.part("10:00", ANA, MASSAGE, minutes=30))
    with pytest.raises(NotFound):
        hold(work, actor, start(work, actor), clinic.part("10:00", uuid4(), SPEECH))


def test_the_last_minute_of_the_hours_is_free_to_take(work, actor, clinic):
    hold(work, actor, start(work, actor), clinic.part("16:15", BEN))


def test_a_lapsed_hold_on_a_time_that_is_over_is_not_taken_again(work, actor, clinic):
    begun = start(work, actor)
    until = hold(work, actor, begun, clinic.part("09:00")).until
    shift_clock(work, clinic.at("09:10") - until + timedelta(minutes=15))
    with pytest.raises(InvalidInput, match="over"):
        confirm(work, actor, begun)


def test_a_reason_is_kept_without_what_cannot_be_written(work, actor, clinic):
    done = book(work, actor, [clinic.part("09:00")])
    work.write(
        lambda s: appointments.cancel(
            s, actor=actor, appointment_ids=done.appointment_ids, versions=[1], reason="ill\0\ud800" * 500
        )
    )
