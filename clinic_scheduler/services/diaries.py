"""What is open and what is taken of resources over a span: read in one round trip, and kept in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import Change
from clinic_scheduler.db.states import ResourceKind
from clinic_scheduler.db.types import clock

from . import claims, hours, timelines
from .hours import Span
from .timelines import Timeline


class Held(NamedTuple):
    """A hold from tick `start` to `end`, half-open; `session_id` is missing for what ends for another reason."""

    start: int
    end: int
    lane: int
    session_id: UUID | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Diary:
    """One resource. `taken` has a timeline for each lane; lanes beyond the capacity count in the first."""

    open: Timeline
    taken: tuple[Timeline, ...]
    holds: tuple[Held, ...]

    def free(self, now: datetime, session_id: UUID | None = None) -> tuple[Timeline, ...]:
        """What is free in each lane; the session's own holds and those over by `now` are no obstacle."""
        lanes = [self.open & ~taken for taken in self.taken]
        for held in self.holds:
            if held.until > now and (session_id is None or held.session_id != session_id):
                lanes[held.lane - 1] &= ~timelines.between(held.start, held.end)
        return tuple(lanes)


@dataclass(frozen=True, slots=True)
class Look:
    """The diaries of a span in ticks of `tick` minutes; `now` is the database's clock."""

    span: Span
    tick: int
    now: datetime
    of: Mapping[UUID, Diary]


class Diaries:
    """Diaries kept in memory until somebody tells that they changed; safe to use from any thread."""

    def look(
        self, session: Session, clinic_id: UUID, resource_ids: Sequence[UUID], span: Span, tick: int = 1
    ) -> Look:
        """The diaries of these resources."""
        return look(session, clinic_id, resource_ids, span, tick)

    def heard(self, changes: frozenset[Change] | None) -> None:
        """Take a notice; None means that anything may have changed."""


def look(session: Session, clinic_id: UUID, resource_ids: Sequence[UUID], span: Span, tick: int = 1) -> Look:
    """The diaries of these resources, from the database. `tick` divides the clinic's step and all lengths."""
    r, c = t.Resource, t.Claim
    facts = {
        row.id: row for row in session.execute(select(r.id, r.kind, r.capacity).where(r.id.in_(resource_ids)))
    }
    opened = hours.open_times(session, clinic_id, resource_ids, span)
    taken = {one: [0] * facts[one].capacity for one in facts}
    holds: dict[UUID, list[Held]] = {one: [] for one in facts}
    wanted = select(c.resource_id, c.lane, c.busy_from, c.busy_to, c.session_id, c.live_to).where(
        c.resource_id.in_(resource_ids),
        c.busy_from < span.end,
        c.busy_from > span.start - claims.LONGEST_BUSY,
        c.busy_to > span.start,
        or_(c.live_to.is_(None), c.live_to > clock()),
    )
    for row in session.execute(wanted):
        start, end = max(span.minute(row.busy_from), 0) // tick, -(-span.minute_up(row.busy_to) // tick)
        lane = row.lane if row.lane <= facts[row.resource_id].capacity else 1
        if row.live_to is None:
            taken[row.resource_id][lane - 1] |= timelines.between(start, end)
        else:
            holds[row.resource_id].append(Held(start, end, lane, row.session_id, row.live_to))
    of = {}
    for one, fact in facts.items():
        is_patient = fact.kind == ResourceKind.PATIENT
        free = timelines.between(0, span.length) if is_patient else opened[one].open
        of[one] = Diary(_coarse(free, tick), tuple(taken[one]), tuple(holds[one]))
    return Look(span, tick, claims.now(session), of)


def _coarse(opened: Timeline, tick: int) -> Timeline:
    return timelines.of((-(-start // tick), end // tick) for start, end in timelines.intervals(opened))
