"""Sixteen desks plan over the same practitioners at one moment: each plan stands whole or not at all."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import TimeTaken
from clinic_scheduler.services import audit
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.people.patients import PatientLine
from tests.support import changing, planning
from tests.support.clinics import ANA, BEN, CLINIC, PHYSIO
from tests.support.planning import course

WRITERS, SESSIONS = 16, 4


def wanted_by(clinic, number):
    """Sessions that interlock with those of the neighbours: each takes half of the next one's times."""
    hours = ("09:00", "10:00", "11:00", "13:00")
    return {
        n: clinic.part(
            hours[(number // 2 + (n > SESSIONS // 2) * (number % 2)) % 4],
            (ANA, BEN)[(number + n) % 2],
            days=7 * (n - 1),
        )
        for n in range(1, SESSIONS + 1)
    }


def test_every_plan_stands_whole_or_not_at_all(work, actor, clinic, database_url):
    people = [PatientLine(new_id(), f"Person {n}", "", "", None, "") for n in range(WRITERS)]
    work.write(lambda s: patients.write(s, CLINIC, people))
    start = Barrier(WRITERS)

    def plan(number):
        own = UnitOfWork(open_engine(database_url))
        mine = replace(actor, workstation=f"Desk {number}")
        start.wait()
        try:
            wanted = course(SESSIONS, "immediate", service=PHYSIO)
            return planning.create(own, mine, wanted, wanted_by(clinic, number), people[number].id).plan_id
        except TimeTaken:
            return None
        finally:
            own.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        made = set(pool.map(plan, range(WRITERS))) - {None}
    assert made
    assert len(made) < WRITERS
    s = t.PlanSession
    rows = work.read(lambda session: session.execute(select(s.plan_id, s.state, s.appointment_id)).all())
    assert Counter(row.plan_id for row in rows) == Counter(dict.fromkeys(made, SESSIONS))
    assert {row.state for row in rows} == {"booked"}
    held = work.read(lambda session: set(session.scalars(select(t.Appointment.id)).all()))
    assert held == {row.appointment_id for row in rows}
    assert work.read(lambda session: len(session.scalars(select(t.Booking.id)).all())) == len(held)
    changing.holds_true(work)
    assert work.read(audit.verify) == []
