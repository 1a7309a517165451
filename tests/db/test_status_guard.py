"""The database itself lets an appointment take the legal moves of its status only."""

from itertools import permutations

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import DBAPIError

from clinic_scheduler.db import refusals
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import FINAL, LEGAL_BACK, LEGAL_MOVES, AppointmentStatus
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput
from tests.support.claim_rows import DAY, at
from tests.support.clinics import ANA, CLINIC, PHYSIO


@pytest.fixture
def standing(work, clinic, actor):
    """Puts an appointment of that status into the book."""
    booking = new_id()
    row = {"id": booking, "clinic_id": CLINIC, "reference": "S", "guest_name": "G", "source": "phone"}
    with work.engine.begin() as connection:
        connection.execute(insert(t.Booking).values(**row, total_cents=0, created_by=actor.user_id))

    def put(status, position, reason=""):
        visit = {
            "id": new_id(),
            "booking_id": booking,
            "clinic_id": CLINIC,
            "position": position,
            "zone": "UTC",
        }
        visit |= {"service_id": PHYSIO, "practitioner_id": ANA, "day": DAY.date(), "price_cents": 0}
        visit |= {"start_at": at(600), "end_at": at(660), "status": status, "status_reason": reason}
        with work.engine.begin() as connection:
            connection.execute(insert(t.Appointment).values(visit))
        return visit["id"]

    return put


def tried(work, appointment, **values):
    """The constraint that refused the change, empty if none did."""
    try:
        with work.engine.begin() as connection:
            connection.execute(update(t.Appointment).where(t.Appointment.id == appointment).values(values))
    except DBAPIError as error:
        return refusals.constraint(error)
    return ""


def test_every_pair_of_statuses_is_a_legal_move_or_refused(work, standing):
    for number, (old, new) in enumerate(permutations(AppointmentStatus, 2)):
        is_legal = new in LEGAL_MOVES.get(old, ()) or new in LEGAL_BACK[old]
        appointment = standing(old, number, "why")
        refused = tried(work, appointment, status=new)
        assert refused == ("" if is_legal else "appointment_status_move"), (old, new)


@pytest.mark.parametrize("final", sorted(FINAL))
@pytest.mark.parametrize("reason", ["", "   "])
def test_a_final_status_is_not_left_without_a_reason(work, standing, final, reason):
    appointment = standing(final, 0, "why it ended")
    refused = tried(work, appointment, status="confirmed", status_reason=reason)
    assert refused == "appointment_reopen_reason"
    assert tried(work, appointment, status="confirmed", status_reason="by mistake") == ""


def test_no_status_is_taken_back_without_a_reason(work, standing):
    back = [(old, new) for old in AppointmentStatus for new in LEGAL_BACK[old]]
    for number, (old, new) in enumerate(sorted(back)):
        appointment = standing(old, number)
        assert tried(work, appointment, status=new) == "appointment_reopen_reason", (old, new)


def test_a_status_that_stays_is_no_move(work, standing):
    for number, status in enumerate(AppointmentStatus):
        assert tried(work, standing(status, number), status=status, price_cents=100) == ""


def test_the_refusals_have_words(work, standing):
    said = {}
    for constraint, values in {
        "appointment_status_move": {"status": "completed"},
        "appointment_reopen_reason": {"status": "confirmed"},
    }.items():
        appointment = standing("cancelled", len(said))
        with pytest.raises(DBAPIError) as refused, work.engine.begin() as connection:
            connection.execute(update(t.Appointment).where(t.Appointment.id == appointment).values(values))
        said[constraint] = type(refusals.explained(refused.value))
    assert said == {
        "appointment_status_move": ChangedMeanwhile,
        "appointment_reopen_reason": InvalidInput,
    }
