"""Second thoughts send one message or none; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.taking import claims
from tests.support.changing import cancel, change, reopen
from tests.support.clinics import BEN, JOSE, RED_ROOM
from tests.support.desk import book


def outbox(work):
    """What waits to be sent, oldest first."""
    wanted = select(t.Message.kind).where(t.Message.state == "queued").order_by(t.Message.created_at)
    return list(work.read(lambda s: s.scalars(wanted).all()))


def send_all(work, state="sent"):
    with work.engine.begin() as connection:
        connection.execute(update(t.Message).where(t.Message.state == "queued").values(state=state))


@pytest.fixture
def visit(work, actor, clinic):
    """Two appointments of one visit, whose confirmation is sent."""
    done = book(work, actor, [clinic.part("09:00"), clinic.part("10:00", BEN)])
    send_all(work)
    return done.appointment_ids


def test_a_move_is_told_three_minutes_later(work, actor, clinic, visit):
    change(work, actor, Change(visit[0], 1, clinic.at("13:00")))
    due, payload = work.read(
        lambda s: s.execute(
            select(t.Message.due_at, t.Message.payload).where(t.Message.state == "queued")
        ).one()
    )
    assert timedelta(minutes=2, seconds=50) < due - work.read(claims.now) <= timedelta(minutes=3)
    assert outbox(work) == ["change"]
    assert list(payload["told"]) == [str(visit[0])]


def test_a_move_and_its_undo_send_nothing(work, actor, clinic, visit):
    done = change(work, actor, Change(visit[0], 1, clinic.at("13:00")))
    change(work, actor, *done.undo)
    assert outbox(work) == []


def test_many_moves_send_one_message(work, actor, clinic, visit):
    first = change(work, actor, Change(visit[0], 1, clinic.at("13:00")))
    change(work, actor, Change(visit[1], 1, clinic.at("15:00")))
    change(work, actor, Change(visit[0], 2, practitioner_id=BEN))
    assert outbox(work) == ["change"]
    change(
        work, actor, Change(visit[0], 3, clinic.at("09:00"), practitioner_id=first.undo[0].practitioner_id)
    )
    assert outbox(work) == ["change"]  # the other one still stands elsewhere
    change(work, actor, Change(visit[1], 2, clinic.at("10:00")))
    assert outbox(work) == []


def test_an_undo_after_the_news_was_sent_is_news(work, actor, clinic, visit):
    done = change(work, actor, Change(visit[0], 1, clinic.at("13:00")))
    send_all(work, "sending")
    change(work, actor, *done.undo)
    assert outbox(work) == ["change"]


def test_another_room_is_no_news(work, actor, clinic, visit):
    change(work, actor, Change(visit[0], 1, room_id=RED_ROOM))
    assert outbox(work) == []


def test_a_confirmation_that_still_waits_says_the_new_time(work, actor, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")], JOSE).appointment_ids
    change(work, actor, Change(part, 1, clinic.at("13:00")))
    assert outbox(work) == ["confirmation"]


def test_a_cancelled_visit_sends_no_older_news(work, actor, clinic, visit):
    change(work, actor, Change(visit[0], 1, clinic.at("13:00")))
    cancel(work, actor, visit[1])
    assert outbox(work) == ["change", "cancellation"]
    cancel(work, actor, visit[0], version=2)
    assert outbox(work) == ["cancellation"]


def test_a_cancellation_taken_back_at_once_sends_nothing(work, actor, clinic, visit):
    cancel(work, actor, *visit)
    reopen(work, actor, visit[0])
    assert outbox(work) == ["cancellation"]
    reopen(work, actor, visit[1])
    assert outbox(work) == []


def test_a_cancellation_taken_back_later_is_confirmed_again(work, actor, clinic, visit):
    cancel(work, actor, *visit)
    send_all(work)
    reopen(work, actor, *visit)
    assert outbox(work) == ["confirmation"]
