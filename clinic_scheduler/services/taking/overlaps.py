"""Overlaps on purpose: in which lane a time is taken, within the resource's capacity or, with leave, beyond it.

The look that finds the lane comes after `claims.lock`; the database's constraint stays the judge.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import combinations
from uuid import UUID

from sqlalchemy import bindparam, or_, select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TextualSelect

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.prepared import Prepared
from clinic_scheduler.db.states import ResourceKind
from clinic_scheduler.db.trip import Later
from clinic_scheduler.db.types import Ids, Instant, Instants, among, clock
from clinic_scheduler.errors import NotFound, TimeTaken
from clinic_scheduler.services.catalogue import Catalogue, ResourceFacts
from clinic_scheduler.services.taking.claims import LONGEST_BUSY, Busy, Taking
from clinic_scheduler.services.taking.rules import Override, Rule

LANES = 64
C, R = t.Claim.__table__, t.Resource.__table__
# From each window to the few claims in it, lest all be read that somebody ever had. That one ends late enough is no
# matter for the index: PostgreSQL 18 would then think it dear, and take another that knows no times.
WINDOWS = """unnest(CAST(:resources AS uuid[]), CAST(:lows AS timestamptz[]), CAST(:starts AS timestamptz[]),
  CAST(:ends AS timestamptz[])) AS w (id, low, start_at, end_at)"""
WINDOWS_IN_FILE = """(SELECT value AS id, json_extract(:lows, '$[' || key || ']') AS low,
  json_extract(:starts, '$[' || key || ']') AS start_at, json_extract(:ends, '$[' || key || ']') AS end_at
  FROM json_each(:resources)) AS w"""


def _beside(windows: str, clock: str) -> TextualSelect:
    """Each window's resource, with whoever it has in that window."""
    asked = text(f"""
SELECT r.id, r.kind, r.name, r.capacity, c.lane, c.busy_from, c.busy_to
FROM {windows} JOIN resource r ON r.id = w.id
LEFT JOIN claim c ON c.resource_id = w.id AND c.busy_from > w.low AND c.busy_from < w.end_at
  AND (c.busy_to > w.start_at) IS TRUE AND (c.live_to IS NULL OR c.live_to > {clock})""")  # noqa: S608 - only names are put in
    times = (bindparam(name, type_=Instants()) for name in ("lows", "starts", "ends"))
    return asked.bindparams(bindparam("resources", type_=Ids()), *times).columns(
        R.c.id, R.c.kind, R.c.name, R.c.capacity, C.c.lane, C.c.busy_from, C.c.busy_to
    )


BESIDE = Prepared(
    _beside(WINDOWS, "clinic_clock()"), sqlite=_beside(WINDOWS_IN_FILE, "(SELECT now FROM clock)")
)
# The same about the time of one visit, of resources that are known: a third of the server's work.
NEAR = Prepared(
    select(C.c.resource_id, C.c.lane, C.c.busy_from, C.c.busy_to).where(
        among(C.c.resource_id, bindparam("resources", type_=Ids())),
        C.c.busy_from < bindparam("latest", type_=Instant()),
        C.c.busy_from > bindparam("long_before", type_=Instant()),
        (C.c.busy_to > bindparam("earliest", type_=Instant())).is_(True),
        or_(C.c.live_to.is_(None), C.c.live_to > clock()),
        or_(C.c.session_id.is_(None), C.c.session_id != bindparam("own")),
    )
)


@dataclass(slots=True)
class Seat:
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


