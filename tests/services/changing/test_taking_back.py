"""Every click on a status can be undone: there and back again, with the times that go with it."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import LEGAL_MOVES, AppointmentStatus, MessageState
from clinic_scheduler.db.types import clock
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput, KeyReused, NotPermitted, TimeTaken
from clinic_scheduler.services import integrity
from clinic_scheduler.services.changing import taking_back
from clinic_scheduler.services.changing.taking_back import Put
from tests.support.changing import cancel
from tests.support.clinics import ANA, BEN, MASSAGE, OLGA, shift_clock
from tests.support.desk import book, count, hold, start

WAYS = [(old, new) for old in LEGAL_MOVES for new in sorted(LEGAL_MOVES[old])]
WAY_TO = {
    "pending": (),
    "confirmed": (),
    "arrived": ("arrived",),
    "in_progress": ("in_progress",),
}


@pytest.fixture
def visit(work, actor, clinic):
    """Emma with Ben in the blue room."""
    return book(work, actor, [clinic.part("09:00", BEN, MASSAGE, minutes=30)]).appointment_ids[0]


def put(work, actor, *wanted, request=None, reason=""):
    asked = request or new_id()
    return work.write(
        lambda s: taking_back.put(s, actor=actor, request_id=asked, wanted=wanted, reason=reason)
    ).value


def seen(work, appointment_id):
    """Status, version, whether cancelled, and the times taken now."""

    def read(session):
        row = session.get(t.Appointment, appointment_id)
        claims = session.execute(
            select(t.Claim.resource_id, t.Claim.start_at, t.Claim.end_at, t.Claim.lane).where(
                t.Claim.appointment_id == appointment_id, t.Claim.live_to.is_(None)
            )
        )
        return (
            (row.status, row.cancelled_at is not None, row.is_late_cancel),
            sorted(map(tuple, claims)),
            row.version,
        )

    return work.read(read)


def bring(work, actor, appointment_id, status):
    """The version after the appointment was brought to a status."""
    version = 1
    if status == "pending":  # a confirmation that is taken back
        put(work, actor, Put(appointment_id, 1, "pending"))
        version = 2
    for step in WAY_TO.get(status, ()):
        put(work, actor, Put(appointment_id, version, step))
        version += 1
    return version


@pytest.mark.parametrize(("old", "new"), WAYS)
def test_every_legal_move_leads_there_and_back(work, actor, clinic, visit, old, new):
    version = bring(work, actor, visit, old)
    if new == "no_show":
        shift_clock(work, clinic.at("09:10") - work.read(lambda s: s.scalar(select(clock()))))
    before = seen(work, visit)
    back = put(work, actor, Put(visit, version, new))
    assert seen(work, visit)[0][0] == new
    assert back == (Put(visit, version + 1, old),)
    assert (seen(work, visit)[1] == []) is (new in ("cancelled", "no_show"))
    on = put(work, actor, *back)
    assert on == (Put(visit, version + 2, new),)
    assert seen(work, visit)[:2] == before[:2]
    assert work.read(integrity.overlaps) == []


def test_what_does_not_lead_there_is_refused(work, actor, visit):
    put(work, actor, Put(visit, 1, "arrived"))
    with pytest.raises(InvalidInput, match="arrived does not become pending"):
        put(work, actor, Put(visit, 2, "pending"))
    with pytest.raises(InvalidInput, match="not begun"):
        put(work, actor, Put(visit, 2, "no_show"))
    with pytest.raises(InvalidInput, match="choose"):
        put(work, actor)


def test_a_time_that_was_given_away_is_named_and_nothing_changes(work, actor, colleague, clinic, visit):
    back = put(work, actor, Put(visit, 1, "cancelled"), reason="ill")
    hold(work, colleague, start(work, colleague, OLGA), clinic.part("09:15", BEN))
    with pytest.raises(TimeTaken, match="Ben Okafor"):
        put(work, actor, *back)
    assert seen(work, visit)[0][0] == "cancelled"


def test_what_a_colleague_changed_since_stays(work, actor, colleague, visit):
    back = put(work, actor, Put(visit, 1, "arrived"))
    put(work, colleague, Put(visit, 2, "in_progress"))
    with pytest.raises(ChangedMeanwhile):
        put(work, actor, *back)


def test_somebody_else_or_later_it_takes_a_permission(work, actor, colleague, visit):
    plain = replace(colleague, permissions=frozenset({"book"}))
    (back,) = put(work, actor, Put(visit, 1, "arrived"))
    with pytest.raises(NotPermitted):
        put(work, plain, back)
    own = replace(actor, permissions=frozenset({"book"}))
    shift_clock(work, taking_back.retaking.UNDO_WITHIN + taking_back.retaking.UNDO_WITHIN)
    with pytest.raises(NotPermitted):
        put(work, own, back)
    assert put(work, actor, back) == (Put(visit, 3, "arrived"),)


def test_several_at_once_or_none(work, actor, clinic, visit):
    other = book(work, actor, [clinic.part("14:00")], OLGA).appointment_ids[0]
    with pytest.raises(InvalidInput):
        put(work, actor, Put(visit, 1, "arrived"), Put(other, 1, "no_show"))
    assert (seen(work, visit)[0][0], seen(work, other)[0][0]) == ("confirmed", "confirmed")
    back = put(work, actor, Put(visit, 1, "arrived"), Put(other, 1, "cancelled"))
    put(work, actor, *back)
    assert (seen(work, visit)[0][0], seen(work, other)[0][0]) == ("confirmed", "confirmed")


def test_a_lost_acknowledgement_is_answered_again(work, actor, visit):
    request = new_id()
    first = put(work, actor, Put(visit, 1, "arrived"), request=request)
    assert put(work, actor, Put(visit, 1, "arrived"), request=request) == first
    assert seen(work, visit)[2] == 2
    with pytest.raises(KeyReused):
        put(work, actor, Put(visit, 2, "confirmed"), request=request)


def test_a_cancellation_that_is_taken_back_at_once_sends_nothing(work, actor, visit):
    back = put(work, actor, Put(visit, 1, "cancelled"))
    put(work, actor, *back)
    waiting = t.Message.kind == "cancellation", t.Message.state == MessageState.QUEUED
    assert count(work, t.Message, *waiting) == 0


def test_it_undoes_what_the_cancel_dialog_did(work, actor, visit):
    before = seen(work, visit)[1]
    cancel(work, actor, visit)
    put(work, actor, Put(visit, 2, "confirmed"))
    assert seen(work, visit)[1] == before


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(AppointmentStatus)), min_size=1, max_size=5))
def test_whatever_was_done_is_undone_step_by_step(work, actor, clinic, statuses):
    row = book(work, actor, [clinic.part("15:00", ANA)], OLGA).appointment_ids[0]
    first, undo = seen(work, row)[:2], []
    version = 1
    for status in statuses:
        try:
            undo.append(put(work, actor, Put(row, version, status)))
        except InvalidInput:
            continue
        version = seen(work, row)[2]
    for back in filter(None, reversed(undo)):
        put(work, actor, *(replace(one, version=seen(work, row)[2]) for one in back))
    assert seen(work, row)[:2] == first
    put(work, actor, Put(row, seen(work, row)[2], "cancelled"))  # so that the next finds its time free
