"""Somebody at the desk is booked in one transaction, or not at all."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import InvalidInput, NotFound, TimeTaken
from clinic_scheduler.services import integrity
from clinic_scheduler.services.taking import walk_in
from clinic_scheduler.services.unfinished.choices import Guest
from tests.support.clinics import EMMA, MASSAGE
from tests.support.desk import count, hold, start

GUEST = Guest("Nora Falk", "+49301234567")


def offered(work, actor, patient=None):
    return work.read(lambda s: walk_in.next_free(s, actor=actor, service_id=MASSAGE, patient_id=patient))


def take(work, actor, opening, request=None, **who):
    asked = request or uuid4()
    return work.write(
        lambda s: walk_in.book(s, actor=actor, request_id=asked, opening=opening, **who), repeatable=True
    ).value


def test_the_next_free_time_is_booked_for_a_guest(work, actor, clinic):
    opening = offered(work, actor)
    done = take(work, actor, opening, guest=GUEST)
    (row,) = work.read(lambda s: s.scalars(select(t.Appointment)).all())
    booked = work.read(lambda s: s.get(t.Booking, done.booking_id))
    assert (row.id, row.start_at) == (done.appointment_ids[0], opening.start)
    assert (booked.source, booked.guest_name, booked.reference) == ("walk_in", "Nora Falk", done.reference)
    assert offered(work, actor) != opening
    assert count(work, t.BookingSession, t.BookingSession.outcome == "converted") == 1
    assert work.read(integrity.overlaps) == []


def test_somebody_on_record_is_not_booked_where_they_are_busy(work, actor, clinic):
    first = offered(work, actor, EMMA)
    take(work, actor, first, patient_id=EMMA)
    again = offered(work, actor, EMMA)
    assert again.start >= first.end


def test_asked_again_it_books_once(work, actor, clinic):
    request, opening = uuid4(), offered(work, actor)
    assert take(work, actor, opening, request, guest=GUEST) == take(
        work, actor, opening, request, guest=GUEST
    )
    assert count(work, t.Booking) == 1


def test_whoever_comes_second_is_told_and_leaves_nothing(work, actor, colleague, clinic):
    opening = offered(work, actor)
    take(work, colleague, opening, guest=GUEST)
    with pytest.raises(TimeTaken):
        take(work, actor, opening, guest=Guest("Somebody else", ""))
    assert count(work, t.Booking) == 1
    assert count(work, t.BookingSession) == 1


def test_nobody_is_not_booked(work, actor, clinic):
    with pytest.raises(InvalidInput, match="give a name") as refused:
        take(work, actor, offered(work, actor))
    assert refused.value.field == "name"
    with pytest.raises(NotFound):
        take(work, actor, offered(work, actor), patient_id=uuid4())
    assert count(work, t.BookingSession) == 0


def test_an_unfinished_booking_is_not_thrown_away(work, actor, colleague, clinic):
    begun = start(work, colleague, EMMA)
    hold(work, colleague, begun, clinic.part("09:00"))
    with pytest.raises(InvalidInput, match=r"unfinished booking \(Rosa Lind, Desk 2\)"):
        take(work, actor, offered(work, actor, EMMA), patient_id=EMMA)
    kept = work.read(lambda s: s.get(t.BookingSession, begun.id))
    assert (kept.outcome, kept.workstation) == ("open", "Desk 2")
    assert count(work, t.Claim, t.Claim.session_id == begun.id) > 0


def test_no_notice_is_needed(work, actor, clinic):
    with work.engine.begin() as connection:
        connection.execute(t.Clinic.__table__.update().values(notice_min=60 * 24 * 10))
    opening = offered(work, actor)
    take(work, actor, opening, guest=GUEST)
    now = work.read(walk_in.claims.now)
    assert opening.start - now < timedelta(days=10)
