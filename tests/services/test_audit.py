"""Whatever is bent in the audit behind the program's back is found."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.services import audit
from tests.support.clinics import CLINIC

E = t.AuditEntry
OTHERS = {
    "at": None,
    "before": {"status": "pending"},
    "after": {"n": 2},
    "number": 99,
}


@pytest.fixture
def book(work, clinic, actor, colleague):
    """Two chains of five entries, unguarded."""
    for number in range(4):
        for who in (actor, colleague):
            facts = {"n": number, "word": "Müller", "flag": True, "none": None}
            work.write(
                lambda s, who=who, facts=facts: audit.record(
                    s, who, "appointment.moved", "appointment", new_id(), before={}, after=facts, reason="ill"
                )
            )
    with work.engine.begin() as connection:
        if work.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
            connection.exec_driver_sql("DROP TRIGGER audit_entry_no_delete")
        else:
            connection.exec_driver_sql("DROP TRIGGER audit_entry_no_change ON audit_entry")
            connection.exec_driver_sql("DROP TRIGGER audit_entry_black_out ON audit_entry")
    return work


def bend(work, *statements):
    with work.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


def broken(work):
    return [(link.chain, link.number, link.problem.split()[0]) for link in work.read(audit.verify)]


def entry(work, number, chain="Desk 1"):
    with work.engine.connect() as connection:
        wanted = select(*E.__table__.columns).where(E.chain == chain, E.number == number)
        return dict(connection.execute(wanted).mappings().one())


def here(number, chain="Desk 1"):
    return (E.chain == chain) & (E.number == number)


def test_what_nobody_bent_is_whole(book):
    assert broken(book) == []
    assert [entry(book, number)["number"] for number in range(1, 6)] == [1, 2, 3, 4, 5]
    assert entry(book, 4, "Desk 2")


@pytest.mark.parametrize("column", [c.name for c in E.__table__.columns if c.name not in {"chain", "number"}])
def test_an_altered_entry_is_found(book, column):
    old = entry(book, 3)
    other = {"at": entry(book, 2)["at"], "before": {"x": 1}, "after": {"n": 7}}.get(column)
    if other is None:
        other = new_id() if column.endswith("id") else "other"
    assert old[column] != other
    bend(book, update(E).where(here(3)).values({column: other}))
    assert ("Desk 1", 3, "the") in broken(book)


def test_one_number_in_what_was_noted_is_found(book):
    after = entry(book, 3)["after"]
    bend(book, update(E).where(here(3)).values(after=after | {"n": after["n"] + 1}))
    assert broken(book) == [("Desk 1", 3, "the")]


def test_a_forged_hash_breaks_the_next_link(book):
    old = entry(book, 3) | {"reason": "well"}
    old["hash"] = audit._hash(entry(book, 2)["hash"], old)
    bend(book, update(E).where(here(3)).values(reason="well", hash=old["hash"]))
    assert broken(book) == [("Desk 1", 4, "the")]


@pytest.mark.parametrize("number", [1, 2, 4])
def test_an_entry_taken_out_is_found(book, number):
    bend(book, delete(E).where(here(number)))
    assert broken(book) == [("Desk 1", number + 1, "entries")]


def test_taking_one_out_and_counting_anew_is_found(book):
    bend(
        book,
        delete(E).where(here(3)),
        update(E).where(here(4)).values(number=3),
        update(E).where(here(5)).values(number=4),
    )
    assert ("Desk 1", 3, "the") in broken(book)


def test_an_entry_put_in_is_found(book, actor):
    forged = entry(book, 5) | {"id": new_id(), "number": 6, "action": "payment.received"}
    bend(book, insert(E).values(forged))
    assert broken(book) == [("Desk 1", 6, "the")]


def test_entries_that_changed_places_are_found(book):
    bend(
        book,
        update(E).where(here(2)).values(number=1_000),
        update(E).where(here(3)).values(number=2),
        update(E).where(here(1_000)).values(number=3),
    )
    found = broken(book)
    assert {("Desk 1", 2, "the"), ("Desk 1", 3, "the")} <= set(found)


def test_an_entry_moved_to_another_desk_is_found(book):
    bend(book, delete(E).where(here(5, "Desk 2")), update(E).where(here(5)).values(chain="Desk 2"))
    assert ("Desk 2", 5) in {(chain, number) for chain, number, _problem in broken(book)}


def test_a_tail_cut_off_shows_in_the_heads_that_were_kept(book):
    kept = book.read(audit.head)
    assert kept == {"Desk 1": entry(book, 5)["hash"], "Desk 2": entry(book, 4, "Desk 2")["hash"]}
    bend(book, delete(E).where(here(5)))
    assert broken(book) == []
    assert book.read(audit.head) != kept


def test_every_desk_has_a_chain_of_its_own_that_starts_at_one(work, clinic, actor):
    for desk in ("Desk 7", "Ämter 8", ""):
        work.write(
            lambda s, desk=desk: audit.record(s, replace(actor, workstation=desk), "a", "clinic", CLINIC)
        )
        assert entry(work, 1, desk)["actor_name"] == "Kofi Mensah"
    assert broken(work) == []


def test_what_is_rolled_back_leaves_no_gap(work, clinic, actor):
    def refused(session):
        audit.record(session, actor, "a", "clinic", CLINIC)
        raise KeyError

    for _ in range(2):
        with pytest.raises(KeyError):
            work.write(refused)
        work.write(lambda s: audit.record(s, actor, "b", "clinic", CLINIC))
    assert broken(work) == []
    assert entry(work, 3)["action"] == "b"
