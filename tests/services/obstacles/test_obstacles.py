"""What is in the way of a time is named whole; a time with nothing in the way is offered and can be held.

10,000 random times in all: `CLINIC_TANGLES` sets how many clinics each engine gets, with 1,000 times each (5).
"""

import os
import random
from collections import Counter
from datetime import timedelta

import pytest

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.obstacles import obstacles, scenes, why_not
from clinic_scheduler.services.offers import availability
from clinic_scheduler.services.offers.availability import Within
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.wishes import Part, Wish
from tests.support import tangles, undoing
from tests.support.tangle_rules import Rules

CLINICS = int(os.environ.get("CLINIC_TANGLES", "5"))
QUESTIONS, TIMES = 25, 40
FREED, HELD, REFUSED = 2, 1, 1  # of each question, tried with the database


class Undone(Exception):
    """Ends a transaction whose work was only tried."""


class Tried:
    """One clinic, and questions about it."""

    def __init__(self, work, actor, seed):
        self.work, self.actor, self.chance = work, actor, random.Random(seed)  # noqa: S311 - a test
        self.tangle = tangles.make(work, actor, self.chance)
        self.rules = Rules(self.tangle)
        self.sittings = {
            patient: work.write(
                lambda s, who=patient: booking_session.start(s, actor=actor, patient_id=who)
            ).value
            for patient in (None, *tangles.PATIENTS)
        }
        self.ask_anew()

    def ask_anew(self):
        """Another service, practitioner, room, patient and day."""
        chance = self.chance
        self.wish = Wish(chance.choice(tangles.SERVICES), room_id=chance.choice((None, None, *tangles.ROOMS)))
        self.who, self.day = chance.choice(tangles.PEOPLE), chance.randrange(tangles.DAYS)
        self.patient = chance.choice((None, *tangles.PATIENTS))
        self.on = tangles.MONDAY + timedelta(days=self.day)
        self.scene = self.work.read(self.look)

    def asked(self):
        return {
            "clinic_id": self.actor.clinic_id,
            "wish": self.wish,
            "practitioner_id": self.who,
            "session_id": self.sittings[self.patient].id,
            "patient_id": self.patient,
        }

    def look(self, session):
        return scenes.read(session, on=self.on, **self.asked())

    def minute(self, offered):
        """Any of the day, now and then one that is offered."""
        if offered and self.chance.random() < 0.1:
            return self.chance.choice(sorted(offered))
        return self.day * 1440 + self.chance.randrange(1440)

    def why(self, minute, scene=None):
        scene = scene or self.scene
        return why_not.why_not(scene.wanted, scene.span.minute(tangles.instant(minute)))

    def part(self, minute, found):
        """What the desk would hold: in a free room with a free machine, if there is one."""
        start, service = tangles.instant(minute), self.scene.service
        length = self.scene.wanted.length.duration
        places = [
            next((one.id for one in some if not found.places[one.id]), some[0].id if some else None)
            for _layer, some in self.scene.wanted.places()
        ]
        rooms = [one for one in places if one in tangles.ROOMS]
        machines = [one for one in places if one in tangles.MACHINES]
        return Part(
            service.id,
            self.who,
            rooms[0] if rooms else None,
            start,
            start + timedelta(minutes=length),
            0,
            machines[0] if machines else None,
        )

    def hold(self, session, minute, found):
        begun = self.sittings[self.patient]
        parts = [self.part(minute, found)]
        booking.hold(session, actor=self.actor, session_id=begun.id, version=begun.version, parts=parts)

    def can_be_held(self, minute, found):
        def hold(session):
            self.hold(session, minute, found)
            raise Undone

        return self.attempt(hold)

    def is_freed_by(self, minute, change):
        """Whether the change, made in the database, leaves nothing in the way and the time can be held."""

        def undo(session):
            undoing.make(session, self.actor, self.tangle, self.scene, change, tangles.instant(minute))
            session.expire_all()
            found = self.why(minute, self.look(session))
            assert found.reasons == ()
            self.hold(session, minute, found)
            raise Undone

        return self.attempt(undo)

    def attempt(self, do):
        try:
            self.work.write(do)
        except Undone:
            return True
        except ClinicError:
            return False
        raise AssertionError("it was done for good")

    def offered(self):
        """The starts of the day that the search finds, in minutes."""
        sitting = self.sittings[self.patient].id
        within = Within(self.on, days=1, session_id=sitting, patient_id=self.patient, limit=10_000)
        wish = Wish(self.wish.service_id, (self.who,), self.wish.room_id)
        found = self.work.read(
            lambda s: availability.free_starts(s, clinic_id=self.actor.clinic_id, wish=wish, within=within)
        )
        return {tangles.minutes(one.start, one.start).start for one in found}


@pytest.mark.parametrize("seed", range(CLINICS))
def test_all_that_is_in_the_way_is_named_and_nothing_else(work, actor, seed):
    asked, seen = Tried(work, actor, seed), Counter()
    for _ in range(QUESTIONS):
        asked.ask_anew()
        left = {"freed": FREED, "held": HELD, "refused": REFUSED}
        offered = asked.offered()
        seen["days with something free"] += bool(offered)
        for _ in range(TIMES):
            minute = asked.minute(offered)
            found = asked.why(minute)
            expected = asked.rules.excluding(asked.wish, asked.who, minute, asked.patient)
            assert {undoing.said(reason) for reason in found.reasons} == expected
            what = "freed" if found.changes else "refused" if found.reasons else "held"
            if left[what]:
                left[what] -= 1
                seen[what] += 1
                if what == "freed":
                    assert asked.is_freed_by(minute, asked.chance.choice(found.changes))
                can_be_held = asked.can_be_held(minute, found)
                assert can_be_held or found.reasons
                assert not (can_be_held and found.reasons and minute in offered)
    assert seen["refused"]
    assert seen["held"] or not seen["days with something free"]


@pytest.mark.parametrize("seed", range(CLINICS))
def test_a_day_is_coloured_as_each_time_is_answered_and_its_free_starts_are_those_offered(work, actor, seed):
    asked = Tried(work, actor, 1000 + seed)
    for _ in range(QUESTIONS // 2):
        asked.ask_anew()
        day = work.read(lambda s: obstacles.of_day(s, on=asked.on, **asked.asked()))
        assert [one.start for one in day] == [
            tangles.instant(minute)
            for minute in range(asked.day * 1440, asked.day * 1440 + 1440, asked.tangle.clinic.step_min)
        ]
        for one in asked.chance.sample(day, 10):
            why = obstacles.answer(asked.scene, one.start)
            assert {obstacle.layer for obstacle in why.obstacles} == one.layers
            assert why.is_free == (not one.layers)
        free = {tangles.minutes(one.start, one.start).start for one in day if not one.layers}
        assert free == asked.offered()
    start = asked.chance.choice(day).start
    assert work.read(lambda s: obstacles.ask(s, start=start, **asked.asked())) == obstacles.answer(
        asked.scene, start
    )
