"""A desk that changes what stands, and what a test reads back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import integrity
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.changing import appointments, moving
from clinic_scheduler.services.changing.moves import Change, Changed
from clinic_scheduler.services.taking import visits
from clinic_scheduler.services.taking.rules import Override
from tests.support.clinics import TestClinic

Key = tuple[UUID, datetime, datetime]


def change(
    work: UnitOfWork,
    actor: Actor,
    *changes: Change,
    request: UUID | None = None,
    override: Override | None = None,
    reason: str = "",
) -> Changed:
    """One transaction, as one drop is."""
    asked = request or new_id()
    return work.write(
        lambda s: moving.change(
            s, actor=actor, request_id=asked, changes=changes, override=override, reason=reason
        )
    ).value


def cancel(work: UnitOfWork, actor: Actor, *ids: UUID, version: int = 1, reason: str = "") -> None:
    work.write(
        lambda s: appointments.cancel(
            s, actor=actor, appointment_ids=ids, versions=[version] * len(ids), reason=reason
        )
    )


def advance(work: UnitOfWork, actor: Actor, to: str, *ids: UUID, version: int = 1) -> None:
    work.write(
        lambda s: appointments.advance(
            s, actor=actor, appointment_ids=ids, versions=[version] * len(ids), to=to
        )
    )


def reopen(work: UnitOfWork, actor: Actor, *ids: UUID, version: int = 2, reason: str = "by mistake") -> None:
    work.write(
        lambda s: appointments.reopen(
            s, actor=actor, appointment_ids=ids, versions=[version] * len(ids), reason=reason
        )
    )


def move_visit(
    work: UnitOfWork, actor: Actor, seen: dict[UUID, int], begins: datetime, request: UUID | None = None
) -> Changed:
    asked = request or new_id()
    return work.write(
        lambda s: moving.move_visit(s, actor=actor, request_id=asked, seen=seen, start=begins)
    ).value


def row(work: UnitOfWork, appointment_id: UUID) -> Any:
    """The appointment's columns."""
    wanted = select(*t.Appointment.__table__.columns).where(t.Appointment.id == appointment_id)
    return work.read(lambda s: s.execute(wanted).one())


def times(work: UnitOfWork, clinic: TestClinic, *ids: UUID) -> list[tuple[int, int, UUID]]:
    """The start, end and practitioner of appointments, in minutes after nine on the clinic's Monday."""
    nine, minute = clinic.at("09:00"), timedelta(minutes=1)
    rows = [row(work, identifier) for identifier in ids]
    return [((r.start_at - nine) // minute, (r.end_at - nine) // minute, r.practitioner_id) for r in rows]


def holds_true(work: UnitOfWork) -> None:
    """No overlap; and what stands has exactly the claims it needs, what was called off or missed none."""
    assert work.read(integrity.overlaps) == []
    a, b, c = t.Appointment, t.Booking, t.Claim
    rows = work.read(
        lambda s: s.execute(select(*a.__table__.columns, b.patient_id).join(b, b.id == a.booking_id)).all()
    )
    live = work.read(
        lambda s: s.execute(
            select(c.appointment_id, c.resource_id, c.start_at, c.end_at).where(
                c.live_to.is_(None), c.appointment_id.is_not(None)
            )
        ).all()
    )
    found: dict[Any, list[Any]] = {}
    for appointment_id, *key in live:
        found.setdefault(appointment_id, []).append(tuple(key))
    for each in rows:
        assert sorted(found.pop(each.id, [])) == sorted(_needed(each)), each
    assert found == {}


def _needed(row: Any) -> Sequence[Key]:
    if row.status in ("cancelled", "no_show"):
        return []
    gap = (row.gap_start_min, row.gap_end_min) if row.gap_start_min is not None else None
    made = visits.NewAppointment(
        row.id, row.service_id, row.practitioner_id, row.room_id, row.day, row.start_at, row.end_at, 0,
        equipment_id=row.equipment_id, visitor=row.visitor, away=gap,
    )  # fmt: skip
    return [
        (taking.resource_id, taking.start, taking.end) for taking in visits.takings(made, 0, row.patient_id)
    ]
