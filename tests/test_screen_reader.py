"""The running window as a screen reader hears it, from outside, over AT-SPI on an X screen."""

from datetime import datetime

import pytest

from tests.support import outside
from tests.support.clinics import BEN, MASSAGE, ZONE
from tests.support.desk import book

pytestmark = pytest.mark.skipif(
    bool(outside.missing()), reason=f"nobody can listen here without {outside.missing()}"
)


def items(program):
    """What the calendar says."""
    calendar = program.find("list", "Day calendar")
    return [child.name for child in calendar.children()]


def test_visits_buttons_and_menus_are_heard_and_can_be_pressed(
    sqlite_work, sqlite_url, sqlite_clinic, actor, tmp_path
):
    monday = sqlite_clinic.monday
    book(
        sqlite_work,
        actor,
        [sqlite_clinic.part("09:00"), sqlite_clinic.part("09:45", BEN, MASSAGE, minutes=30)],
    )
    with outside.listening(sqlite_url, tmp_path) as reader:
        program = reader.program()
        outside.until(lambda: program.find("push button", "New booking"))
        for name in ("Bookings", "Visit", "View"):
            assert program.find("menu item", name)
        outside.until(lambda: program.find("list", "Day calendar"))
        today = datetime.now(ZONE).date()
        for _ in range((monday - today).days):
            program.find("push button", "Next day (Ctrl+Right)").press()
        heard = outside.until(lambda: items(program))
        assert heard == [
            f"{monday:%A} 09:00, Emma Müller, Physiotherapy, confirmed, with Ana Silva, new patient",
            f"{monday:%A} 09:45, Emma Müller, Back massage, confirmed, with Ben Okafor, new patient",
        ]
