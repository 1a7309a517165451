"""What a record is in words: how far a plan is, what became of visits, what a record has."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.services.people.accounts import PlanLine
from clinic_scheduler.services.people.merge_preview import Half, Meeting
from clinic_scheduler.services.people.records import Record
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.calendar.typeset import one_line

translate = QCoreApplication.translate
MOST_DAYS = 3


def plan_state(state: str) -> str:
    """The word for where a plan stands."""
    words = {
        "draft": translate("plan", "Draft"),
        "active": translate("plan", "Active"),
        "paused": translate("plan", "Paused"),
        "completed": translate("plan", "Completed"),
        "lapsed": translate("plan", "Lapsed"),
        "cancelled": translate("plan", "Cancelled"),
    }
    return words.get(state, state)


def progress(plan: PlanLine) -> str:
    """How far a plan is: "3 of 6 done, 1 booked"."""
    done = translate("patients", "{done} of {total} done").format(done=plan.done, total=plan.total)
    if not plan.booked:
        return done
    return translate("patients", "{done}, {booked} booked").format(done=done, booked=plan.booked)


def figures(record: Record) -> str:
    """What became of the visits, in one line."""
    return translate(
        "patients", "{ahead} ahead, {came} completed, {missed} no-show, {cancelled} cancelled"
    ).format(ahead=record.ahead, came=record.came, missed=record.missed, cancelled=record.cancelled)


def missed(record: Record) -> str:
    """When the person did not come, the latest first; empty if always."""
    if not record.missed:
        return ""
    days = _days(record.missed_on[:MOST_DAYS])
    if record.missed > MOST_DAYS:
        return translate("patients", "Did not come {count} times, last on {days}").format(
            count=record.missed, days=days
        )
    return translate("patients", "Did not come on {days}").format(days=days)


def _days(days: Sequence[date]) -> str:
    return ", ".join(texts.short_date(day, with_year=True) for day in days)


def meeting(one: Meeting) -> str:
    """A visit: "Tue 24 Nov 2026, 09:00 to 09:45, Physiotherapy with Ana Silva"."""
    return translate("patients", "{day}, {start} to {end}, {service} with {who}").format(
        day=texts.short_date(one.day, with_year=True),
        start=f"{one.start:%H:%M}",
        end=f"{one.end:%H:%M}",
        service=one_line(one.service),
        who=one_line(one.practitioner),
    )


def holdings(half: Half, currency: str) -> str:
    """What a record has beside its fields: "4 visits (1 ahead), 1 plan, 2 payments (100,00 €)"."""
    parts = [
        _visits(half),
        _some(half.plans, translate("patients", "1 plan"), translate("patients", "{count} plans")),
        _payments(half, currency),
        _some(half.waits, translate("patients", "1 wish"), translate("patients", "{count} wishes")),
        _some(half.messages, translate("patients", "1 message"), translate("patients", "{count} messages")),
    ]
    return ", ".join(part for part in parts if part) or translate("patients", "nothing but the fields")


def _visits(half: Half) -> str:
    told = _some(half.visits, translate("patients", "1 visit"), translate("patients", "{count} visits"))
    if not half.ahead:
        return told
    return translate("patients", "{visits} ({ahead} ahead)").format(visits=told, ahead=half.ahead)


def _payments(half: Half, currency: str) -> str:
    told = _some(half.payments, translate("patients", "1 payment"), translate("patients", "{count} payments"))
    return f"{told} ({texts.money(half.paid_cents, currency)})" if told else ""


def _some(count: int, one: str, several: str) -> str:
    return "" if not count else one if count == 1 else several.format(count=count)
