"""Another price than the listed one: by whoever may, with a reason, kept in the audit; and money paid in part."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput, NotPermitted
from clinic_scheduler.services.actor import BOOK
from clinic_scheduler.services.taking import prices
from clinic_scheduler.services.unfinished.choices import Choices
from tests.support.clinics import BEN
from tests.support.desk import book, confirm, hold, start


@pytest.fixture
def held(work, actor, clinic):
    """A visit of two services is held."""
    begun = start(work, actor)
    return hold(work, actor, begun, clinic.part("09:00"), clinic.part("10:00", BEN)).session


def change(work, actor, held, number=0, cents=3000, reason="Hardship"):
    return work.write(
        lambda s: prices.change(
            s,
            actor=actor,
            session_id=held.id,
            version=held.version,
            number=number,
            price_cents=cents,
            reason=reason,
        )
    ).value


def test_the_price_is_booked_and_the_audit_says_who_and_why(work, actor, held):
    change(work, actor, held)
    done = confirm(work, actor, held)
    booking = work.read(lambda s: s.get(t.Booking, done.booking_id))
    assert booking.total_cents == 3000 + 5000
    wanted = select(t.AuditEntry).where(t.AuditEntry.action == "appointment.price_changed")
    (entry,) = work.read(lambda s: s.scalars(wanted).all())
    assert (entry.entity_id, entry.reason) == (done.appointment_ids[0], "Hardship")
    assert (entry.before, entry.after) == ({"price_cents": 5000}, {"price_cents": 3000})


def test_the_listed_price_needs_no_reason_and_leaves_no_trace(work, actor, held):
    changed = change(work, actor, held)
    back = change(work, actor, changed, cents=5000, reason="")
    assert back.choices.parts == held.choices.parts


@pytest.mark.parametrize(
    ("number", "cents", "reason", "field"),
    [
        (0, -1, "Hardship", "price"),
        (0, 10**13, "Hardship", "price"),
        (0, 0, "  x ", "reason"),
        (2, 0, "why", "time"),
    ],
)
def test_what_cannot_be_is_refused(work, actor, held, number, cents, reason, field):
    with pytest.raises(InvalidInput) as refused:
        change(work, actor, held, number, cents, reason)
    assert refused.value.field == field


def test_only_who_may_override_changes_a_price(work, actor, held):
    with pytest.raises(NotPermitted):
        change(work, replace(actor, permissions=frozenset({BOOK})), held)


def test_a_screen_that_is_behind_changes_nothing(work, actor, held):
    change(work, actor, held)
    with pytest.raises(ChangedMeanwhile):
        change(work, actor, held, cents=1000)


@pytest.mark.parametrize(
    ("state", "cents", "paid"), [("part_paid", 2000, [2000]), ("paid", 0, [5000]), ("pending", 2000, [])]
)
def test_what_was_paid_is_noted(work, actor, clinic, state, cents, paid):
    chosen = Choices(payment_state=state, payment_method="card", paid_cents=cents)
    book(work, actor, [clinic.part("09:00")], chosen=chosen)
    assert work.read(lambda s: s.scalars(select(t.Payment.amount_cents)).all()) == paid
    assert work.read(lambda s: s.scalar(select(t.Booking.payment_state))) == state


@pytest.mark.parametrize(
    ("cents", "method", "field"), [(0, "card", "paid"), (5000, "card", "paid"), (100, "", "method")]
)
def test_a_part_is_less_than_the_total_and_its_way_is_said(work, actor, clinic, cents, method, field):
    chosen = Choices(payment_state="part_paid", payment_method=method, paid_cents=cents)
    with pytest.raises(InvalidInput) as refused:
        book(work, actor, [clinic.part("09:00")], chosen=chosen)
    assert refused.value.field == field
