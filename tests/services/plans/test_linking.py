"""A session of a plan that its patient waits for: once a time is accepted, the plan follows."""

import pytest

from clinic_scheduler.db import tables as t
from clinic_scheduler.services import audit
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.offers.using import FreeTime
from clinic_scheduler.services.plans import stopping
from tests.support import changing, desk, planning, waiting
from tests.support.clinics import ANA, EMMA, OLGA, PHYSIO
from tests.support.planning import course, look


@pytest.fixture
def plan(work, actor, clinic):
    """Three sessions of which the first has a time, on Monday at nine."""
    wanted = course(3, "sequential", service=PHYSIO)
    return look(work, actor, planning.create(work, actor, wanted, {1: clinic.part("09:00")}).plan_id)


def wait_for(work, actor, clinic, one, patient=EMMA):
    """An offer of next Monday at ten to who waits for that session."""
    wish = waiting.wanted(clinic, PHYSIO, days=20, plan_session_id=one.id)
    waiting.add(work, actor, wish, patient)
    time = FreeTime(ANA, clinic.at("10:00", days=7), clinic.at("10:45", days=7))
    (match,) = waiting.matches(work, actor, time).best
    return waiting.offer(work, actor, match)


def test_the_plan_follows_an_accepted_offer(work, actor, clinic, plan):
    changing.advance(work, actor, "completed", plan.number(1).appointment_id)
    due = look(work, actor, plan.id)
    assert len(work.read(lambda s: to_do.due(s, actor=actor))) == 1
    made = wait_for(work, actor, clinic, due.number(2))
    confirmed = waiting.accept(work, actor, made)
    seen = look(work, actor, plan.id)
    assert seen.number(2).appointment_id == confirmed.appointment_ids[0]
    assert seen.version > due.version
    assert seen.sentence.startswith("2 of 3 booked, 1 completed, 1 to book")
    assert work.read(lambda s: to_do.due(s, actor=actor)) == ()
    waiting_news = (t.Message.kind == "next_session", t.Message.state == "queued")
    assert desk.count(work, t.Message, *waiting_news) == 0
    assert work.read(audit.verify) == []


def test_a_cancelled_session_that_was_waited_for_is_booked_again(work, actor, clinic, plan):
    first = plan.number(1)
    changing.cancel(work, actor, first.appointment_id)
    assert look(work, actor, plan.id).review
    made = wait_for(work, actor, clinic, first)
    confirmed = waiting.accept(work, actor, made)
    seen = look(work, actor, plan.id)
    assert (seen.number(1).appointment_id, seen.review) == (confirmed.appointment_ids[0], "")


def test_the_visit_stands_on_its_own_where_the_plan_was_stopped(work, actor, clinic, plan):
    made = wait_for(work, actor, clinic, plan.number(2))
    work.write(
        lambda s: stopping.cancel(
            s, actor=actor, plan_id=plan.id, version=plan.version, reason="moves away", cancels_visits=False
        )
    )
    waiting.accept(work, actor, made)
    assert look(work, actor, plan.id).number(2).appointment_id is None


def test_nobody_takes_the_session_of_somebody_else(work, actor, clinic, plan):
    made = wait_for(work, actor, clinic, plan.number(2), OLGA)
    waiting.accept(work, actor, made)
    assert look(work, actor, plan.id).number(2).appointment_id is None
