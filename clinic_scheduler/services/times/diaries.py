"""What is open and what is taken of resources over a span: read in one round trip, and kept in memory."""

import math
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.db.changes import Change, announced
from clinic_scheduler.services.localtime import Span
from clinic_scheduler.services.times import diary_rows, hours, timelines
from clinic_scheduler.services.times.diary_rows import Held, Rows, Rules
from clinic_scheduler.services.times.timelines import Timeline

__all__ = ["Diaries", "Diary", "Held", "Look", "look"]

TIMELESS = frozenset(
    {
        "appointment",
        "booking",
        "booking_session",
        "desk_task",
        "message",
        "patient",
        "pin",
        "treatment_plan",
        "waitlist_entry",
    }
)
MOST_SPANS = 24  # eight weeks of three questions
MOST_RESOURCES = 500  # of one span; every patient that is asked for adds one
MOST_NOTICES = 2_000
JUMP_S = 2.0


@dataclass(frozen=True, slots=True)
class Diary:
    """One resource. `taken` has a timeline for each lane; what lies in lanes beyond the capacity counts in the first.

    `vacant` is what is open and not taken, whoever holds it.
    """

    open: Timeline
    taken: tuple[Timeline, ...]
    holds: tuple[Held, ...] = ()
    vacant: tuple[Timeline, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "vacant", tuple([self.open & ~taken for taken in self.taken]))

    def free(self, now: datetime, session_id: UUID | None = None) -> tuple[Timeline, ...]:
        """What is free in each lane; the session's own holds and those over by `now` are no obstacle."""
        if not self.holds:
            return self.vacant
        lanes = list(self.vacant)
        for start, end, lane, owner, until in self.holds:
            if until > now and (session_id is None or owner != session_id):
                lanes[lane - 1] &= ~timelines.between(start, end)
        return tuple(lanes)


@dataclass(frozen=True, slots=True)
class Look:
    """The diaries of a span in ticks of `tick` minutes, at least those asked for; `now` is the database's clock."""

    span: Span
    tick: int
    now: datetime
    of: Mapping[UUID, Diary]


def look(session: Session, clinic_id: UUID, resource_ids: Sequence[UUID], span: Span, tick: int = 1) -> Look:
    """The diaries of these resources, read in one round trip.

    `tick` divides the clinic's step, all lengths and the days of the span. What is taken is rounded outwards to
    ticks, what is open inwards. A patient is always open, a room or equipment without hours whenever the clinic is.
    """
    wanted = tuple(dict.fromkeys(resource_ids))
    read, now = diary_rows.everything(session, clinic_id, wanted, span, tick)
    whole, opened = timelines.between(0, span.length // tick), _Opened(span, tick)
    return Look(
        span,
        tick,
        now,
        {one: _diary(rows, opened, whole) for one, rows in zip(wanted, read, strict=True)},
    )


def _diary(rows: Rows, opened: "_Opened", whole: Timeline) -> Diary:
    taken = [0] * rows.capacity
    for lane, times in rows.taken:
        taken[_counted(lane, rows)] |= timelines.of(times) & whole
    holds = [held._replace(lane=_counted(held.lane, rows) + 1) for held in rows.holds]
    return Diary(opened.by(rows.rules), tuple(taken), tuple(sorted(holds)))


def _counted(lane: int, rows: Rows) -> int:
    return lane - 1 if lane <= rows.capacity else 0


class _Opened:
    """What is open by rules; most resources of a clinic have the same."""

    def __init__(self, span: Span, tick: int) -> None:
        self._span, self._tick = span, tick
        self._known: dict[tuple[object, ...], Timeline] = {}

    def by(self, rules: Rules) -> Timeline:
        key = (*rules.weekly, None, *rules.special, None, *rules.shut)
        if key not in self._known:
            self._known[key] = hours.open_ticks(rules, self._span, self._tick)
        return self._known[key]


_Key = tuple[UUID, Span, int]


class Diaries:
    """Diaries kept in memory until a notice says that they changed; safe to use from any thread.

    A reading counts as old as its transaction. One that began before a notice is handed out, but never kept as if it
    came after it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        # Each dictionary is replaced, never changed: looks that were handed out hold on to it.
        self._kept: OrderedDict[_Key, Mapping[UUID, Diary]] = OrderedDict()
        self._noticed: dict[UUID, float] = {}
        self._all_noticed = -math.inf
        self._clock: _Clock | None = None
        self._is_listening = True

    def look(
        self, session: Session, clinic_id: UUID, resource_ids: Sequence[UUID], span: Span, tick: int = 1
    ) -> Look:
        """As the function `look`, but only what is not known is read.

        `now` then is the database's clock when it was last read and the time passed since: an offer may be a moment
        old, and holding it decides.
        """
        if announced(session):  # its own changes are not committed, and may never be
            return look(session, clinic_id, resource_ids, span, tick)
        if self._clock and self._clock.has_jumped():
            self.heard(None)
        key = (clinic_id, span, tick)
        with self._lock:
            kept, clock = self._kept.get(key), self._clock
            if kept is not None:
                self._kept.move_to_end(key)
        missing = [one for one in resource_ids if one not in kept] if kept else resource_ids
        if kept and not missing and clock:
            return Look(span, tick, clock.now(), kept)
        fresh = look(session, clinic_id, missing, span, tick)
        self._keep(key, fresh, session.info.get("begun", -math.inf))
        return Look(span, tick, fresh.now, {**(kept or {}), **fresh.of})

    def _keep(self, key: _Key, fresh: Look, begun: float) -> None:
        with self._lock:
            self._clock = _Clock(fresh.now, time.monotonic(), time.time())
            if not self._is_listening:
                return
            current = {
                one: diary
                for one, diary in fresh.of.items()
                if begun > self._all_noticed and begun > self._noticed.get(one, -math.inf)
            }
            kept = self._kept.get(key, {})
            self._kept[key] = current if len(kept) > MOST_RESOURCES else {**kept, **current}
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_SPANS:
                self._kept.popitem(last=False)

    def listening(self, is_listening: bool) -> None:  # noqa: FBT001 - a state that is told
        """Keep nothing while no notices can arrive."""
        with self._lock:
            self._is_listening = is_listening
        self.heard(None)

    def heard(self, changes: frozenset[Change] | None) -> None:
        """Forget what a notice says has changed; None means that anything may have. Called in any thread.

        What is not known to have nothing to do with time may change hours or the offer: then everything is forgotten.
        """
        moment = time.monotonic()
        topics = {change.topic for change in changes or ()} - TIMELESS
        with self._lock:
            if changes is None or topics - {"time"} or len(self._noticed) > MOST_NOTICES:
                self._kept.clear()
                self._noticed.clear()
                self._all_noticed = moment
                return
            changed = {change.key for change in changes if change.topic == "time"}
            self._noticed |= dict.fromkeys(changed, moment)
            for key, kept in self._kept.items():
                if not changed.isdisjoint(kept):
                    self._kept[key] = {one: diary for one, diary in kept.items() if one not in changed}


class _Clock(NamedTuple):
    """The database's clock when it was last read, and the machine's two clocks at that moment."""

    told: datetime
    monotonic: float
    wall: float

    def now(self) -> datetime:
        return self.told + timedelta(seconds=time.monotonic() - self.monotonic)

    def has_jumped(self) -> bool:
        """Whether the machine slept meanwhile, or somebody set its clock."""
        return abs(time.time() - self.wall - (time.monotonic() - self.monotonic)) > JUMP_S
