"""Filters are kept by whoever made them, whole, and survive damage."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services.listing import kept
from clinic_scheduler.services.listing.asked import Asked, Filter, Order
from tests.support.clinics import ANA, MASSAGE

ASKED = Asked(
    Filter(
        "emma",
        date(2026, 3, 1),
        None,
        frozenset({MASSAGE}),
        frozenset({ANA}),
        statuses=frozenset({"no_show"}),
    ),
    Order.CREATED,
    is_descending=True,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)


def keep(work, actor, name, asked=ASKED):
    return work.write(lambda s: kept.keep(s, actor=actor, name=name, asked=asked)).value


def names(work, actor):
    return [one.name for one in work.read(lambda s: kept.all_of(s, actor=actor))]


def test_a_filter_comes_back_as_it_was(work, actor, colleague, clinic):
    keep(work, actor, "  No-shows\nof Ana ")
    assert work.read(lambda s: kept.all_of(s, actor=actor)) == (kept.Kept("No-shows of Ana", ASKED),)
    assert names(work, colleague) == []


def test_one_of_the_same_name_is_replaced(work, actor, clinic):
    keep(work, actor, "Mine")
    keep(work, actor, "Mine", Asked())
    assert work.read(lambda s: kept.all_of(s, actor=actor)) == (kept.Kept("Mine", Asked()),)


def test_names_are_sorted_and_filters_removed(work, actor, clinic):
    for name in ("beta", "Alpha", "100 % _"):
        keep(work, actor, name)
    work.write(lambda s: kept.forget(s, actor=actor, name="Alpha"))
    assert names(work, actor) == ["100 % _", "beta"]
    with pytest.raises(NotFound):
        work.write(lambda s: kept.forget(s, actor=actor, name="Alpha"))


@pytest.mark.parametrize("name", ["", "  ", "\n\t"])
def test_a_filter_needs_a_name(work, actor, clinic, name):
    with pytest.raises(InvalidInput):
        keep(work, actor, name)


def test_there_is_an_end_to_keeping(work, actor, clinic, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    keep(work, actor, "one"), keep(work, actor, "two")
    with pytest.raises(InvalidInput):
        keep(work, actor, "three")
    keep(work, actor, "two", Asked())


def test_a_damaged_filter_asks_for_what_is_left(work, actor, clinic):
    keep(work, actor, "Mine")
    broken = {
        "filter": {"text": 7, "statuses": ["no_show", "never"], "service_ids": ["x"], "first": "2026-13-01"}
    }
    with work.engine.begin() as connection:
        connection.execute(update(t.Setting).values(value=broken))
    (found,) = work.read(lambda s: kept.all_of(s, actor=actor))
    assert found.asked == Asked(Filter(statuses=frozenset({"no_show"})))


@given(JSON | st.dictionaries(st.sampled_from(list(Filter.__dataclass_fields__)), JSON))
def test_no_json_breaks_a_filter(stored):
    read = Filter.read(stored)
    assert Filter.read(read.write()) == read
    assert all(isinstance(one, UUID) for one in read.service_ids)
