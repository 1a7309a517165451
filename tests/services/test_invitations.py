"""The calendar file is what RFC 5545 asks for, and shows the clinic's wall time everywhere."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from clinic_scheduler.services import invitations
from clinic_scheduler.services.invitations import Occasion

BERLIN = ZoneInfo("Europe/Berlin")
WRITTEN = datetime(2026, 11, 24, 9, tzinfo=UTC)
START = datetime(2026, 11, 30, 9, 10, tzinfo=UTC)
PHYSIO = Occasion(
    UUID(int=7), START, START + timedelta(minutes=45), "Physiotherapy", "Riverside", "K7MP-4X2A"
)


def read(*occasions, where=BERLIN):
    return Calendar.from_ical(invitations.calendar_file(occasions, where, WRITTEN))


def test_each_service_is_an_event_with_its_own_id():
    made = read(
        PHYSIO, replace(PHYSIO, uid=UUID(int=8), start=PHYSIO.end, end=PHYSIO.end + timedelta(hours=1))
    )
    one, other = made.walk("VEVENT")
    assert (one["UID"], other["UID"]) == (
        f"{UUID(int=7)}@clinic-scheduler",
        f"{UUID(int=8)}@clinic-scheduler",
    )
    assert one["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert one.decoded("dtstart").replace(tzinfo=None) == datetime(2026, 11, 30, 10, 10)  # noqa: DTZ001
    assert other.decoded("dtend") - other.decoded("dtstart") == timedelta(hours=1)
    assert (made["METHOD"], made["VERSION"], one["STATUS"]) == ("PUBLISH", "2.0", "CONFIRMED")


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Europe/Dublin",
        "Africa/Casablanca",
    ],
)
def test_another_program_reads_the_same_wall_time_at_every_hour_of_the_year(zone):
    """Read back by dateutil, which knows only the rules in the file."""
    where = ZoneInfo(zone)
    written = invitations.calendar_file((PHYSIO,), where, WRITTEN).decode().replace("\r\n ", "")
    theirs = tz.tzical(io.StringIO(written)).get(zone)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    for hour in range(24 * 365):
        moment = begin + timedelta(hours=hour)
        wall = moment.astimezone(where).replace(tzinfo=None)
        is_plain = (wall.replace(tzinfo=where, fold=0)).utcoffset() == (
            wall.replace(tzinfo=where, fold=1)
        ).utcoffset()
        if is_plain:  # an hour that comes twice has no one answer
            assert wall.replace(tzinfo=theirs).utcoffset() == moment.astimezone(where).utcoffset(), moment


@given(text=st.text(max_size=120))
def test_no_text_breaks_out_of_its_line(text):
    made = read(replace(PHYSIO, summary=f"x{text}", place=text, description=text))
    (event,) = made.walk("VEVENT")
    assert event["UID"] == f"{UUID(int=7)}@clinic-scheduler"
    assert set(event) == {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "SEQUENCE"
    }  # fmt: skip


def test_lines_are_folded_at_75_octets_and_end_as_they_should():
    written = invitations.calendar_file((replace(PHYSIO, description="Überweisung " * 40),), BERLIN, WRITTEN)
    lines = written.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert lines[-1] == b""
