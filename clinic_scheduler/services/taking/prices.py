"""The price of one service of an unfinished booking, changed by somebody who may, with the reason."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import OVERRIDE, Actor
from clinic_scheduler.services.unfinished import at_desk, booking_session, choices
from clinic_scheduler.services.unfinished.choices import HIGHEST_PRICE, Choices
from clinic_scheduler.services.unfinished.unfinished import Unfinished
from clinic_scheduler.services.wishes import Part

LONGEST_REASON: Final = 200
LEAST_REASON: Final = 3


def change(
    session: Session,
    *,
    actor: Actor,
    session_id: UUID,
    version: int,
    number: int,
    price_cents: int,
    reason: str,
) -> Unfinished:
    """Agree on another price for part `number`; the listed one is kept, and given again by asking for it.

    Raises:
        NotPermitted: the person may not change prices.
        InvalidInput: the price is negative or beyond measure, the reason is missing, or there is no such part.
        ChangedMeanwhile: the booking is at another desk or has ended.
    """
    actor.require(OVERRIDE)
    begun = at_desk.own(session, actor, session_id, version)
    chosen, _damaged = choices.read(begun.choices)
    if not 0 <= number < len(chosen.parts):
        raise InvalidInput("Please choose a time first.", "time")
    before = chosen.parts[number]
    after = _priced(before, price_cents, reason)
    parts = tuple(after if n == number else part for n, part in enumerate(chosen.parts))
    saved = booking_session.save(
        session,
        actor=actor,
        session_id=session_id,
        version=version,
        chosen=replace(chosen, parts=parts),
        step=begun.step,
        patient_id=begun.patient_id,
    )
    audit.record(
        session,
        actor,
        "session.price_changed",
        "booking_session",
        session_id,
        before={"price_cents": before.price_cents},
        after={"price_cents": after.price_cents},
        reason=after.price_reason,
    )
    return saved


def _priced(part: Part, price_cents: int, reason: str) -> Part:
    if not 0 <= price_cents <= HIGHEST_PRICE:
        raise InvalidInput("A price cannot be negative; please check it.", "price")
    listed = part.price_cents if part.listed_cents is None else part.listed_cents
    if price_cents == listed:
        return replace(part, price_cents=listed, listed_cents=None, price_reason="")
    why = " ".join(reason.split())[:LONGEST_REASON]
    if len(why) < LEAST_REASON:
        raise InvalidInput("Please say why the price is another one.", "reason")
    return replace(part, price_cents=price_cents, listed_cents=listed, price_reason=why)


def paid_cents(chosen: Choices) -> int:
    """What is paid with the booking; nothing while it is all to be paid yet.

    Raises:
        InvalidInput: it is not said how it was paid, or a part of the total is none.
    """
    total = sum(part.price_cents for part in chosen.parts)
    if chosen.payment_state not in ("paid", "part_paid"):
        return 0
    if chosen.payment_state == "part_paid" and not 0 < chosen.paid_cents < total:
        raise InvalidInput("A part payment is more than nothing and less than the total.", "paid")
    if chosen.payment_state == "part_paid" and not chosen.payment_method:
        raise InvalidInput("Please say how it was paid.", "method")
    return chosen.paid_cents if chosen.payment_state == "part_paid" else total


def record_changes(session: Session, actor: Actor, parts: tuple[Part, ...], ids: tuple[UUID, ...]) -> None:
    """Leave an entry for each appointment whose price is not the listed one."""
    for part, identifier in zip(parts, ids, strict=True):
        if part.listed_cents is not None:
            audit.record(
                session,
                actor,
                "appointment.price_changed",
                "appointment",
                identifier,
                before={"price_cents": part.listed_cents},
                after={"price_cents": part.price_cents},
                reason=part.price_reason,
            )
