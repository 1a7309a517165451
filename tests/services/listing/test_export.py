"""A file holds exactly what is filtered, and nothing in it is a formula."""

import csv
from random import Random

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.db.states import AppointmentStatus, PaymentState, Source
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import sheets
from clinic_scheduler.services.listing import export
from clinic_scheduler.services.listing.asked import Asked, Filter, Order
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from tests.support import desk
from tests.support.listed import ListedBook, fits, place

WORDS = export.Words(
    {one: one.title() for one in AppointmentStatus},
    {one: one.title() for one in Source},
    {one: one.title() for one in PaymentState},
    "late",
    2,
)
EVIL = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    " =1+1",
    'x";=HYPERLINK("http://x")',
    "a\n=1",
)


def exported(work, actor, asked, path):
    made, number, after = sheets.sheet(path, "Bookings", export.COLUMNS), 0, None
    while True:
        chunk = {
            "actor": actor,
            "asked": asked,
            "words": WORDS,
            "sheet": made,
            "number": number,
            "after": after,
        }
        progress = work.read(lambda s, chunk=chunk: export.write_chunk(s, **chunk))
        work.read(lambda s, chunk=chunk: export.write_chunk(s, **chunk))  # as after a lost line
        number, after = number + 1, progress.next
        if after is None:
            made.finish()
            return read(path)


def read(path):
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return [dict(zip(export.COLUMNS, row, strict=True)) for row in list(csv.reader(stream))[1:]]
    rows = list(openpyxl.load_workbook(path).active.iter_rows())
    assert not [cell for row in rows for cell in row if cell.data_type == "f"]
    return [dict(zip(export.COLUMNS, (cell.value for cell in row), strict=True)) for row in rows[1:]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("order", list(Order))
def test_a_file_holds_exactly_what_is_filtered(work, actor, clinic, tmp_path, monkeypatch, kind, order):
    monkeypatch.setattr(export.read_chunk, "__kwdefaults__", export.read_chunk.__kwdefaults__ | {"limit": 11})
    book = ListedBook(work, Random(3))  # noqa: S311
    book.fill(50)
    asked = Asked(
        Filter(statuses=frozenset({"confirmed", "no_show", "cancelled"})), order, is_descending=True
    )
    wanted = [one for one in book.read() if fits(one, asked.filter)]
    wanted.sort(key=lambda one: place(one, asked), reverse=True)
    found = exported(work, actor, asked, tmp_path / f"list.{kind}")
    assert [row["reference"] for row in found] == [one.booking.reference for one in wanted]
    assert [row["status"] for row in found] == [one.appointment.status.title() for one in wanted]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_name_becomes_a_formula(work, actor, clinic, tmp_path, kind):
    for number, name in enumerate(name for name in EVIL if name.isprintable()):
        guest = Choices(guest=Guest(f"{name}", "+12015550123", ""))
        desk.book(
            work, actor, [clinic.part(f"{9 + number // 2:02}:{number % 2 * 30:02}", minutes=15)], None, guest
        )
    found = exported(work, actor, Asked(), tmp_path / f"list.{kind}")
    assert len(found) == sum(name.isprintable() for name in EVIL)
    if kind == "csv":
        assert not [value for row in found for value in row.values() if value.lstrip()[:1] in tuple("=@-")]
        assert {row["phone"] for row in found} == {"+1 201-555-0123"}
    else:
        assert {row["patient"].strip() for row in found} == {one.strip() for one in EVIL if one.isprintable()}


@given(st.text(max_size=30) | st.from_regex(r"[\s;,\"]{0,3}[=+\-@][\w(]{0,6}", fullmatch=True))
def test_harmless_text_begins_no_formula_in_any_cell(text):
    made = sheets.harmless(text)
    if made != text:
        assert made.replace("'", "") == text.replace("'", "")
    for mark in (",", ";", "\t", "|"):
        for cell in made.replace("\n", mark).replace("\r", mark).replace('"', mark).split(mark):
            assert cell.strip()[:1] not in tuple("=@") or not cell.strip()
            assert cell.strip()[:1] not in tuple("+-") or sheets.PLAIN.fullmatch(text)


def test_nothing_is_left_of_a_file_that_is_dropped(tmp_path):
    for kind in ("csv", "xlsx"):
        made = sheets.sheet(tmp_path / f"list.{kind}", "Bookings", ["one"])
        made.put(0, [["x"]])
        made.drop()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_there_stays_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("old")
    made = sheets.sheet(path, "Bookings", ["one"])
    made.put(0, [["x"]])
    assert path.read_text() == "old"
    made.finish()
    assert path.read_text(encoding="utf-8-sig") == "one\nx\n"


@pytest.mark.parametrize("name", ["list.txt", "list", "no/such/folder.csv"])
def test_a_file_that_cannot_be_is_refused(tmp_path, name):
    with pytest.raises(InvalidInput):
        sheets.sheet(tmp_path / name, "Bookings", ["one"])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_still_written_when_it_is_stopped_is_let_go(tmp_path, kind):
    made = sheets.sheet(tmp_path / f"list.{kind}", "List", ["Name"])
    made.put(0, [["Emma"]])
    made.drop()
    made.put(1, [["Olga"]])  # by the thread that was at it
    made.finish()
    made.drop()
    assert list(tmp_path.iterdir()) == []
