"""Making a plan and booking its sessions: each a visit of its own, all of them or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import PlanState, Source
from clinic_scheduler.db.trip import together
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput
from clinic_scheduler.services import audit, localtime
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.audit import Happened
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.plans import inserting, keeping, reading, reminding, sessions, words
from clinic_scheduler.services.plans.course import MOST_SESSIONS, Course, Step, broken
from clinic_scheduler.services.plans.rows import Clock
from clinic_scheduler.services.plans.sessions import Chosen, VisitTerms
from clinic_scheduler.services.plans.views import PlanView
from clinic_scheduler.services.taking import claims, on_offer, once
from clinic_scheduler.services.taking.requests import Answer
from clinic_scheduler.services.taking.rules import Override
from clinic_scheduler.services.taking.visits import NewBooking
from clinic_scheduler.services.wishes import Part


@dataclass(frozen=True, slots=True)
class Placed:
    """What was booked: the visits in the order of the sessions."""

    plan_id: UUID
    booking_ids: tuple[UUID, ...]
    references: tuple[str, ...]
    appointment_ids: tuple[UUID, ...]

    def write(self) -> Answer:
        """The outcome as JSON."""
        return {
            "plan": str(self.plan_id),
            "bookings": [str(one) for one in self.booking_ids],
            "references": list(self.references),
            "appointments": [str(one) for one in self.appointment_ids],
        }

    @classmethod
    def read(cls, stored: Answer) -> "Placed":
        """The outcome from its JSON."""
        bookings, appointments = (
            tuple(UUID(one) for one in stored[name]) for name in ("bookings", "appointments")
        )
        return cls(UUID(stored["plan"]), bookings, tuple(stored["references"]), appointments)


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms sessions are booked.

    The holds of `session_id`, an unfinished booking at this desk, are used, and it ends with the plan. With
    `may_break_gaps` sessions may be nearer together or farther apart than the course allows.
    """

    session_id: UUID | None = None
    source: str = Source.PLAN
    notes: str = ""
    may_break_gaps: bool = False
    override: Override | None = None

    @property
    def visits(self) -> VisitTerms:
        """What of it concerns the visits."""
        return VisitTerms(self.session_id, self.source, self.override)


AS_USUAL = Terms()


def create(
    session: Session,
    *,
    actor: Actor,
    request_id: UUID,
    patient_id: UUID,
    course: Course,
    parts: Mapping[int, Part],
    terms: Terms = AS_USUAL,
) -> Placed:
    """Make a plan of the course and book the sessions that have a part, by number; the others are due later.

    Asked again with the same `request_id` it returns the first answer.

    Raises:
        TimeTaken: naming who is not free, and for which session; nothing was booked.
        RuleBroken: the clinic's rules forbid a time, and the override does not name that rule.
        InvalidInput: a gap is broken, there is no session to be booked, or one cannot be.
        ChangedMeanwhile: the unfinished booking goes on at another desk.
        NotFound: the patient, a service or somebody needed is gone.
        NotPermitted: the person may not book, or not override.
    """
    actor.require(BOOK)
    ordered = dict(sorted(parts.items()))
    _check_steps(course.steps, ordered)

    def do() -> Answer:
        patient = patients.find(session, clinic_id=actor.clinic_id, patient_id=patient_id)
        offered = on_offer.catalogue(session, actor.clinic_id, list(ordered.values()))
        clock = Clock.of(offered.clinic, claims.now(session))
        if not terms.may_break_gaps:
            _check_gaps(course, {n: _day(part, clock) for n, part in ordered.items()})
        plan_id = new_id()
        with together(session):
            made = sessions.book(
                session, actor, patient, plan_id, Chosen(ordered, offered, clock.now), terms.visits
            )
            inserting.plan(session, actor, plan_id, patient.id, course, terms.notes)
            written = {n: one.appointments[0].id for n, one in zip(ordered, made, strict=True)}
            inserting.sessions(session, plan_id, course.steps, ordered, written)
            _record(session, actor, "created", plan_id, made, len(course.steps))
        if len(made) < len(course.steps):
            keeping.settle(session, keeping.locked(session, actor, plan_id), clock)
        announce(session, "treatment_plan", plan_id)
        return _placed(plan_id, made).write()

    content = ("plan", patient_id, course, list(ordered.items()), terms)
    return Placed.read(once.answered(session, request_id, content, do))


