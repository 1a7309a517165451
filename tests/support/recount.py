"""The figures of a history, worked out one record after the other from what docs/figures.md says."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from clinic_scheduler.services.figures.counts import Count
from clinic_scheduler.services.figures.period import Period
from tests.support.clinics import ZONE
from tests.support.histories import History, Plan, Session, Visit

STEPS = ((2, "under_2_h"), (24, "under_1_day"), (72, "under_3_days"), (168, "under_1_week"))
LATER = ((336, "under_2_weeks"), (672, "under_4_weeks"))
Told = tuple[dict[str, int], dict[str, int], int]


def local(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def within(period: Period, day: date) -> bool:
    return period.first <= day < period.until


def visits(history: History, period: Period) -> list[Visit]:
    return [v for v in history.visits if v.is_here and within(period, v.day)]


def told(count: Count) -> Told:
    """A count as the recount says it."""
    return dict(count.statuses), dict(count.cents), count.late


def count(some: Iterable[Visit]) -> Told:
    statuses: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    late = 0
    for visit in some:
        statuses[visit.status] += 1
        cents[visit.status] += visit.cents
        late += visit.status == "cancelled" and visit.is_late
    return dict(statuses), dict(cents), late


def by(some: Iterable[Visit], key: Callable[[Visit], Any]) -> dict[Any, Told]:
    found: dict[Any, list[Visit]] = {}
    for visit in some:
        found.setdefault(key(visit), []).append(visit)
    return {one: count(each) for one, each in found.items()}


def lead(visit: Visit) -> str:
    if visit.is_untimed or visit.ahead < timedelta():
        return "unknown"
    hours = visit.ahead / timedelta(hours=1)
    return next((name for end, name in (*STEPS, *LATER) if hours < end), "4_weeks_or_more")


def minutes(some: Iterable[Visit], *, with_gap: bool) -> int:
    """Of those who came or are still to come."""
    stand = [v for v in some if v.status not in ("cancelled", "no_show")]
    return sum(v.minutes - (0 if with_gap else v.gap) for v in stand)


def session_of(session: Session) -> str:
    """What became of a session of a plan; empty where it is left out."""
    if session.state in ("skipped", "cancelled"):
        return ""
    if session.visit is None:
        return session.state if session.state in ("completed", "missed") else "open"
    words = {"completed": "completed", "no_show": "missed", "cancelled": "open"}
    return words.get(session.visit.status, "booked")


def standing(plan: Plan) -> str:
    wanted = [word for word in map(session_of, plan.sessions) if word]
    if plan.state in ("active", "paused") and wanted and set(wanted) == {"completed"}:
        return "completed"
    return plan.state


def courses(plans: Iterable[Plan]) -> tuple[dict[str, int], list[int]]:
    """How many by standing; sessions in all, completed, missed, booked."""
    chosen = [plan for plan in plans if plan.state != "draft"]
    words = Counter(word for plan in chosen for session in plan.sessions if (word := session_of(session)))
    sums = [words.total(), words["completed"], words["missed"], words["booked"]]
    return dict(Counter(standing(plan) for plan in chosen)), sums
