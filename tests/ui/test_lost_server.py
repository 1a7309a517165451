"""A desk whose server goes away says so, stays usable, and comes back by itself."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QLocale
from sqlalchemy import make_url

from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.unfinished import booking_session
from tests.support import clinics
from tests.support.fault_proxy import FaultProxy
from tests.support.window import Seat


@pytest.fixture
def through_proxy(qtbot, pg_url, actor):
    """A desk whose line to the server can be spoilt."""
    url = make_url(pg_url)
    work = UnitOfWork(open_engine(pg_url))
    clinics.make(work, actor)
    work.close()
    before = QLocale()
    with FaultProxy(url.host, url.port) as proxy:
        spoilt = url.set(host="127.0.0.1", port=proxy.port, query={"sslmode": "disable"})
        seat = Seat(qtbot, spoilt.render_as_string(hide_password=False), "Desk 1", "Kofi Mensah")
        yield seat, proxy
        seat.end()
    QLocale.setDefault(before)


def test_a_lost_server_is_said_and_the_window_works_again_afterwards(through_proxy):
    seat, proxy = through_proxy
    seat.until(lambda: "live" in seat.status)
    seat.settle()
    was = seat.day
    proxy.cut_all()
    seat.window.views.show_next()
    seat.until(lambda: "does not answer" in seat.window.notice.text)
    seat.until(lambda: "offline" in seat.status)
    assert seat.day == was
    seat.window.calendar.toggle_panel()
    assert seat.window.panel.isHidden()
    proxy.accept()
    seat.until(lambda: "live" in seat.status)
    seat.until(lambda: seat.day == was + timedelta(days=1))
    assert set(seat.refused) == {"The database does not answer; nothing was changed. Please try again."}


def test_a_booking_that_was_open_loses_nothing(through_proxy):
    seat, proxy = through_proxy
    seat.until(lambda: "live" in seat.status)
    seat.window.new_booking()
    wizard = seat.wizard
    proxy.cut_all()
    seat.type("physio")
    seat.until(lambda: "does not answer" in wizard.bar.text)
    assert wizard.page_now.search.text() == "physio"
    proxy.accept()
    seat.until(lambda: not wizard.draft._is_dirty and not seat.tasks.running, 15_000)
    assert "does not answer" not in wizard.bar.text
    kept = seat.read(lambda s: booking_session.find(s, actor=seat.actor, session_id=wizard.draft.id))
    assert kept.choices.typed["service_search"] == "physio"


def test_killed_connections_are_replaced_without_a_word(through_proxy, pg_url):
    """A restart of the server that is over by the next click."""
    seat, proxy = through_proxy
    seat.until(lambda: "live" in seat.status)
    seat.settle()
    proxy.cut_all()
    proxy.accept()
    was = seat.day
    seat.window.views.show_next()
    seat.until(lambda: seat.day == was + timedelta(days=1))
    assert seat.window.notice.text == ""
    assert not seat.refused
