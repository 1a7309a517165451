"""The claims of appointments that stand, closed and taken anew: when they change, and when they are opened again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus
from clinic_scheduler.services.catalogue import Catalogue, catalogue
from clinic_scheduler.services.changing import standing
from clinic_scheduler.services.changing.moves import Terms
from clinic_scheduler.services.taking import checks, claims, overlaps, rules, visits
from clinic_scheduler.services.taking.claims import Taking
from clinic_scheduler.services.taking.rules import Asked, Override
from clinic_scheduler.services.taking.visits import NewAppointment
from clinic_scheduler.services.times.timelines import Interval

# Whoever is put back to where it stood so recently asks no rule and no colleague again.
UNDO_WITHIN = timedelta(minutes=10)
EVER = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class Retaken:
    """An appointment and the terms it is to have; `row` still says the old ones, `away` is the gap of the new."""

    row: t.Appointment
    terms: Terms
    away: Interval | None
    patient_id: UUID | None

    def appointment(self) -> NewAppointment:
        """The appointment in its new terms."""
        row, terms = self.row, self.terms
        return NewAppointment(
            id=row.id,
            service_id=row.service_id,
            practitioner_id=terms.practitioner_id,
            room_id=terms.room_id,
            day=row.day,
            start=terms.start,
            end=terms.end,
            price_cents=terms.price_cents,
            buffer_before_min=row.buffer_before_min,
            buffer_after_min=row.buffer_after_min,
            equipment_id=terms.equipment_id,
            visitor=row.visitor,
            beside=row.beside,
            away=self.away,
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """When the claims changed, and why appointments that stand beside others do."""

    at: datetime
    overlap_reasons: Mapping[UUID, str]


def take(
    session: Session,
    offered: Catalogue,
    retaken: Sequence[Retaken],
    override: Override | None = None,
    *,
    known_for: timedelta = UNDO_WITHIN,
    as_before: bool = False,
) -> Taken:
    """Close the claims that the appointments leave and take those of their new terms.

    What an appointment holds, or held until `known_for` ago, asks no rule, and no lane again that it had with leave.
    With `as_before` all return to the lanes they had, if those are free.

    Raises:
        TimeTaken, RuleBroken, NotFound, InvalidInput: as `moving.change` says.
    """
    retaken = [*retaken, *_beside(session, retaken)]
    made = {one.row.id: one.appointment() for one in retaken}
    wanted = [taking for parts in _by_visit(retaken) for taking in _of_visit(parts, made)]
    known = _claims(session, list(made))
    live = [claim for claim in known if claim.live_to is None]
    claims.lock(session, [*(claim.resource_id for claim in live), *(taking.resource_id for taking in wanted)])
    now = claims.now(session)
    held = [Taking.of(claim) for claim in known if claim.live_to is None or claim.live_to > now - known_for]
    for one in retaken:
        _check_fit(offered, one)
    broken = _judged(session, offered, list(made.values()), held, now, override)
    staying = {_key(claim) for claim in live} & {_key(taking) for taking in wanted}
    claims.release(session, [claim for claim in live if _key(claim) not in staying], now)
    wanted = [taking for taking in wanted if _key(taking) not in staying]
    new = overlaps.assigned(session, wanted, override=override, granted=held, as_before=as_before)
    if override:
        new = [_marked(taking, broken, override) for taking in new]
    claims.book(session, offered.clinic.id, new, now)
    stands = [*new, *(Taking.of(claim) for claim in live if _key(claim) in staying)]
    reasons = {
        identifier: overlaps.reason(one for one in stands if one.appointment_id == identifier)
        for identifier in made
    }
    return Taken(now, reasons)


def settle(session: Session, clinic_id: UUID, booking_ids: Iterable[UUID]) -> None:
    """After some appointments of visits were closed: let those that ran beside them take what they left."""
    staying = _standing(session, set(booking_ids))
    if any(one.row.beside for one in staying):
        take(session, catalogue(session, clinic_id), staying)


def _beside(session: Session, retaken: Sequence[Retaken]) -> list[Retaken]:
    """What else stands of visits in which appointments run beside each other, in the terms it has."""
    known = {one.row.id for one in retaken}
    others = [
        one for one in _standing(session, {one.row.booking_id for one in retaken}) if one.row.id not in known
    ]
    shared = {one.row.booking_id for one in (*retaken, *others) if one.row.beside}
    return [one for one in others if one.row.booking_id in shared]


def _standing(session: Session, booking_ids: set[UUID]) -> list[Retaken]:
    a = t.Appointment
    gone = (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW)
    rows = session.scalars(
        select(a)
        .where(a.booking_id.in_(booking_ids), a.status.not_in(gone))
        .order_by(a.booking_id, a.position)
    ).all()
    patients = standing.patients(session, booking_ids)
    return [Retaken(row, standing.terms(row), standing.away(row), patients[row.booking_id]) for row in rows]


def _by_visit(retaken: Sequence[Retaken]) -> list[list[Retaken]]:
    found: dict[UUID, list[Retaken]] = {}
    for one in retaken:
        found.setdefault(one.row.booking_id, []).append(one)
    return list(found.values())


def _of_visit(parts: Sequence[Retaken], made: Mapping[UUID, NewAppointment]) -> list[Taking]:
    return visits.of_visit([(one.row.position, made[one.row.id]) for one in parts], parts[0].patient_id)


def _check_fit(offered: Catalogue, one: Retaken) -> None:
    """Refuse other people and places than it has, where they do not go with the service."""
    row, terms = one.row, one.terms
    wanted = (terms.practitioner_id, terms.room_id, terms.equipment_id)
    if wanted != (row.practitioner_id, row.room_id, row.equipment_id):
        checks.fit(offered, row.service_id, *wanted)


def _judged(
    session: Session,
    offered: Catalogue,
    made: Sequence[NewAppointment],
    held: Sequence[Taking],
    now: datetime,
    override: Override | None,
) -> set[tuple[UUID | None, UUID]]:
    """The appointments that break a rule with leave, each with the resource because of which."""
    asked = [Asked(a, tuple(taking for taking in held if taking.appointment_id == a.id)) for a in made]
    checks.time([one.start for one in asked if one.is_at_a_new_time], now)
    broken = rules.judge(session, offered, asked, now, override)
    return {(one.appointment_id, one.resource_id) for one in broken}


def _marked(taking: Taking, broken: set[tuple[UUID | None, UUID]], override: Override) -> Taking:
    is_reached = (taking.appointment_id, taking.resource_id) in broken
    return replace(taking, override_reason=override.reason) if is_reached else taking


def _claims(session: Session, appointment_ids: Sequence[UUID]) -> Sequence[t.Claim]:
    """All claims that the appointments have or had, the newest first."""
    c = t.Claim
    wanted = select(c).where(c.appointment_id.in_(appointment_ids)).order_by(c.live_from.desc(), c.id)
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def _key(of: t.Claim | Taking) -> tuple[object, ...]:
    """What is equal where a claim may stay as it is."""
    start, end = (of.start, of.end) if isinstance(of, Taking) else (of.start_at, of.end_at)
    return of.appointment_id, of.resource_id, start, end, of.buffer_before_min, of.buffer_after_min
