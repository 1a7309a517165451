"""Random moves of a status that are not legal: refused by the service and by the database alone."""

from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from clinic_scheduler.db import refusals
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import LEGAL_BACK, LEGAL_MOVES, AppointmentStatus
from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.changing import appointments, taking_back
from clinic_scheduler.services.changing.taking_back import Put
from tests.support.listed import ListedBook

MOVES = 500


def is_legal(old, new):
    return old == new or new in LEGAL_MOVES.get(old, ()) or new in LEGAL_BACK[old]


@pytest.fixture
def rows(work, clinic):
    ListedBook(work, Random(11)).fill(40)  # noqa: S311
    return work.read(
        lambda s: s.execute(select(t.Appointment.id, t.Appointment.version, t.Appointment.status)).all()
    )


@pytest.fixture
def illegal(rows):
    rng, found = Random(5), []  # noqa: S311
    while len(found) < MOVES:
        row, new = rng.choice(rows), rng.choice(list(AppointmentStatus))
        if not is_legal(row.status, new):
            found.append((row, new))
    return found


def statuses(work):
    return dict(work.read(lambda s: s.execute(select(t.Appointment.id, t.Appointment.status)).all()))


def test_five_hundred_random_illegal_moves_are_refused_by_service_and_database_alike(
    work, actor, rows, illegal
):
    before, rng = statuses(work), Random(6)  # noqa: S311
    for row, new in illegal:
        wanted = [Put(row.id, row.version, new)]
        advanced = {"appointment_ids": [row.id], "versions": [row.version], "to": new}
        for service in (
            lambda s: taking_back.put(s, actor=actor, request_id=uuid4(), wanted=wanted, reason="why"),  # noqa: B023
            lambda s: appointments.advance(s, actor=actor, **advanced),  # noqa: B023
        ):
            with pytest.raises(ClinicError):
                work.write(service)
        values = {"status": new, "status_reason": rng.choice(["", "why"])}
        with pytest.raises(DBAPIError) as refused, work.engine.begin() as connection:
            connection.execute(update(t.Appointment).where(t.Appointment.id == row.id).values(values))
        assert refusals.constraint(refused.value) == "appointment_status_move"
    assert statuses(work) == before
    assert {(row.status, new) for row, new in illegal} >= {
        ("completed", "cancelled"),
        ("cancelled", "completed"),
    }
