"""The index of names finds whom a look at everybody would find, whoever wrote them."""

import random
from functools import partial

import pytest
from sqlalchemy import func, insert, select, text, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import upkeep
from clinic_scheduler.services.people import patients, records
from clinic_scheduler.services.people.name_index import NUMBER
from tests.support import clinics
from tests.support.clinics import CLINIC, EMMA
from tests.support.statements import statements

SYLLABLES = ("ma", "mü", "ler", "son", "ñe", "ri", "da", "gar", "cia", "o'b", "ę")


def found(work, words, limit=1_000):
    return [
        line.id for line in work.read(lambda s: patients.search(s, clinic_id=CLINIC, text=words, limit=limit))
    ]


def by_looking(work, words):
    """Everybody whose kept text holds every word."""
    p = t.Patient
    asked = select(p.id).where(*(p.search.contains(word, autoescape=True) for word in words.split()))
    return work.read(lambda s: s.scalars(asked.order_by(p.name, p.id)).all())


def write_as_before(work, name):
    """As a program does that does not know of the index."""
    identifier = new_id()
    with work.engine.begin() as connection:
        resource = {"id": identifier, "clinic_id": CLINIC, "kind": "patient"}
        connection.execute(insert(t.Resource).values(**resource))
        person = {"id": identifier, "clinic_id": CLINIC, "name": name, "search": name.lower()}
        connection.execute(insert(t.Patient).values(**person))
    return identifier


def waiting(work):
    return work.read(
        lambda s: s.scalar(select(func.count()).select_from(NUMBER).where(NUMBER.c.is_indexed == 0))
    )


def test_the_index_finds_whom_a_look_at_everybody_finds(work, actor, clinic):
    chance = random.Random(3)  # noqa: S311 - no secret
    for _ in range(60):
        first, last = ("".join(chance.choices(SYLLABLES, k=chance.randint(1, 3))) for _ in range(2))
        work.write(lambda s, name=f"{first} {last}": patients.register(s, actor=actor, name=name))
    texts = work.read(lambda s: s.scalars(select(t.Patient.search)).all())
    for _ in range(200):
        told = chance.choice(texts)
        at, long = chance.randrange(len(told)), chance.randint(1, 6)
        asked = told[at : at + long].strip() + chance.choice(("", " ma", " ler", " sonri"))
        if asked.strip():
            assert sorted(found(work, asked)) == sorted(by_looking(work, asked)), asked


def test_those_whose_name_begins_so_come_before_those_who_have_it_within(work, actor, clinic):
    names = ("Anna Gebremariam", "Zoe Marin", "Maria Zeh", "Bea Amar", "Marion 'Mar' Ott")
    ids = {name: work.write(partial(patients.register, actor=actor, name=name)).value.id for name in names}
    wanted = ("Maria Zeh", "Marion 'Mar' Ott", "Zoe Marin", "Anna Gebremariam", "Bea Amar")
    assert found(work, "mar") == [ids[name] for name in wanted]
    assert found(work, "mar zeh") == [ids["Maria Zeh"]]


def test_whoever_was_written_by_an_older_program_is_found_and_then_indexed(work, actor, clinic):
    zora = write_as_before(work, "Zora Zimmer")
    assert found(work, "zimm") == [zora]
    swept = work.write(lambda s: upkeep.sweep(s, actor=actor)).value
    assert swept.indexed == (1 if work.engine.dialect.name == "sqlite" else 0)
    assert found(work, "zimm") == [zora]


def test_the_upkeep_leaves_nobody_waiting(sqlite_work, actor, sqlite_clinic):
    for number in range(3):
        write_as_before(sqlite_work, f"Zora {number}")
    assert waiting(sqlite_work) == 3
    sqlite_work.write(lambda s: upkeep.sweep(s, actor=actor))
    assert waiting(sqlite_work) == 0
    assert sqlite_work.write(lambda s: patients.register(s, actor=actor, name="Yara Yilmaz")).value
    assert waiting(sqlite_work) == 0


def test_a_changed_name_is_found_and_the_old_one_no_longer(work, actor, clinic):
    written = records.Written("Rosalind Ash", "", "", None, "", "")
    work.write(lambda s: records.change(s, actor=actor, patient_id=EMMA, version=1, written=written))
    assert (found(work, "rosalind"), found(work, "müller")) == ([EMMA], [])


def test_a_name_changed_by_an_older_program_is_found(work, clinic):
    with work.engine.begin() as connection:
        connection.execute(update(t.Patient).where(t.Patient.id == EMMA).values(search="rosalind ash"))
    assert (found(work, "rosalind"), found(work, "muller")) == ([EMMA], [])


def test_what_was_taken_back_left_nothing_in_the_index(work, actor, clinic):
    def fail(session):
        patients.register(session, actor=actor, name="Nina Neu")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work.write(fail)
    assert found(work, "nina") == []


def test_a_server_without_trigrams_finds_people_all_the_same(pg_url, actor):
    unit = UnitOfWork(open_engine(pg_url))
    clinics.make(unit, actor)
    with unit.engine.begin() as connection:
        connection.execute(text("DROP EXTENSION pg_trgm CASCADE"))
    assert found(unit, "mull") == [EMMA]
    unit.close()


def test_the_index_leads_to_the_few_and_not_through_everybody(sqlite_work, sqlite_clinic):
    with statements(sqlite_work.engine) as seen:
        found(sqlite_work, "mull")
    with sqlite_work.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {seen[-1]}", ("x",) * seen[-1].count("?"))
        steps = [row[3] for row in plan]
    assert "SEARCH patient_number USING INTEGER PRIMARY KEY (rowid=?)" in steps
    assert "SEARCH patient USING INDEX sqlite_autoindex_patient_1 (id=?)" in steps
    assert not [step for step in steps if step.startswith(("SCAN patient ", "SCAN patient_number U"))][1:]
