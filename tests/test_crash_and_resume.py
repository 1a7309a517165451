"""After kill -9 the next window offers the booking, and it goes on with every letter where it stood."""

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import and_, func, select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.types import clock
from clinic_scheduler.services import add_ons, integrity
from clinic_scheduler.services.taking import claims
from tests.support import clinics, desk, screen
from tests.support.clinics import EMMA, MASSAGE, OLGA, PHYSIO, TAPING
from tests.support.sources import ROOT
from tests.support.window import seats

ENTER = Qt.Key.Key_Return


@pytest.fixture
def kill_at(database_url, clinic):
    """Kills a desk in the middle of its booking."""

    def run(where):
        doomed = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-m", "tests.support.desk_story", database_url, where],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
        try:
            said = doomed.stdout.readline()
        finally:
            doomed.kill()
            _out, complaints = doomed.communicate()
        assert said == "READY\n", complaints
        assert "Traceback" not in complaints

    return run


@pytest.fixture
def sit(qtbot, qtlog, database_url, clinic):
    with seats(qtbot, qtlog, database_url) as sit_down:
        yield sit_down


def go_on(seat, name="Nobody named yet"):
    """Take the booking that the tray offers."""
    seat.until(lambda: name in seat.tray)
    screen.press(seat.window.panel.tray, f"Go on with the booking of {name}")
    return seat.wizard


LIVE = and_(t.Claim.kind == "hold", t.Claim.live_to > clock())


def put_away(seat):
    """Leave the open booking in the tray."""
    seat.window.bookings.park()
    seat.until(lambda: seat.window.bookings.wizard is None)
    seat.settle()


def count(work, table, *where):
    return work.read(lambda s: s.scalar(select(func.count()).select_from(table).where(*where)))


def services_come_back(wizard):
    assert (wizard.currentId(), wizard.page_now.search.text()) == (0, "mass")


def lines_come_back(wizard):
    assert [line.wish.service_id for line in wizard.page_now.lines] == [MASSAGE, PHYSIO]
    assert wizard.page_now.lines[1].extras[0].isChecked()


def time_comes_back(wizard):
    assert wizard.currentId() == 1


def filters_come_back(wizard):
    page = wizard.page_now
    assert (wizard.currentId(), page.filters.half, page.wished.line.text()) == (1, "afternoon", "tue 15")


def search_comes_back(wizard):
    assert (wizard.currentId(), wizard.page_now.search.text) == (2, "mull")
    assert wizard.draft.seconds_left > 0


def guest_comes_back(wizard):
    assert (wizard.currentId(), wizard.page_now.mode) == (2, "guest")
    assert wizard.page_now.guest.fields["name"].text == "Mia Lo"


def new_patient_comes_back(wizard):
    assert (wizard.currentId(), wizard.page_now.mode) == (2, "new")
    fields = wizard.page_now.new.form.fields
    assert (fields["name"].text, fields["phone"].text) == ("Mia Lo", "030 12")


def review_comes_back(wizard):
    assert wizard.currentId() == 3
    assert wizard.page_now.notes.toPlainText() == "by the window"
    assert wizard.draft.patient_id == EMMA


def payment_comes_back(wizard):
    review_comes_back(wizard)
    assert wizard.draft.choices.paid_cents == 1250
    assert wizard.page_now.payment.paid.text == "12,50"


