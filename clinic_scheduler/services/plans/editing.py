"""Changing what a plan consists of: sessions added, skipped, put in another order, replaced, locked.

Each raises ChangedMeanwhile where the plan was changed since it was seen in that version, and InvalidInput where it
has ended, or the session has a time that stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import PlanSessionState, PlanState
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.catalogue import catalogue
from clinic_scheduler.services.changing import reasons
from clinic_scheduler.services.plans import inserting, keeping, numbering, reading, reminding, settings
from clinic_scheduler.services.plans.course import MOST_SESSIONS, Step
from clinic_scheduler.services.plans.rows import Clock
from clinic_scheduler.services.plans.settings import OwnSession
from clinic_scheduler.services.plans.views import PlanView, SessionView

ENDED = (PlanState.COMPLETED, PlanState.CANCELLED)


def add(session: Session, *, actor: Actor, plan_id: UUID, version: int, steps: Sequence[Step]) -> PlanView:
    """Put sessions in; each gets its `number`, and those from there on the ones after it. A completed plan goes on."""
    plan, row = _begun(session, actor, plan_id, version, may_be_completed=True)
    total = len(plan.sessions) + len(steps)
    if not steps or total > MOST_SESSIONS:
        raise InvalidInput(f"A plan has at most {MOST_SESSIONS} sessions; please add fewer.", "sessions")
    taken = {step.number for step in steps}
    if len(taken) < len(steps) or not all(1 <= number <= total for number in taken):
        raise InvalidInput(
            "A new session comes before, between or after the others; please check it.", "sessions"
        )
    for step in steps:
        _check(session, actor, step)
    left = iter(number for number in range(1, total + 1) if number not in taken)
    numbering.renumber(session, plan_id, {one.id: next(left) for one in plan.sessions})
    inserting.sessions(session, plan_id, steps, {}, {})
    return _done(session, actor, row, "sessions_added", {"sessions": total})


def skip(
    session: Session, *, actor: Actor, plan_id: UUID, version: int, number: int, reason: str = ""
) -> PlanView:
    """Leave an open or missed session out; one that was skipped is open again."""
    plan, row = _begun(session, actor, plan_id, version)
    one = _session(plan, number)
    if one.state == PlanSessionState.SKIPPED:
        state, what = PlanSessionState.PLANNED, "session_taken_in"
    elif one.is_open:
        state, what = PlanSessionState.SKIPPED, "session_skipped"
    else:
        raise InvalidInput(f"Session {number} has a time; cancel that visit first.", "session")
    _update(session, one, state=state, due_on=None)
    return _done(session, actor, row, what, {"session": number}, reasons.clean(reason))


def replace_step(session: Session, *, actor: Actor, plan_id: UUID, version: int, step: Step) -> PlanView:
    """Let an open session be another: service, length, practitioner, room, name, gap."""
    plan, row = _begun(session, actor, plan_id, version)
    one = _open(plan, step.number)
    _check(session, actor, step)
    usual = session.scalar(select(t.Service.duration_min).where(t.Service.id == step.service_id))
    _update(
        session,
        one,
        name=reasons.clean(step.name),
        service_id=step.service_id,
        practitioner_id=step.practitioner_id,
        room_id=step.room_id,
        duration_min=step.duration_min or usual,
        min_days=step.gap.min_days,
        ideal_days=step.gap.ideal_days,
        max_days=step.gap.max_days,
    )
    return _done(session, actor, row, "session_replaced", {"session": step.number})


def reorder(
    session: Session, *, actor: Actor, plan_id: UUID, version: int, numbers: Sequence[int]
) -> PlanView:
    """Put the open sessions, given by the numbers they have, in this order; those with a time stay where they are.

    The gaps stay with the places.
    """
    plan, row = _begun(session, actor, plan_id, version)
    places = [one.number for one in plan.sessions if one.is_open]
    if sorted(numbers) != places:
        raise InvalidInput(
            "Only sessions that are still to be booked change places; please choose again.", "session"
        )
    gaps = {place: _session(plan, place).gap for place in places}
    to = dict(zip(numbers, places, strict=True))
    for number, place in to.items():
        gap = gaps[place]
        days = {"min_days": gap.min_days, "ideal_days": gap.ideal_days, "max_days": gap.max_days}
        _update(session, _session(plan, number), **days)
    numbering.renumber(session, plan_id, {_session(plan, number).id: place for number, place in to.items()})
    return _done(session, actor, row, "reordered", {"sessions": len(places)})


def change_total(session: Session, *, actor: Actor, plan_id: UUID, version: int, total: int) -> PlanView:
    """Make the plan longer by sessions like its last, or shorter by open ones from its end."""
    plan, row = _begun(session, actor, plan_id, version, may_be_completed=True)
    if not 1 <= total <= MOST_SESSIONS:
        raise InvalidInput(f"A plan has 2 to {MOST_SESSIONS} sessions; please choose a number.", "sessions")
    now = len(plan.sessions)
    if total > now:
        last = plan.sessions[-1]
        like = Step(0, last.service_id, last.gap, last.name, last.duration_min)
        steps = [replace(like, number=number) for number in range(now + 1, total + 1)]
        return add(session, actor=actor, plan_id=plan_id, version=version, steps=steps)
    gone = plan.sessions[total:]
    for one in gone:
        if one.appointment_id is not None or not one.is_open:
            raise InvalidInput(
                f"Session {one.number} has or had a time; leave it out, or cancel its visit first.",
                "sessions",
            )
    ids = [one.id for one in gone]
    reminding.forget(session, ids)
    session.execute(delete(t.PlanSession).where(t.PlanSession.id.in_(ids)))
    return _done(session, actor, row, "sessions_removed", {"sessions": total})


def lock(
    session: Session, *, actor: Actor, plan_id: UUID, version: int, number: int, is_locked: bool
) -> PlanView:
    """Keep a session where it is when others move, or let it move again."""
    plan, row = _begun(session, actor, plan_id, version)
    _update(session, _session(plan, number), is_locked=is_locked)
    return _done(
        session, actor, row, "session_locked" if is_locked else "session_unlocked", {"session": number}
    )


def _begun(
    session: Session, actor: Actor, plan_id: UUID, version: int, *, may_be_completed: bool = False
) -> tuple[PlanView, t.TreatmentPlan]:
    actor.require(BOOK)
    row = keeping.locked(session, actor, plan_id, version)
    if row.state in ENDED and not (may_be_completed and row.state == PlanState.COMPLETED):
        raise InvalidInput(f"This plan is {row.state}; it stays as it was.", "plan")
    return reading.plan(session, actor=actor, plan_id=plan_id), row


def _session(plan: PlanView, number: int) -> SessionView:
    for one in plan.sessions:
        if one.number == number:
            return one
    raise InvalidInput(f"This plan has no session {number}; please look at it again.", "session")


def _open(plan: PlanView, number: int) -> SessionView:
    one = _session(plan, number)
    if not one.is_open:
        raise InvalidInput(f"Session {number} has a time; change that visit instead.", "session")
    return one


def _check(session: Session, actor: Actor, step: Step) -> None:
    settings.check_gap(step.gap, "gap")
    own = OwnSession(step.name, step.service_id, step.duration_min, step.practitioner_id, step.room_id)
    settings.check_session(catalogue(session, actor.clinic_id), step.number, step.service_id, own)


def _update(session: Session, one: SessionView, **values: object) -> None:
    session.execute(update(t.PlanSession).where(t.PlanSession.id == one.id).values(**values))


def _done(
    session: Session,
    actor: Actor,
    row: t.TreatmentPlan,
    what: str,
    after: Mapping[str, str | int | bool | None],
    reason: str = "",
) -> PlanView:
    audit.record(session, actor, f"plan.{what}", "treatment_plan", row.id, after=after, reason=reason)
    keeping.settle(session, row, Clock.read(session, actor.clinic_id))
    return reading.plan(session, actor=actor, plan_id=row.id)
