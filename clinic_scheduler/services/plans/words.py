"""Plans in plain sentences: how a course works, how far a plan has come, why a day breaks a gap. Pure."""

from collections.abc import Iterator
from datetime import date

from clinic_scheduler.db.states import PlanState, PlanStrategy
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.plans.course import Course, Gap, Step, Window, spaced
from clinic_scheduler.services.plans.views import Progress

HOW_BOOKED = {
    PlanStrategy.IMMEDIATE: "All sessions are booked at once.",
    PlanStrategy.SEQUENTIAL: "The first session is booked at once; each time one is completed, the next is offered.",
    PlanStrategy.FLEXIBLE: "The patient says how many to book at once; more can be booked at any time.",
}
STANDING = {
    PlanState.DRAFT: "Not begun yet",
    PlanState.PAUSED: "Paused",
    PlanState.COMPLETED: "Completed",
    PlanState.LAPSED: "Lapsed",
    PlanState.CANCELLED: "Cancelled",
}


def day(of: date) -> str:
    """A day as it is said: "14 March 2027"."""
    return f"{of.day} {of:%B %Y}"


def days(count: int) -> str:
    """So many days, in words."""
    return "1 day" if count == 1 else f"{count} days"


def sessions(count: int) -> str:
    """So many sessions, in words."""
    return "1 session" if count == 1 else f"{count} sessions"


def span(gap: Gap) -> str:
    """The days of a gap: "5 to 14 days, best 7"."""
    least, ideal, most = spaced(gap)
    if least == most:
        return days(most)
    return f"{least} to {days(most)}, best {ideal}"


def of_course(offered: Catalogue, course: Course) -> Iterator[str]:
    """How a course works, sentence by sentence."""
    service = offered.service(course.service_id)
    if len(course.steps) == 1:
        yield f"{service.name} takes one session; no plan is made."
        return
    yield f"{service.name} takes {sessions(len(course.steps))}."
    yield HOW_BOOKED[PlanStrategy(course.strategy)]
    yield from _of_gaps(course)
    for step in course.steps:
        if own := _of_step(offered, course, step):
            yield own
    if course.keeps_practitioner:
        yield "All sessions are with one practitioner, where that is possible."
    if course.keeps_time:
        yield "All sessions are on the same weekday at the same time, where that is possible."
    spans = [spaced(step.gap) for step in course.steps[1:]]
    least, ideal, most = (sum(one[n] for one in spans) for n in range(3))
    if least == most:
        yield f"From the first to the last session it takes {days(most)}."
    else:
        yield f"From the first to the last session it takes {least} to {days(most)}, at best {ideal}."


def _of_gaps(course: Course) -> Iterator[str]:
    gaps = [step.gap for step in course.steps[1:]]
    usual = max(dict.fromkeys(gaps), key=gaps.count)
    yield f"Between two sessions lie {span(usual)}."
    for step in course.steps[1:]:
        if step.gap != usual:
            yield f"Between session {step.number - 1} and {step.number} lie {span(step.gap)}."


def _of_step(offered: Catalogue, course: Course, step: Step) -> str:
    """What is special about a session, empty where nothing is."""
    service = offered.service(step.service_id)
    name = f"Session {step.number}" + (f" ({step.name})" if step.name else "")
    facts = []
    if step.service_id != course.service_id:
        facts.append(service.name)
    if step.duration_min is not None:
        facts.append(f"{step.duration_min} min")
    if step.practitioner_id is not None:
        facts.append(f"with {offered.resource(step.practitioner_id).name}")
    if step.room_id is not None:
        facts.append(f"in {offered.resource(step.room_id).name}")
    if not facts:
        return f"Session {step.number} is called {step.name}." if step.name else ""
    return f"{name} is {', '.join(facts)}."


def of_progress(state: str, reason: str, progress: Progress) -> str:
    """How far a plan has come: "5 of 10 booked, 2 completed, 5 to book; next due by 14 March 2027"."""
    counted = f"{progress.booked + progress.completed} of {progress.total} booked"
    facts = [counted, f"{progress.completed} completed"]
    if progress.to_book:
        missed = f" ({progress.missed} missed)" if progress.missed else ""
        facts.append(f"{progress.to_book} to book{missed}")
    if progress.skipped:
        facts.append(f"{progress.skipped} left out")
    said = ", ".join(facts)
    if state == PlanState.COMPLETED:
        return f"Completed: all {progress.total} sessions took place" + (
            f", {progress.skipped} left out." if progress.skipped else "."
        )
    if state != PlanState.ACTIVE:
        because = f" ({reason})" if reason else ""
        return f"{STANDING[PlanState(state)]}{because}: {said}."
    return f"{said}{_of_next(progress)}."


def _of_next(progress: Progress) -> str:
    if progress.next_number is None:
        return ""
    if progress.window is None:
        return "; next may be booked at any time"
    if progress.is_overdue:
        return f"; next was due by {day(progress.window.latest)}"
    return f"; next due by {day(progress.window.latest)}"


def too_near(number: int, between: int, gap: Gap) -> str:
    """Why a session breaks its gap."""
    least, _ideal, most = spaced(gap)
    if between < least:
        if between <= 0:
            return f"Session {number} is not after the one before it."
        return f"Session {number} is {days(between)} after the one before; at least {least} are asked for."
    return f"Session {number} is {days(between)} after the one before; at most {most} are asked for."


def nothing_within(window: Window) -> str:
    """That no time is free on the days of a session."""
    if window.earliest == window.latest:
        return f"Nothing is free on {day(window.latest)}."
    return f"Nothing is free from {day(window.earliest)} to {day(window.latest)}."
