"""Rows that cannot be understood: listed with column and reason; nothing is imported unless they may be skipped."""

import pytest

from clinic_scheduler.services.importer import RowsRefused

SKIP = ("[staff.A]", '[policy]\nbad_rows = "skip"\n[staff.A]')


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("K9,Mia,,A,CUT,31.02.2019,15:00", "Date", '"31.02.2019" is not in the calendar'),
        ("K9,Mia,,A,CUT,02/28/2019,15:00", "Date", '"02/28/2019" is no date; it should look like 24.11.2026'),
        ("K9,Mia,,A,CUT,,15:00", "Date", "the date is missing; it should look like 24.11.2026"),
        ("K9,Mia,,A,CUT,07.01.1019,15:00", "Date", "the year 1019 cannot be right"),
        ("K9,Mia,,A,CUT,07.01.2019,25:00", "Time", '"25:00" is no time of day'),
        ("K9,Mia,,A,CUT,07.01.2019,noon", "Time", '"noon" is no time; it should look like 14:10'),
        ("K9,Mia,,A,CUT,31.03.2019,02:30", "Time", "the clocks went forward that day, 02:30 did not happen"),
        ("K9,Mia,,A,CUT,27.10.2019,02:30", "Time", "the clocks went back that day, 02:30 happened twice"),
        (
            "K9,Mia,,Z,CUT,07.01.2019,15:00",
            "Staff",
            '"Z" is not among the staff of the mapping; add [staff.Z]',
        ),
        ("K9,Mia,,,CUT,07.01.2019,15:00", "Staff", "the member of staff is missing"),
        (
            "K9,Mia,,A,DYE,07.01.2019,15:00",
            "Service",
            'the service "DYE" is not known; add it to [durations.services]',
        ),
        ("K9,Mia,,A,,07.01.2019,15:00", "Service", "the service is missing"),
        ("K9,\x07Mia,,A,CUT,07.01.2019,15:00", "Name", "The name holds characters that cannot be printed"),
        ("K\x079,Mia,,A,CUT,07.01.2019,15:00", "Client", "there are characters that cannot be printed"),
        (f"{'K' * 101},Mia,,A,CUT,07.01.2019,15:00", "Client", "there are more than 100 characters"),
        ("---,,,A,CUT,07.01.2019,15:00", "Client", "A name needs at least one letter"),
        ("K9,Mia,,A,CUT,07.01.2019", "", "the row has 6 values, the headings are 7"),
        ("K9,Mia,,A,CUT,07.01.2019,15:00,more", "", "the row has 8 values, the headings are 7"),
    ],
)
def test_a_row_that_cannot_be_understood_is_listed(shop, row, column, reason):
    shop.write(*shop.rows, row)
    [refusal] = shop.book().refused
    assert (refusal.file, refusal.row, refusal.column) == ("bookings.csv", 7, column)
    assert refusal.reason.startswith(reason)


def test_a_blank_value_too_many_is_no_fault(shop):
    shop.write(*shop.rows, "K9,Mia,,A,CUT,07.01.2019,15:00,,")
    assert not shop.book().refused


def test_a_no_show_without_a_booking_is_listed(shop):
    shop.write(
        ",B,CUT,08.01.2019", ",B,CUT,08.01.2019", headings="Client,Staff,Service,Date", name="no_shows.csv"
    )
    [refusal] = shop.book().refused
    assert str(refusal) == "no_shows.csv, row 3: no booking has this person, staff, service and day"


def test_a_number_that_stands_twice_is_listed(shop):
    shop.write(
        *(f"{row},{i}" for i, row in enumerate((*shop.rows, shop.rows[0]))), headings=f"{shop.headings},No"
    )
    assert not shop.book(('time = "Time"', 'time = "Time"\nid = "No"')).refused
    shop.write(*(f"{row},7" for row in shop.rows[:2]), headings=f"{shop.headings},No")
    refused = shop.book(('time = "Time"', 'time = "Time"\nid = "No"')).refused
    assert str(refused[0]) == 'bookings.csv, row 3, column "No": "7" stands in row 2 already'


def test_one_bad_row_stops_the_import_and_leaves_nothing(shop, work, actor, counts):
    before = counts()
    shop.write(*shop.rows, *("K9,Mia,,A,CUT,07.01.2019,25:00",) * 5, "K9,Mia,,Z,CUT,07.01.2019,15:00")
    with pytest.raises(
        RowsRefused, match=r'bookings\.csv, row 7, column "Time": "25:00" .*; and 3 more\.'
    ) as caught:
        shop.load(work, actor)
    assert [refusal.row for refusal in caught.value.report.refused] == [7, 8, 9, 10, 11, 12]
    assert caught.value.report.imported == 0
    assert counts() == before


def test_bad_rows_may_be_skipped(shop, work, actor):
    shop.write(*shop.rows, "K9,Mia,,A,CUT,07.01.2019,25:00")
    report = shop.load(work, actor, SKIP)
    assert (report.rows, report.imported, len(report.refused)) == (8, 7, 1)


def test_unknown_staff_and_services_may_be_added(shop, work, actor):
    shop.write(*shop.rows, "K9,Mia,,Zoë,DYE,07.01.2019,15:00")
    policy = '[policy]\nunknown_staff = "add"\nunknown_service = "add"\n[durations]\ndefault = 30\n[durations.services]'
    report = shop.load(work, actor, ("[durations.services]", policy))
    assert (report.practitioners, report.services, report.imported) == (3, 3, 8)
