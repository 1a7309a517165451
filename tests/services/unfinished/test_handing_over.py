"""An unfinished booking goes to a colleague with all it holds, and both desks hear of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import ChangedMeanwhile, NotFound
from clinic_scheduler.services.unfinished import booking_session, handing_over
from clinic_scheduler.services.unfinished.handing_over import Colleague
from tests.support import desk, sessions
from tests.support.clinics import EMMA, OLGA, shift_clock
from tests.support.sessions import MIA, discard, resume, save, unfinished


@pytest.fixture
def rosa(work, colleague, clinic):
    """The colleague as others know her; she began a booking before."""
    discard(work, colleague, desk.start(work, colleague, OLGA))
    return Colleague(colleague.workstation, colleague.user_id, colleague.name)


def hand_over(work, actor, begun, to):
    return work.write(
        lambda s: handing_over.hand_over(s, actor=actor, session_id=begun.id, version=begun.version, to=to)
    )


@pytest.mark.parametrize("patient", [EMMA, None])
def test_a_booking_goes_to_a_colleague_with_its_hold(work, actor, colleague, clinic, rosa, patient):
    held = desk.hold(work, actor, desk.start(work, actor, patient, MIA), clinic.part("09:00"))
    outcome = hand_over(work, actor, held.session, rosa)
    assert ("booking_session", held.session.id) in {(c.topic, c.key) for c in outcome.changes}
    (waiting,) = work.read(lambda s: booking_session.unfinished(s, actor=colleague))
    assert (waiting.outcome, waiting.user_name, waiting.held_until) == ("parked", "Rosa Lind", held.until)
    assert waiting.choices == held.session.choices
    there = resume(work, colleague, waiting)
    there = save(work, colleague, there, there.choices, patient=EMMA)
    assert desk.confirm(work, colleague, there).appointment_ids


@pytest.mark.parametrize("patient", [EMMA, None])
def test_the_desk_that_gave_it_is_told_and_changes_nothing_more(work, actor, clinic, rosa, patient):
    begun = desk.start(work, actor, patient, MIA)
    hand_over(work, actor, begun, rosa)
    with pytest.raises(ChangedMeanwhile, match="Rosa Lind at Desk 2"):
        save(work, actor, begun, MIA, patient=patient)
    sessions.park(work, actor, begun)
    assert unfinished(work, actor) == ([begun.id] if patient else [])  # a patient's goes on anywhere
    if patient is None:
        with pytest.raises(NotFound):
            resume(work, actor, begun)


def test_it_is_renewed_and_audited(work, actor, clinic, rosa):
    begun = desk.start(work, actor)
    shift_clock(work, timedelta(minutes=90))
    hand_over(work, actor, begun, rosa)
    shift_clock(work, timedelta(minutes=200))
    assert sessions.row(work, begun).outcome == "parked"
    assert sessions.row(work, begun).expires_at > work.read(booking_session.claims.now)
    wanted = select(t.AuditEntry).where(t.AuditEntry.action == "session.handed_over")
    entry = work.read(lambda s: s.scalars(wanted).one())
    assert (entry.before["workstation"], entry.after["workstation"]) == ("Desk 1", "Desk 2")


@pytest.mark.parametrize(
    "changed", [{"workstation": "Desk 7"}, {"user_id": OLGA}, {"name": "Rosa L."}, {"workstation": ""}]
)
def test_it_goes_to_nobody_who_is_not_known(work, actor, clinic, rosa, changed):
    begun = desk.start(work, actor)
    values = {"workstation": rosa.workstation, "user_id": rosa.user_id, "name": rosa.name} | changed
    with pytest.raises(NotFound, match="choose a colleague"):
        hand_over(work, actor, begun, Colleague(**values))
    assert unfinished(work, actor) == [begun.id]


def test_whoever_worked_here_lately_is_offered(work, actor, colleague, clinic, rosa):
    desk.start(work, actor)
    assert work.read(lambda s: handing_over.colleagues(s, actor=actor)) == (rosa,)
    (kofi,) = work.read(lambda s: handing_over.colleagues(s, actor=colleague))
    assert (kofi.name, kofi.workstation) == ("Kofi Mensah", "Desk 1")
    shift_clock(work, timedelta(days=31))
    assert work.read(lambda s: handing_over.colleagues(s, actor=actor)) == ()
