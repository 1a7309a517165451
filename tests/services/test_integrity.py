"""Looking for damage: what the constraints keep out is found once it is there all the same."""

import sqlite3
from contextlib import closing

import pytest

from clinic_scheduler.services import integrity
from tests.support import clinics
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


def test_claims_that_did_not_live_together_do_not_overlap(work, clinic, unguarded):
    changed = clinic.at("09:00", days=-20)
    put(work, live_from=clinic.at("09:00", days=-30), live_to=changed)
    put(work, live_from=changed)
    assert work.read(integrity.overlaps) == []


@pytest.fixture
def behind_its_back(sqlite_work, sqlite_url, actor):
    """Does things to the file that the program would not."""
    clinic = clinics.make(sqlite_work, actor)
    book(sqlite_work, actor, [clinic.part("09:00")])

    def do(*statements):
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as raw:
            for statement in statements:
                raw.execute(statement)
            raw.commit()
        sqlite_work.engine.dispose()  # an open connection remembers the schema
        return sqlite_work.read(integrity.storage_problems)

    return do


def test_a_row_that_points_nowhere_is_found(behind_its_back):
    assert behind_its_back() == []
    found = behind_its_back("DELETE FROM patient WHERE name = 'Emma Müller'")
    assert "a row of booking points to a missing one of patient" in found


def test_a_damaged_file_is_found(behind_its_back):
    found = behind_its_back(
        "PRAGMA writable_schema = ON", "DELETE FROM sqlite_schema WHERE name = 'claim_session_id_kind_idx'"
    )
    assert any("never used" in problem for problem in found)
