"""Looking plans up: one, those of a patient, and the list of all with its filters."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import PlanState
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.people import persons
from clinic_scheduler.services.plans import rows
from clinic_scheduler.services.plans.views import PlanView


class Show(StrEnum):
    """Which plans of a list: all of them, or those on which somebody has to act."""

    ALL = "all"
    DUE = "due"
    OVERDUE = "overdue"
    REVIEW = "review"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Which:
    """What a list of plans is narrowed to; empty means any. `text` is found in names of patients and services."""

    show: Show = Show.ALL
    states: frozenset[str] = frozenset()
    strategies: frozenset[str] = frozenset()
    service_id: UUID | None = None
    practitioner_id: UUID | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list of plans, and how many there are in all; `counts` has one for each `Show`."""

    plans: tuple[PlanView, ...]
    total: int
    counts: dict[Show, int]


def plan(session: Session, *, actor: Actor, plan_id: UUID) -> PlanView:
    """The plan of that id.

    Raises:
        NotFound: it is not in this clinic.
    """
    found = rows.read(session, actor.clinic_id, t.TreatmentPlan.id == plan_id)
    if not found:
        raise NotFound("That plan is no longer there; please refresh the list.")
    return found[0]


def of_patient(session: Session, *, actor: Actor, patient_id: UUID) -> tuple[PlanView, ...]:
    """The plans of a patient, those that go on first, then the newest first."""
    found = rows.read(session, actor.clinic_id, t.TreatmentPlan.patient_id == patient_id)
    going_on = (PlanState.DRAFT, PlanState.ACTIVE, PlanState.PAUSED)
    return tuple(sorted(found, key=lambda one: one.state not in going_on))


def of_appointment(session: Session, *, actor: Actor, appointment_id: UUID) -> PlanView | None:
    """The plan of which an appointment is a session; None if it is of none."""
    s = t.PlanSession
    plan_id = session.scalar(select(s.plan_id).where(s.appointment_id == appointment_id))
    found = rows.read(session, actor.clinic_id, t.TreatmentPlan.id == plan_id) if plan_id else []
    return found[0] if found else None


def plans(session: Session, *, actor: Actor, which: Which, limit: int = 100, offset: int = 0) -> Page:
    """Plans with their progress: what is longest due first, then by the next visit, then the newest."""
    found = rows.read(session, actor.clinic_id, *_conditions(which))
    if which.practitioner_id:
        found = [
            one for one in found if any(s.practitioner_id == which.practitioner_id for s in one.sessions)
        ]
    counts = {show: sum(_shows(show, one) for one in found) for show in Show}
    shown = sorted((one for one in found if _shows(which.show, one)), key=_order)
    return Page(tuple(shown[offset : offset + limit]), len(shown), counts)


def _conditions(which: Which) -> list[ColumnElement[bool]]:
    p = t.TreatmentPlan
    found: list[ColumnElement[bool]] = []
    if which.states:
        found.append(p.state.in_(which.states))
    if which.strategies:
        found.append(p.strategy.in_(which.strategies))
    if which.service_id:
        found.append(p.service_id == which.service_id)
    for word in persons.folded(which.text).split():
        in_service = t.Service.name.icontains(word, autoescape=True)
        found.append(or_(t.Patient.search.contains(word, autoescape=True), in_service))
    return found


def _shows(show: Show, one: PlanView) -> bool:
    if show is Show.DUE:
        return one.progress.is_due
    if show is Show.OVERDUE:
        return one.progress.is_overdue
    if show is Show.REVIEW:
        return bool(one.review)
    return show is Show.ALL or one.state == PlanState.LAPSED


def _order(one: PlanView) -> tuple[int, float]:
    counted = one.progress
    if counted.is_due:
        return 0, counted.window.latest.toordinal() if counted.window else 0
    if counted.next_visit:
        return 1, counted.next_visit.timestamp()
    return 2, -one.created_at.timestamp()
