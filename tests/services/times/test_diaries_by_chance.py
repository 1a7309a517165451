"""Whatever desks do at random, what is kept in memory is what the database says once the notices arrived."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services import upkeep
from clinic_scheduler.services.changing import appointments
from clinic_scheduler.services.localtime import Span
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.times import diaries
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.services.unfinished import booking_session
from tests.support import clinics
from tests.support.clinics import ANA, BEN, BLUE_ROOM, EMMA, MASSAGE, OLGA, RED_ROOM

EVERYBODY = (ANA, BEN, BLUE_ROOM, RED_ROOM, EMMA, OLGA)


def is_same(kept, cold, sessions):
    """Whether two looks tell the same to everybody at the later one's time."""
    return all(
        (kept.of[one].open, kept.of[one].taken) == (diary.open, diary.taken)
        and all(kept.of[one].free(cold.now, own) == diary.free(cold.now, own) for own in (None, *sessions))
        for one, diary in cold.of.items()
    )


class Reception:
    """Does at random what desks do; `changes` is what that announced."""

    def __init__(self, work, clinic, actor, seed):
        self.work, self.clinic, self.actor = work, clinic, actor
        self.chance = random.Random(seed)  # noqa: S311 - a test
        self.sessions, self.booked, self.ahead = [], [], timedelta()
        self.changes = frozenset()

    def act(self):
        usual = [self.hold] * 4 + [self.confirm] * 2
        step = self.chance.choice(
            [
                *usual,
                self.release,
                self.renew,
                self.cancel,
                self.expire,
                self.sweep,
                self.discard,
                self.be_away,
            ]
        )
        self.changes = frozenset()
        with suppress(ClinicError):
            step()

    def write(self, step, **more):
        outcome = self.work.write(lambda s: step(s, actor=self.actor, **more))
        self.changes |= outcome.changes
        return outcome.value

    def hold(self):
        begun = self.write(booking_session.start, patient_id=self.chance.choice([None, EMMA, OLGA]))
        self.sessions.append(begun.id)
        who, service = self.chance.choice([(ANA, clinics.PHYSIO), (BEN, clinics.PHYSIO), (BEN, MASSAGE)])
        wall = f"{self.chance.randrange(9, 17):02}:{self.chance.randrange(0, 60, 5):02}"
        part = self.clinic.part(wall, who, service, days=self.chance.randrange(3))
        self.write(booking.hold, session_id=begun.id, version=begun.version, parts=[part])

    @property
    def some_session(self):
        return self.chance.choice(self.sessions or [new_id()])

    def confirm(self):
        sure = {"session_id": self.some_session, "request_id": new_id()}
        self.booked.append(self.write(booking.confirm, **sure).booking_id)

    def release(self):
        self.write(booking.release, session_id=self.some_session, version=2)

    def renew(self):
        self.write(booking.renew, session_id=self.some_session)

    def discard(self):
        self.write(booking_session.discard, session_id=self.some_session)

    def cancel(self):
        a, chosen = t.Appointment, self.chance.choice(self.booked or [new_id()])
        found = self.work.read(
            lambda s: s.execute(select(a.id, a.version).where(a.booking_id == chosen)).all()
        )
        versions = dict(map(tuple, found))
        self.write(
            appointments.cancel,
            appointment_ids=list(versions),
            versions=list(versions.values()),
            reason="Ill",
        )

    def expire(self):
        self.ahead += timedelta(minutes=self.chance.choice([1, 6, 14, 20]))
        clinics.shift_clock(self.work, self.ahead)

    def sweep(self):
        self.write(upkeep.sweep)

    def be_away(self):
        start = self.clinic.at(f"{self.chance.randrange(9, 17):02}:07", days=self.chance.randrange(3))
        row = {"id": new_id(), "resource_id": self.chance.choice([ANA, BEN])}

        def away(session, *, actor):
            times = {"start_at": start, "end_at": start + timedelta(minutes=25)}
            session.execute(insert(t.TimeOff).values(row | times))
            announce(session, "hours", row["resource_id"])

        self.write(away)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_is_what_the_database_says(work, clinic, actor, seed):
    kept = Diaries()
    reception = Reception(work, clinic, actor, seed)
    changed = 0
    for number in range(40):
        reception.act()
        changed += any(change.topic == "time" for change in reception.changes)
        if number % 10 in {6, 7, 8}:  # off line
            continue
        kept.heard(None if number % 10 == 9 else reception.changes)
        days, tick = reception.chance.choice([(1, 5), (1, 1), (3, 5)])
        span = Span(clinic.monday, days, clinics.ZONE)
        found = work.read(lambda s, span=span, tick=tick: kept.look(s, clinic.id, EVERYBODY, span, tick))
        cold = work.read(lambda s, span=span, tick=tick: diaries.look(s, clinic.id, EVERYBODY, span, tick))
        assert is_same(found, cold, reception.sessions)
    assert changed > 8
