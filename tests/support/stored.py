"""What the database holds, read by plain columns and judged without the product's own checks."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import audit
from clinic_scheduler.services.audit import BrokenLink
from tests.support.ledger import Time
from tests.support.model import Model

ENDLESS = datetime.max.replace(tzinfo=UTC)


class Row(NamedTuple):
    """A claim as it is stored."""

    resource: UUID
    start: datetime
    end: datetime
    busy_from: datetime
    busy_to: datetime
    part: int
    lane: int
    kind: str
    session: UUID | None
    appointment: UUID | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Stored:
    """Everything that the model knows of."""

    claims: tuple[Row, ...]
    sessions: dict[UUID, Any]
    visits: dict[UUID, tuple[str, int]]

    def live(self, now: datetime) -> set[Any]:
        """Who has which time now, and the closed claims of appointments."""
        return {
            (Time(*row[:6]), row.session, row.until, row.appointment)
            for row in self.claims
            if row.kind == "appointment" or row.until is None or row.until > now
        }


def look(work: UnitOfWork) -> Stored:
    """All of it in one look."""
    c, s, a = t.Claim, t.BookingSession, t.Appointment
    claims = (c.resource_id, c.start_at, c.end_at, c.busy_from, c.busy_to, c.part, c.lane, c.kind)
    more = (c.session_id, c.appointment_id, c.live_from, c.live_to)
    sittings = (s.id, s.outcome, s.workstation, s.user_id, s.patient_id, s.version, s.expires_at)
    counters = (s.holds_taken, s.holds_converted, s.holds_released, s.holds_lapsed)

    def read(session: Any) -> Stored:
        return Stored(
            tuple(Row(*row) for row in session.execute(select(*claims, *more))),
            {row[0]: tuple(row[1:]) for row in session.execute(select(*sittings, *counters))},
            {row[0]: tuple(row[1:]) for row in session.execute(select(a.id, a.status, a.version))},
        )

    return work.read(read)


def modelled(model: Model) -> set[Any]:
    """What the model says `Stored.live` should be."""
    return {
        (claim.time, claim.session, claim.until, claim.appointment)
        for claim in model.book.claims
        if claim.appointment or claim.until is None or claim.until > model.now
    }


def sessions_modelled(model: Model) -> dict[UUID, Any]:
    """What the model says the sessions should be."""
    return {
        one: (
            *(s.outcome, s.desk, s.user, s.patient, s.version, s.expires),
            *(s.taken, s.converted, s.released, s.lapsed),
        )
        for one, s in model.sessions.items()
    }


def overlapping(seen: Stored) -> list[tuple[Row, Row]]:
    """Two claims of one resource and lane that overlap in busy and in live time."""
    return [
        (one, other)
        for one, other in combinations(seen.claims, 2)
        if (one.resource, one.lane) == (other.resource, other.lane)
        and one.busy_from < other.busy_to
        and other.busy_from < one.busy_to
        and one.since < (other.until or ENDLESS)
        and other.since < (one.until or ENDLESS)
    ]


def unclaimed(seen: Stored, model: Model) -> list[UUID]:
    """Appointments that stand without all their claims, or are cancelled and still have some."""
    wrong = []
    for identifier, visit in model.visits.items():
        mine = [row for row in seen.claims if row.appointment == identifier and row.until is None]
        times = [(row.resource, row.start, row.end, row.busy_from, row.busy_to) for row in mine]
        wanted = [time[:5] for time in model.times_of(visit)]
        if sorted(times) != sorted(wanted if visit.status == "confirmed" else []):
            wrong.append(identifier)
    return wrong


def broken_links(work: UnitOfWork) -> list[BrokenLink]:
    """Where the audit does not verify."""
    return work.read(audit.verify)


def everything(work: UnitOfWork) -> str:
    """Whatever any table holds, as one text."""

    def read(session: Session) -> str:
        rows = [
            row
            for table in t.Base.metadata.sorted_tables
            for row in session.execute(select(table)).mappings()
        ]
        return "\n".join(json.dumps(dict(row), default=str, ensure_ascii=False) for row in rows)

    return work.read(read)
