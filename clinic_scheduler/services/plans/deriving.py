"""What follows from the appointments of a plan: where each session stands, which is next, what is due. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from clinic_scheduler.db.states import AppointmentStatus, PlanSessionState, PlanState, PlanStrategy
from clinic_scheduler.services.plans.course import Gap, Window, spaced, window
from clinic_scheduler.services.plans.views import GONE, OPEN, STANDING, Progress

LAPSE_AFTER = timedelta(days=60)  # after the last day on which the next session should have been


@dataclass(frozen=True, slots=True)
class Facts:
    """A session as it is stored, and the appointment it is linked to."""

    number: int
    stored: str
    gap: Gap
    status: str | None = None
    day: date | None = None
    start: datetime | None = None

    @property
    def state(self) -> str:
        """Where it stands: the appointment says so, unless there is none that counts."""
        if self.status == AppointmentStatus.COMPLETED:
            return PlanSessionState.COMPLETED
        if self.status not in (None, AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW):
            return PlanSessionState.BOOKED
        if self.stored in GONE:
            return self.stored
        if self.status == AppointmentStatus.NO_SHOW:
            return PlanSessionState.MISSED
        return PlanSessionState.DUE if self.stored == PlanSessionState.DUE else PlanSessionState.PLANNED


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan itself says: its strategy, its state, and since when its time runs again."""

    strategy: str
    state: str
    resumed_on: date | None = None


def progress(plan: Plan, sessions: Sequence[Facts], now: datetime, today: date) -> Progress:
    """How far the plan has come; sessions are in order."""
    states = [one.state for one in sessions]
    standing = [one for one in sessions if one.state in STANDING]
    coming = [one for one in standing if one.start and one.start > now]
    counted = Progress(
        total=sum(state != PlanSessionState.SKIPPED for state in states),
        completed=states.count(PlanSessionState.COMPLETED),
        booked=states.count(PlanSessionState.BOOKED),
        missed=states.count(PlanSessionState.MISSED),
        to_book=sum(state in OPEN for state in states),
        skipped=states.count(PlanSessionState.SKIPPED),
        next_visit=min((one.start for one in coming if one.start), default=None),
    )
    following = next((one for one in sessions if one.state in OPEN), None)
    if following is None:
        return counted
    within = next_window(plan, sessions, following.number)
    counted = replace(counted, next_number=following.number, window=within)
    if plan.state != PlanState.ACTIVE or not is_due(plan, sessions, following, within, today):
        return counted
    return replace(counted, is_due=True, is_overdue=within is not None and today > within.latest)


def is_due(
    plan: Plan, sessions: Sequence[Facts], following: Facts, within: Window | None, today: date
) -> bool:
    """Whether the next session has to be booked now."""
    if plan.strategy == PlanStrategy.IMMEDIATE or within is None:
        return True
    before = [one for one in sessions if one.number < following.number]
    if any(one.state == PlanSessionState.BOOKED for one in before):
        return False
    return plan.strategy == PlanStrategy.SEQUENTIAL or today >= within.earliest


def next_window(plan: Plan, sessions: Sequence[Facts], number: int) -> Window | None:
    """The days for an open session between its neighbours that stand; None where none comes before it.

    A plan that rested is not to be late at once: its days begin anew when it goes on.
    """
    mine = next(one for one in sessions if one.number == number)
    before = [one.day for one in sessions if one.number < number and one.state in STANDING and one.day]
    if not before:
        return None
    found = window(before[-1], mine.gap)
    if plan.resumed_on and plan.resumed_on > found.ideal:
        by = plan.resumed_on - found.ideal
        found = Window(found.earliest, found.ideal + by, found.latest + by)
    after = next((one for one in sessions if one.number > number and one.state not in GONE), None)
    if after and after.state in STANDING and after.day:
        latest = max(found.earliest, min(found.latest, after.day - timedelta(days=spaced(after.gap)[0])))
        found = Window(found.earliest, min(found.ideal, latest), latest)
    return found


def state_after(plan: Plan, sessions: Sequence[Facts]) -> str:
    """Where the plan stands, now that its sessions do: completed when nothing is left, active again when something is.

    One that somebody stopped stays so.
    """
    counted = [one.state for one in sessions if one.state not in GONE]
    is_done = bool(counted) and all(state == PlanSessionState.COMPLETED for state in counted)
    if is_done and plan.state in (PlanState.ACTIVE, PlanState.LAPSED):
        return PlanState.COMPLETED
    if not is_done and plan.state == PlanState.COMPLETED:
        return PlanState.ACTIVE
    return plan.state


def has_lapsed(counted: Progress, today: date) -> bool:
    """Whether nobody took the next session for so long that the plan is given up."""
    if counted.next_visit is not None or counted.window is None:
        return False
    return counted.is_overdue and today > counted.window.latest + LAPSE_AFTER
