"""SQLite's index of trigrams over the people (migration 0018); PostgreSQL keeps its own."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Integer,
    Select,
    Text,
    bindparam,
    column,
    delete,
    insert,
    select,
    table,
    text,
    update,
)
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.types import Id

TRIGRAM = 3  # fewer letters are in no trigram
NUMBER = table(
    "patient_number", column("number", Integer()), column("patient_id", Id()), column("is_indexed", Integer())
)
FOUND = table("patient_search", column("rowid", Integer()), column("search", Text()))
IS_WAITING = text("is_indexed = 0")  # as a parameter, it would keep from the index


def candidates(words: Sequence[Sequence[str]]) -> Select[UUID]:
    """The ids of all who may hold every word, each in one of its forms, and of those who are not in the index yet."""
    asked = " AND ".join("(" + " OR ".join(_quoted(form) for form in forms) + ")" for forms in words)
    hits = select(FOUND.c.rowid).where(FOUND.c.search.op("MATCH")(asked))
    known = select(NUMBER.c.patient_id).where(NUMBER.c.number.in_(hits))
    waiting = select(NUMBER.c.patient_id).where(IS_WAITING)
    return select(known.union_all(waiting).subquery().c[0])


def fill_in(session: Session, most: int) -> int:
    """Put at most so many who are not in the index as they are now into it; how many that were."""
    if session.get_bind().dialect.name != "sqlite":
        return 0
    rows = session.execute(
        select(NUMBER.c.number.label("of"), t.Patient.search.label("told"))
        .join(t.Patient, t.Patient.id == NUMBER.c.patient_id)
        .where(IS_WAITING)
        .limit(most)
    ).all()
    if rows:
        found = [{"of": row.of, "told": row.told} for row in rows]
        of: BindParameter[int] = bindparam("of")
        connection = session.connection()
        connection.execute(delete(FOUND).where(FOUND.c.rowid == of), found)
        connection.execute(insert(FOUND).values(rowid=of, search=bindparam("told")), found)
        connection.execute(update(NUMBER).where(NUMBER.c.number == of).values(is_indexed=1), found)
    return len(rows)


def forget(session: Session, patient_ids: Collection[UUID]) -> None:
    """Take people out of the index so that their letters are nowhere in it any more."""
    if session.get_bind().dialect.name != "sqlite":
        return
    numbers = select(NUMBER.c.number).where(NUMBER.c.patient_id.in_(patient_ids))
    session.execute(delete(FOUND).where(FOUND.c.rowid.in_(numbers)))
    session.execute(update(NUMBER).where(NUMBER.c.patient_id.in_(patient_ids)).values(is_indexed=1))
    # What was deleted stays in the index's pages until they are written anew.
    session.execute(text("INSERT INTO patient_search (patient_search) VALUES ('optimize')"))


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
