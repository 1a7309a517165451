"""kill -9 under a hold: it counts until its end by the database's clock (the pages: tests/test_crash_and_resume.py)."""

import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from clinic_scheduler import config, opening
from clinic_scheduler.errors import TimeTaken
from clinic_scheduler.services.taking import booking, claims
from clinic_scheduler.services.unfinished import booking_session
from tests.support.clinics import CLINIC, OLGA, shift_clock
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