@pytest.mark.parametrize(
    ("page", "name", "comes_back"),
    [
        ("services", "Nobody named yet", services_come_back),
        ("lines", "Nobody named yet", lines_come_back),
        ("time", "Nobody named yet", time_comes_back),
        ("filters", "Nobody named yet", filters_come_back),
        ("patient", "Nobody named yet", search_comes_back),
        ("guest", "Mia Lo", guest_comes_back),
        ("new", "Nobody named yet", new_patient_comes_back),
        ("review", "Emma Müller", review_comes_back),
        ("payment", "Emma Müller", payment_comes_back),
    ],
)
def test_every_letter_comes_back_at_another_desk_and_at_this_one(kill_at, sit, work, page, name, comes_back):
    """Of each page on each database: a killed desk's booking goes on elsewhere, is left there, and goes on here."""
    work.write(lambda s: add_ons.offer(s, {PHYSIO: (TAPING,)}))
    kill_at(page)
    held = count(work, t.Claim, LIVE)
    assert held == count(work, t.Claim, LIVE, t.Claim.session_id.in_(select(t.BookingSession.id)))
    for desk_name in ("Desk 2", "Desk 1"):
        seat = sit(desk_name)
        wizard = go_on(seat, name)
        assert {wish.service_id for wish in wizard.draft.choices.wishes} >= {PHYSIO}
        comes_back(wizard)
        assert count(work, t.Claim, LIVE) == held  # nothing is held twice by going on
        put_away(seat)
    go_on(seat, name).discard()
    seat.settle()
    assert (count(work, t.Claim, LIVE), count(work, t.Booking)) == (0, 0)


@pytest.mark.parametrize("moment", ["written", "commit"])
def test_killed_before_the_commit_nothing_is_booked_and_the_next_window_books_it(kill_at, sit, work, moment):
    kill_at(moment)
    seat = sit()
    assert (count(work, t.Booking), count(work, t.Claim, t.Claim.live_to.is_(None))) == (0, 0)
    wizard = go_on(seat, "Emma Müller")
    review_comes_back(wizard)
    with seat.qtbot.waitSignal(wizard.booked):
        wizard.review.go_on()
    assert count(work, t.Booking) == 1
    assert count(work, t.Claim, t.Claim.live_to.is_(None)) == 2  # Ana's time and Emma's
    assert work.read(integrity.overlaps) == []


def test_killed_after_the_commit_all_is_booked_and_nothing_is_offered_again(kill_at, sit, work):
    kill_at("committed")
    seat = sit()
    seat.until(lambda: seat.tray == ["None. A booking that is left waits here."])
    assert (count(work, t.Booking), count(work, t.Appointment)) == (1, 1)
    assert count(work, t.Claim, t.Claim.kind == "hold") == 0
    assert count(work, t.Message) == 1


def hold_of(work):
    """The hold that lives longest; those before it were given back on the way."""
    wanted = select(t.Claim.live_to, t.Claim.start_at).order_by(t.Claim.live_to.desc()).limit(1)
    return work.read(lambda s: s.execute(wanted).one())


def test_a_hold_that_ran_out_meanwhile_is_taken_again_by_confirming(kill_at, sit, work):
    kill_at("review")
    clinics.shift_clock(work, hold_of(work).live_to - work.read(claims.now))
    seat = sit()
    seat.until(lambda: any("Hold expired" in line for line in seat.tray))
    wizard = go_on(seat, "Emma Müller")
    review_comes_back(wizard)
    seat.until(lambda: "lapsed" in wizard.bar.text)
    with seat.qtbot.waitSignal(wizard.booked):
        wizard.review.go_on()
    assert count(work, t.Booking) == 1


def test_a_time_that_was_given_away_meanwhile_is_said_and_nothing_typed_is_lost(
    kill_at, sit, work, colleague, clinic
):
    kill_at("review")
    found = hold_of(work)
    clinics.shift_clock(work, found.live_to - work.read(claims.now))
    start = found.start_at.astimezone(clinics.ZONE)
    days = (start.date() - clinic.monday).days
    rivals = [clinic.part(f"{start:%H:%M}", who, days=days) for who in (clinics.ANA, clinics.BEN)]
    for patient, part in zip((OLGA, clinics.JOSE), rivals, strict=True):
        desk.book(work, colleague, [part], patient)
    seat = sit()
    wizard = go_on(seat, "Emma Müller")
    review_comes_back(wizard)
    wizard.review.go_on()
    seat.until(lambda: wizard.currentId() == 1 and not seat.tasks.running)
    assert wizard.bar.text
    assert wizard.draft.choices.notes == "by the window"
    assert wizard.draft.patient_id == EMMA
