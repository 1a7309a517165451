"""The record of every change: append-only, each entry's hash covering the one before."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, bindparam, column, func, select, text, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.line import Row
from clinic_scheduler.db.prepared import Prepared, PreparedInsert
from clinic_scheduler.db.trip import Later
from clinic_scheduler.db.types import Instant, clock
from clinic_scheduler.services.actor import Actor

Facts = Mapping[str, str | int | bool | None]
E = t.AuditEntry.__table__
NEWEST = select(E).where(E.c.chain == bindparam("chain")).order_by(E.c.number.desc()).limit(1).subquery()
# The clock, and the number and hash of the chain's newest entry, for which nobody else can put one before the end of
# the transaction.
TAIL = Prepared(
    text("SELECT at, number, hash FROM audit_tail(:chain)").columns(
        column("at", Instant()), column("number", BigInteger()), column("hash", Text())
    ),
    sqlite=select(
        clock(), select(NEWEST.c.number).scalar_subquery(), select(NEWEST.c.hash).scalar_subquery()
    ),
)
APPEND = PreparedInsert(E)
BLACKED_OUT = "erased"  # the one word that may take the place of a reason, as migration 0025 says too
REASON_ERASED = "audit.reason_erased"


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """An entry that does not follow from the one before it."""

    chain: str
    number: int
    problem: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that was done; `before` and `after` hold ids, words and numbers, never free text about a person."""

    action: str
    entity: str
    entity_id: UUID
    before: Facts | None = None
    after: Facts | None = None
    reason: str = ""


def record(
    session: Session,
    actor: Actor,
    action: str,
    entity: str,
    entity_id: UUID,
    *,
    before: Facts | None = None,
    after: Facts | None = None,
    reason: str = "",
) -> None:
    """Append what `actor` did; see `Happened`."""
    record_all(session, actor, [Happened(action, entity, entity_id, before, after, reason)])


def record_all(session: Session, actor: Actor, happened: Sequence[Happened]) -> None:
    """Append what `actor` did at once, in this order."""
    append(session, actor, happened, ask_tail(session, actor)())


def ask_tail(session: Session, actor: Actor) -> Later[Row]:
    """The end of the actor's chain for `append`, which nobody else can reach until the transaction ends.

    Whoever needs `claims.lock` too asks for that first, lest two of one workstation wait for each other.
    """
    asked = TAIL.ask(session, {"chain": actor.workstation})
    return lambda: asked()[0]


def append(session: Session, actor: Actor, happened: Sequence[Happened], tail: Row) -> None:
    """As `record_all`, where the end of the chain is known already."""
    chain, entries = actor.workstation, list[dict[str, Any]]()
    at, number, previous = tail
    for one in happened:
        number = (number or 0) + 1
        entry: dict[str, Any] = {
            "id": new_id(),
            "chain": chain,
            "number": number,
            "at": at,
            "clinic_id": actor.clinic_id,
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "action": one.action,
            "entity": one.entity,
            "entity_id": one.entity_id,
            "before": dict(one.before) if one.before is not None else None,
            "after": dict(one.after) if one.after is not None else None,
            "reason": one.reason,
        }
        previous = entry["hash"] = _hash(previous or "", entry)
        entries.append(entry)
    APPEND.rows(session, entries)


def _hash(previous: str, entry: Mapping[str, Any]) -> str:
    def plain(value: object) -> str:
        return value.isoformat() if isinstance(value, datetime) else str(value)

    content = {key: value for key, value in entry.items() if key != "hash"}
    text_form = json.dumps(
        [previous, content], sort_keys=True, default=plain, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text_form.encode()).hexdigest()


def black_out(session: Session, actor: Actor, entities: Collection[UUID]) -> int:
    """Take the typed reasons out of the entries about these entities; in how many.

    An entry of its own says so for each, and holds the hash that the old one has from now on: so the chain proves what
    was taken out and that nothing else was. The database lets nothing else change (migration 0025).
    """
    e = t.AuditEntry
    rows = session.execute(
        select(E)
        .where(e.entity_id.in_(entities), e.reason.not_in(("", BLACKED_OUT)))
        .order_by(e.chain, e.number)
    ).mappings()
    found = [dict(row) for row in rows]
    for row in found:
        previous = session.scalar(
            select(e.hash).where(e.chain == row["chain"], e.number == row["number"] - 1)
        )
        remains = {"remains": _hash(previous or "", row | {"reason": BLACKED_OUT})}
        record(session, actor, REASON_ERASED, "audit_entry", row["id"], after=remains)
    ids = [row["id"] for row in found]
    session.execute(update(E).where(E.c.id.in_(ids)).values(reason=BLACKED_OUT))
    return len(found)


def verify(session: Session) -> list[BrokenLink]:
    """Every place where the audit was altered, shortened in the middle or added to behind the program's back.

    An entry whose reason was blacked out has to be what the entry about that says.
    """
    broken = []
    told = session.execute(select(E.c.entity_id, E.c.after).where(E.c.action == REASON_ERASED))
    remains = {identifier: after["remains"] for identifier, after in told}
    previous: dict[str, tuple[int, str]] = {}
    columns = list(t.AuditEntry.__table__.columns)
    rows = session.execute(select(*columns).order_by(t.AuditEntry.chain, t.AuditEntry.number)).mappings()
    for row in rows:
        number, before = previous.get(row["chain"], (0, ""))
        if row["number"] != number + 1:
            broken.append(BrokenLink(row["chain"], row["number"], "entries are missing before this one"))
        elif _hash(before, dict(row)) not in (row["hash"], remains.get(row["id"])):
            broken.append(BrokenLink(row["chain"], row["number"], "the entry was altered"))
        previous[row["chain"]] = (row["number"], row["hash"])
    return broken


def head(session: Session) -> dict[str, str]:
    """The newest hash of every chain, to be kept outside the database (only that shows a cut-off tail)."""
    newest = (
        select(t.AuditEntry.chain, func.max(t.AuditEntry.number).label("number"))
        .group_by(t.AuditEntry.chain)
        .subquery()
    )
    joined = select(t.AuditEntry.chain, t.AuditEntry.hash).join(
        newest, (newest.c.chain == t.AuditEntry.chain) & (newest.c.number == t.AuditEntry.number)
    )
    return dict(session.execute(joined).all())
