"""Filters that somebody keeps under a name, at every desk the same."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.prepared import insert_into
from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import Actor

from .asked import Asked, Filter, Order

KEY = "bookings.filter "
LONGEST_NAME, MOST = 40, 30


@dataclass(frozen=True, slots=True)
class Kept:
    """A filter and its order, by name."""

    name: str
    asked: Asked


def all_of(session: Session, *, actor: Actor) -> tuple[Kept, ...]:
    """The filters that this person keeps, by name."""
    s = t.Setting
    rows = session.execute(select(s.key, s.value).where(*_own(actor), s.key.startswith(KEY, autoescape=True)))
    found = [Kept(key.removeprefix(KEY), _read(value)) for key, value in rows]
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def keep(session: Session, *, actor: Actor, name: str, asked: Asked) -> Kept:
    """Keep a filter; one of that name is replaced.

    Raises:
        InvalidInput: it has no name, or there are too many.
    """
    name = " ".join("".join(c if c.isprintable() else " " for c in name[:200]).split())[:LONGEST_NAME].strip()
    if not name:
        raise InvalidInput("Please give the filter a name.", "name")
    known = {one.name for one in all_of(session, actor=actor)}
    if name not in known and len(known) >= MOST:
        raise InvalidInput(f"There are {MOST} filters already; please remove one first.", "name")
    value = {
        "filter": asked.filter.write(),
        "order": asked.order.value,
        "is_descending": asked.is_descending,
    }
    session.execute(
        insert_into(t.Setting, session.get_bind().dialect)
        .values(scope="user", owner=str(actor.user_id), key=KEY + name, value=value)
        .on_conflict_do_update(index_elements=["scope", "owner", "key"], set_={"value": value})
    )
    _note(session, actor, "filter.kept")
    return Kept(name, asked)


def forget(session: Session, *, actor: Actor, name: str) -> None:
    """Keep a filter no longer.

    Raises:
        NotFound: there is none of that name.
    """
    gone = session.execute(
        delete(t.Setting).where(*_own(actor), t.Setting.key == KEY + name).returning(t.Setting.key)
    ).all()
    if not gone:
        raise NotFound("That filter is no longer there.")
    _note(session, actor, "filter.forgotten")


def _own(actor: Actor) -> tuple[Any, ...]:
    return t.Setting.scope == "user", t.Setting.owner == str(actor.user_id)


def _note(session: Session, actor: Actor, action: str) -> None:
    audit.record(session, actor, action, "user", actor.user_id)
    announce(session, "filter", actor.user_id)


def _read(stored: object) -> Asked:
    known = stored if isinstance(stored, dict) else {}
    order = known.get("order")
    return Asked(
        Filter.read(known.get("filter")),
        Order(order) if order in tuple(Order) else Order.START,
        known.get("is_descending") is True,
    )
