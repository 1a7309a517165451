"""A booking is brought back to any state it had, whole, and away again; or refused with the reason."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput, NotFound, NotPermitted, TimeTaken
from clinic_scheduler.services import history
from clinic_scheduler.services.actor import BOOK
from clinic_scheduler.services.changing import moving, restoring, taking_back
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.changing.taking_back import Put
from clinic_scheduler.services.taking import prices
from tests.support import desk
from tests.support.clinics import BEN, OLGA


@pytest.fixture
def done(work, actor, clinic):
    return desk.book(work, actor, [clinic.part("10:00"), clinic.part("11:00")])


def facts(work, done):
    a = t.Appointment
    wanted = select(a.start_at, a.end_at, a.practitioner_id, a.room_id, a.status, a.price_cents).order_by(
        a.position
    )
    return work.read(lambda s: s.execute(wanted.where(a.booking_id == done.booking_id)).all())


def row(work, identifier):
    return work.read(lambda s: s.get(t.Appointment, identifier))


def move(work, actor, identifier, **terms):
    change = Change(identifier, row(work, identifier).version, **terms)
    work.write(lambda s: moving.change(s, actor=actor, request_id=uuid4(), changes=[change]))


def put(work, actor, identifier, status):
    wanted = [Put(identifier, row(work, identifier).version, status)]
    work.write(lambda s: taking_back.put(s, actor=actor, request_id=uuid4(), wanted=wanted))


def restorable(work, actor, done):
    events = work.read(lambda s: history.of_booking(s, actor=actor, booking_id=done.booking_id))
    return [one.entry_id for one in events if one.is_restorable]


def leading(work, actor, done, entry):
    return work.read(
        lambda s: restoring.state_after(s, actor=actor, booking_id=done.booking_id, entry_id=entry)
    )


def bring(work, actor, wanted, request=None):
    request = request or uuid4()
    return work.write(lambda s: restoring.bring(s, actor=actor, request_id=request, wanted=wanted)).value


@pytest.fixture
def story(work, actor, clinic, done):
    """The states it had, each as it was when its entry was new."""
    first, second = done.appointment_ids
    states = [facts(work, done)]
    for act in (
        lambda: move(work, actor, first, start=clinic.at("13:00", days=1), practitioner_id=BEN),
        lambda: put(work, actor, second, "cancelled"),
        lambda: move(work, actor, first, start=clinic.at("09:00")),
        lambda: put(work, actor, first, "cancelled"),
    ):
        act()
        states.append(facts(work, done))
    return states


def test_every_state_it_had_can_be_had_again_and_left_again(work, actor, done, story):
    entries = restorable(work, actor, done)
    assert len(entries) == len(story)
    for entry, state in zip(entries, story, strict=True):
        before = facts(work, done)
        wanted = leading(work, actor, done, entry)
        if not wanted:
            assert before == state
            continue
        back = bring(work, actor, wanted)
        assert facts(work, done) == state
        on = bring(work, actor, back)
        assert facts(work, done) == before
        bring(work, actor, on)
        assert facts(work, done) == state


def test_asked_twice_it_is_done_once(work, actor, done, story):
    wanted, request = leading(work, actor, done, restorable(work, actor, done)[0]), uuid4()
    assert bring(work, actor, wanted, request) == bring(work, actor, wanted, request)
    assert facts(work, done) == story[0]


def test_a_time_that_somebody_else_has_by_now_is_refused_and_nothing_changed(
    work, actor, clinic, done, story
):
    desk.book(work, actor, [clinic.part("11:00")], OLGA)
    before = facts(work, done)
    with pytest.raises(TimeTaken):
        bring(work, actor, leading(work, actor, done, restorable(work, actor, done)[0]))
    assert facts(work, done) == before


def test_what_was_changed_since_is_refused(work, actor, clinic, done, story):
    wanted = leading(work, actor, done, restorable(work, actor, done)[3])
    put(work, actor, done.appointment_ids[0], "confirmed")
    with pytest.raises(ChangedMeanwhile):
        bring(work, actor, wanted)


def test_opening_again_what_somebody_else_ended_takes_the_permission(work, actor, colleague, done, story):
    wanted = leading(work, actor, done, restorable(work, actor, done)[0])
    with pytest.raises(NotPermitted):
        bring(work, replace(colleague, permissions=frozenset({BOOK})), wanted)


def test_a_status_no_legal_move_leads_back_to_is_refused(work, actor, done):
    (first, _) = done.appointment_ids
    with work.engine.begin() as connection:
        asked = {"status": "pending", "status_reason": "asked for"}
        connection.execute(update(t.Appointment).where(t.Appointment.id == first).values(asked))
    for status in ("confirmed", "arrived"):
        put(work, actor, first, status)
    with pytest.raises(InvalidInput):
        bring(work, actor, leading(work, actor, done, restorable(work, actor, done)[0]))


def test_nothing_to_do_and_strangers_are_refused(work, actor, done):
    with pytest.raises(InvalidInput):
        bring(work, actor, ())
    with pytest.raises(NotFound):
        leading(work, actor, done, uuid4())


def test_a_price_that_was_agreed_with_the_booking_stays_when_it_is_brought_back(work, actor, clinic):
    begun = desk.start(work, actor)
    held = desk.hold(work, actor, begun, clinic.part("10:00"))
    agreed = {"session_id": begun.id, "version": held.session.version, "number": 0}
    work.write(lambda s: prices.change(s, actor=actor, **agreed, price_cents=1234, reason="hardship"))
    made = desk.confirm(work, actor, begun)
    before = facts(work, made)
    move(work, actor, made.appointment_ids[0], start=clinic.at("13:00", days=1))
    booked, *_later = restorable(work, actor, made)
    bring(work, actor, leading(work, actor, made, booked))
    assert facts(work, made) == before
