"""Desks in processes of their own that act on unfinished bookings at one moment, or die in the middle."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session

from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services import upkeep
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.unfinished import booking_session, handing_over
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.services.unfinished.handing_over import Colleague
from clinic_scheduler.services.unfinished.unfinished import Unfinished
from tests.support.clinics import EMMA

Act = Callable[[Session, Actor, Unfinished], Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What a desk was told: a value, or the name of a refusal."""

    value: Any = None
    refused: str = ""


def start(session: Session, actor: Actor, _begun: Unfinished) -> UUID:
    return booking_session.start(session, actor=actor, patient_id=EMMA).id


def resume(session: Session, actor: Actor, begun: Unfinished) -> int:
    return booking_session.resume(session, actor=actor, session_id=begun.id).version


def save(session: Session, actor: Actor, begun: Unfinished) -> int:
    return booking_session.save(
        session,
        actor=actor,
        session_id=begun.id,
        version=begun.version,
        chosen=Choices(notes="saved", parts=begun.choices.parts),
        step="payment",
        patient_id=EMMA,
    ).version


def discard(session: Session, actor: Actor, begun: Unfinished) -> None:
    booking_session.discard(session, actor=actor, session_id=begun.id)


def confirm(session: Session, actor: Actor, begun: Unfinished) -> UUID:
    return booking.confirm(session, actor=actor, session_id=begun.id, request_id=new_id()).booking_id


def hand_over(session: Session, actor: Actor, begun: Unfinished) -> None:
    to = Colleague("Desk 2", UUID(int=2), "Rosa Lind")
    handing_over.hand_over(session, actor=actor, session_id=begun.id, version=begun.version, to=to)


def sweep(session: Session, actor: Actor, _begun: Unfinished) -> upkeep.Swept | None:
    return upkeep.sweep(session, actor=actor)


def act_at(url: str, actor: Actor, act: Act, begun: Unfinished, gate: float) -> Told:
    """Do it when the machine's clock says `gate`."""
    work = _work(url)
    work.read(lambda s: s.connection())
    time.sleep(max(0.0, gate - time.time()))
    try:
        return Told(work.write(lambda s: act(s, actor, begun)).value)
    except ClinicError as error:
        return Told(refused=type(error).__name__)


def die_after(url: str, actor: Actor, act: Act, begun: Unfinished, statements: int) -> bool:
    """Do it in a child process that is gone before its n-th statement; whether it came to its end before."""
    child = os.fork()
    if child == 0:
        engine, done = open_engine(url), count(1)

        def note(*_about: object) -> None:
            if next(done) == statements:
                os._exit(9)

        event.listen(engine, "before_cursor_execute", note)
        UnitOfWork(engine).write(lambda s: act(s, actor, begun))
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


@cache
def _work(url: str) -> UnitOfWork:
    return UnitOfWork(open_engine(url))
