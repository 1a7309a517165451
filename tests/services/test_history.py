"""The history of a booking says who did what, where and when, with before and after."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services import history
from clinic_scheduler.services.changing import appointments, moving, pinboard, taking_back
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.changing.taking_back import Put
from tests.support import desk
from tests.support.clinics import ANA, BEN, MASSAGE


def told(work, actor, booking_id):
    return work.read(lambda s: history.of_booking(s, actor=actor, booking_id=booking_id))


def differences(event):
    return {one.name: (one.before, one.after) for one in event.differences}


@pytest.fixture
def done(work, actor, clinic):
    return desk.book(work, actor, [clinic.part("10:00"), clinic.part("11:00", BEN, MASSAGE, minutes=30)])


def test_a_move_names_people_and_local_times(work, actor, colleague, clinic, done):
    (first, _) = done.appointment_ids
    change = Change(first, 1, clinic.at("13:00", days=1), practitioner_id=BEN)
    work.write(
        lambda s: moving.change(s, actor=colleague, request_id=uuid4(), changes=[change], reason="ill")
    )
    (event,) = [one for one in told(work, actor, done.booking_id) if one.action == "appointment.changed"]
    assert (event.who, event.workstation, event.service, event.reason) == (
        "Rosa Lind",
        "Desk 2",
        "Physiotherapy",
        "ill",
    )
    known = differences(event)
    assert known["practitioner"] == ("Ana Silva", "Ben Okafor")
    assert [f"{one:%a %H:%M}" for one in known["start"]] == ["Mon 10:00", "Tue 13:00"]
    assert event.is_restorable


def test_everything_from_the_hold_to_the_cancellation_is_told_in_its_order(work, actor, clinic, done):
    first, second = done.appointment_ids
    work.write(lambda s: pinboard.pin(s, actor=actor, appointment_ids=[first]))
    arrived = work.write(
        lambda s: taking_back.put(s, actor=actor, request_id=uuid4(), wanted=[Put(first, 1, "arrived")])
    ).value
    work.write(lambda s: taking_back.put(s, actor=actor, request_id=uuid4(), wanted=arrived))
    work.write(
        lambda s: appointments.cancel(s, actor=actor, appointment_ids=[second], versions=[1], reason="sick")
    )
    events = told(work, actor, done.booking_id)
    actions = [one.action for one in events]
    wanted = [
        "session.started",
        "booking.confirmed",
        "appointment.pinned",
        "appointment.arrived",
        "appointment.taken_back",
        "appointment.cancelled",
    ]
    assert [one for one in actions if one in wanted] == wanted
    assert {"session.held", "message.queued"} <= set(actions)
    assert [one.at for one in events] == sorted(one.at for one in events)
    cancelled = next(one for one in events if one.action == "appointment.cancelled")
    assert (differences(cancelled)["status"], cancelled.reason) == (("confirmed", "cancelled"), "sick")
    assert differences(next(one for one in events if one.action == "session.held"))["taken"] == (None, 1)


def test_what_became_of_messages_is_told(work, actor, clinic, done):
    at = clinic.at("08:00")
    with work.engine.begin() as connection:
        connection.execute(update(t.Message).values(state="sent", sent_at=at))
    sent = [one for one in told(work, actor, done.booking_id) if one.action == "message.sent"]
    assert [(one.at, differences(one)["kind"][1], differences(one)["channel"][1]) for one in sent] == [
        (at, "confirmation", "email")
    ]


def test_another_clinics_booking_has_no_history_here(work, actor, clinic):
    with pytest.raises(NotFound):
        told(work, actor, ANA)


def test_an_imported_booking_says_who_imported_it(work, actor, clinic, done):
    with work.engine.begin() as connection:
        connection.execute(update(t.Booking).values(source="imported"))
    events = [one for one in told(work, actor, done.booking_id) if one.action == "import.done"]
    assert [(one.who, one.at >= clinic.at("00:00") - timedelta(days=30)) for one in events] == [("", True)]
