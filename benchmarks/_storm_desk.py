"""A desk of a storm: it swaps, moves, lengthens, cancels and books visits of two parts, as fast as the answers come."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks._track import ACTOR, PEOPLE, SERVICE, SLOT, wait_for_all
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import (
    ChangedMeanwhile,
    DatabaseUnavailable,
    InvalidInput,
    OutcomeUnknown,
    TimeTaken,
)
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.changing import appointments, moving
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from clinic_scheduler.services.wishes import Part

TIMES = 20
FIRST_DAY = datetime(2031, 1, 6, 8, tzinfo=UTC)
Seen = dict[UUID, int]


@dataclass(slots=True)
class Lap:
    """What one desk was told: how often each appointment was changed, how often it was refused or told to try again."""

    changed: Counter[UUID] = field(default_factory=Counter)
    refused: int = 0
    busy: int = 0
    successes_ms: list[float] = field(default_factory=list)


def times(day: int) -> list[datetime]:
    """When a visit may begin on that day."""
    return [FIRST_DAY + timedelta(days=day) + n * SLOT for n in range(TIMES)]


def visit(start: datetime, who: int) -> tuple[Part, Part]:
    """A visit in two parts, one after the other, with two people; so visits interlock."""
    one, other = PEOPLE[who % len(PEOPLE)], PEOPLE[(who + 1) % len(PEOPLE)]
    return (
        Part(SERVICE, one, None, start, start + SLOT, 1000),
        Part(SERVICE, other, None, start + SLOT, start + 2 * SLOT, 1000),
    )


def lap(
    url: str,
    day: int,
    known: Sequence[UUID],
    number: int,
    racers: int,
    gate: str,
    tries: int,
    *,
    only_swaps: bool,
) -> Lap:
    """Change visits at random, as fast as the answers come."""
    desk = _Desk(UnitOfWork(open_engine(url)), day, list(known), number)
    wait_for_all(Path(gate), number, racers)
    steps = (
        [desk.swap]
        if only_swaps
        else [desk.swap, desk.move, desk.move, desk.cancel, desk.book, desk.lengthen]
    )
    for _ in range(tries):
        step = desk.chance.choice(steps)
        began = time.perf_counter()
        try:
            changed = step()
        except (TimeTaken, ChangedMeanwhile, InvalidInput):
            desk.told.refused += 1
            continue
        except (DatabaseUnavailable, OutcomeUnknown):
            desk.told.busy += 1
            continue
        desk.told.changed.update(changed)
        desk.told.successes_ms.append((time.perf_counter() - began) * 1000)
    desk.work.close()
    return desk.told


class _Desk:
    """Each step is what one click does; it returns the appointments that were changed."""

    def __init__(self, work: UnitOfWork, day: int, known: list[UUID], number: int) -> None:
        self.work, self.day, self.known = work, day, known
        self.actor: Actor = replace(ACTOR, user_id=new_id(), workstation=f"Desk {number}")
        self.chance = random.Random(number)  # noqa: S311 - a storm
        self.told = Lap()

    def _visit(self) -> Seen:
        """Any visit, as a screen shows it."""
        first = self.chance.randrange(0, len(self.known), 2)
        ids, a = self.known[first : first + 2], t.Appointment
        seen: Callable[[Session], Seen] = lambda s: dict(  # noqa: E731
            s.execute(select(a.id, a.version).where(a.id.in_(ids)).order_by(a.position)).all()
        )
        return self.work.read(seen)

    def swap(self) -> Sequence[UUID]:
        one, other, request = self._visit(), self._visit(), new_id()
        return self._write(
            lambda s: moving.swap(s, actor=self.actor, request_id=request, one=one, other=other).versions
        )

    def move(self) -> Sequence[UUID]:
        seen, request, start = self._visit(), new_id(), self.chance.choice(times(self.day))
        return self._write(
            lambda s: (
                moving.move_visit(s, actor=self.actor, request_id=request, seen=seen, start=start).versions
            )
        )

    def lengthen(self) -> Sequence[UUID]:
        seen, request, minutes = self._visit(), new_id(), self.chance.choice((10, 20, 30))
        (_first, _version), (last, version) = seen.items()
        a = t.Appointment
        start = self.work.read(lambda s: s.execute(select(a.start_at).where(a.id == last)).scalar_one())
        wanted = Change(last, version, end=start and start + timedelta(minutes=minutes))
        return self._write(
            lambda s: moving.change(s, actor=self.actor, request_id=request, changes=[wanted]).versions
        )

    def cancel(self) -> Sequence[UUID]:
        seen, request = self._visit(), new_id()
        ids, versions = list(seen), list(seen.values())
        return self._write(
            lambda s: appointments.cancel(
                s, actor=self.actor, appointment_ids=ids, versions=versions, request_id=request
            )
        )

    def book(self) -> Sequence[UUID]:
        parts = visit(self.chance.choice(times(self.day)), self.chance.randrange(len(PEOPLE)))
        chosen = Choices(guest=Guest("Guest"))
        begun = self.work.write(lambda s: booking_session.start(s, actor=self.actor, chosen=chosen)).value
        self.work.write(
            lambda s: booking.hold(
                s, actor=self.actor, session_id=begun.id, version=begun.version, parts=parts
            )
        )
        request = new_id()
        done = self.work.write(
            lambda s: booking.confirm(s, actor=self.actor, session_id=begun.id, request_id=request),
            repeatable=True,
        )
        self.known += done.value.appointment_ids
        return ()

    def _write(self, step: Callable[[Session], Any]) -> Sequence[UUID]:
        return list(self.work.write(step, repeatable=True).value)
