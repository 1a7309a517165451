"""Claims put straight into the table, as only a test does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import DBAPIError

from clinic_scheduler.db import refusals
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from tests.support.clinics import ANA, CLINIC, PHYSIO

DAY = datetime(2031, 5, 5, tzinfo=UTC)


def at(minutes: int) -> datetime:
    """So many minutes after the midnight that begins the far day of these tests."""
    return DAY + timedelta(minutes=minutes)


def put(work: UnitOfWork, *, start: int = 600, end: int = 660, **values: object) -> UUID:
    """Insert a claim that no booking stands behind, in a transaction of its own."""
    made = {
        "id": new_id(),
        "clinic_id": CLINIC,
        "resource_id": ANA,
        "kind": "block",
        "start_at": at(start),
        "end_at": at(end),
        "service_id": PHYSIO,
        "live_from": datetime(2025, 1, 1, tzinfo=UTC),
        **values,
    }
    with work.engine.begin() as connection:
        connection.execute(insert(t.Claim).values(made))
    return UUID(str(made["id"]))


def change(work: UnitOfWork, claim: UUID, **values: object) -> None:
    """Update a claim in a transaction of its own."""
    with work.engine.begin() as connection:
        connection.execute(update(t.Claim).where(t.Claim.id == claim).values(values))


def refusal(do: Callable[..., object], *arguments: object, **values: object) -> str:
    """The constraint that refused, "?" where a nameless error did."""
    with pytest.raises(DBAPIError) as refused:
        do(*arguments, **values)
    return refusals.constraint(refused.value) or "?"