def book(
    session: Session,
    *,
    actor: Actor,
    request_id: UUID,
    plan_id: UUID,
    version: int,
    parts: Mapping[int, Part],
    terms: Terms = AS_USUAL,
) -> Placed:
    """Book open or missed sessions of a plan, all of them or none; a lapsed plan goes on. Raises as `create` does.

    Raises:
        ChangedMeanwhile: the plan was changed since it was seen.
    """
    actor.require(BOOK)
    ordered = dict(sorted(parts.items()))

    def do() -> Answer:
        claims.lock(
            session, sessions.resources(ordered.values())
        )  # before the plan, as a changed status does
        row = keeping.locked(session, actor, plan_id, version)
        plan = reading.plan(session, actor=actor, plan_id=plan_id)
        _check_open(plan, ordered)
        offered = on_offer.catalogue(session, actor.clinic_id, list(ordered.values()))
        clock = Clock.of(offered.clinic, claims.now(session))
        if not terms.may_break_gaps:
            days = {**plan.days, **{n: _day(part, clock) for n, part in ordered.items()}}
            _check_gaps(plan.course(), days, frozenset(ordered), plan.resumed_on)
        patient = patients.find(session, clinic_id=actor.clinic_id, patient_id=plan.patient_id)
        reminding.withdraw(session, plan_id)
        made = sessions.book(
            session, actor, patient, plan_id, Chosen(ordered, offered, clock.now), terms.visits
        )
        for number, one in zip(ordered, made, strict=True):
            session.execute(
                update(t.PlanSession)
                .where(t.PlanSession.id == plan.number(number).id)
                .values(appointment_id=one.appointments[0].id)
            )
        if row.state == PlanState.LAPSED:
            row.state, row.ended_at, row.state_reason = PlanState.ACTIVE, None, ""
        row.review = ""
        _record(session, actor, "booked", plan_id, made, len(plan.sessions))
        keeping.settle(session, row, clock)
        return _placed(plan_id, made).write()

    content = ("plan sessions", plan_id, list(ordered.items()), terms)
    return Placed.read(once.answered(session, request_id, content, do))


def _check_steps(steps: Sequence[Step], parts: Mapping[int, Part]) -> None:
    """Refuse what is no course, and sessions that are none of it."""
    if not 2 <= len(steps) <= MOST_SESSIONS:
        raise InvalidInput(f"A plan has 2 to {MOST_SESSIONS} sessions; please choose a number.", "sessions")
    if [step.number for step in steps] != list(range(1, len(steps) + 1)):
        raise InvalidInput(
            "The sessions of a plan are numbered from 1 on; please look at them again.", "sessions"
        )
    if not parts:
        raise InvalidInput("Please choose a time for the first session.", "time")
    services = {step.number: step.service_id for step in steps}
    for number, part in parts.items():
        if services.get(number) != part.service_id:
            raise InvalidInput(f"Session {number} is another service; please choose its time again.", "time")


def _check_open(plan: PlanView, parts: Mapping[int, Part]) -> None:
    if plan.state not in (PlanState.ACTIVE, PlanState.LAPSED):
        raise InvalidInput(f"This plan is {plan.state}; resume it before booking.", "plan")
    if not parts:
        raise InvalidInput("Please choose a time for the next session.", "time")
    known = {one.number: one for one in plan.sessions}
    for number, part in parts.items():
        if number not in known or not known[number].is_open:
            raise ChangedMeanwhile(f"Session {number} is not to be booked any more; please look at it again.")
        if known[number].service_id != part.service_id:
            raise InvalidInput(f"Session {number} is another service; please choose its time again.", "time")


def _check_gaps(
    course: Course,
    days: Mapping[int, date],
    new: frozenset[int] | None = None,
    resumed_on: date | None = None,
) -> None:
    """Refuse days too near together or too far apart; the first that is says so.

    Where only some are `new`, nothing is said of what was so before.
    """
    gaps = {step.number: course.gap(step) for step in course.steps}
    before = dict(pairwise(sorted(gaps, reverse=True)))
    for number, between in broken(gaps, days, resumed_on):
        if new is None or number in new or before.get(number) in new:
            said = words.too_near(number, between, gaps[number])
            raise InvalidInput(f"{said} Choose another day, or allow it.", "gap")


def _day(part: Part, clock: Clock) -> date:
    return localtime.local_day(part.start, clock.where)


def _record(
    session: Session, actor: Actor, what: str, plan_id: UUID, made: Sequence[NewBooking], total: int
) -> None:
    """Leave the plan and its visits in the audit."""
    planned = Happened(
        f"plan.{what}", "treatment_plan", plan_id, after={"sessions": total, "booked": len(made)}
    )
    audit.record_all(session, actor, [planned, *sessions.happened(made)])


def _placed(plan_id: UUID, made: Sequence[NewBooking]) -> Placed:
    return Placed(
        plan_id,
        tuple(one.id for one in made),
        tuple(one.reference for one in made),
        tuple(one.appointments[0].id for one in made),
    )
