"""However somebody scrolls through a long list, what is on the screen is what a plain recount says."""

from random import Random

import pytest

from clinic_scheduler.services.listing.asked import Asked, Filter
from clinic_scheduler.ui.bookings.rows import LineRow
from tests.support.listed import ListedBook, listed


@pytest.fixture
def desk(work, clinic, sit):
    made = ListedBook(work, Random(3))  # noqa: S311
    made.fill(700)
    seat = sit()
    seat.window.going.show_bookings()
    place = seat.window.places.at("bookings")
    seat.until(lambda: place.reader.extent is not None and not seat.tasks.running)
    place.show_asked(Asked(Filter()))
    seat.until(lambda: place.model.lines and place.reader.extent is not None and not seat.tasks.running)
    seat.place_shown, seat.whole = place, list(listed(made.read(), Asked(Filter())))
    return seat


def known(desk):
    """The lines that are known, and at which place of the whole list they stand."""
    ids = [line.lead.id for line in desk.place_shown.model.lines]
    at = desk.whole.index(ids[0])
    assert ids == desk.whole[at : at + len(ids)]
    return at, at + len(ids)


def scroll(desk, share):
    table, model = desk.place_shown.table, desk.place_shown.model
    bar = table.verticalScrollBar()
    bar.setValue(int(bar.maximum() * share))
    first = bar.value()
    desk.until(lambda: model.before <= first < model.end or model.before <= bar.value() < model.end)
    desk.settle()


def test_dragged_anywhere_the_list_is_read_there_and_on_from_there(desk):
    for share in (0.5, 0.9, 0.1, 0.6):
        scroll(desk, share)
        low, high = known(desk)
        assert high - low >= 50
        # The scroll bar counts rows and the jump appointments: about right is enough.
        assert abs((low + high) / 2 / len(desk.whole) - share) < 0.3
    table = desk.place_shown.table
    for _ in range(60):
        bar = table.verticalScrollBar()
        bar.setValue(bar.value() + 25)
        desk.settle()
    assert known(desk)[1] == len(desk.whole)
    assert desk.place_shown.model.after == 0


def test_the_ends_are_exact(desk):
    scroll(desk, 1.0)
    assert known(desk)[1] == len(desk.whole)
    assert desk.place_shown.model.after == 0
    scroll(desk, 0.0)
    bar = desk.place_shown.table.verticalScrollBar()
    for _ in range(20):
        bar.setValue(0)
        desk.settle()
    assert known(desk)[0] == 0
    assert desk.place_shown.model.before == 0


def test_what_is_looked_at_stays_while_earlier_pages_come(desk):
    scroll(desk, 0.5)
    table, model = desk.place_shown.table, desk.place_shown.model
    bar = table.verticalScrollBar()
    for _ in range(12):
        top = next(row for n in range(bar.value(), model.end) if isinstance(row := model.row(n), LineRow))
        before = bar.value()
        bar.setValue(before - 15)
        desk.settle()
        assert model.place(top.line.visit.id) - bar.value() in range(15, 18)
    known(desk)
