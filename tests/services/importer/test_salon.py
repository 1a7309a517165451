"""The appointment book of a real salon, held against figures counted by hand from its files."""

import csv
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from clinic_scheduler.db import tables as t
from clinic_scheduler.services import audit, importer
from tests.support.sources import ROOT

SALON = ROOT.parent / "shared" / "data" / "salon"
MAPPING = ROOT / "docs" / "import-salon.toml"
pytestmark = pytest.mark.skipif(
    not SALON.is_dir(),
    reason="the salon's book is not part of the project; it is read from ../shared/data/salon",
)


@pytest.fixture(scope="module")
def book():
    return importer.read_book(importer.load_mapping(MAPPING), SALON, lambda _done, _total: None)


def load(work, actor, book, *, is_dry_run=False):
    done = work.write(
        lambda session: importer.import_book(
            session, actor=actor, book=book, is_dry_run=is_dry_run, progress=lambda _done, _total: None
        )
    )
    return done.value


def rows(name):
    with (SALON / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def count(work, wanted):
    return work.read(lambda session: session.scalar(select(func.count()).select_from(wanted.subquery())))


def test_no_row_is_lost_and_a_second_run_imports_none(work, actor, book):
    assert load(work, actor, book, is_dry_run=True).imported == 2149
    report = load(work, actor, book)
    assert (report.rows, report.imported, report.refused, report.changed) == (1906 + 243, 2149, (), ())
    assert (report.patients, report.guests, report.practitioners, report.services) == (821, 1, 7, 33)
    assert (report.no_shows, report.cancelled, report.made_again) == (60, 243, 28)
    kept = (
        select(t.Booking.patient_id)
        .join(t.Appointment)
        .where(t.Appointment.status != "cancelled", t.Booking.patient_id.is_not(None))
        .distinct()
    )
    assert count(work, kept) == 794
    unknown = select(t.Appointment.id).where(t.Appointment.status_reason.contains("time unknown"))
    assert count(work, unknown.where(t.Appointment.start_at.is_(None))) == 243
    again = load(work, actor, book)
    assert (again.imported, again.already, again.bookings, again.patients) == (0, 2149, 0, 0)
    assert work.read(audit.verify) == []


def test_bookings_are_the_visits_of_the_book(sqlite_work, actor, book):
    load(sqlite_work, actor, book)
    both = [(r["Code"], r["Date"]) for r in rows("bookings.csv")]
    both += [(r["Code"], r["Booking Date"]) for r in rows("cancellations.csv")]
    visits = select(t.Booking.id)
    assert count(sqlite_work, visits) == len(set(both))
    several = (
        select(t.Appointment.booking_id)
        .where(t.Appointment.status != "cancelled")
        .group_by(t.Appointment.booking_id)
    )
    assert count(sqlite_work, several) == 1651 + 1, "and the guest"
    assert count(sqlite_work, several.having(func.count() > 1)) == 241


def test_overlaps_are_told_row_by_row(sqlite_work, actor, book):
    report = load(sqlite_work, actor, book)
    missed = {tuple(r[key] for key in ("Code", "Staff", "Service", "Date")) for r in rows("no_shows.csv")}
    minutes = book.services
    taken, expected = {}, set()
    numbered = sorted(
        enumerate(rows("bookings.csv"), start=2), key=lambda pair: (int(pair[1]["TimeInt"]), pair[0])
    )
    for number, row in numbered:
        if tuple(row[key] for key in ("Code", "Staff", "Service", "Date")) in missed:
            continue
        start = int(row["TimeInt"])
        for who in {row["Staff"], row["Code"]} - {""}:
            times = taken.setdefault((who, row["Date"]), [])
            if any(end > start for end in times):
                expected.add(number)
            times.append(start + minutes[row["Service"]].minutes)
    assert {overlap.row for overlap in report.overlaps} == expected
    assert all(overlap.reason.startswith("Imported: ") and overlap.with_rows for overlap in report.overlaps)


def test_each_appointment_stands_where_its_row_says(sqlite_work, actor, book):
    load(sqlite_work, actor, book)
    wanted = (
        select(t.Patient.code, t.Resource.code, t.Service.code, t.Appointment.local_start)
        .select_from(t.Appointment)
        .join(t.Booking)
        .outerjoin(t.Patient, t.Patient.id == t.Booking.patient_id)
        .join(t.Resource, t.Resource.id == t.Appointment.practitioner_id)
        .join(t.Service, t.Service.id == t.Appointment.service_id)
        .where(t.Appointment.status != "cancelled")
    )
    found = sqlite_work.read(lambda session: Counter(tuple(row) for row in session.execute(wanted)))
    expected = Counter()
    for row in rows("bookings.csv"):
        month, day, year = (int(part) for part in row["Date"].split("/"))
        hour, minute = divmod(int(row["TimeInt"]), 60)
        wall = f"{date(year, month, day)}T{hour:02}:{minute:02}"
        expected[row["Code"] or None, row["Staff"], row["Service"], wall] += 1
    assert found == expected
