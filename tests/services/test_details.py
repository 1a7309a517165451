"""One visit in full, as its panel shows it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services import details, localtime
from clinic_scheduler.services.changing import appointments
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from tests.support import desk
from tests.support.clinics import ANA, BEN, CLINIC, EMMA, GAIT, JOSE, MASSAGE, SPEECH, ZONE


def of(work, actor, done):
    return work.read(lambda s: details.of_booking(s, actor=actor, booking_id=done.booking_id))


def test_a_visit_tells_who_what_when_and_how_much(work, actor, clinic):
    parts = [
        clinic.part("09:00"),
        clinic.part("09:45", BEN, MASSAGE, minutes=30),
        clinic.part("10:30", ANA, SPEECH, minutes=60),
    ]
    done = desk.book(work, actor, parts, JOSE, Choices(notes="stairs", source="walk_in"))
    found = of(work, actor, done)
    assert (found.reference, found.patient, found.is_guest) == (done.reference, "José García-López", False)
    assert (found.phone, found.email, found.alert) == ("", "jose@example.org", "Allergic to latex")
    assert (found.notes, found.source, found.payment_state) == ("stairs", "walk_in", "pending")
    assert (found.total_cents, found.currency) == (15_000, "EUR")
    assert [
        (p.service, p.practitioner, p.room, f"{p.start:%H:%M}", f"{p.end:%H:%M}") for p in found.parts
    ] == [
        ("Physiotherapy", "Ana Silva", "", "09:00", "09:45"),
        ("Back massage", "Ben Okafor", "Blue room", "09:45", "10:15"),
        ("Speech session", "Ana Silva", "", "10:30", "11:30"),
    ]
    assert [p.id for p in found.parts] == list(done.appointment_ids)
    assert {(p.status, p.may_cancel, p.version, p.counter) for p in found.parts} == {
        ("confirmed", True, 1, "")
    }


def test_a_phone_number_is_shown_as_the_clinic_dials_it(work, actor, clinic):
    assert of(work, actor, desk.book(work, actor, [clinic.part("09:00")], EMMA)).phone == "030 12345678"


def test_a_guest_is_shown_by_what_was_given(work, actor, clinic):
    guest = Guest("Mia Long", "+12015550123", "mia@example.org")
    found = of(work, actor, desk.book(work, actor, [clinic.part("09:00")], None, Choices(guest=guest)))
    assert (found.patient, found.is_guest, found.alert) == ("Mia Long", True, "")
    assert (found.phone, found.email) == ("+1 201-555-0123", "mia@example.org")


def test_a_cancelled_part_stays_and_says_why(work, actor, colleague, clinic):
    done = desk.book(work, actor, [clinic.part("09:00"), clinic.part("10:00", BEN)])
    first = done.appointment_ids[:1]
    work.write(
        lambda s: appointments.cancel(s, actor=colleague, appointment_ids=first, versions=[1], reason="ill")
    )
    found = of(work, actor, done)
    assert [(p.status, p.status_reason, p.may_cancel, p.version) for p in found.parts] == [
        ("cancelled", "ill", False, 2),
        ("confirmed", "", True, 1),
    ]
    assert found.total_cents == 5000
    assert [(h.who, h.workstation, h.action, h.reason) for h in found.history] == [
        ("Kofi Mensah", "Desk 1", "booking.confirmed", ""),
        ("Rosa Lind", "Desk 2", "appointment.cancelled", "ill"),
    ]
    assert found.history[0].at.tzinfo == ZONE


def test_the_times_are_the_clinics(work, actor, clinic):
    (part,) = of(work, actor, desk.book(work, actor, [clinic.part("09:00")])).parts
    assert part.start == clinic.at("09:00")
    assert localtime.wall_text(part.start, ZONE) == f"{clinic.monday}T09:00"
    assert part.end - part.start == timedelta(minutes=45)


def test_a_plans_session_tells_its_number(work, actor, clinic):
    done = desk.book(work, actor, [clinic.part("09:00", ANA, GAIT, minutes=60)])
    plan = {
        "id": new_id(),
        "clinic_id": CLINIC,
        "patient_id": EMMA,
        "service_id": GAIT,
        "strategy": "flexible",
    }
    with work.engine.begin() as connection:
        connection.execute(insert(t.TreatmentPlan).values(**plan, created_by=actor.user_id))
        for number, held in ((1, None), (2, done.appointment_ids[0])):
            row = {
                "id": new_id(),
                "plan_id": plan["id"],
                "number": number,
                "service_id": GAIT,
                "duration_min": 60,
            }
            connection.execute(insert(t.PlanSession).values(**row, appointment_id=held))
    assert [part.counter for part in of(work, actor, done).parts] == ["2/2"]


def test_an_imported_cancellation_may_have_no_time(work, actor, clinic):
    done = desk.book(work, actor, [clinic.part("09:00")])
    unknown = {"start_at": None, "end_at": None, "status": "cancelled"}
    with work.engine.begin() as connection:
        connection.execute(update(t.Appointment).values(unknown))
    (part,) = of(work, actor, done).parts
    assert (part.start, part.end) == (None, None)


def test_another_sites_visit_and_an_unknown_one_are_not_found(work, actor, clinic):
    done = desk.book(work, actor, [clinic.part("09:00")])
    with pytest.raises(NotFound):
        of(work, replace(actor, clinic_id=new_id()), done)
    with pytest.raises(NotFound):
        of(work, actor, replace(done, booking_id=new_id()))


def test_another_site_cancels_nothing(work, actor, clinic):
    done = desk.book(work, actor, [clinic.part("09:00")])
    stranger = replace(actor, clinic_id=new_id())
    with pytest.raises(Exception) as refused:  # noqa: PT011 - any refusal will do
        work.write(
            lambda s: appointments.cancel(
                s, actor=stranger, appointment_ids=done.appointment_ids, versions=[1]
            )
        )
    assert type(refused.value).__module__ == "clinic_scheduler.errors"
    assert of(work, actor, done).parts[0].status == "confirmed"
