"""Moving one session of a plan and what follows it: first looked at, then done at once, then undone if need be."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import MessageState
from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.changing import moving
from clinic_scheduler.services.changing.moves import Changed
from clinic_scheduler.services.offers import eligible
from clinic_scheduler.services.plans import nearby, placing, proposing, reading, words
from clinic_scheduler.services.plans.course import spaced, window
from clinic_scheduler.services.plans.placing import Wanted
from clinic_scheduler.services.plans.possible import Need, Possible
from clinic_scheduler.services.plans.previews import Following, Moving, Preview, terms_of
from clinic_scheduler.services.plans.proposals import Looking, Proposed
from clinic_scheduler.services.plans.rows import Clock
from clinic_scheduler.services.plans.views import PlanView, SessionView
from clinic_scheduler.services.wishes import Part, Wish

MOST_ALTERNATIVES = 4

__all__ = ["Following", "Moving", "Preview", "apply", "preview"]


def preview(
    session: Session,
    *,
    actor: Actor,
    plan_id: UUID,
    number: int,
    start: datetime,
    following: Following = Following.SHIFT,
    practitioner_id: UUID | None = None,
    chosen: Mapping[int, Part] | None = None,
) -> Preview:
    """What moving a session there does to the later ones; locked ones stay. Nothing is changed.

    Times `chosen` by number, say among the alternatives of a conflict, are taken instead of computed ones.

    Raises:
        NotFound: the plan is not in this clinic, or the session has no visit.
        InvalidInput: the visit cannot be moved any more.
    """
    plan = reading.plan(session, actor=actor, plan_id=plan_id)
    own = _movable(plan, number)
    shown = [one for one in plan.sessions if one.number >= number and _part(session, one) is not None]
    before = {one.number: part for one in shown if (part := _part(session, one)) is not None}
    there = before[number]
    target = replace(
        there,
        start=start.astimezone(UTC),
        end=start.astimezone(UTC) + (there.end - there.start),
        practitioner_id=practitioner_id or there.practitioner_id,
    )
    later = [one for one in shown if one.number > number and _may_move(one) and following != Following.STAY]
    moved = {own.number: target}
    clock = Clock.read(session, actor.clinic_id)
    if following == Following.SHIFT:
        days = (
            localtime.local_day(target.start, clock.where) - localtime.local_day(there.start, clock.where)
        ).days
        moved |= {one.number: _shifted(before[one.number], days, clock) for one in later}
    moved |= dict(chosen or {})
    asked = _Asked(plan, before, moved, frozenset(one.number for one in later), clock)
    if following == Following.REPLAN:
        asked = _replanned(session, actor, asked)
    return Preview(plan_id, number, _judged(session, actor, asked, shown))


def apply(session: Session, *, actor: Actor, request_id: UUID, preview: Preview, reason: str = "") -> Changed:
    """Move all sessions of a preview at once, or none. Asked again with the same `request_id` it answers the same.

    Raises as `changing.moving.change` does, and:
        InvalidInput: a session is still in conflict, or nothing is moved.
    """
    if preview.conflicts:
        raise InvalidInput(
            f"Session {preview.conflicts[0]} has no time yet; please choose one of the alternatives.", "time"
        )
    changed = moving.change(
        session, actor=actor, request_id=request_id, changes=preview.changes, reason=reason
    )
    _name_the_plan(session, preview)
    return changed


@dataclass(frozen=True, slots=True)
class _Asked:
    """The plan, its visits as they are, and those that are to be elsewhere; `later` may move along."""

    plan: PlanView
    before: Mapping[int, Part]
    moved: Mapping[int, Part]
    later: frozenset[int]
    clock: Clock

    @property
    def appointment_ids(self) -> tuple[UUID, ...]:
        """The visits that leave their times."""
        return tuple(
            one.appointment_id
            for one in self.plan.sessions
            if one.appointment_id and one.number in self.moved.keys() | self.later
        )

    def wanted(self, numbers: frozenset[int]) -> Wanted:
        """The question about these sessions, with all others where they are or are to be."""
        days = [localtime.local_day(part.start, self.clock.where) for part in self.moved.values()]
        first = min([self.clock.today, *days])
        usual = next(iter(self.moved.values())).start.astimezone(self.clock.where)
        looking = Looking(first, self.plan.patient_id, usual_min=usual.hour * 60 + usual.minute, first_days=1)
        course = self.plan.course()
        stays = {n: part for n, part in self.before.items() if n not in numbers and n not in self.moved}
        chosen = {n: part for n, part in self.moved.items() if n not in numbers}
        return Wanted(course, looking, numbers, chosen, stays, without=self.appointment_ids)


def _replanned(session: Session, actor: Actor, asked: _Asked) -> _Asked:
    """The later sessions on the days that are best after the moved one."""
    numbers = asked.later - asked.moved.keys()
    if not numbers:
        return asked
    found = placing.place(session, actor.clinic_id, asked.wanted(numbers))
    placed = {one.step.number: one.part for one in found.sessions if one.part and one.step.number in numbers}
    return replace(asked, moved={**asked.moved, **placed})


def _judged(session: Session, actor: Actor, asked: _Asked, shown: list[SessionView]) -> tuple[Moving, ...]:
    """Every session from the moved one on: whether its time is free, and whether its day keeps the gap."""
    course = asked.plan.course()
    offered = eligible.catalogue(session, actor.clinic_id, [Wish(step.service_id) for step in course.steps])
    needs = {
        n: Need(part.service_id, duration_min=(part.end - part.start) // localtime.MINUTE)
        for n, part in {**asked.before, **asked.moved}.items()
    }
    rooms = {n: replace(need, room_id=asked.before[n].room_id) for n, need in needs.items()}
    every = dict(enumerate((*needs.values(), *rooms.values())))
    times = placing.look(session, offered, asked.wanted(frozenset()), every, None)
    days = dict(asked.plan.days)
    days |= {n: localtime.local_day(part.start, times.span.where) for n, part in asked.moved.items()}
    judged: list[Moving] = []
    for one in shown:
        number = one.number
        here = asked.before[number]
        is_free, after = _found(times, needs[number], rooms[number], asked.moved.get(number), here)
        note = "" if is_free else "That time is not free; please choose another."
        judged.append(Moving(one, here, after, is_free, note or _gap_note(asked, one, days)))
    return tuple(_with_alternatives(asked, judged, needs, times, days))


def _found(times: Possible, need: Need, in_room: Need, wanted: Part | None, here: Part) -> tuple[bool, Part]:
    """Whether the time can be had, and with which room: its own where that is free."""
    if wanted is None or terms_of(wanted) == terms_of(here):
        return True, here
    for one in (in_room, need):
        if times.is_free(one, wanted):
            return True, times.starting(one, wanted.start, wanted.practitioner_id)
    return False, wanted


def _gap_note(asked: _Asked, one: SessionView, days: Mapping[int, date]) -> str:
    """Why the day of a session breaks the gap, empty where it does not."""
    course = asked.plan.course()
    before = [n for n in days if n < one.number]
    if not before or max(before) != max((s.number for s in course.steps if s.number < one.number), default=0):
        return ""
    gap = course.gap(course.step(one.number))
    between = (days[one.number] - days[max(before)]).days
    least, _ideal, most = spaced(gap)
    return "" if least <= between <= most else words.too_near(one.number, between, gap)


def _with_alternatives(
    asked: _Asked,
    judged: list[Moving],
    needs: Mapping[int, Need],
    times: Possible,
    days: Mapping[int, date],
) -> list[Moving]:
    course = asked.plan.course()
    frame = []
    for one in judged:
        step = course.step(one.session.number)
        before = [n for n in days if n < step.number]
        within = window(days[max(before)], course.gap(step)) if before else None
        stays = step.number not in asked.moved
        frame.append(Proposed(step, within, one.after, is_fixed=stays, note=one.note))
    found = []
    for one, framed in zip(judged, frame, strict=True):
        others: tuple[Part, ...] = ()
        if one.note and framed.step.number in asked.moved:
            others = nearby.of(framed, frame, needs[framed.step.number], times, MOST_ALTERNATIVES)
        found.append(replace(one, alternatives=others))
    return found


def _movable(plan: PlanView, number: int) -> SessionView:
    one = next((one for one in plan.sessions if one.number == number), None)
    if one is None or one.appointment_id is None or one.start is None:
        raise NotFound(f"Session {number} of this plan has no visit; please look at it again.")
    if one.status not in moving.MOVABLE:
        said = one.status.replace("_", " ")
        raise InvalidInput(f"This visit is {said} and keeps its time; choose another one.", "visit")
    return one


def _may_move(one: SessionView) -> bool:
    return one.status in moving.MOVABLE and not one.is_locked


def _part(session: Session, one: SessionView) -> Part | None:
    """Where a session is, with its equipment."""
    part = proposing.standing(one)
    if part is None:
        return None
    a = t.Appointment
    piece = session.scalar(select(a.equipment_id).where(a.id == one.appointment_id))
    return replace(part, equipment_id=piece)


def _shifted(part: Part, days: int, clock: Clock) -> Part:
    """The same on another day, at the same time on the wall clock."""
    wall = part.start.astimezone(clock.where).replace(tzinfo=None) + timedelta(days=days)
    start = localtime.instant(wall, clock.where)
    return replace(part, start=start, end=start + (part.end - part.start))


def _name_the_plan(session: Session, preview: Preview) -> None:
    """Let the news of all these visits say that they belong together, so that they are sent as one."""
    a, m = t.Appointment, t.Message
    moved = [change.appointment_id for change in preview.changes]
    waiting = session.scalars(
        select(m)
        .join(a, a.booking_id == m.booking_id)
        .where(a.id.in_(moved), m.kind == "change", m.state == MessageState.QUEUED)
    ).all()
    for message in waiting:
        message.payload = {**message.payload, "plan": str(preview.plan_id)}
