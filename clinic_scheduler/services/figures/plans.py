"""What became of the treatment plans, as far as their appointments tell."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Subquery, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus, PlanSessionState, PlanState, PlanStrategy
from clinic_scheduler.services.actor import Actor

from . import reach
from .counts import share
from .period import Period

ENDED = (PlanState.COMPLETED, PlanState.LAPSED, PlanState.CANCELLED)
LEFT_OUT = (PlanSessionState.SKIPPED, PlanSessionState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Courses:
    """Plans of one strategy, or all of them, by standing; words without any left out.

    Their sessions: `sessions` in all, of them `completed`, `missed` and `booked` (a time stands, or is passing).
    """

    standings: Mapping[str, int]
    sessions: int = 0
    completed: int = 0
    missed: int = 0
    booked: int = 0

    @property
    def begun(self) -> int:
        return sum(self.standings.values())

    @property
    def completion(self) -> float | None:
        """None where none has ended."""
        ended = sum(self.standings.get(state, 0) for state in ENDED)
        return share(self.standings.get(PlanState.COMPLETED, 0), ended)

    @property
    def sessions_each(self) -> float | None:
        """Completed sessions of a plan, on the average; None where there is no plan."""
        return share(self.completed, self.begun)


@dataclass(frozen=True, slots=True)
class Plans:
    """How many run now, whenever they began; and the plans begun in a period, in all and by strategy."""

    running: int
    all: Courses
    strategies: Mapping[str, Courses]


def plans(session: Session, *, actor: Actor, period: Period) -> Plans:
    """The treatment plans that were begun on the days of a period.

    Raises:
        NotPermitted: the actor may not see figures.
    """
    where = reach.place(session, actor)
    begun = standings(reach.made(t.TreatmentPlan, actor.clinic_id, period, where))
    c = begun.c
    rows = session.execute(
        select(
            c.strategy,
            c.standing,
            func.count(),
            *(func.sum(column) for column in (c.sessions, c.completed, c.missed, c.booked)),
        ).group_by(c.strategy, c.standing)
    ).all()
    groups = [(row[0], row[1], *map(int, row[2:])) for row in rows]
    open_ones = standings(
        [t.TreatmentPlan.clinic_id == actor.clinic_id, t.TreatmentPlan.state == PlanState.ACTIVE]
    )
    running = select(func.count()).select_from(open_ones).where(open_ones.c.standing == PlanState.ACTIVE)
    return Plans(
        session.execute(running).scalar_one(),
        _courses(groups),
        {word: _courses(g for g in groups if g[0] == word) for word in PlanStrategy},
    )


def standings(chosen: Iterable[ColumnElement[bool]]) -> Subquery:
    """Each of the chosen plans but for drafts: where it stands, and what became of its sessions.

    A session that has an appointment stands where that does; only without one its own word counts.
    """
    plan, each, appointment = t.TreatmentPlan, t.PlanSession, t.Appointment
    s, a = each.state, appointment.status
    has_time = and_(a.is_not(None), a != AppointmentStatus.CANCELLED)
    is_wanted = and_(each.id.is_not(None), s.not_in(LEFT_OUT))
    is_done = or_(a == AppointmentStatus.COMPLETED, and_(a.is_(None), s == PlanSessionState.COMPLETED))
    is_missed = or_(a == AppointmentStatus.NO_SHOW, and_(a.is_(None), s == PlanSessionState.MISSED))
    is_booked = and_(has_time, a.not_in((AppointmentStatus.COMPLETED, AppointmentStatus.NO_SHOW)))
    wanted, done = _sum(is_wanted), _sum(and_(is_wanted, is_done))
    standing = case(
        (
            and_(plan.state.in_((PlanState.ACTIVE, PlanState.PAUSED)), wanted > 0, wanted == done),
            literal(PlanState.COMPLETED.value),
        ),
        else_=plan.state,
    )
    return (
        select(
            plan.id,
            plan.strategy,
            standing.label("standing"),
            wanted.label("sessions"),
            done.label("completed"),
            _sum(and_(is_wanted, is_missed)).label("missed"),
            _sum(and_(is_wanted, is_booked)).label("booked"),
        )
        .outerjoin(each, each.plan_id == plan.id)
        .outerjoin(appointment, appointment.id == each.appointment_id)
        .where(*chosen, plan.state != PlanState.DRAFT)
        .group_by(plan.id, plan.strategy, plan.state)
        .subquery()
    )


def _sum(is_so: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((is_so, 1), else_=0))


def _courses(groups: Iterable[tuple[str, str, int, int, int, int, int]]) -> Courses:
    standings: Counter[str] = Counter()
    sums = [0, 0, 0, 0]
    for _strategy, standing, count, *sessions in groups:
        standings[standing] += count
        sums = [one + other for one, other in zip(sums, sessions, strict=True)]
    return Courses(dict(standings), *sums)
