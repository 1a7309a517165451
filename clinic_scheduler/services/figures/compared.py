"""A figure of a period beside the same of as many days before."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from clinic_scheduler.services.actor import Actor

from .period import Period

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Compared(Generic[T]):
    """One figure, twice."""

    period: Period
    now: T
    before: T


def compared(session: Session, *, actor: Actor, figure: Callable[..., T], period: Period) -> Compared[T]:
    """What `figure(session, actor=..., period=...)` says of the period and of the one before.

    Raises:
        NotPermitted: the actor may not see figures.
    """
    return Compared(
        period,
        figure(session, actor=actor, period=period),
        figure(session, actor=actor, period=period.before()),
    )
