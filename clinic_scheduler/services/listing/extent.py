"""How long the list is, and where in it a line is that somebody scrolls to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.actor import Actor

from .asked import Asked, Filter, Order
from .lines import Page, page, question
from .statements import A, B, Key, P, Question, stages

MOST_COUNTED = 10_000
LOWEST = UUID(int=0)
HIGHEST = UUID(int=(1 << 128) - 1)


@dataclass(frozen=True, slots=True)
class Extent:
    """How many appointments are wanted; `is_more` where there are more than were counted.

    `lines` is about how many lines they make, for a scroll bar.
    """

    appointments: int
    is_more: bool
    lines: int


def measure(session: Session, *, actor: Actor, asked: Asked) -> Extent:
    """The extent of the list. What an index alone can count is counted whole, the rest as far as is worth it."""
    wanted, _is_cut = question(session, actor, asked)
    if asked.filter.is_open:
        whole = _counted(session, _plain(wanted))
        return Extent(whole, is_more=False, lines=whole)
    some = _counted(
        session,
        Question(Asked(asked.filter), wanted.clinic, wanted.booking_ids)
        .matching(A.id)
        .limit(MOST_COUNTED + 1),
    )
    if some <= MOST_COUNTED:
        return Extent(some, is_more=False, lines=some)
    span = _plain(Question(Asked(_days(asked.filter)), wanted.clinic, None))
    return Extent(MOST_COUNTED, is_more=True, lines=_counted(session, span))


def seek(session: Session, *, actor: Actor, asked: Asked, share: float) -> Key | None:
    """The place after which the lines at that share of the list begin; None is the beginning.

    Found by an index that knows nothing of the other filters, so that it is only about right.
    """
    wanted, _is_cut = question(session, actor, asked)
    if asked.is_descending:
        share = 1 - share
    found = (
        _by_patient(session, wanted, share) if asked.order is Order.PATIENT else _at(session, wanted, share)
    )
    if found is None:
        return None
    number, value = found
    return Key(number, value, HIGHEST if asked.is_descending else LOWEST)


def somewhere(session: Session, *, actor: Actor, asked: Asked, share: float) -> Page:
    """The lines at that share of the list; the last ones where nothing follows."""
    key = seek(session, actor=actor, asked=asked, share=share)
    found = page(session, actor=actor, asked=asked, after=key)
    return found if found.lines else page(session, actor=actor, asked=asked, is_back=True)


def _days(of: Filter) -> Filter:
    return Filter(first=of.first, last=of.last)


def _plain(wanted: Question) -> Select[Any]:
    """The appointments of the days asked for."""
    return Question(Asked(_days(wanted.asked.filter)), wanted.clinic, None).matching(A.start_at)


def _counted(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _at(session: Session, wanted: Question, share: float) -> tuple[int, datetime] | None:
    if wanted.asked.order is Order.CREATED:
        column: Any = B.created_at
        query = select(column).where(B.clinic_id == wanted.clinic.id)
    else:
        column = A.start_at
        query = _plain(wanted).where(stages(Order.START)[0].belongs)
    count = _counted(session, query)
    value = session.scalar(query.order_by(column).offset(int(count * share)).limit(1))
    return None if value is None else (0, value)


def _by_patient(session: Session, wanted: Question, share: float) -> tuple[int, str] | None:
    people = select(P.name).where(P.clinic_id == wanted.clinic.id)
    guests = select(t.Booking.guest_name).where(B.clinic_id == wanted.clinic.id, B.patient_id.is_(None))
    on_record, without = _counted(session, people), _counted(session, guests)
    place = int((on_record + without) * share)
    for number, query, column, count in ((0, people, P.name, on_record), (1, guests, B.guest_name, without)):
        if place < count:
            return number, session.scalar(query.order_by(column).offset(place).limit(1)) or ""
        place -= count
    return None
