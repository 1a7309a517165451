"""Giving the sessions of a plan other numbers, one update after the other: no two ever have the same."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.plans.course import MOST_SESSIONS


def renumber(session: Session, plan_id: UUID, wanted: Mapping[UUID, int]) -> None:
    """Give sessions of a plan their numbers; the others keep theirs.

    Raises:
        InvalidInput: all numbers are taken, so that nothing can change places.
    """
    s = t.PlanSession
    numbers = dict(session.execute(select(s.id, s.number).where(s.plan_id == plan_id)).all())
    for identifier, number in steps(numbers, wanted):
        session.execute(update(s).where(s.id == identifier).values(number=number))


def steps(numbers: Mapping[UUID, int], wanted: Mapping[UUID, int]) -> list[tuple[UUID, int]]:
    """The changes in an order in which no number is had twice; whoever goes round in a ring waits on a free one."""
    now, made = dict(numbers), list[tuple[UUID, int]]()
    left = {one: number for one, number in wanted.items() if now[one] != number}
    while left:
        taken = set(now.values())
        going = next((one for one, number in left.items() if number not in taken), None)
        if going is not None:
            to = left.pop(going)
        else:
            going = next(iter(left))
            free = [number for number in range(MOST_SESSIONS, 0, -1) if number not in taken]
            if not free:
                raise InvalidInput(
                    "A plan this long cannot change its order; remove a session first.", "session"
                )
            to = free[0]
        now[going] = to
        made.append((going, to))
    return made
