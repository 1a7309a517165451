"""Finding people by words: a statement for each shape of what was typed, compiled once.

A word may have several forms (a phone number with and without its country code). Words of three letters and more are
looked up in an index of trigrams.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.line import Row
from clinic_scheduler.db.prepared import Prepared
from clinic_scheduler.db.types import holds
from clinic_scheduler.services.people.name_index import FOUND, IS_THERE, IS_WAITING, NUMBER

TRIGRAM = 3
Words = Sequence[Sequence[str]]  # each in all its forms
Shape = tuple[
    tuple[bool, int], ...
]  # of each word, whether all its forms are in trigrams, and how many there are
P = t.Patient.__table__
LINE = (P.c.id, P.c.name, P.c.phone, P.c.email, P.c.birth_date, P.c.alert)
MOST = bindparam("most", type_=Integer())
CLINIC = bindparam("clinic", type_=P.c.clinic_id.type)


def first(session: Session, clinic_id: UUID, words: Words, limit: int) -> list[Row]:
    """The first who hold every word: id, name, phone, e-mail, birth date and alert; by name.

    With a word of three letters and more, those come first in whom every word begins a name or number.
    """
    shape = tuple((min(map(len, forms)) >= TRIGRAM, len(forms)) for forms in words)
    long = [forms for forms, (is_long, _count) in zip(words, shape, strict=True) if is_long]
    whole, begin = _asked(long, ""), _asked(long, " ")
    values: dict[str, Any] = {
        "clinic": clinic_id,
        "most": limit,
        "whole": whole,
        "begin": begin,
        "rest": f"({whole}) NOT ({begin})",
    }
    for n, forms in enumerate(words):
        for m, form in enumerate(forms):
            plain = form.replace("/", "//").replace("%", "/%").replace("_", "/_")
            values |= {f"like_{n}_{m}": f"%{plain}%", f"word_{n}_{m}": form, f"begin_{n}_{m}": f" {form}"}
    return _statement(shape).rows(session, values)


@lru_cache(64)
def _statement(shape: Shape) -> Prepared:
    if not any(is_long for is_long, _count in shape):  # so many match that the first by name are soon found
        return Prepared(_everybody(shape).order_by(P.c.name, P.c.id).limit(MOST))
    # Materialized, or the order would lead the server through everybody by name.
    found = _everybody(shape).add_columns(_is_within(shape)).cte("found").prefix_with("MATERIALIZED")
    lines = [column for column in found.c if column is not found.c.is_within]
    by_rank = (found.c.is_within, found.c.name, found.c.id)
    best = _best(shape).subquery("best")
    of_file = select(*LINE).join(best, best.c.patient_id == P.c.id).where(P.c.erased_at.is_(None))
    return Prepared(
        select(*lines).order_by(*by_rank).limit(MOST),
        sqlite=of_file.order_by(best.c.is_within, P.c.name, P.c.id),
    )


def _everybody(shape: Shape) -> Select[Any]:
    return select(*LINE).where(P.c.clinic_id == CLINIC, P.c.erased_at.is_(None), _holding(shape))


def _best(shape: Shape) -> Select[Any]:
    """SQLite's way: the index knows who holds the long words, and its numbers know the names.

    So of the thousands whom some letters find only the few that are shown are looked up.
    """
    n, told = NUMBER, FOUND.c.search
    is_there = and_(IS_THERE, n.c.clinic_id == CLINIC)
    short = tuple(place for place, (is_long, _count) in enumerate(shape) if not is_long)
    branches: list[Select[Any]] = []
    if short:  # the index does not know where those begin: what it finds is read
        asked = told.op("MATCH")(bindparam("whole", type_=Text()))
        within = _is_within(shape, told)
        hits = select(FOUND.c.rowid, within).where(asked, _holding(shape, short, told)).cte("hits")
        hits = hits.prefix_with("MATERIALIZED")
        found = select(hits.c.is_within, n.c.name, n.c.patient_id).join(n, n.c.number == hits.c.rowid)
        branches.append(found.where(is_there))
    for rank, which in () if short else ((0, "begin"), (1, "rest")):
        of_index = select(FOUND.c.rowid).where(told.op("MATCH")(bindparam(which, type_=Text())))
        order: ColumnElement[int] = literal_column(str(rank)).label("is_within")
        branches.append(select(order, n.c.name, n.c.patient_id).where(is_there, n.c.number.in_(of_index)))
    waiting = select(_is_within(shape), P.c.name, P.c.id).join(n, n.c.patient_id == P.c.id)
    branches.append(
        waiting.where(IS_WAITING, n.c.clinic_id == CLINIC, P.c.erased_at.is_(None), _holding(shape))
    )
    found_all = union_all(*branches).subquery()
    order_by = (found_all.c.is_within, found_all.c.name, found_all.c.patient_id)
    return select(found_all).order_by(*order_by).limit(MOST)


def _holding(
    shape: Shape, places: Sequence[int] | None = None, told: ColumnElement[str] = P.c.search
) -> ColumnElement[bool]:
    """Whether the words, or those at some places of the shape, are in a text."""
    chosen = range(len(shape)) if places is None else places
    return and_(*(or_(*(_word(told, n, m, shape[n]) for m in range(shape[n][1]))) for n in chosen))


def _word(told: ColumnElement[str], n: int, m: int, shape: tuple[bool, int]) -> ColumnElement[bool]:
    """A short word is in no trigram: an index would be read whole for it, so that it is kept from it."""
    if shape[0]:
        return told.like(bindparam(f"like_{n}_{m}", type_=Text()), escape="/")
    return holds(told, bindparam(f"word_{n}_{m}", type_=Text()))


def _is_within(shape: Shape, told: ColumnElement[str] = P.c.search) -> ColumnElement[int]:
    """0 where each word begins a name or number of a text, 1 where one stands only within."""
    after_blank = literal_column("' '", Text()).concat(told)
    begin = (
        or_(*(holds(after_blank, bindparam(f"begin_{n}_{m}", type_=Text())) for m in range(count)))
        for n, (_is_long, count) in enumerate(shape)
    )
    return case((and_(*begin), 0), else_=1).label("is_within")


def _asked(words: Words, before: str) -> str:
    """What SQLite's index is asked for; in it, every word has a blank before it."""
    return " AND ".join(
        "(" + " OR ".join('"' + (before + form).replace('"', '""') + '"' for form in forms) + ")"
        for forms in words
    )
