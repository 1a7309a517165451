"""One plan made two, two plans made one."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import PlanState
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.plans import keeping, numbering, reading
from clinic_scheduler.services.plans.course import MOST_SESSIONS
from clinic_scheduler.services.plans.rows import Clock
from clinic_scheduler.services.plans.views import PlanView, SessionView

COPIED = (
    "clinic_id",
    "patient_id",
    "service_id",
    "strategy",
    "state",
    "state_reason",
    "keeps_practitioner",
    "keeps_time",
    "resumed_on",
)


def split(
    session: Session, *, actor: Actor, plan_id: UUID, version: int, number: int
) -> tuple[PlanView, PlanView]:
    """Let the sessions from that number on be a plan of their own, with their visits; both plans.

    Raises:
        ChangedMeanwhile: it was changed since it was seen.
        InvalidInput: nothing would be left of one of them.
    """
    actor.require(BOOK)
    row = keeping.locked(session, actor, plan_id, version)
    plan = reading.plan(session, actor=actor, plan_id=plan_id)
    going = [one for one in plan.sessions if one.number >= number]
    if not going or len(going) == len(plan.sessions):
        raise InvalidInput(
            "A plan is split between two of its sessions; please choose the first to go.", "session"
        )
    identifier = new_id()
    session.execute(
        insert(t.TreatmentPlan).values(
            id=identifier, created_by=actor.user_id, **{name: getattr(row, name) for name in COPIED}
        )
    )
    _give(session, going, identifier, range(1, len(going) + 1))
    _record(session, actor, "split", plan_id, identifier)
    _settle(session, actor, plan_id, identifier)
    return (
        reading.plan(session, actor=actor, plan_id=plan_id),
        reading.plan(session, actor=actor, plan_id=identifier),
    )


def merge(
    session: Session, *, actor: Actor, plan_id: UUID, version: int, other_id: UUID, other_version: int
) -> PlanView:
    """Put the sessions of another plan of the patient into this one, by their days; the other is then cancelled.

    Raises:
        ChangedMeanwhile: one was changed since it was seen.
        InvalidInput: they are of different patients, are one, or have more than 50 sessions together.
    """
    actor.require(BOOK)
    versions = {plan_id: version, other_id: other_version}
    locked = {one: keeping.locked(session, actor, one, versions[one]) for one in sorted(versions)}
    if len(locked) < 2 or locked[plan_id].patient_id != locked[other_id].patient_id:
        raise InvalidInput("Two plans of one patient are put together; please choose another.", "plan")
    here, other = (reading.plan(session, actor=actor, plan_id=one) for one in (plan_id, other_id))
    if len(here.sessions) + len(other.sessions) > MOST_SESSIONS:
        raise InvalidInput(
            f"Together they have more than {MOST_SESSIONS} sessions; please remove some.", "plan"
        )
    ordered = _by_day(here.sessions, other.sessions)
    places = {one.id: place for place, one in enumerate(ordered, start=1)}
    numbering.renumber(session, plan_id, {one.id: places[one.id] for one in here.sessions})
    _give(session, other.sessions, plan_id, [places[one.id] for one in other.sessions])
    gone = locked[other_id]
    clock = Clock.read(session, actor.clinic_id)
    gone.state, gone.state_reason, gone.ended_at, gone.review = (
        PlanState.CANCELLED,
        "put together",
        clock.now,
        "",
    )
    if locked[plan_id].state == PlanState.COMPLETED:
        locked[plan_id].state = PlanState.ACTIVE
    _record(session, actor, "merged", plan_id, other_id)
    _settle(session, actor, plan_id, other_id)
    return reading.plan(session, actor=actor, plan_id=plan_id)


def _by_day(these: Sequence[SessionView], those: Sequence[SessionView]) -> list[SessionView]:
    """The sessions by day, then those without one; the order within each plan holds among these."""

    def dated(sessions: Sequence[SessionView], which: int) -> list[tuple[date, int, int, SessionView]]:
        return [(one.start.date() if one.start else date.max, which, one.number, one) for one in sessions]

    return [one for *_key, one in sorted([*dated(these, 0), *dated(those, 1)], key=lambda each: each[:3])]


def _give(session: Session, going: Sequence[SessionView], plan_id: UUID, numbers: Sequence[int]) -> None:
    s = t.PlanSession
    for one, number in zip(going, numbers, strict=True):
        session.execute(update(s).where(s.id == one.id).values(plan_id=plan_id, number=number))


def _record(session: Session, actor: Actor, what: str, plan_id: UUID, other_id: UUID) -> None:
    for one, with_ in ((plan_id, other_id), (other_id, plan_id)):
        audit.record(session, actor, f"plan.{what}", "treatment_plan", one, after={"other": str(with_)})


def _settle(session: Session, actor: Actor, *plan_ids: UUID) -> None:
    session.flush()
    clock = Clock.read(session, actor.clinic_id)
    for one in sorted(plan_ids):
        keeping.settle(session, keeping.locked(session, actor, one), clock)