def assigned(
    session: Session,
    takings: Sequence[Taking],
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
    found = seats(session, takings) if takings else {}
    if as_before and (again := _again(found, takings, granted)):
        return again
    return seated(found, takings, override=override, granted=granted)


def seated(
    seats: Mapping[UUID, Seat],
    takings: Sequence[Taking],
    *,
    override: Override | None = None,
    granted: Sequence[Taking] = (),
) -> list[Taking]:
    """As `assigned`, in seats that were read for these takings and others, which know it from then on."""
    found, clashing = [], []
    fitting = {
        number: lane for one, seat in seats.items() for number, lane in _fitting(one, seat, takings).items()
    }
    for number, taking in enumerate(takings):
        seat = seats[taking.resource_id]
        if number in fitting:
            chosen: Taking | None = replace(taking, lane=fitting[number])
        else:
            chosen = _placed(seat, taking, override, granted)
        if chosen is None:
            clashing.append(seat)
        else:
            seat.taken.append((chosen.lane, *chosen.busy))
            found.append(chosen)
    if clashing:
        raise TimeTaken(_words(clashing), frozenset(seat.rule for seat in clashing))
    return found


def _placed(
    seat: Seat, taking: Taking, override: Override | None, granted: Sequence[Taking]
) -> Taking | None:
    """The taking in the lowest lane that it may have, by the capacity or with leave."""
    opened, free = seat.open_lanes(taking.busy), seat.free_lanes(taking.busy)
    if opened:
        return replace(taking, lane=opened[0])
    own = next((one for one in granted if one.lane in free and _is_granted(one, taking)), None)
    if own:
        return replace(taking, lane=own.lane, override_reason=own.override_reason)
    beyond = [lane for lane in free if lane > seat.capacity]
    if override and beyond and seat.rule in override.rules:
        return replace(taking, lane=beyond[0], override_reason=override.reason)
    return None


def _again(seats: Mapping[UUID, Seat], takings: Sequence[Taking], granted: Sequence[Taking]) -> list[Taking]:
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


def _fitting(resource_id: UUID, seat: Seat, takings: Sequence[Taking]) -> dict[int, int]:
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


def seats(session: Session, takings: Sequence[Taking]) -> dict[UUID, Seat]:
    """Who sits on each resource about the time of the takings.

    Raises:
        NotFound: one of the resources is gone.
    """
    times: dict[UUID, list[Busy]] = {}
    for taking in takings:
        times.setdefault(taking.resource_id, []).append(taking.busy)
    windows = [(one, *busy) for one, several in times.items() for busy in _merged(several)]
    rows = BESIDE.rows(
        session,
        {
            "resources": [one for one, _start, _end in windows],
            "lows": [start - LONGEST_BUSY for _one, start, _end in windows],
            "starts": [start for _one, start, _end in windows],
            "ends": [end for _one, _start, end in windows],
        },
    )
    found: dict[UUID, Seat] = {}
    for identifier, kind, name, capacity, lane, busy_from, busy_to in rows:
        seat = found.setdefault(identifier, Seat(kind, name, capacity))
        if lane is not None:
            seat.taken.append((lane, busy_from, busy_to))
    if times.keys() - found.keys():
        raise NotFound("That practitioner or room is no longer available; please choose another.")
    return found


def ask_near(
    session: Session, offered: Catalogue, takings: Sequence[Taking], own: UUID
) -> Later[dict[UUID, Seat]]:
    """As `seats`, for one visit of what is offered and `one_trip`; the session's `own` holds are left out."""
    earliest, latest = min(one.busy[0] for one in takings), max(one.busy[1] for one in takings)
    times = {"earliest": earliest, "latest": latest, "long_before": earliest - LONGEST_BUSY}
    wanted = {taking.resource_id for taking in takings}
    asked = NEAR.ask(session, {"resources": wanted, "own": own, **times})

    def answer() -> dict[UUID, Seat]:
        known = {one.id: one for one in (*offered.practitioners, *offered.rooms, *offered.equipment)}
        found = {identifier: _seat(known.get(identifier)) for identifier in wanted}
        for identifier, *taken in asked():
            found[identifier].taken.append(tuple(taken))
        return found

    return answer


def _seat(resource: ResourceFacts | None) -> Seat:
    """An empty seat; who is not offered is the patient."""
    return (
        Seat(resource.kind, resource.name, resource.capacity)
        if resource
        else Seat(ResourceKind.PATIENT, "", 1)
    )


def _merged(times: Iterable[Busy]) -> list[Busy]:
    """The times, those that touch made one."""
    found: list[Busy] = []
    for start, end in sorted(times):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _words(clashing: Sequence[Seat]) -> str:
    names = list(dict.fromkeys(seat.name for seat in clashing if seat.kind != ResourceKind.PATIENT))
    if not names:
        return "This patient has another visit at that time; please choose another time."
    listed = " and ".join((", ".join(names[:-1]), names[-1]) if len(names) > 1 else names)
    verb = "are" if len(names) > 1 else "is"
    return f"That time is taken: {listed} {verb} not free; please choose another."
