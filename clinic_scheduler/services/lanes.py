"""Which lane of a resource that can be taken several times at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.types import clock

from .claims import LONGEST_BUSY, Taking

Busy = tuple[UUID, int, datetime, datetime]  # resource, lane, from, to


def spread(session: Session, takings: Sequence[Taking], capacities: Mapping[UUID, int]) -> list[Taking]:
    """The takings, each in the first lane of its resource that is free then, or that no earlier one of them has.

    Where none is free it keeps its lane, for the constraint to refuse. Holds only while the resources are locked.
    """
    wide = [taking for taking in takings if capacities.get(taking.resource_id, 1) > 1]
    if not wide:
        return list(takings)
    busy, placed = _busy(session, wide), []
    for taking in takings:
        lanes = range(1, capacities.get(taking.resource_id, 1) + 1)
        if len(lanes) > 1:
            free = (lane for lane in lanes if not any(_clashes(taking, lane, other) for other in busy))
            taking = replace(taking, lane=next(free, taking.lane))  # noqa: PLW2901
            busy.append((taking.resource_id, taking.lane, *_busy_time(taking)))
        placed.append(taking)
    return placed


def _busy(session: Session, takings: Sequence[Taking]) -> list[Busy]:
    c, times = t.Claim.__table__.c, [_busy_time(taking) for taking in takings]
    first, last = min(start for start, _end in times), max(end for _start, end in times)
    rows = session.execute(
        select(c.resource_id, c.lane, c.busy_from, c.busy_to).where(
            c.resource_id.in_({taking.resource_id for taking in takings}),
            c.busy_from < last,
            c.busy_to > first,
            c.busy_from > first - LONGEST_BUSY,
            or_(c.live_to.is_(None), c.live_to > clock()),
        )
    )
    return [tuple(row) for row in rows]


def _busy_time(taking: Taking) -> tuple[datetime, datetime]:
    before, after = taking.buffer_before_min, taking.buffer_after_min
    return taking.start - timedelta(minutes=before), taking.end + timedelta(minutes=after)


def _clashes(taking: Taking, lane: int, other: Busy) -> bool:
    resource_id, their_lane, start, end = other
    mine_from, mine_to = _busy_time(taking)
    return (resource_id, their_lane) == (taking.resource_id, lane) and mine_from < end and start < mine_to
