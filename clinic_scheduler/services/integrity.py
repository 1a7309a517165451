"""Looking for damage that the constraints should have made impossible."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t

ENDLESS = datetime.max.replace(tzinfo=UTC)


def storage_problems(session: Session) -> list[str]:
    """What SQLite says of its own file; PostgreSQL checks its pages by itself."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    damaged = [str(row[0]) for row in session.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
    orphans = session.execute(text("PRAGMA foreign_key_check"))
    return damaged + [f"a row of {row[0]} points to a missing one of {row[2]}" for row in orphans]


def overlaps(session: Session) -> list[str]:
    """Claims that overlap in busy and live time: somebody switched the constraint off."""
    c = t.Claim
    rows = session.execute(
        select(c.id, c.resource_id, c.lane, c.busy_from, c.busy_to, c.live_from, c.live_to)
        .order_by(c.resource_id, c.lane, c.busy_from)
        .execution_options(yield_per=10_000)
    )
    found = []
    lane: tuple[UUID, int] | None = None
    running: list[tuple[UUID, datetime, datetime, datetime]] = []
    for claim, resource, number, busy_from, busy_to, live_from, live_to in rows:
        if lane != (resource, number):
            lane, running = (resource, number), []
        running = [other for other in running if other[1] > busy_from]
        end = live_to or ENDLESS
        found += [
            f"claims {other} and {claim} overlap"
            for other, _until, other_from, other_to in running
            if other_from < end and live_from < other_to
        ]
        running.append((claim, busy_to, live_from, end))
    return found
