"""Whatever desks do in whatever order, the database holds what a plain model says.

A short run belongs to every test run. Thousands of steps, on both engines:
    CLINIC_MODEL_RUNS=500 python -m pytest -n 2 --timeout 0 tests/services/taking/test_model.py -k model_says
Each run has 40 steps.
"""

import os
import shutil
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from tests.support import faults, machine, steps

STEPS = 40
PLANTED = (9, 6, 5, 0, *range(10, 40))  # the first ones are known to do much
RUNS = int(os.environ.get("CLINIC_MODEL_RUNS", "0"))
QUICK = settings(
    max_examples=RUNS or 4,
    derandomize=not RUNS,
    report_multiple_bugs=False,
    phases=(Phase.generate, Phase.shrink) if RUNS else (Phase.generate,),  # shrinking takes minutes
    database=None,
    deadline=None,
    stateful_step_count=STEPS,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def sqlite_databases(sqlite_template, tmp_path):
    """Opens a furnished database for each run."""
    base = tmp_path / "furnished.db"
    shutil.copy(sqlite_template, base)
    work = UnitOfWork(open_engine(f"sqlite:///{base}"))
    made = steps.furnish(work)
    with work.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        connection.rollback()
        connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    work.close()

    @contextmanager
    def opened():
        path = tmp_path / f"{new_id()}.db"
        shutil.copy(base, path)
        unit = UnitOfWork(open_engine(f"sqlite:///{path}"))
        yield unit, made
        unit.close()
        path.unlink()

    return opened


@pytest.fixture
def postgresql_databases(pg_template, pg_server):
    admin, template = pg_template
    furnished = f"furnished_{new_id().hex}"

    def create(name, of):
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {of} STRATEGY FILE_COPY"))
        return UnitOfWork(open_engine(pg_server.rpartition("/")[0] + "/" + name))

    def drop(name):
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    work = create(furnished, template)
    made = steps.furnish(work)
    work.close()

    @contextmanager
    def opened():
        name = f"run_{new_id().hex}"
        unit = create(name, furnished)
        yield unit, made
        unit.close()
        drop(name)

    yield opened
    drop(furnished)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request):
    return request.getfixturevalue(f"{request.param}_databases")


def test_the_database_holds_what_the_model_says(databases):
    run_state_machine_as_test(lambda: machine.Desks(databases), settings=QUICK)


@pytest.mark.parametrize("first", range(0, RUNS or 6, 3))
def test_the_database_holds_what_the_model_says_of_other_days(databases, first):
    """Hypothesis repeats itself; these steps never do."""
    for seed in range(first, first + 3):
        machine.play(databases, seed, STEPS)


@pytest.mark.parametrize("fault", faults.FAULTS)
def test_a_planted_fault_is_found(sqlite_databases, monkeypatch, fault):
    triggers = faults.FAULTS[fault](monkeypatch)

    @contextmanager
    def opened():
        with sqlite_databases() as (work, made):
            with work.engine.begin() as connection:
                for name in triggers:
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
            yield work, made

    def play():
        for seed in PLANTED:
            machine.play(opened, seed, STEPS)

    with pytest.raises((AssertionError, DBAPIError)):
        play()
