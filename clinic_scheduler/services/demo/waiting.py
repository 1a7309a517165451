"""Who waits for a time in the demo clinic, and what is to be done today."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.calls.to_do import About
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.waitlist import entries
from clinic_scheduler.services.waitlist.wish import Wanted
from clinic_scheduler.services.wishes import Wish

WEEKDAYS = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class _Wait:
    """The services by name; days of the week, minutes of the wall clock."""

    services: tuple[str, ...]
    days: int
    urgency: int
    weekdays: frozenset[int] = WEEKDAYS
    from_min: int = 0
    until_min: int = 24 * 60
    notes: str = ""


WAITS = (
    _Wait(("Dental check-up",), 7, 3, notes="In pain since yesterday"),
    _Wait(
        ("Physiotherapy",),
        21,
        1,
        frozenset({1, 3}),
        8 * 60,
        12 * 60,
        "Only mornings, drives others to school",
    ),
    _Wait(("Physiotherapy", "Back massage"), 30, 0, from_min=15 * 60, notes="Both on one day"),
    _Wait(("Speech session",), 14, 2, frozenset({0, 2, 4})),
    _Wait(("Osteopathy",), 60, 0, notes="Whenever somebody cancels"),
)
TASKS = (
    ("call_back", "Asked for the price of a course of ten"),
    ("confirm", "Ask whether the appointment on Monday suits"),
)


def write(
    session: Session,
    actor: Actor,
    offered: Catalogue,
    people: Sequence[PatientLine],
    today: date,
    drawn_id: Callable[[], UUID],
) -> None:
    """Put some of the people on the waitlist, and the tasks on the list of today."""
    services = {service.name: service.id for service in offered.services}
    for wait, person in zip(WAITS, people, strict=False):
        wanted = Wanted(
            tuple(Wish(services[name]) for name in wait.services),
            today,
            today + timedelta(days=wait.days),
            wait.weekdays,
            wait.from_min,
            wait.until_min,
            wait.urgency,
            wait.notes,
        )
        entries.add(session, actor=actor, wanted=wanted, patient_id=person.id, entry_id=drawn_id())
    for (kind, text), person in zip(TASKS, people[len(WAITS) :], strict=False):
        to_do.add(session, actor=actor, kind=kind, text=text, due_on=today, about=About(person.id))
