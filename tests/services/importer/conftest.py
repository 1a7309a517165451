"""A small book on disk, to be spoilt by the tests."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from clinic_scheduler.db import tables as t
from clinic_scheduler.services import importer

MAPPING = """
book = "shop"
[clinic]
name = "Shop"
zone = "Europe/Berlin"
country = "DE"
currency = "EUR"
[reading]
date = "%d.%m.%Y"
[files.bookings]
file = "bookings.csv"
[files.bookings.columns]
person = "Client"
name = "Name"
phone = "Phone"
staff = "Staff"
service = "Service"
date = "Date"
time = "Time"
[files.cancellations]
file = "cancellations.csv"
[files.cancellations.columns]
person = "Client"
staff = "Staff"
service = "Service"
date = "Date"
cancelled_on = "Cancelled"
cancelled_by = "By"
[files.no_shows]
file = "no_shows.csv"
[files.no_shows.columns]
person = "Client"
staff = "Staff"
service = "Service"
date = "Date"
[durations.services]
CUT = 60
COL = 90
[staff.A]
name = "Ana"
[staff.A.hours]
mon = "9:00-12:00, 13:00-17:00"
[staff.B]
name = "Ben"
"""
HEADINGS = "Client,Name,Phone,Staff,Service,Date,Time"
BOOKINGS = (
    "K1,Emma Fischer,030 901820,A,CUT,07.01.2019,10:00",
    "K1,Emma Fischer,030 901820,B,COL,07.01.2019,11:00",
    "K2,José Núñez,,A,CUT,07.01.2019,12:00",
    ",,,B,CUT,08.01.2019,9:00",
    "K3,Olga Iwanowa,,B,CUT,07.01.2030,9:00",
)


@dataclass(frozen=True, slots=True)
class Shop:
    """Writes the files of a book, and reads and imports them."""

    folder: Path
    rows: tuple[str, ...] = BOOKINGS
    headings: str = HEADINGS

    def write(self, *rows, headings=HEADINGS, name="bookings.csv", encoding="utf-8"):
        content = "".join(f"{row}\r\n" for row in (headings, *rows))
        (self.folder / name).write_bytes(content.encode(encoding))

    def mapping(self, *changes):
        text = MAPPING
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = self.folder / "shop.toml"
        if not path.exists() or path.read_text("utf-8") != text:  # another desk may be reading it
            path.write_text(text, "utf-8")
        return importer.load_mapping(path)

    def book(self, *changes):
        return importer.read_book(self.mapping(*changes), self.folder, silent)

    def load(self, work, actor, *changes, is_dry_run=False):
        book = self.book(*changes)
        done = work.write(
            lambda session: importer.import_book(
                session, actor=actor, book=book, is_dry_run=is_dry_run, progress=silent
            )
        )
        return done.value


def silent(_done, _total):
    """Nobody watches."""


@pytest.fixture
def shop(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    shop = Shop(folder)
    shop.write(*BOOKINGS)
    shop.write(
        "K2,A,CUT,07.01.2019,03.01.2019,Ana",
        "K4,B,COL,09.01.2019,09.01.2019,Ben",
        headings="Client,Staff,Service,Date,Cancelled,By",
        name="cancellations.csv",
    )
    shop.write(",B,CUT,08.01.2019", headings="Client,Staff,Service,Date", name="no_shows.csv")
    return shop


@pytest.fixture
def counts(work):
    """How many rows each table has, by its name."""

    def count():
        tables = t.Base.metadata.sorted_tables
        return work.read(
            lambda session: {
                table.name: session.scalar(select(func.count()).select_from(table)) for table in tables
            }
        )

    return count
