"""kill -9 at each page: nothing typed is lost, the booking is offered again, the hold ends when it says."""

import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from clinic_scheduler import config, opening
from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import TimeTaken
from clinic_scheduler.services import booking, booking_session, claims, integrity
from tests.support.clinics import CLINIC, EMMA, OLGA, PHYSIO, shift_clock
from tests.support.sources import ROOT


@pytest.fixture
def desk_actor():
    """The person of the killed desk, signed in again."""
    return opening.actor(config.Workstation(name="Desk 1"), CLINIC, "Kofi Mensah")


@pytest.fixture
def kill_at(database_url, clinic):
    """Runs a desk up to a page and kills it there."""

    def run(page, delay_s=0.0):
        desk = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "tests.support.doomed_desk", database_url, page],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
        try:
            said = desk.stdout.readline()
            time.sleep(delay_s)
        finally:
            desk.kill()
            _out, complaints = desk.communicate()
        assert said == "READY\n", complaints

    return run


def left_over(work, actor):
    (unfinished,) = work.read(lambda s: booking_session.unfinished(s, actor=actor))
    return unfinished


@pytest.mark.parametrize(
    ("page", "field", "typed"),
    [
        ("services", "service_search", "mass"),
        ("patient", "patient_search", "mull"),
        ("guest", "guest_name", "Mia Lo"),
    ],
)
def test_what_was_half_typed_is_there_again(work, desk_actor, kill_at, page, field, typed):
    kill_at(page)
    found = left_over(work, desk_actor)
    assert found.choices.typed[field] == typed
    assert [wish.service_id for wish in found.choices.wishes] == [PHYSIO]


def test_the_review_with_its_notes_is_there_again(work, desk_actor, kill_at):
    kill_at("review")
    found = left_over(work, desk_actor)
    assert (found.step, found.patient_id, found.choices.notes) == ("payment", EMMA, "by the window")
    assert len(found.choices.parts) == 1


def test_the_choice_of_times_is_gone_on_with(work, desk_actor, kill_at):
    kill_at("time")
    found = left_over(work, desk_actor)
    assert (found.step, found.held_until) == ("time", None)


def test_the_hold_of_a_killed_desk_counts_until_its_end_and_not_a_second_longer(
    work, desk_actor, colleague, kill_at
):
    kill_at("review")
    found = left_over(work, desk_actor)
    rival = work.write(lambda s: booking_session.start(s, actor=colleague, patient_id=OLGA)).value

    def take():
        work.write(
            lambda s: booking.hold(
                s, actor=colleague, session_id=rival.id, version=rival.version, parts=found.choices.parts
            )
        )

    left = found.held_until - work.read(claims.now)
    shift_clock(work, left - timedelta(seconds=5))
    with pytest.raises(TimeTaken):
        take()
    shift_clock(work, left + timedelta(seconds=1))
    take()


@pytest.mark.parametrize("delay_s", [0.0, 0.02])
def test_a_desk_killed_while_confirming_booked_wholly_or_not_at_all(work, desk_actor, kill_at, delay_s):
    kill_at("confirm", delay_s)
    booked = work.read(lambda s: s.scalar(select(func.count()).select_from(t.Booking)))
    taken = work.read(lambda s: s.scalar(select(func.count()).where(t.Claim.live_to.is_(None))))
    waiting = work.read(lambda s: booking_session.unfinished(s, actor=desk_actor))
    assert (booked, taken, len(waiting)) in {(0, 0, 1), (1, 2, 0)}
    assert work.read(integrity.overlaps) == []
