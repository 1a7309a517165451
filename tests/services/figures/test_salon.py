"""The figures of a real salon's year, held against a plain script over its files."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from clinic_scheduler.db import tables as t
from clinic_scheduler.services import catalogue, importer
from clinic_scheduler.services.figures import visits
from clinic_scheduler.services.figures.period import Period
from tests.support.sources import ROOT

SALON = ROOT.parent / "shared" / "data" / "salon"
MAPPING = ROOT / "docs" / "import-salon.toml"
YEARS = Period(date(2018, 1, 1), date(2020, 1, 1))
pytestmark = pytest.mark.skipif(
    not SALON.is_dir(),
    reason="the salon's book is not part of the project; it is read from ../shared/data/salon",
)


def rows(name):
    with (SALON / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day(text):
    month, number, year = map(int, text.split("/"))
    return date(year, month, number)


@pytest.fixture
def manager(work, actor):
    """Whoever manages the salon, once its book is imported."""
    book = importer.read_book(importer.load_mapping(MAPPING), SALON, lambda _done, _total: None)
    work.write(
        lambda s: importer.import_book(
            s, actor=actor, book=book, is_dry_run=False, progress=lambda _done, _total: None
        )
    )
    return replace(actor, clinic_id=work.read(catalogue.clinics)[0].id)


def test_the_figures_are_those_of_the_files(work, manager):
    kept, missed, gone = rows("bookings.csv"), rows("no_shows.csv"), rows("cancellations.csv")
    found = work.read(partial(visits.days, actor=manager, period=YEARS))
    count = found.all
    assert (count.total, count.standing) == (len(kept) + len(gone), len(kept)) == (2149, 1906)
    assert (count.no_shows, f"{count.no_show_rate:.1%}") == (60, "3.1%")
    assert (count.completed, count.cancelled) == (1906 - 60, 243)
    assert count.late == sum(day(r["Cancel Date"]) >= day(r["Booking Date"]) for r in gone)
    by_day = Counter(day(r["Date"]) for r in kept) + Counter(day(r["Booking Date"]) for r in gone)
    assert {one: count.total for one, count in found.days.items()} == by_day
    weekdays = Counter(day(r["Date"]).weekday() for r in kept)
    assert {n: count.standing for n, count in found.weekdays.items() if count.standing} == weekdays
    prices = {r["Code"]: round(100 * float(r["Price"])) for r in rows("services.csv")}
    assert sum(count.cents.values()) == sum(prices[r["Service"]] for r in (*kept, *gone))
    assert count.worth_missed == sum(prices[r["Service"]] for r in missed)


def test_each_of_the_staff_and_services_has_the_figures_of_the_files(work, manager):
    found = work.read(partial(visits.people, actor=manager, period=YEARS))
    files = {"standing": "bookings.csv", "no_shows": "no_shows.csv", "cancelled": "cancellations.csv"}
    for column, table, counts in (
        ("Staff", t.Resource, found.practitioners),
        ("Service", t.Service, found.services),
    ):
        codes = {one: work.read(lambda s, one=one, table=table: s.get(table, one).code) for one in counts}
        for figure, name in files.items():
            told = {codes[one]: getattr(count, figure) for one, count in counts.items()}
            assert Counter(told) == Counter(r[column] for r in rows(name)), figure
    origins = work.read(partial(visits.origins, actor=manager, period=YEARS))
    assert {word: count.total for word, count in origins.sources.items()} == {"imported": 2149}
    assert {word: count.total for word, count in origins.leads.items()} == {"unknown": 2149}
