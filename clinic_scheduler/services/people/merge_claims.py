"""The time of two people who are one: closed for the record that goes, taken anew for the one that stays."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import TimeTaken
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.people import merge_preview
from clinic_scheduler.services.people.merge_preview import Clash
from clinic_scheduler.services.taking import claims, overlaps
from clinic_scheduler.services.taking.claims import Taking
from clinic_scheduler.services.taking.rules import Override, Rule

# Two visits of one person at once that are over: both were on record, so both stay as they were.
OVER = Override("two records of one person", frozenset({Rule.TWO_PLACES}))
MOST_TOLD = 3


def retake(
    session: Session, actor: Actor, ids: Sequence[UUID], now: datetime, override: Override | None
) -> None:
    """Close the claims of the record that goes and take the same times for the one that stays, the past ones too.

    Raises:
        TimeTaken: both have visits ahead at one time, and the override does not name that.
    """
    kept_id, gone_id = ids
    c = t.Claim
    found = merge_preview.clashes(session, actor, kept_id, gone_id)
    if found and (override is None or Rule.TWO_PLACES not in override.rules):
        raise TimeTaken(_told(found), frozenset({Rule.TWO_PLACES}))
    live = session.scalars(
        select(c)
        .where(c.resource_id == gone_id, c.live_to.is_(None))
        .order_by(c.busy_from, c.id)
        .execution_options(populate_existing=True)
    ).all()
    takings = [replace(Taking.of(claim), resource_id=kept_id) for claim in live]
    claims.release(session, live, now)
    for leave, some in (
        (OVER, [taking for taking in takings if taking.end <= now]),
        (override, [taking for taking in takings if taking.end > now]),
    ):
        try:
            new = overlaps.assigned(session, some, override=leave, granted=some)
        except TimeTaken:
            raise TimeTaken(
                "An unfinished booking of this person holds the time of a visit; finish or discard it first."
            ) from None
        claims.book(session, actor.clinic_id, new, now)
        _mark(session, new)


def _mark(session: Session, takings: Sequence[Taking]) -> None:
    """Let appointments that stand beside another now say why."""
    a = t.Appointment
    for taking in takings:
        if taking.lane > 1:
            session.execute(
                update(a)
                .where(a.id == taking.appointment_id, a.overlap_reason == "")
                .values(overlap_reason=taking.override_reason)
            )


def _told(found: Sequence[Clash]) -> str:
    """The refusal that lists them."""
    listed = "; ".join(
        f"{one.kept.start:%a} {one.kept.day.day} {one.kept.start:%b %Y}, {one.kept.start:%H:%M} to "
        f"{one.kept.end:%H:%M} {one.kept.service} and {one.gone.start:%H:%M} to {one.gone.end:%H:%M} "
        f"{one.gone.service}"
        for one in found[:MOST_TOLD]
    )
    more = f", and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""
    return (
        f"Both have visits at the same time: {listed}{more}. "
        "Move or cancel one of them first, or write why both stay."
    )
