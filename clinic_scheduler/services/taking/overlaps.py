"""Overlaps on purpose: in which lane a time is taken, within the resource's capacity or, with leave, beyond it.

The look that finds the lane comes after `claims.lock`; the database's constraint stays the judge.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import combinations
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select, text
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.prepared import Prepared
from clinic_scheduler.db.states import ResourceKind
from clinic_scheduler.db.types import Ids, Instant, among, clock
from clinic_scheduler.errors import NotFound, TimeTaken
from clinic_scheduler.services.taking.claims import LONGEST_BUSY, Busy, Taking
from clinic_scheduler.services.taking.rules import Override, Rule

LANES = 64
C = t.Claim.__table__
ARE_BESIDE = Prepared(
    select(C.c.id)
    .where(
        among(C.c.resource_id, bindparam("resources", type_=Ids())),
        text("claim.lane > 1"),  # as a parameter, it would keep from the index
        C.c.busy_from < bindparam("end", type_=Instant()),
        C.c.busy_from > bindparam("long_before", type_=Instant()),
        C.c.busy_to > bindparam("start", type_=Instant()),
        or_(C.c.live_to.is_(None), C.c.live_to > clock()),
    )
    .limit(1)
)


@dataclass(slots=True)
class _Seat:
    """A resource and who sits where; `taken` holds lane, start and end, with buffers."""

    kind: str
    name: str
    capacity: int
    taken: list[tuple[int, datetime, datetime]] = field(default_factory=list)

    @property
    def rule(self) -> Rule:
        """What an overlap here would break."""
        return Rule.TWO_PLACES if self.kind == ResourceKind.PATIENT else Rule.OVERLAP

    def free_lanes(self, busy: Busy) -> list[int]:
        """The lanes nobody has in that time, lowest first."""
        full = self._full(busy)
        return [lane for lane in range(1, LANES + 1) if lane not in full]

    def open_lanes(self, busy: Busy) -> list[int]:
        """Those within the capacity that are free without anybody's leave, lowest first.

        Whoever sits beyond the capacity counts in the first lane, as in every diary: whoever that one was beside
        may have gone since.
        """
        full = {lane if lane <= self.capacity else 1 for lane in self._full(busy)}
        return [lane for lane in range(1, self.capacity + 1) if lane not in full]

    def _full(self, busy: Busy) -> set[int]:
        return {lane for lane, start, end in self.taken if _overlap((start, end), busy)}


def are_near(session: Session, takings: Sequence[Taking]) -> bool:
    """Whether somebody sits beyond the first lane about the time of the takings; if not, the first is all there is.

    The constraint knows lanes only. It would let a visit into the first that stands beside one accepted with leave.
    """
    start, end = min(taking.busy[0] for taking in takings), max(taking.busy[1] for taking in takings)
    found = ARE_BESIDE.rows(
        session,
        {
            "resources": sorted({taking.resource_id for taking in takings}),
            "start": start,
            "end": end,
            "long_before": start - LONGEST_BUSY,
        },
    )
    return bool(found)


def assigned(
    session: Session,
    takings: Sequence[Taking],
    now: datetime,
    *,
    override: Override | None = None,
    granted: Sequence[Taking] = (),
    as_before: bool = False,
) -> list[Taking]:
    """The takings, each in a lane that is free; nothing is taken yet.

    A lane beyond the capacity needs an override, or an earlier one that still covers that time: `granted` are the
    takings that had one, the newest first. With `as_before` all come back in the lanes they had if those are free.

    Raises:
        TimeTaken: naming everybody who is not free.
    """
    seats = _seats(session, takings, now) if takings else {}
    if as_before and (again := _again(seats, takings, granted)):
        return again
    found, clashing = [], []
    fitting = {
        number: lane for one, seat in seats.items() for number, lane in _fitting(one, seat, takings).items()
    }
    for number, taking in enumerate(takings):
        seat, busy = seats[taking.resource_id], taking.busy
        free, opened = seat.free_lanes(busy), seat.open_lanes(busy)
        beyond = [lane for lane in free if lane > seat.capacity]
        own = next((one for one in granted if one.lane in free and _is_granted(one, taking)), None)
        if number in fitting:
            chosen = replace(taking, lane=fitting[number])
        elif opened:
            chosen = replace(taking, lane=opened[0])
        elif own:
            chosen = replace(taking, lane=own.lane, override_reason=own.override_reason)
        elif override and beyond and seat.rule in override.rules:
            chosen = replace(taking, lane=beyond[0], override_reason=override.reason)
        else:
            clashing.append(seat)
            continue
        seat.taken.append((chosen.lane, *busy))
        found.append(chosen)
    if clashing:
        raise TimeTaken(_words(clashing), frozenset(seat.rule for seat in clashing))
    return found


def _again(seats: Mapping[UUID, _Seat], takings: Sequence[Taking], granted: Sequence[Taking]) -> list[Taking]:
    """The takings in the lanes that they had; none if somebody else has one of these."""
    found = []
    for taking in takings:
        own = next((one for one in granted if _is_granted(one, taking)), None)
        if own is None or own.lane not in seats[taking.resource_id].free_lanes(taking.busy):
            return []
        found.append(replace(taking, lane=own.lane, override_reason=own.override_reason))
    places = [(one.resource_id, one.lane, one.busy) for one in found]
    is_shared = any(
        one[:2] == other[:2] and _overlap(one[2], other[2]) for one, other in combinations(places, 2)
    )
    return [] if is_shared else found


def _fitting(resource_id: UUID, seat: _Seat, takings: Sequence[Taking]) -> dict[int, int]:
    """Lanes within the capacity for all that a visit takes of a resource, by number; none if they do not all fit.

    The lowest lane for the first may leave none for the next, so every choice is tried.
    """
    wanted = [(n, taking.busy) for n, taking in enumerate(takings) if taking.resource_id == resource_id]

    def choose(chosen: list[int]) -> list[int] | None:
        if len(chosen) == len(wanted):
            return chosen
        _number, busy = wanted[len(chosen)]
        near = {lane for lane, (_, other) in zip(chosen, wanted, strict=False) if _overlap(busy, other)}
        for lane in seat.open_lanes(busy):
            if lane not in near and (found := choose([*chosen, lane])) is not None:
                return found
        return None

    return dict(zip((number for number, _busy in wanted), choose([]) or (), strict=False))


def _overlap(one: Busy, other: Busy) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def reason(takings: Iterable[Taking]) -> str:
    """Why an appointment stands beside another, empty where it does not."""
    return next(
        (taking.override_reason for taking in takings if taking.lane > 1 and taking.override_reason), ""
    )


def _is_granted(earlier: Taking, wanted: Taking) -> bool:
    is_same = (earlier.resource_id, earlier.appointment_id) == (wanted.resource_id, wanted.appointment_id)
    return is_same and earlier.start <= wanted.start and wanted.end <= earlier.end


def _seats(session: Session, takings: Sequence[Taking], now: datetime) -> dict[UUID, _Seat]:
    r, c = t.Resource, t.Claim
    windows = [
        and_(c.busy_from < end, c.busy_to > start, c.busy_from > start - LONGEST_BUSY)
        for start, end in _merged(taking.busy for taking in takings)
    ]
    is_alive = or_(c.live_to.is_(None), c.live_to > now)
    wanted = {taking.resource_id for taking in takings}
    rows = session.execute(
        select(r.id, r.kind, r.name, r.capacity, c.lane, c.busy_from, c.busy_to)
        .outerjoin(c, and_(c.resource_id == r.id, is_alive, or_(*windows)))
        .where(r.id.in_(wanted))
    )
    seats: dict[UUID, _Seat] = {}
    for identifier, kind, name, capacity, lane, busy_from, busy_to in rows:
        seat = seats.setdefault(identifier, _Seat(kind, name, capacity))
        if lane is not None:
            seat.taken.append((lane, busy_from, busy_to))
    if wanted - seats.keys():
        raise NotFound("That practitioner or room is no longer available; please choose another.")
    return seats


def _merged(times: Iterable[Busy]) -> list[Busy]:
    """The times, those that touch made one."""
    found: list[Busy] = []
    for start, end in sorted(times):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _words(clashing: Sequence[_Seat]) -> str:
    names = list(dict.fromkeys(seat.name for seat in clashing if seat.kind != ResourceKind.PATIENT))
    if not names:
        return "This patient has another visit at that time; please choose another time."
    listed = " and ".join((", ".join(names[:-1]), names[-1]) if len(names) > 1 else names)
    verb = "are" if len(names) > 1 else "is"
    return f"That time is taken: {listed} {verb} not free; please choose another."
