"""Hold, renew, release, confirm, cancel, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ChangedMeanwhile, HoldLapsed, InvalidInput, KeyReused, TimeTaken
from clinic_scheduler.services import audit
from clinic_scheduler.services.taking import booking, claims, overlaps, visits
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from tests.support.clinics import ANA, BEN, EMMA, MASSAGE, OLGA, PHYSIO, SPEECH, shift_clock
from tests.support.desk import book, confirm, count, hold, start


def live_claims(work):
    return work.read(
        lambda s: s.scalar(select(func.count()).select_from(t.Claim).where(t.Claim.live_to.is_(None)))
    )


def test_a_visit_of_three_services_becomes_one_booking(work, actor, clinic):
    parts = [
        clinic.part("09:00"),
        clinic.part("09:45", BEN, MASSAGE, minutes=30),
        clinic.part("10:30", ANA, SPEECH, minutes=60),
    ]
    done = book(work, actor, parts)
    assert len(done.appointment_ids) == 3
    rows = work.read(
        lambda s: s.execute(
            select(t.Appointment.position, t.Appointment.status).order_by(t.Appointment.position)
        ).all()
    )
    assert rows == [(0, "confirmed"), (1, "confirmed"), (2, "confirmed")]
    # practitioner and patient for each, and the room for the massage
    assert live_claims(work) == 7


def test_a_held_time_is_refused_to_a_colleague(work, actor, colleague, clinic):
    hold(work, actor, start(work, actor), clinic.part("09:00"))
    with pytest.raises(TimeTaken, match="Ana Silva is not free"):
        hold(work, colleague, start(work, colleague, patient=OLGA), clinic.part("09:30"))


def test_the_refusal_names_who_is_taken(work, actor, colleague, clinic):
    book(work, actor, [clinic.part("09:00")])
    with pytest.raises(TimeTaken, match="Ana Silva is not free"):
        hold(work, colleague, start(work, colleague, patient=OLGA), clinic.part("09:00"))
    with pytest.raises(TimeTaken, match="This patient has another visit"):
        hold(work, colleague, start(work, colleague), clinic.part("09:00", BEN))


def test_the_constraint_judges_what_the_look_did_not_see(work, actor, colleague, clinic, monkeypatch):
    hold(work, actor, start(work, actor), clinic.part("09:00"))
    begun = start(work, colleague, patient=OLGA)
    monkeypatch.setattr(overlaps.Seat, "_full", lambda *_arguments: set())
    with pytest.raises(TimeTaken, match="just taken"):
        hold(work, colleague, begun, clinic.part("10:30"), clinic.part("09:30"))
    monkeypatch.undo()
    hold(work, colleague, begun, clinic.part("10:30"))


def test_a_patient_named_after_the_hold_must_be_free_too(work, actor, clinic):
    book(work, actor, [clinic.part("09:00")])
    begun = hold(work, actor, start(work, actor, patient=None), clinic.part("09:15", BEN)).session
    named = work.write(
        lambda s: booking_session.save(
            s,
            actor=actor,
            session_id=begun.id,
            version=begun.version,
            chosen=begun.choices,
            step="payment",
            patient_id=EMMA,
        )
    ).value
    with pytest.raises(TimeTaken, match="This patient has another visit"):
        confirm(work, actor, named)


def test_slots_that_only_touch_are_both_held(work, actor, colleague, clinic):
    hold(work, actor, start(work, actor), clinic.part("09:00"))
    hold(work, colleague, start(work, colleague, patient=OLGA), clinic.part("09:45"))


def test_a_buffer_keeps_its_distance(work, actor, colleague, clinic):
    hold(work, actor, start(work, actor), clinic.part("09:00", BEN, MASSAGE, minutes=30))
    begun = start(work, colleague, patient=OLGA)
    with pytest.raises(TimeTaken):
        hold(work, colleague, begun, clinic.part("09:35", BEN))
    hold(work, colleague, begun, clinic.part("09:40", BEN))


def test_a_visit_is_held_whole_or_not_at_all(work, actor, colleague, clinic):
    hold(work, actor, start(work, actor), clinic.part("10:00", BEN))
    begun = start(work, colleague, patient=OLGA)
    with pytest.raises(TimeTaken):
        hold(work, colleague, begun, clinic.part("09:00"), clinic.part("10:15", BEN))
    assert work.read(lambda s: claims.live_holds(s, begun.id)) == []


def test_picking_another_time_gives_the_first_back(work, actor, colleague, clinic):
    first = hold(work, actor, start(work, actor), clinic.part("09:00"))
    hold(work, actor, first.session, clinic.part("11:00"))
    hold(work, colleague, start(work, colleague, patient=OLGA), clinic.part("09:00"))


def test_nobody_is_held_in_two_places(work, actor, colleague, clinic):
    book(work, actor, [clinic.part("09:00")])
    with pytest.raises(TimeTaken):
        hold(work, colleague, start(work, colleague), clinic.part("09:15", BEN))


def test_an_expired_hold_blocks_nobody_and_not_a_second_longer(work, actor, colleague, clinic):
    until = hold(work, actor, start(work, actor), clinic.part("09:00")).until
    now = work.read(claims.now)
    shift_clock(work, until - now - timedelta(seconds=5))
    rival = start(work, colleague, patient=OLGA)
    with pytest.raises(TimeTaken):
        hold(work, colleague, rival, clinic.part("09:00"))
    shift_clock(work, until - now + timedelta(seconds=1))
    hold(work, colleague, rival, clinic.part("09:00"))


def test_renewing_gives_all_parts_one_later_end(work, actor, clinic):
    begun = start(work, actor)
    first = hold(work, actor, begun, clinic.part("09:00"), clinic.part("10:00", BEN))
    shift_clock(work, timedelta(minutes=10))
    until = work.write(lambda s: booking.renew(s, actor=actor, session_id=begun.id)).value
    assert until > first.until
    ends = work.read(lambda s: {claim.live_to for claim in claims.live_holds(s, begun.id)})
    assert ends == {until}


def test_a_lapsed_hold_is_taken_again_by_renewing_where_the_time_is_free(work, actor, colleague, clinic):
    first = hold(work, actor, start(work, actor), clinic.part("09:00"))
    shift_clock(work, timedelta(minutes=16))
    until = work.write(lambda s: booking.renew(s, actor=actor, session_id=first.session.id)).value
    assert until > first.until
    with pytest.raises(TimeTaken):
        hold(work, colleague, start(work, colleague, patient=OLGA), clinic.part("09:00"))


def test_a_lapsed_hold_whose_time_is_gone_cannot_be_renewed(work, actor, colleague, clinic):
    begun = start(work, actor)
    hold(work, actor, begun, clinic.part("09:00"))
    shift_clock(work, timedelta(minutes=16))
    hold(work, colleague, start(work, colleague, patient=OLGA), clinic.part("09:00"))
    with pytest.raises(HoldLapsed, match="Ana Silva is not free"):
        work.write(lambda s: booking.renew(s, actor=actor, session_id=begun.id))


def test_a_lapsed_hold_is_taken_again_where_the_time_is_free(work, actor, clinic):
    begun = start(work, actor)
    hold(work, actor, begun, clinic.part("09:00"))
    shift_clock(work, timedelta(minutes=16))
    assert confirm(work, actor, begun).appointment_ids


def test_a_lapsed_hold_whose_time_is_gone_refuses_and_keeps_the_choices(work, actor, colleague, clinic):
    begun = start(work, actor, chosen=Choices(notes="by the window"))
    hold(work, actor, begun, clinic.part("09:00"))
    shift_clock(work, timedelta(minutes=16))
    book(work, colleague, [clinic.part("09:15")], patient=OLGA)
    with pytest.raises(HoldLapsed):
        confirm(work, actor, begun)
    again = work.read(lambda s: booking_session.find(s, actor=actor, session_id=begun.id))
    assert (again.choices.notes, again.outcome) == ("by the window", "open")


def test_confirming_twice_with_one_request_books_once(work, actor, clinic):
    begun, request = start(work, actor), new_id()
    hold(work, actor, begun, clinic.part("09:00"))
    assert confirm(work, actor, begun, request) == confirm(work, actor, begun, request)
    assert count(work, t.Booking) == 1


def test_a_request_id_belongs_to_one_booking(work, actor, clinic):
    first, request = start(work, actor), new_id()
    hold(work, actor, first, clinic.part("09:00"))
    confirm(work, actor, first, request)
    second = start(work, actor, patient=OLGA)
    hold(work, actor, second, clinic.part("11:00"))
    with pytest.raises(KeyReused):
        confirm(work, actor, second, request)


def test_confirming_a_finished_booking_again_is_refused(work, actor, clinic):
    begun = start(work, actor)
    hold(work, actor, begun, clinic.part("09:00"))
    confirm(work, actor, begun)
    with pytest.raises(ChangedMeanwhile):
        confirm(work, actor, begun)


def test_a_guest_is_booked_by_name(work, actor, clinic):
    chosen = Choices(guest=Guest("Mia Long", "+493012345670", ""), source="walk_in")
    book(work, actor, [clinic.part("09:00")], patient=None, chosen=chosen)
    row = work.read(
        lambda s: s.execute(select(t.Booking.guest_name, t.Booking.patient_id, t.Booking.source)).one()
    )
    assert tuple(row) == ("Mia Long", None, "walk_in")


@pytest.mark.parametrize(("guest", "field"), [(Guest(), "patient")])
def test_somebody_must_be_named(work, actor, clinic, guest, field):
    with pytest.raises(InvalidInput) as refused:
        book(work, actor, [clinic.part("09:00")], patient=None, chosen=Choices(guest=guest))
    assert refused.value.field == field


def test_a_time_must_be_chosen(work, actor, clinic):
    with pytest.raises(InvalidInput, match="choose a time"):
        confirm(work, actor, start(work, actor))


def test_a_time_in_the_past_is_refused(work, actor, clinic):
    with pytest.raises(InvalidInput, match="over"):
        hold(work, actor, start(work, actor), clinic.part("09:00", days=-28))


def test_a_refused_confirm_leaves_no_trace(work, actor, clinic):
    before = count(work, t.AuditEntry)
    begun = start(work, actor)
    with pytest.raises(InvalidInput):
        confirm(work, actor, begun)
    assert count(work, t.BookingRequest) == count(work, t.Booking) == 0
    assert count(work, t.AuditEntry) == before + 1  # the session's start


def test_a_payment_at_the_desk_is_noted(work, actor, clinic):
    book(work, actor, [clinic.part("09:00")], chosen=Choices(payment_state="paid", payment_method="card"))
    assert work.read(lambda s: s.execute(select(t.Payment.amount_cents, t.Payment.method)).one()) == (
        5000,
        "card",
    )


def test_every_change_is_audited_and_announced(work, actor, clinic):
    begun = start(work, actor)
    hold(work, actor, begun, clinic.part("09:00"))
    outcome = work.write(lambda s: booking.confirm(s, actor=actor, session_id=begun.id, request_id=new_id()))
    assert {change.topic for change in outcome.changes} == {
        "booking",
        "booking_session",
        "appointment",
        "time",
    }
    actions = work.read(lambda s: s.scalars(select(t.AuditEntry.action).order_by(t.AuditEntry.number)).all())
    assert actions == ["clinic.created", "session.started", "booking.confirmed"]
    assert work.read(audit.verify) == []


def test_the_wall_time_is_kept_beside_the_instant(work, actor, clinic):
    book(work, actor, [clinic.part("09:00")])
    wall, zone = work.read(lambda s: s.execute(select(t.Appointment.local_start, t.Appointment.zone)).one())
    assert (wall, zone) == (f"{clinic.monday}T09:00", "Europe/Berlin")


def test_a_colleague_cannot_confirm_what_is_open_at_another_desk(work, actor, colleague, clinic):
    begun = start(work, actor)
    hold(work, actor, begun, clinic.part("09:00"))
    with pytest.raises(ChangedMeanwhile):
        confirm(work, colleague, begun)


def test_an_accepted_overlap_stands_in_another_lane(work, actor, clinic):
    book(work, actor, [clinic.part("09:00")])
    part = clinic.part("09:15")
    taken = visits.NewAppointment(
        new_id(), PHYSIO, ANA, None, clinic.monday, part.start, part.end, 0, overlap_reason="agreed"
    )
    extra = [
        replace(one, appointment_id=None, lane=2, override_reason="agreed")
        for one in visits.takings(taken, 0, None)
    ]
    begun = start(work, actor, patient=OLGA)
    work.write(
        lambda s: claims.hold(
            s, clinic.id, begun.id, extra, claims.now(s) + timedelta(minutes=5), claims.now(s)
        )
    )
