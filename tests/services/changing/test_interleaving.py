"""Two desks step by step: one is stopped between two of its statements while the other does its whole work."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event, select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import ChangedMeanwhile, ClinicError, RuleBroken, TimeTaken
from clinic_scheduler.services import catalogue
from clinic_scheduler.services.changing import absence, absence_plan, appointments, moving
from clinic_scheduler.services.changing.absence import Decided
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.taking import booking, claims, visits
from clinic_scheduler.services.unfinished import booking_session
from tests.support.changing import holds_true, row
from tests.support.clinics import ANA, EMMA, JOSE, OLGA
from tests.support.desk import hold, start

EVERY, BLOCKED_S, FREE_S = 6, 0.02, 5


class Stopped:
    """A desk that waits before its statement of that number until it is let go."""

    def __init__(self, url, number):
        self.work, self.number, self.seen = UnitOfWork(open_engine(url)), number, 0
        self.reached, self.go = threading.Event(), threading.Event()
        event.listen(self.work.engine, "before_cursor_execute", self._wait)

    def _wait(self, *_statement):
        if self.seen == self.number:
            self.reached.set()
            self.go.wait(10)
        self.seen += 1


def said(desk, steps, into):
    """What came of the first that was refused, or of all of them; each is a transaction."""
    try:
        for step in steps if isinstance(steps, tuple) else (steps,):
            desk.write(step)
        into.append(None)
    except ClinicError as refusal:
        into.append(refusal)


def side_by_side(url, number, one, other):
    """What each was told, and whether the first came to that statement at all."""
    desk, second, answers = Stopped(url, number), UnitOfWork(open_engine(url)), ([], [])
    threads = [
        threading.Thread(target=said, args=(desk.work, one, answers[0])),
        threading.Thread(target=said, args=(second, other, answers[1])),
    ]
    threads[0].start()
    while threads[0].is_alive() and not desk.reached.wait(0.005):
        pass
    threads[1].start()
    threads[1].join(BLOCKED_S if number else FREE_S)  # before its first statement it keeps nobody waiting
    desk.go.set()
    for thread in threads:
        thread.join(20)
    desk.work.close()
    second.close()
    return answers[0][0], answers[1][0], desk.reached.is_set()


@pytest.fixture
def standing(work, actor, clinic):
    """Two appointments of two patients on a day of their own: Emma's at nine, Olga's at ten."""

    def make(day):
        def put(session):
            offered, made = catalogue.catalogue(session, clinic.id), []
            for wall, patient in (("09:00", EMMA), ("10:00", OLGA)):
                one = visits.appointment(offered, clinic.part(wall, days=7 * day))
                new = visits.NewBooking(new_id(), str(new_id()), "phone", (one,), patient_id=patient)
                visits.write(session, offered.clinic, [new], actor.user_id)
                claims.book(session, clinic.id, visits.takings(one, 0, patient), claims.now(session))
                made.append(one.id)
            return made

        return work.write(put).value

    return make


def moved(actor, part, start):
    request = new_id()
    return lambda s: moving.change(
        s, actor=actor, request_id=request, changes=[Change(part, 1, start, start + timedelta(minutes=45))]
    )


def cancelled(actor, part):
    return lambda s: appointments.cancel(s, actor=actor, appointment_ids=[part], versions=[1])


def confirmed(actor, session_id):
    request = new_id()
    return lambda s: booking.confirm(s, actor=actor, session_id=session_id, request_id=request)


def booked(actor, begun, part):
    held = partial(booking.hold, actor=actor, session_id=begun.id, version=begun.version, parts=[part])
    return held, confirmed(actor, begun.id)


def away(actor, plan):
    request = new_id()
    return lambda s: absence.apply(s, actor=actor, request_id=request, decided=Decided(plan, (), "ill"))


@pytest.mark.parametrize("stops_mover", [True, False])
def test_a_move_and_a_cancellation_of_the_same_visit(
    work, database_url, actor, colleague, clinic, standing, stops_mover
):
    for day in range(40):
        part, _other = standing(day)
        steps = [moved(actor, part, clinic.at("14:00", days=7 * day)), cancelled(colleague, part)]
        first, second, came = side_by_side(
            database_url, day * EVERY, *(steps if stops_mover else steps[::-1])
        )
        assert [type(first), type(second)].count(type(None)) == 1, (first, second)
        assert {type(first), type(second)} == {type(None), ChangedMeanwhile}
        assert row(work, part).version == 2
        if not came:
            break
    assert day > 2
    holds_true(work)


@pytest.mark.parametrize("stops_mover", [True, False])
def test_a_move_into_a_time_that_is_just_given_up(
    work, database_url, actor, colleague, clinic, standing, stops_mover
):
    for day in range(40):
        part, other = standing(day)
        steps = [moved(actor, part, clinic.at("10:00", days=7 * day)), cancelled(colleague, other)]
        first, second, came = side_by_side(
            database_url, day * EVERY, *(steps if stops_mover else steps[::-1])
        )
        mover, canceller = (first, second) if stops_mover else (second, first)
        assert canceller is None
        assert mover is None or type(mover) is TimeTaken
        if not came:
            break
    assert day > 2
    holds_true(work)


@pytest.mark.parametrize("stops_booker", [True, False])
def test_a_visit_that_is_booked_while_somebody_is_noted_as_away(
    work, database_url, actor, colleague, clinic, stops_booker
):
    for day in range(40):
        plan = absence_plan.Plan(ANA, clinic.at("08:00", days=7 * day), clinic.at("18:00", days=7 * day), ())
        begun = hold(work, actor, start(work, actor, OLGA), clinic.part("09:00", days=7 * day)).session
        steps = [confirmed(actor, begun.id), away(colleague, plan)]
        first, second, came = side_by_side(
            database_url, day * EVERY, *(steps if stops_booker else steps[::-1])
        )
        booker, absentee = (first, second) if stops_booker else (second, first)
        assert (type(booker), type(absentee)) in {(type(None), ChangedMeanwhile), (RuleBroken, type(None))}
        if booker is not None:
            work.write(partial(booking_session.discard, actor=actor, session_id=begun.id))
        if not came:
            break
    assert day > 1
    holds_true(work)


@pytest.mark.parametrize("stops_booker", [True, False])
def test_a_time_is_booked_while_the_visit_that_has_it_is_cancelled(
    work, database_url, actor, colleague, clinic, standing, stops_booker
):
    """At each statement that one of them comes to; whoever books holds and confirms, or hears that it is taken."""
    seen = set()
    for day in range(50):
        old, _other = standing(day)
        begun, part = start(work, actor, JOSE), clinic.part("09:00", days=7 * day)
        steps = [booked(actor, begun, part), cancelled(colleague, old)]
        first, second, came = side_by_side(database_url, day, *(steps if stops_booker else steps[::-1]))
        booker, canceller = (first, second) if stops_booker else (second, first)
        assert canceller is None
        assert booker is None or (type(booker) is TimeTaken and "Ana Silva" in str(booker)), booker
        assert (row(work, old).status, row(work, old).version) == ("cancelled", 2)
        assert has(work, ANA, part) == [("appointment", begun.id)] * (booker is None)
        seen.add(booker is None)
        if not came:
            break
    assert not came
    assert day > 3
    assert seen == {True, False}
    holds_true(work)


def has(work, who, part):
    """Who has that time now: the kind of claim, and whose session it comes from."""
    c = t.Claim
    mine = (c.resource_id == who, c.start_at < part.end, c.end_at > part.start, c.live_to.is_(None))
    return [
        tuple(one) for one in work.read(lambda s: s.execute(select(c.kind, c.session_id).where(*mine)).all())
    ]
