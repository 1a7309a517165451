"""Three desks: a cancellation, an offer, a lapse, the next, accepted; and nobody else gets the held time."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import ChangedMeanwhile, HoldLapsed, InvalidInput, TimeTaken
from clinic_scheduler.services import audit, integrity, upkeep
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.days import calendar
from clinic_scheduler.services.offers.using import FreeTime
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.waitlist import lapsing, matching
from tests.support import desk, waiting
from tests.support.clinics import ANA, BEN, CLINIC, EMMA, GAIT, JOSE, MASSAGE, OLGA, PHYSIO, shift_clock


@pytest.fixture
def third(database_url):
    """A desk with a connection of its own."""
    unit = UnitOfWork(open_engine(database_url))
    yield unit
    unit.close()


def tasks(work, actor):
    return work.read(lambda s: to_do.due(s, actor=actor))


def messages(work):
    return work.read(
        lambda s: [
            (row.kind, row.state, row.recipient)
            for row in s.scalars(select(t.Message).order_by(t.Message.id))
        ]
    )


def test_a_freed_time_goes_to_the_next_who_wants_it_and_to_nobody_else(work, third, actor, colleague, clinic):
    reception = replace(actor, user_id=UUID(int=3), name="Jo Rey", workstation="Desk 3")
    booked = desk.book(work, actor, [clinic.part("09:00")], EMMA)
    urgent = waiting.add(work, actor, waiting.wanted(clinic, urgency=2), JOSE)
    patient = waiting.add(work, colleague, waiting.wanted(clinic), OLGA)

    freed = waiting.cancel(work, colleague, booked)
    found = waiting.matches(work, actor, *freed)
    assert [one.entry.id for one in found.best] == [urgent.id, patient.id]
    assert found.best[0].opening.start == clinic.at("09:00")

    first = waiting.offer(work, actor, found.best[0])
    assert messages(work)[-1] == ("waitlist_offer", "queued", "jose@example.org")
    assert tasks(work, actor) == ()
    begun = desk.start(third, reception, EMMA)
    with pytest.raises(TimeTaken, match="Ana Silva is not free"):
        desk.hold(third, reception, begun, clinic.part("09:00"))
    with pytest.raises(TimeTaken):
        waiting.offer(third, reception, found.best[1])

    shift_clock(work, timedelta(minutes=61))
    with pytest.raises(HoldLapsed, match="offer it again"):
        waiting.accept(work, actor, first)
    assert third.write(lambda s: lapsing.lapse_due(s, actor=reception)).value == (first.id,)
    assert messages(work)[-1] == ("waitlist_offer", "cancelled", "jose@example.org")
    (reminder,) = tasks(work, actor)
    assert reminder.text.endswith("to José García-López lapsed; offer the time to the next.")
    again = work.read(lambda s: matching.of_offer(s, actor=actor, offer_id=first.id))
    found = waiting.matches(third, reception, *again)
    assert [one.entry.id for one in found.best] == [patient.id, urgent.id]  # had a turn at this time

    second = waiting.offer(third, reception, found.best[0])
    (call,) = tasks(work, actor)  # instead of the reminder: there is no e-mail address
    assert (call.kind, call.about.name, call.about.offer_id) == ("offer", "Olga Petrova", second.id)
    confirmed = waiting.accept(work, colleague, second)
    row = work.read(lambda s: s.get(t.Booking, confirmed.booking_id))
    assert (row.source, row.patient_id, row.created_by) == ("waitlist", OLGA, colleague.user_id)
    assert waiting.states(work) == (["accepted", "expired"], ["booked", "waiting"])
    assert tasks(work, actor) == ()
    assert work.read(integrity.overlaps) == []
    assert work.read(audit.verify) == []
    with pytest.raises(TimeTaken):
        desk.hold(third, reception, begun, clinic.part("09:00"))


def test_what_is_declined_is_free_at_once_and_its_person_waits_on(work, actor, colleague, clinic):
    entry = waiting.add(work, actor, waiting.wanted(clinic))
    time = FreeTime(ANA, clinic.at("10:00"), clinic.at("10:45"))
    (match,) = waiting.matches(work, actor, time).best
    made = waiting.offer(work, actor, match)
    assert waiting.matches(work, actor, time).best == ()  # held, and nobody else waits
    waiting.decline(work, colleague, made)
    assert waiting.find(work, actor, entry).state == "waiting"
    (again,) = waiting.matches(work, actor, time).best
    assert (again.why.was_offered, again.why.offers_made) == (True, 1)
    last = waiting.offer(work, actor, again)
    waiting.decline(work, colleague, last, keeps_waiting=False)
    assert waiting.find(work, actor, entry).state == "declined"
    with pytest.raises(ChangedMeanwhile, match="declined by now"):
        waiting.accept(work, actor, last)
    desk.hold(work, colleague, desk.start(work, colleague, EMMA), clinic.part("10:00"))


def test_an_accepted_offer_is_booked_once_however_often_it_is_asked(work, actor, clinic):
    waiting.add(work, actor, waiting.wanted(clinic), EMMA)
    time = FreeTime(ANA, clinic.at("10:00"), clinic.at("10:45"))
    (match,) = waiting.matches(work, actor, time).best
    made, request = waiting.offer(work, actor, match), UUID(int=77)
    first = waiting.accept(work, actor, made, request)
    assert waiting.accept(work, actor, made, request) == first
    assert desk.count(work, t.Booking) == 1
    with pytest.raises(ChangedMeanwhile, match="accepted by now"):
        waiting.accept(work, actor, made)


def test_an_offer_disturbs_no_booking_that_is_being_made_for_the_person(work, actor, colleague, clinic):
    begun = desk.start(work, colleague, EMMA)
    waiting.add(work, actor, waiting.wanted(clinic), EMMA)
    time = FreeTime(ANA, clinic.at("10:00"), clinic.at("10:45"))
    (match,) = waiting.matches(work, actor, time).best
    made = waiting.offer(work, actor, match)
    held = work.read(lambda s: claims.live_holds(s, begun.id))
    (shown,) = work.read(lambda s: calendar.day(s, clinic_id=CLINIC, on=clinic.monday)).holds
    assert (shown.owner, shown.start) == ("Kofi Mensah (waitlist)", 10 * 60)
    trays = [work.read(lambda s, a=a: booking_session.unfinished(s, actor=a)) for a in (actor, colleague)]
    assert (held, [one.id for tray in trays for one in tray]) == ([], [begun.id, begun.id])
    with pytest.raises(TimeTaken, match="another visit at that time"):
        desk.hold(work, colleague, begun, clinic.part("10:00", BEN))
    waiting.accept(work, actor, made)
    assert work.read(lambda s: s.get(t.BookingSession, begun.id).outcome) == "open"


def test_an_offer_ends_with_the_visit_s_beginning_at_the_latest(work, actor, clinic):
    waiting.add(work, actor, waiting.wanted(clinic, PHYSIO))
    time = FreeTime(ANA, clinic.at("10:00"), clinic.at("10:45"))
    (match,) = waiting.matches(work, actor, time).best
    shift_clock(work, clinic.at("09:30") - work.read(claims.now))
    assert waiting.offer(work, actor, match, timedelta(hours=5)).expires_at == clinic.at("10:00")


def test_a_wish_for_a_session_of_a_plan_books_that_session(work, actor, clinic):
    plan, one = new_id(), new_id()
    with work.engine.begin() as connection:
        connection.execute(
            insert(t.TreatmentPlan).values(
                id=plan,
                clinic_id=CLINIC,
                patient_id=EMMA,
                service_id=GAIT,
                strategy="sequential",
                state="active",
                created_by=actor.user_id,
            )
        )
        connection.execute(
            insert(t.PlanSession).values(
                id=one, plan_id=plan, number=1, service_id=GAIT, duration_min=60, state="due"
            )
        )
    waiting.add(work, actor, waiting.wanted(clinic, GAIT, plan_session_id=one), EMMA)
    (match,) = waiting.matches(work, actor, FreeTime(ANA, clinic.at("10:00"), clinic.at("11:00"))).best
    confirmed = waiting.accept(work, actor, waiting.offer(work, actor, match))
    row = work.read(lambda s: s.get(t.PlanSession, one))
    assert (row.state, row.appointment_id) == ("booked", confirmed.appointment_ids[0])


@pytest.mark.parametrize("lasts", [timedelta(minutes=4), timedelta(days=4)])
def test_a_deadline_is_neither_too_near_nor_too_far(sqlite_work, actor, sqlite_clinic, lasts):
    waiting.add(sqlite_work, actor, waiting.wanted(sqlite_clinic), EMMA)
    time = FreeTime(ANA, sqlite_clinic.at("10:00"), sqlite_clinic.at("10:45"))
    (match,) = waiting.matches(sqlite_work, actor, time).best
    with pytest.raises(InvalidInput, match="five minutes to three days"):
        waiting.offer(sqlite_work, actor, match, lasts)
    other = replace(match.opening.parts[0], service_id=MASSAGE)
    with pytest.raises(InvalidInput, match="not what this person waits for"):
        waiting.offer(sqlite_work, actor, replace(match, opening=replace(match.opening, parts=(other,))))
    assert waiting.states(sqlite_work) == ([], ["waiting"])


def test_the_upkeep_of_whoever_may_not_book_lets_offers_lapse(work, actor, clinic):
    waiting.add(work, actor, waiting.wanted(clinic), EMMA)
    (match,) = waiting.matches(work, actor, FreeTime(ANA, clinic.at("10:00"), clinic.at("10:45"))).best
    waiting.offer(work, actor, match)
    shift_clock(work, timedelta(hours=2))
    onlooker = replace(actor, permissions=frozenset())
    assert work.write(lambda s: upkeep.sweep(s, actor=onlooker)).value.offers == 1
    assert len(tasks(work, actor)) == 1
    assert waiting.states(work) == (["expired"], ["waiting"])
