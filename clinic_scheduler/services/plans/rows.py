"""Plans read from the database, in two statements however many they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import PlanStrategy
from clinic_scheduler.services import catalogue, localtime
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people import persons
from clinic_scheduler.services.plans import course, deriving, words
from clinic_scheduler.services.plans.course import MOST_DAYS, Gap
from clinic_scheduler.services.plans.deriving import Facts, Plan
from clinic_scheduler.services.plans.views import GONE, OPEN, STANDING, PlanView, SessionView
from clinic_scheduler.services.taking import claims


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, by the database, and the clinic's wall."""

    now: datetime
    today: date
    where: ZoneInfo
    country: str

    @classmethod
    def read(cls, session: Session, clinic_id: UUID) -> "Clock":
        """The clock of a clinic."""
        return cls.of(catalogue.clinic(session, clinic_id), claims.now(session))

    @classmethod
    def of(cls, clinic: ClinicFacts, now: datetime) -> "Clock":
        """The clock of a clinic at that moment."""
        return cls(now, localtime.local_day(now, clinic.where), clinic.where, clinic.country)


def read(session: Session, clinic_id: UUID, *conditions: ColumnElement[bool]) -> list[PlanView]:
    """The plans of the clinic that meet the conditions on plan, patient and service, the newest first."""
    p, who, service = t.TreatmentPlan, t.Patient, t.Service
    plans = session.execute(
        select(p, who.name, who.phone, service.name)
        .join(who, who.id == p.patient_id)
        .join(service, service.id == p.service_id)
        .where(p.clinic_id == clinic_id, *conditions)
        .order_by(p.created_at.desc(), p.id.desc())
        .execution_options(populate_existing=True)
    ).all()
    clock = Clock.read(session, clinic_id)
    sessions = _sessions(session, [plan.id for plan, *_names in plans])
    return [view(plan, names, sessions.get(plan.id, ()), clock) for plan, *names in plans]


def _sessions(session: Session, plan_ids: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """The sessions of each plan in order, with what their appointments say."""
    s, a, service = t.PlanSession, t.Appointment, t.Service
    wished, has, room, has_room = (aliased(t.Resource) for _ in range(4))
    found: dict[UUID, tuple[Any, ...]] = {}
    for some in _few_at_a_time(plan_ids):
        rows = session.execute(
            select(
                *s.__table__.columns,
                service.name.label("service"),
                service.duration_min.label("usual_min"),
                wished.name.label("wished"),
                room.name.label("room"),
                a.status,
                a.day,
                a.start_at,
                a.end_at,
                a.version,
                a.booking_id,
                a.practitioner_id.label("has_id"),
                has.name.label("has"),
                a.room_id.label("has_room_id"),
                has_room.name.label("has_room"),
            )
            .join(service, service.id == s.service_id)
            .outerjoin(a, a.id == s.appointment_id)
            .outerjoin(wished, wished.id == s.practitioner_id)
            .outerjoin(room, room.id == s.room_id)
            .outerjoin(has, has.id == a.practitioner_id)
            .outerjoin(has_room, has_room.id == a.room_id)
            .where(s.plan_id.in_(some))
            .order_by(s.plan_id, s.number)
        ).all()
        found |= {plan_id: tuple(of) for plan_id, of in groupby(rows, lambda row: row.plan_id)}
    return found


def _few_at_a_time(ids: Sequence[UUID], most: int = 500) -> Iterable[Sequence[UUID]]:
    return (ids[at : at + most] for at in range(0, len(ids), most))


def facts(row: Any) -> Facts:  # noqa: ANN401 - a row of any select with these names
    """A session as the rules look at it."""
    gap = Gap(row.min_days, row.ideal_days, row.max_days)
    return Facts(row.number, row.state, gap, row.status, row.day, row.start_at)


def view(plan: t.TreatmentPlan, names: Sequence[str | None], rows: Sequence[Any], clock: Clock) -> PlanView:
    """A plan as it is seen."""
    patient, phone, service = names
    of, said = [facts(row) for row in rows], Plan(plan.strategy, plan.state, plan.resumed_on)
    counted = deriving.progress(said, of, clock.now, clock.today)
    standing = {one.number: one.day for one in of if one.state in STANDING and one.day}
    is_flexible = plan.strategy == PlanStrategy.FLEXIBLE
    gaps = {n: replace(gap, max_days=MOST_DAYS) if is_flexible else gap for n, gap in _gaps(of).items()}
    notes = {
        n: words.too_near(n, between, gaps[n])
        for n, between in course.broken(gaps, standing, plan.resumed_on)
    }
    return PlanView(
        id=plan.id,
        version=plan.version,
        patient_id=plan.patient_id,
        patient=patient or "",
        phone=persons.shown_phone(phone, clock.country) if phone else "",
        service_id=plan.service_id,
        service=service or "",
        strategy=plan.strategy,
        state=plan.state,
        state_reason=plan.state_reason,
        review=plan.review,
        notes=plan.notes,
        created_at=plan.created_at.astimezone(clock.where),
        sessions=tuple(
            _session(row, one, clock, notes.get(one.number, ""), said, of)
            for row, one in zip(rows, of, strict=True)
        ),
        progress=counted,
        sentence=words.of_progress(plan.state, plan.state_reason, counted),
        keeps_practitioner=plan.keeps_practitioner,
        keeps_time=plan.keeps_time,
        resumed_on=plan.resumed_on,
    )


def _gaps(of: Sequence[Facts]) -> dict[int, Gap]:
    return {one.number: one.gap for one in of if one.state not in GONE}


def _session(
    row: Any,  # noqa: ANN401
    one: Facts,
    clock: Clock,
    note: str,
    plan: Plan,
    of: Sequence[Facts],
) -> SessionView:
    has_time, is_open = one.state in STANDING, one.state in OPEN
    start, end = (moment.astimezone(clock.where) if moment else None for moment in (row.start_at, row.end_at))
    who, where = ("has", "has_room") if has_time else ("wished", "room")
    return SessionView(
        id=row.id,
        number=row.number,
        name=row.name,
        service_id=row.service_id,
        service=row.service,
        practitioner_id=row.has_id if has_time else row.practitioner_id,
        practitioner=getattr(row, who) or "",
        room_id=row.has_room_id if has_time else row.room_id,
        room=getattr(row, where) or "",
        duration_min=(end - start) // localtime.MINUTE if has_time and start and end else row.duration_min,
        gap=one.gap,
        state=one.state,
        is_locked=row.is_locked,
        appointment_id=row.appointment_id,
        booking_id=row.booking_id,
        status=row.status or "",
        version=row.version or 0,
        start=start,
        end=end,
        window=deriving.next_window(plan, of, one.number) if is_open else None,
        gap_note=note,
        usual_min=row.usual_min,
    )
