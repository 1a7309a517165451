"""The desks clear up by themselves, and say what they did."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.upkeep import Swept
from clinic_scheduler.ui import upkeep
from clinic_scheduler.ui.upkeep import Upkeep
from tests.support import clinics, desk


@pytest.fixture
def left(work, colleague, clinic):
    """A hold that nobody came back for."""
    begun = desk.start(work, colleague)
    held = desk.hold(work, colleague, begun, clinic.part("09:00"))
    return held.until - work.read(claims.now)


def holds(work):
    return work.read(lambda s: s.scalar(select(func.count()).where(t.Claim.kind == "hold")))


def test_it_clears_up_at_the_start_and_says_so(seat):
    seat.until(lambda: "nothing had expired" in seat.status)


def test_the_timer_sweeps_what_has_expired_and_the_status_bar_says_it(seat, work, left):
    seat.until(lambda: "nothing had expired" in seat.status)
    clinics.shift_clock(work, left + timedelta(minutes=2))
    seat.window._upkeep._timer.setInterval(20)
    seat.until(lambda: seat.status.endswith("expired holds removed 1"))
    assert holds(work) == 0


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"offers": 2}, "Clean-up 10:00: offers lapsed 2"),
        ({"plans": 1}, "Clean-up 10:00: treatment plans lapsed 1"),
        ({"emptied": 3}, "Clean-up 10:00: choices of replaced bookings cleared 3"),
        (
            {"holds": 4, "sessions": 1, "plans": 1},
            "Clean-up 10:00: expired holds removed 4, unfinished bookings ended 1, treatment plans lapsed 1",
        ),
        ({"people": 5, "indexed": 5}, "Clean-up 10:00: nothing had expired"),
    ],
)
def test_all_that_lapsed_is_named(seat, figures, said):
    seat.settle()
    nothing = dict.fromkeys(("holds", "sessions", "offers", "emptied", "people", "indexed", "plans"), 0)
    heard = []
    chore = Upkeep(seat.tasks, seat.actor, ZoneInfo("UTC"), seat.window)
    chore.told.connect(heard.append)
    chore._tell(Swept(datetime(2026, 3, 2, 10, tzinfo=UTC), **nothing | figures))
    chore.stop()
    assert heard == [said]


def test_the_menu_sweeps_at_once_and_ends_old_bookings(seat, work, left):
    seat.until(lambda: "nothing had expired" in seat.status)
    clinics.shift_clock(work, timedelta(hours=3))
    seat.window.actions_by_name["sweep_now"].trigger()
    seat.until(lambda: "unfinished bookings ended 1" in seat.status)


def test_while_another_desk_is_at_it_this_one_leaves_it(seat, work, colleague):
    seat.settle()
    with work.engine.begin() as connection:
        later = work.read(claims.now) + timedelta(minutes=1)
        connection.execute(t.UpkeepTurn.__table__.update().values(leased_until=later))
    seat.window.sweep_now()
    seat.until(lambda: "another desk" in seat.status)


def test_a_closed_window_sweeps_no_more(seat):
    seat.settle()
    timer = seat.window._upkeep._timer
    assert timer.interval() == upkeep.EVERY_MS == 300_000
    assert timer.isActive()
    seat.window.close()
    assert not timer.isActive()


def test_the_time_said_is_the_clinics(seat, work):
    said = []
    chore = Upkeep(seat.tasks, seat.actor, clinics.ZONE, seat.window)
    chore.told.connect(said.append)
    chore.run()
    seat.until(lambda: said)
    hour = work.read(claims.now).astimezone(clinics.ZONE)
    assert any(f"{(hour - timedelta(minutes=m)):%H:%M}" in said[0] for m in (0, 1))
