"""Page by page the list shows what a plain recount shows, whatever is put in or taken out meanwhile."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.listing import extent, lines
from clinic_scheduler.services.listing.asked import Asked, Filter, Order
from tests.support.listed import NOON, ListedBook, fits, listed, some_filter

HERE = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
OTHER = UUID(int=9)
ORDERS = [(order, is_down) for order in Order for is_down in (False, True)]


@pytest.fixture
def book(work, clinic):
    made = ListedBook(work, Random(7))  # noqa: S311
    made.fill(40)
    return made


def walked(book, actor, asked, *, limit=7, is_back=False, between=lambda: None):
    """Every line in reading order, read page by page."""
    found, after = [], None
    while True:
        page = book.work.read(
            lambda s, after=after: lines.page(
                s, actor=actor, asked=asked, after=after, is_back=is_back, limit=limit
            )
        )
        found += page.lines[::-1] if is_back else page.lines
        if not page.has_more:
            return found
        assert len(page.lines) == limit
        after = page.lines[0 if is_back else -1].key
        between()


@HERE
@given(seed=st.integers(0, 10_000), order=st.sampled_from(ORDERS))
def test_pages_show_what_a_plain_recount_shows(book, actor, seed, order):
    rng = Random(seed)  # noqa: S311
    asked = Asked(some_filter(rng), *order)
    expected = list(listed(book.read(), asked))
    limit = rng.randint(3, 20)
    assert [line.lead.id for line in walked(book, actor, asked, limit=limit)] == expected
    assert [line.lead.id for line in walked(book, actor, asked, limit=limit, is_back=True)] == expected[::-1]
    found = book.work.read(lambda s: extent.measure(s, actor=actor, asked=asked))
    assert found.appointments == sum(fits(one, asked.filter) for one in book.read())


@HERE
@given(seed=st.integers(0, 10_000), order=st.sampled_from(ORDERS))
def test_what_stays_is_shown_once_while_other_lines_come_go_and_move(book, actor, seed, order):
    rng = Random(seed)  # noqa: S311
    asked = Asked(some_filter(rng), *order)
    before = book.read()
    touched = set()

    def change():
        other = ListedBook(book.work, rng)
        other.fill(1)
        one = rng.choice(before).appointment
        touched.add(one.booking_id)
        shifted = timedelta(hours=rng.randrange(72))
        values = {"start_at": NOON + shifted, "end_at": NOON + shifted + timedelta(hours=1)}
        with book.work.engine.begin() as connection:
            if rng.random() < 0.3:
                connection.execute(delete(t.Appointment).where(t.Appointment.id == one.id))
            else:
                connection.execute(update(t.Appointment).where(t.Appointment.id == one.id).values(values))

    found = [line.lead.id for line in walked(book, actor, asked, limit=6, between=change)]
    untouched = {one.appointment.id for one in before if one.booking.id not in touched}
    shown = [one for one in found if one in untouched]
    assert shown == [one for one in listed(before, asked) if one in untouched]


def test_a_line_has_the_whole_visit_and_marks_what_is_wanted(book, actor):
    whole = walked(book, actor, Asked())
    several = next(line for line in whole if len(line.parts) > 1 and len({p.status for p in line.parts}) > 1)
    status = several.parts[1].status
    some = walked(book, actor, Asked(Filter(statuses=frozenset({status}))))
    same = next(line for line in some if line.visit.id == several.visit.id)
    assert [part.id for part in same.parts] == [part.id for part in several.parts]
    assert [part.is_wanted for part in same.parts] == [part.status == status for part in same.parts]
    assert same.lead == next(part for part in same.parts if part.is_wanted)


@pytest.mark.parametrize(("order", "is_down"), ORDERS)
def test_somewhere_in_the_list_is_found_and_read_on_from_both_ways(book, actor, order, is_down):
    asked = Asked(Filter(), order, is_down)
    everything = [line.lead.id for line in walked(book, actor, asked)]
    starts = []
    for share in (0.0, 0.3, 0.6, 0.9):
        key = book.work.read(lambda s, share=share: extent.seek(s, actor=actor, asked=asked, share=share))
        after, before = (
            book.work.read(
                lambda s, is_back=is_back, key=key: lines.page(
                    s, actor=actor, asked=asked, after=key, is_back=is_back, limit=1_000
                )
            ).lines
            for is_back in (False, True)
        )
        joined = [line.lead.id for line in (*(before if key else ()), *after)]
        assert joined == everything
        starts.append(len(before) if key else 0)
    assert starts == sorted(starts)
    assert starts[-1] > len(everything) / 3  # three people have most of the lines


def test_another_clinics_bookings_are_not_shown(book, actor):
    with book.work.engine.begin() as connection:
        elsewhere = insert(t.Clinic).values(id=OTHER, name="Other", zone="UTC", country="GB", currency="GBP")
        connection.execute(elsewhere)
    stranger = replace(actor, clinic_id=OTHER)
    for order, is_down in ORDERS:
        for text in ("", "emma", "mia"):
            assert walked(book, stranger, Asked(Filter(text), order, is_down)) == []
    assert book.work.read(lambda s: extent.measure(s, actor=stranger, asked=Asked())).appointments == 0
