"""What an import leaves in the database, on both kinds."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Thread

import pytest
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import ImportRefused, NotPermitted
from clinic_scheduler.services import audit, catalogue
from clinic_scheduler.services.days import calendar
from clinic_scheduler.services.importer import check_report_path, import_book, write_report


def appointments(work):
    wanted = select(t.Appointment, t.Booking).join(t.Booking).order_by(t.Appointment.origin)
    return work.read(lambda session: [tuple(row) for row in session.execute(wanted)])


def claims(work):
    return work.read(lambda session: list(session.scalars(select(t.Claim).order_by(t.Claim.start_at))))


def test_the_report_counts_what_was_made(shop, work, actor):
    report = shop.load(work, actor)
    assert (report.rows, report.imported, report.refused) == (7, 7, ())
    assert (report.patients, report.guests, report.practitioners, report.services) == (4, 1, 2, 2)
    assert (report.bookings, report.appointments) == (5, 7)
    assert (report.no_shows, report.cancelled, report.made_again) == (1, 2, 1)
    assert report.files == {"bookings.csv": 5, "cancellations.csv": 2, "no_shows.csv": 1}


def test_the_same_person_and_day_become_one_booking_in_order(shop, work, actor):
    shop.load(work, actor)
    visits = {}
    for appointment, booking in appointments(work):
        visits.setdefault((booking.patient_id, appointment.day), []).append((appointment, booking))
    [two] = [v for v in visits.values() if len(v) == 2 and v[0][0].status == v[1][0].status == "completed"]
    assert len({booking.id for _appointment, booking in two}) == 1
    ordered = sorted((appointment for appointment, _booking in two), key=lambda a: a.position)
    assert [a.local_start for a in ordered] == ["2019-01-07T10:00", "2019-01-07T11:00"]
    assert ordered[0].start_at == datetime(2019, 1, 7, 9, tzinfo=UTC)
    assert two[0][1].source == "imported"


def test_each_row_has_the_status_of_the_book(shop, work, actor):
    shop.load(work, actor)
    found = [(a.day.isoformat(), a.status, a.start_at is None) for a, _booking in appointments(work)]
    assert sorted(found) == [
        ("2019-01-07", "cancelled", True),
        ("2019-01-07", "completed", False),
        ("2019-01-07", "completed", False),
        ("2019-01-07", "completed", False),
        ("2019-01-08", "no_show", False),
        ("2019-01-09", "cancelled", True),
        ("2030-01-07", "confirmed", False),
    ]


def test_cancellations_keep_who_when_and_that_the_time_is_unknown(shop, work, actor):
    shop.load(work, actor)
    cancelled = {b.origin: a for a, b in appointments(work) if a.status == "cancelled"}
    again, late = sorted(cancelled.values(), key=lambda a: a.day)
    assert again.status_reason == "Cancelled on 2019-01-03 by Ana; time unknown; booked again"
    assert again.cancelled_at == datetime(2019, 1, 2, 23, tzinfo=UTC)
    assert late.status_reason == "Cancelled on 2019-01-09 by Ben; time unknown"
    assert (again.is_late_cancel, late.is_late_cancel) == (False, True)


def test_a_row_without_a_person_becomes_a_guest(shop, work, actor):
    shop.load(work, actor)
    [guest] = [b for _a, b in appointments(work) if b.patient_id is None]
    assert guest.guest_name == "Guest (imported)"


def test_only_visits_that_take_place_take_time(shop, work, actor):
    shop.load(work, actor)
    taking = {a.id: a.status for a, _b in appointments(work) if a.status in {"completed", "confirmed"}}
    found = claims(work)
    assert {claim.appointment_id for claim in found} == set(taking)
    assert all(claim.live_to is None and claim.kind == "appointment" for claim in found)
    assert len(found) == 2 * len(taking)


def test_an_overlap_is_kept_in_another_lane_with_its_reason(shop, work, actor):
    shop.write(*shop.rows, "K9,Mia Paz,,A,CUT,07.01.2019,10:30")
    report = shop.load(work, actor)
    reason = "Imported: the book has Ana with two people at 10:30"
    [overlap] = report.overlaps
    assert (overlap.file, overlap.row, overlap.with_rows, overlap.reason) == (
        "bookings.csv",
        7,
        (("bookings.csv", 2),),
        reason,
    )
    assert [a.overlap_reason for a, _b in appointments(work) if a.overlap_reason] == [reason]
    assert [(c.lane, c.override_reason) for c in claims(work) if c.lane > 1] == [(2, reason)]


def test_the_overlap_is_on_the_screen(shop, work, actor):
    shop.write(*shop.rows, "K9,Mia Paz,,A,CUT,07.01.2019,10:30")
    shop.load(work, actor)

    def day(session):
        [clinic] = catalogue.clinics(session)
        return calendar.day(session, clinic_id=clinic.id, on=date(2019, 1, 7))

    schedule = work.read(day)
    assert [c.name for c in schedule.columns] == ["Ana", "Ben"]
    assert sorted((v.time, v.patient) for v in schedule.visits) == [
        ("10:00", "Emma Fischer"),
        ("10:30", "Mia Paz"),
        ("11:00", "Emma Fischer"),
        ("12:00", "José Núñez"),
    ]


def test_a_second_run_imports_nothing(shop, work, actor, counts):
    shop.load(work, actor)
    before = counts()
    report = shop.load(work, actor)
    assert (report.imported, report.already, report.bookings, report.patients) == (0, 7, 0, 0)
    assert counts() == before


def test_rows_added_later_are_imported_alone(shop, work, actor, counts):
    shop.load(work, actor)
    before = counts()
    added = ("K1,Emma Fischer,,A,COL,07.01.2019,14:00", "K5,Li Wei,,A,CUT,07.01.2019,15:30")
    shop.write(added[0], *shop.rows, added[1])
    report = shop.load(work, actor)
    assert (report.imported, report.already, report.patients, report.bookings) == (2, 7, 1, 2)
    assert report.overlaps == ()
    after = counts()
    assert {name: after[name] - before[name] for name in ("patient", "appointment", "booking", "claim")} == {
        "patient": 1,
        "appointment": 2,
        "booking": 2,
        "claim": 4,
    }
    assert shop.load(work, actor).imported == 0


def test_a_changed_row_is_told_and_not_written(shop, work, actor):
    shop.load(work, actor)
    shop.write(*(row.replace("12:00", "14:30") for row in shop.rows))
    report = shop.load(work, actor)
    assert (report.imported, report.already, [r.row for r in report.changed]) == (0, 6, [4])
    assert "2019-01-07T12:00" in {a.local_start for a, _b in appointments(work)}


def test_a_row_that_left_the_book_is_counted(shop, work, actor):
    shop.load(work, actor)
    shop.write(*shop.rows[:-1])
    report = shop.load(work, actor)
    assert (report.already, report.gone) == (6, 1)


def test_rows_that_are_alike_are_all_kept(shop, work, actor):
    row = "K4,B,COL,09.01.2019,09.01.2019,Ben"
    headings = "Client,Staff,Service,Date,Cancelled,By"
    shop.write(row, row, row, headings=headings, name="cancellations.csv")
    assert shop.load(work, actor).cancelled == 3
    shop.write(row, row, row, row, headings=headings, name="cancellations.csv")
    report = shop.load(work, actor)
    assert (report.cancelled, report.already) == (1, 8)


def test_a_dry_run_tells_all_and_leaves_nothing(shop, work, actor, counts):
    before = counts()
    dry = shop.load(work, actor, is_dry_run=True)
    assert counts() == before
    assert replace(dry, is_dry_run=False) == shop.load(work, actor)


def test_a_dry_run_announces_nothing(shop, work, actor):
    book = shop.book()
    done = work.write(
        lambda session: import_book(
            session, actor=actor, book=book, is_dry_run=True, progress=lambda _done, _total: None
        )
    )
    assert done.changes == frozenset()


def test_what_is_booked_already_is_overlapped_and_told(shop, work, actor):
    shop.load(work, actor)
    other = ('book = "shop"', 'book = "other"')
    report = shop.load(work, actor, other)
    assert report.imported == 7
    assert report.patients == 0
    assert {overlap.reason.partition(" at ")[0] for overlap in report.overlaps} == {
        "Imported: Ana was taken already; this person was booked already",
        "Imported: Ben was taken already; this person was booked already",
    }


def test_a_clinic_that_is_there_is_added_to(shop, work, actor, clinic):
    staff = ('[staff.A]\nname = "Ana"', '[staff.A]\nname = "Ana Silva"')
    report = shop.load(work, actor, ('name = "Shop"', f'name = "{name_of(work, clinic.id)}"'), staff)
    assert (report.practitioners, report.services) == (1, 2)
    assert len(work.read(catalogue.clinics)) == 1


def name_of(work, clinic_id):
    return work.read(lambda session: catalogue.clinic(session, clinic_id)).name


def test_a_clinic_with_another_zone_is_refused(shop, work, actor, clinic, counts):
    before = counts()
    changes = (
        ('name = "Shop"', f'name = "{name_of(work, clinic.id)}"'),
        ('zone = "Europe/Berlin"', 'zone = "Europe/Paris"'),
    )
    with pytest.raises(ImportRefused, match="has the time zone Europe/Berlin, the mapping says Europe/Paris"):
        shop.load(work, actor, *changes)
    assert counts() == before


def test_names_stay_plain_text(shop, work, actor):
    names = ('=HYPERLINK("x")', "<b>Mia</b>", "\u202eabc", "O'Brien; DROP TABLE patient", "田中 太郎", "مريم")
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    shop.write(*(f"N{i},{name},,A,CUT,07.01.2019,{8 + i}:00" for i, name in enumerate(quoted)))
    shop.write(headings="Client,Staff,Service,Date", name="no_shows.csv")
    shop.load(work, actor)
    found = work.read(lambda session: set(session.scalars(select(t.Patient.name))))
    assert set(names) <= found


def test_a_phone_that_cannot_exist_is_left_out_and_told(shop, work, actor):
    shop.write("K1,Emma Fischer,12,A,CUT,07.01.2019,10:00", *shop.rows[1:])
    report = shop.load(work, actor)
    assert [str(d) for d in report.dropped] == [
        "bookings.csv, row 2: the phone cannot exist and was left out"
    ]
    found = work.read(lambda session: dict(iter(session.execute(select(t.Patient.name, t.Patient.phone)))))
    assert found["Emma Fischer"] == "+4930901820"


def test_the_import_is_in_the_audit_once(shop, work, actor):
    shop.load(work, actor)
    shop.load(work, actor)
    entries = work.read(
        lambda session: [
            (e.action, e.after)
            for e in session.scalars(select(t.AuditEntry).order_by(t.AuditEntry.number))
            if e.action == "import.done"
        ]
    )
    assert [(action, after["imported"]) for action, after in entries] == [("import.done", 7)]
    assert work.read(audit.verify) == []


def test_only_who_may_set_up_clinics_imports(shop, work, actor):
    with pytest.raises(NotPermitted):
        shop.load(work, replace(actor, permissions=frozenset()))


def test_progress_ends_with_all(shop, work, actor):
    told = []
    book = shop.book()
    work.write(
        lambda session: import_book(
            session, actor=actor, book=book, progress=lambda done, total: told.append((done, total))
        )
    )
    assert told == [(5, 5)]


def test_the_report_is_json_that_only_its_owner_reads(shop, sqlite_work, actor, tmp_path):
    shop.write(*shop.rows, "K9,Mia Paz,,A,CUT,07.01.2019,10:30")
    path = tmp_path / "report.json"
    check_report_path(path)
    write_report(shop.load(sqlite_work, actor), path)
    found = json.loads(path.read_text("utf-8"))
    assert (found["rows"], found["imported"], found["refused"]) == (8, 8, [])
    assert found["overlaps"][0]["with_rows"] == [["bookings.csv", 2]]
    assert path.stat().st_mode & 0o077 == 0


def test_a_report_that_cannot_be_written_is_refused_before(tmp_path):
    with pytest.raises(ImportRefused, match="choose another place"):
        check_report_path(tmp_path / "nowhere" / "report.json")


def test_two_desks_importing_at_once_import_once(shop, work, actor, colleague):
    reports = []
    shop.mapping()
    desks = [
        Thread(target=lambda who=who: reports.append(shop.load(work, who))) for who in (actor, colleague)
    ]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert sorted(report.imported for report in reports) == [0, 7]
    assert len(work.read(catalogue.clinics)) == 1
