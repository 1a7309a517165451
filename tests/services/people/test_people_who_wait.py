"""Somebody who waits, or has a course of sessions, is erased or merged: nothing is left behind."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.services import audit
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.calls.to_do import About
from clinic_scheduler.services.offers.using import FreeTime
from clinic_scheduler.services.people import erasing, merging
from clinic_scheduler.services.people.merging import Seen
from clinic_scheduler.services.plans import stopping
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.waitlist import lapsing, offering
from tests.support import changing, desk, planning, waiting
from tests.support.clinics import ANA, EMMA, OLGA, PHYSIO, shift_clock
from tests.support.planning import course, look
from tests.support.stored import everything as stored


def erase(work, actor, patient=EMMA, name="Emma Müller", version=1):
    work.write(lambda s: erasing.erase(s, actor=actor, patient_id=patient, version=version, typed_name=name))


def merge(work, actor):
    return work.write(
        lambda s: merging.merge(s, actor=actor, kept=Seen(EMMA, 1), gone=Seen(OLGA, 1), sides={})
    ).value


@pytest.fixture
def offered(work, actor, clinic):
    """Makes an offer of Monday at ten to somebody who waits."""

    def make(patient):
        waiting.add(work, actor, waiting.wanted(clinic), patient)
        time = FreeTime(ANA, clinic.at("10:00"), clinic.at("10:45"))
        (match,) = waiting.matches(work, actor, time).best
        return waiting.offer(work, actor, match)

    return make


def test_what_an_erased_person_was_offered_is_free_at_once(work, actor, colleague, clinic, offered):
    made = offered(EMMA)
    erase(work, actor)
    row = work.read(lambda s: s.get(t.WaitlistOffer, made.id))
    assert (row.state, row.answered_at is None) == ("withdrawn", False)
    assert work.read(lambda s: claims.live_holds(s, row.session_id)) == []
    assert work.read(lambda s: s.get(t.BookingSession, row.session_id).outcome) == "discarded"
    desk.hold(work, colleague, desk.start(work, colleague, OLGA), clinic.part("10:00"))


def test_a_reminder_of_a_lapsed_offer_does_not_name_an_erased_person(work, actor, offered):
    offered(EMMA)
    shift_clock(work, timedelta(minutes=61))
    work.write(lambda s: lapsing.lapse_due(s, actor=actor))
    assert "Emma Müller lapsed" in stored(work)
    erase(work, actor)
    assert "Müller" not in stored(work)


def test_why_an_offer_was_declined_is_blacked_out(work, actor, offered):
    made = offered(EMMA)
    work.write(
        lambda s: offering.decline(
            s, actor=actor, offer_id=made.id, reason="Zebrafish, she says", keeps_waiting=True
        )
    )
    erase(work, actor)
    assert "Zebrafish" not in stored(work)
    assert work.read(audit.verify) == []


def test_why_a_plan_stopped_and_its_sessions_names_are_blacked_out(work, actor, clinic):
    plan = planning.create(work, actor, course(3, "immediate", service=PHYSIO), {1: clinic.part("09:00")})
    seen = look(work, actor, plan.plan_id)
    s = t.PlanSession
    work.write(
        lambda session: session.execute(
            update(s).where(s.plan_id == plan.plan_id, s.number == 2).values(name="Zebrafish's knee")
        )
    )
    work.write(
        lambda s: stopping.cancel(
            s,
            actor=actor,
            plan_id=plan.plan_id,
            version=seen.version,
            reason="Zebrafish moves away",
            cancels_visits=True,
        )
    )
    work.write(lambda s: s.execute(update(t.TreatmentPlan).values(review="Zebrafish called")))
    erase(work, actor)
    assert "Zebrafish" not in stored(work)


def test_a_plan_of_an_erased_person_has_ended(work, actor, clinic):
    plan = planning.create(work, actor, course(3, "immediate", service=PHYSIO), {1: clinic.part("09:00")})
    shift_clock(work, timedelta(days=30))
    erase(work, actor)
    p = t.TreatmentPlan
    state, ended = work.read(
        lambda s: s.execute(select(p.state, p.ended_at).where(p.id == plan.plan_id)).one()
    )
    assert (state, ended is None) == ("cancelled", False)


def test_an_offer_to_a_merged_person_is_accepted_for_the_one_who_stays(work, actor, clinic, offered):
    made = offered(OLGA)
    merge(work, actor)
    confirmed = waiting.accept(work, actor, made)
    (appointment,) = confirmed.appointment_ids
    c = t.Claim
    taken = work.read(
        lambda s: set(
            s.scalars(select(c.resource_id).where(c.appointment_id == appointment, c.live_to.is_(None)))
        )
    )
    assert EMMA in taken
    assert OLGA not in taken
    changing.holds_true(work)


def test_what_a_desk_does_for_a_record_it_still_shows_is_done_for_the_one_that_stays(work, actor, clinic):
    merge(work, actor)
    waiting.add(work, actor, waiting.wanted(clinic), OLGA)
    planning.create(
        work, actor, course(2, "immediate", service=PHYSIO), {1: clinic.part("09:00")}, patient=OLGA
    )
    work.write(lambda s: to_do.add(s, actor=actor, kind="call_back", text="Call", about=About(OLGA)))
    for table in (t.WaitlistEntry, t.TreatmentPlan, t.DeskTask):
        assert work.read(lambda s, table=table: s.scalars(select(table.patient_id)).all()) == [EMMA]
