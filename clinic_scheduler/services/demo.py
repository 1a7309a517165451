"""A clinic to try the program with: four believable weeks around today, the same again for the same seed."""

from datetime import date
from random import Random
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id

from . import (
    audit,
    claims,
    demo_clinic,
    demo_diary,
    demo_people,
    demo_plans,
    demo_rows,
    demo_visits,
    patients,
    setup,
)
from .actor import Actor
from .catalogue import catalogue


def create_demo(
    session: Session, *, actor: Actor, today: date, seed: int = 7, clinic_id: UUID | None = None
) -> UUID:
    """Make the demo clinic with its patients, visits and plans; the id of the clinic.

    The same seed and day give the same clinic, with the same ids where `clinic_id` is the same too. How far each
    visit has come follows from the database's clock.
    """
    clinic_id = clinic_id or new_id()
    rng, ids = Random(seed), Random(f"{seed} {clinic_id}")  # noqa: S311  (repeatable on purpose)

    def drawn_id() -> UUID:
        return UUID(int=ids.getrandbits(128), version=4)

    setup.create_clinic(session, actor=actor, clinic=demo_clinic.blueprint(clinic_id, drawn_id))
    offered, now = catalogue(session, clinic_id), claims.now(session)
    demo_clinic.write_absences(session, offered, today, drawn_id)
    words = demo_people.words()
    people = demo_people.people(rng, words, today, drawn_id)
    patients.write(session, clinic_id, people.everybody)
    diary = demo_diary.empty(session, offered, today, rng, drawn_id)
    courses = demo_plans.make_up(diary, people)
    demo_visits.fill(diary, people)
    demo_rows.write(session, offered, diary.drafts, words, now, actor.user_id)
    demo_plans.write(session, clinic_id, courses, now, actor.user_id)
    figures = {"patients": len(people.everybody), "visits": len(diary.drafts), "plans": len(courses)}
    audit.record(session, actor, "demo.created", "clinic", clinic_id, after=figures)
    announce(session, "booking", clinic_id)
    return clinic_id
