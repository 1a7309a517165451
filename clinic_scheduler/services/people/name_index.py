"""SQLite's index of trigrams over the people (migration 0018); PostgreSQL keeps its own.

With the schema not trusted no trigger may touch it: triggers mark who is not in it as is, and here they are put in.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Integer,
    Text,
    bindparam,
    case,
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

NUMBER = table(
    "patient_number",
    column("number", Integer()),
    column("patient_id", Id()),
    column("clinic_id", Id()),
    column("name", Text()),
    column("is_indexed", Integer()),
)
FOUND = table("patient_search", column("rowid", Integer()), column("search", Text()))
IN_INDEX, GONE = 1, 2  # values of is_indexed, beside 0 for who waits
IS_WAITING, IS_THERE = (
    text(f"is_indexed = {value}") for value in (0, IN_INDEX)
)  # parameters keep from the index


def fill_in(session: Session, most: int) -> int:
    """Put at most so many who are not in the index as they are now into it; how many that were."""
    if session.get_bind().dialect.name != "sqlite":
        return 0
    rows = session.execute(
        select(
            NUMBER.c.number.label("of"),
            t.Patient.search.label("told"),
            case((t.Patient.erased_at.is_(None), IN_INDEX), else_=GONE).label("state"),
        )
        .join(t.Patient, t.Patient.id == NUMBER.c.patient_id)
        .where(IS_WAITING)
        .limit(most)
    ).all()
    if rows:
        # A blank before it, so that the first word begins as the others do.
        found = [{"of": row.of, "told": f" {row.told}", "state": row.state} for row in rows]
        there = [row for row in found if row["state"] == IN_INDEX]
        of: BindParameter[int] = bindparam("of")
        connection = session.connection()
        connection.execute(delete(FOUND).where(FOUND.c.rowid == of), found)
        if there:
            connection.execute(insert(FOUND).values(rowid=of, search=bindparam("told")), there)
        connection.execute(
            update(NUMBER).where(NUMBER.c.number == of).values(is_indexed=bindparam("state")), found
        )
    return len(rows)


def forget(session: Session, patient_ids: Collection[UUID]) -> None:
    """Take people out of the index so that their letters are nowhere in it any more."""
    if session.get_bind().dialect.name != "sqlite":
        return
    numbers = select(NUMBER.c.number).where(NUMBER.c.patient_id.in_(patient_ids))
    session.execute(delete(FOUND).where(FOUND.c.rowid.in_(numbers)))
    session.execute(
        update(NUMBER).where(NUMBER.c.patient_id.in_(patient_ids)).values(is_indexed=GONE, name="")
    )
    # What was deleted stays in the index's pages until they are written anew.
    session.execute(text("INSERT INTO patient_search (patient_search) VALUES ('optimize')"))
