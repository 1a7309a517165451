"""A desk that holds and confirms: the product as its window calls it, and the bare driver by the same names."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import insert

from benchmarks._raw_desk import RawDesk
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import TimeTaken
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.taking import booking, claims
from clinic_scheduler.services.unfinished import choices
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from clinic_scheduler.services.wishes import Part

CHOSEN = Choices(guest=Guest("Guest", "+493012345678"))


class Desk(Protocol):
    """Books visits for a guest, in sessions that `begin` made."""

    def hold(self, session_id: UUID, parts: Sequence[Part], /) -> bool:
        """Hold the visit's times; false where one of them is taken."""

    def confirm(self, session_id: UUID, parts: Sequence[Part], /) -> None:
        """Book what was held last."""

    def close(self) -> None:
        """Hang up."""


def open_desk(url: str, actor: Actor, *, is_product: bool) -> Desk:
    """The product's desk, or the bare driver's."""
    return _Product(url, actor) if is_product else _Bare(url, actor)


def begin(work: UnitOfWork, actor: Actor, session_ids: Sequence[UUID]) -> None:
    """Sessions that are about to choose a time."""
    whose = {
        "clinic_id": actor.clinic_id,
        "user_id": actor.user_id,
        "user_name": "W",
        "workstation": actor.workstation,
    }
    now = work.read(claims.now)
    kept = {"choices": choices.write(CHOSEN), "expires_at": now + timedelta(hours=2)}
    rows = [{"id": session_id, **whose, **kept} for session_id in session_ids]
    work.write(lambda s: s.execute(insert(t.BookingSession), rows))


class _Product:
    def __init__(self, url: str, actor: Actor) -> None:
        self._work, self._actor = UnitOfWork(open_engine(url)), actor

    def hold(self, session_id: UUID, parts: Sequence[Part]) -> bool:
        try:
            self._work.write(
                lambda s: booking.hold(s, actor=self._actor, session_id=session_id, version=1, parts=parts)
            )
        except TimeTaken:
            return False
        return True

    def confirm(self, session_id: UUID, _parts: Sequence[Part]) -> None:
        request = new_id()
        self._work.write(
            lambda s: booking.confirm(s, actor=self._actor, session_id=session_id, request_id=request),
            repeatable=True,
        )

    def close(self) -> None:
        self._work.close()


class _Bare:
    def __init__(self, url: str, actor: Actor) -> None:
        self._desk = RawDesk(url, actor)
        self.confirm, self.close = self._desk.confirm, self._desk.close

    def hold(self, session_id: UUID, parts: Sequence[Part]) -> bool:
        return self._desk.hold(session_id, parts, choices.write(replace(CHOSEN, parts=tuple(parts))))
