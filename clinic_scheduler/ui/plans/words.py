"""Plans and their sessions in words, as several screens and the sheet say them."""

from collections.abc import Iterable
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.localtime import local_day
from clinic_scheduler.services.plans.course import Gap, Step, Window, spaced
from clinic_scheduler.services.plans.search import Aim
from clinic_scheduler.services.plans.views import PlanView, SessionView
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.booking import words as visits

translate = QCoreApplication.translate

DAY_AND_TIME = "d MMM yyyy (ddd)  HH:mm"  # in fields
STRATEGIES = ("immediate", "sequential", "flexible")


def strategy(key: str) -> str:
    """The name of a strategy."""
    names = {
        "immediate": translate("plans", "All at once"),
        "sequential": translate("plans", "One after the other"),
        "flexible": translate("plans", "As it suits"),
    }
    return names[key]


def how_booked(key: str) -> str:
    """What a strategy means, in a sentence."""
    sentences = {
        "immediate": translate(
            "plans", "All sessions are booked now, each as far apart as the service says."
        ),
        "sequential": translate(
            "plans", "The first session is booked now; each time one is completed, the next is offered."
        ),
        "flexible": translate(
            "plans", "The patient says how many to book now; more can be booked at any time."
        ),
    }
    return sentences[key]


def aim(key: Aim) -> str:
    """What comes first when times are looked for."""
    names = {
        Aim.IDEAL: translate("plans", "Best gaps"),
        Aim.EARLIEST: translate("plans", "Earliest finish"),
        Aim.FEWEST: translate("plans", "Fewest practitioners"),
        Aim.STEADIEST: translate("plans", "Steadiest weekday and time"),
    }
    return names[key]


def plan_state(state: str) -> str:
    """Where a plan stands, in a word."""
    names = {
        "draft": translate("plans", "Not begun"),
        "active": translate("plans", "Active"),
        "paused": translate("plans", "Paused"),
        "completed": translate("plans", "Completed"),
        "lapsed": translate("plans", "Lapsed"),
        "cancelled": translate("plans", "Cancelled"),
    }
    return names[state]


def session_state(state: str) -> str:
    """Where a session stands, in a word."""
    names = {
        "planned": translate("plans", "Not booked yet"),
        "due": translate("plans", "Due"),
        "booked": translate("plans", "Booked"),
        "completed": translate("plans", "Completed"),
        "missed": translate("plans", "Missed"),
        "skipped": translate("plans", "Left out"),
        "cancelled": translate("plans", "Cancelled"),
    }
    return names[state]


def title(one: SessionView | Step, service: str = "") -> str:
    """What a session is called: "3 · Crown", else the service."""
    return f"{one.number} · {one.name or service}" if one.name or service else str(one.number)


def when(start: datetime, *, with_year: bool = False) -> str:
    """Day and time of a session; `start` is in the clinic's wall time."""
    return translate("plans", "{day}, {time}").format(
        day=texts.short_date(start.date(), with_year=with_year), time=f"{start:%H:%M}"
    )


def part_when(part: Part, offered: Catalogue) -> str:
    """Day and time of a proposed session."""
    return when(part.start.astimezone(offered.clinic.where))


def part_who(part: Part, offered: Catalogue) -> str:
    """With whom, and where."""
    who = visits.resource_name(offered, part.practitioner_id)
    return f"{who} · {visits.resource_name(offered, part.room_id)}" if part.room_id else who


def window(within: Window, today: date | None = None) -> str:
    """The days on which a session may be; what lies ahead without end is said by its beginning."""
    if today is not None and within.earliest <= today <= within.latest:
        return translate("plans", "until {day}").format(day=day(within.latest))
    return translate("plans", "{first} to {last}").format(first=day(within.earliest), last=day(within.latest))


def day(of: date) -> str:
    """A day for a list, with its year where that is another than this."""
    return texts.short_date(of, with_year=of.year != date.today().year)  # noqa: DTZ011 - only how it is said


def days(count: int) -> str:
    """So many days."""
    return translate("plans", "1 day") if count == 1 else translate("plans", "{n} days").format(n=count)


def gap(between: Gap) -> str:
    """The days before a session: "5 to 14 days, best 7"."""
    least, ideal, most = spaced(between)
    if least == most:
        return days(most)
    return translate("plans", "{least} to {most}, best {ideal}").format(
        least=least, most=days(most), ideal=ideal
    )


def progress(plan: PlanView) -> str:
    """The count beside the bar: "2 of 8"."""
    counted = plan.progress
    return translate("plans", "{done} of {total}").format(done=counted.completed, total=counted.total)


def due(plan: PlanView, today: date) -> tuple[str, str]:
    """What the row says at its end, and its tone: when the next one is due, or where the plan stands."""
    counted = plan.progress
    if plan.state != "active":
        return plan_state(plan.state), ""
    if counted.is_overdue and counted.window is not None:
        late = (today - counted.window.latest).days
        return translate("plans", "{days} overdue").format(days=days(late)), "error"
    if counted.is_due:
        if counted.window is None:
            return translate("plans", "Due"), "warning"
        return translate("plans", "Due by {day}").format(day=day(counted.window.latest)), "warning"
    coming = next((one.start for one in plan.sessions if one.start and one.start == counted.next_visit), None)
    if coming is not None:  # by the clinic's wall, as sessions have it
        return translate("plans", "Next {when}").format(when=when(coming)), ""
    return plan_state(plan.state), ""


def span(parts: Iterable[Part], offered: Catalogue) -> str:
    """What was proposed, in one line: sessions, from when to when, how many people, how much."""
    found = sorted(parts, key=lambda part: part.start)
    if not found:
        return translate("plans", "No session has a time yet.")
    people = {part.practitioner_id for part in found}
    first, last = (local_day(one.start, offered.clinic.where) for one in (found[0], found[-1]))
    money = texts.money(sum(part.price_cents for part in found), offered.clinic.currency)
    facts = [
        translate("plans", "1 session") if len(found) == 1 else _sessions(len(found)),
        day(first) if first == last else _from_to(first, last),
        translate("plans", "1 practitioner") if len(people) == 1 else _people(len(people)),
        money,
    ]
    return " · ".join(facts)


def _from_to(first: date, last: date) -> str:
    return translate("plans", "{first} to {last}").format(first=day(first), last=day(last))


def _sessions(count: int) -> str:
    return translate("plans", "{n} sessions").format(n=count)


def _people(count: int) -> str:
    return translate("plans", "{n} practitioners").format(n=count)
