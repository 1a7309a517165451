"""A clinic to try the program with: four believable weeks around today, the same again for the same seed."""

from dataclasses import replace
from datetime import date
from random import Random
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.services import audit, setup
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import catalogue
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.taking import claims

from . import clinic, diary, people, plans, rows, visits, waiting


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

    setup.create_clinic(session, actor=actor, clinic=clinic.blueprint(clinic_id, drawn_id))
    offered, now = catalogue(session, clinic_id), claims.now(session)
    clinic.write_absences(session, offered, today, drawn_id)
    words = people.words()
    everybody = people.people(rng, words, today, drawn_id)
    patients.write(session, clinic_id, everybody.everybody)
    days = diary.empty(session, offered, today, rng, drawn_id)
    courses = plans.make_up(days, everybody)
    visits.fill(days, everybody)
    rows.write(session, offered, days.drafts, words, now, actor.user_id)
    plans.write(session, clinic_id, courses, now, actor.user_id)
    local = replace(actor, clinic_id=clinic_id)
    waiting.write(session, local, offered, everybody.everybody[-20:], today, drawn_id)
    figures = {"patients": len(everybody.everybody), "visits": len(days.drafts), "plans": len(courses)}
    audit.record(session, actor, "demo.created", "clinic", clinic_id, after=figures)
    announce(session, "booking", clinic_id)
    return clinic_id
