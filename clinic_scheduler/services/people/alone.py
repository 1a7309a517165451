"""Being the only one at some people's records: whoever books or changes something for them is waited for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import SessionOutcome
from clinic_scheduler.errors import ChangedMeanwhile, NotFound
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.unfinished import naming
from clinic_scheduler.services.unfinished.ending import end
from clinic_scheduler.services.unfinished.unfinished import OUTCOMES


def wait(session: Session, ids: Sequence[UUID]) -> tuple[list[t.BookingSession], datetime]:
    """Wait for the desks at work for these people; their unfinished bookings, locked, and the clock.

    The order is that of booking: who is asked for, the unfinished booking, its times, the record. Bookings that have
    expired are ended on the way.
    """
    naming.queue_for(session, ids)
    s, a, b, c = t.BookingSession, t.Appointment, t.Booking, t.Claim
    begun = session.scalars(
        select(s)
        .where(s.patient_id.in_(ids), s.outcome.in_(OUTCOMES))
        .order_by(s.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    of_them = select(b.id).where(b.patient_id.in_(ids))
    standing = select(a.id).where(a.booking_id.in_(of_them)).order_by(a.id).with_for_update()
    for _look in range(2):  # a visit that was booked during the wait is there at the second look
        session.execute(standing).all()
        held = session.scalars(select(c.resource_id).where(c.session_id.in_([one.id for one in begun])))
        claims.lock(session, [*ids, *held])
    now = claims.now(session)
    for one in begun:
        if one.expires_at <= now:
            end(session, one, SessionOutcome.EXPIRED, now)
    return [one for one in begun if one.expires_at > now], now


def records(session: Session, actor: Actor, versions: Mapping[UUID, int]) -> dict[UUID, t.Patient]:
    """The rows of people on record, locked, in the versions that the screen showed.

    Raises:
        ChangedMeanwhile: one was changed since.
        NotFound: one is not on record in this clinic.
    """
    p = t.Patient
    rows = session.scalars(
        select(p)
        .where(p.id.in_(versions), p.clinic_id == actor.clinic_id, p.erased_at.is_(None))
        .order_by(p.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) != len(versions):
        raise NotFound("That patient is no longer on record; please search again.")
    if any(row.version != versions[row.id] for row in rows):
        raise ChangedMeanwhile("Somebody else changed this record meanwhile; please look at it again.")
    return {row.id: row for row in rows}
