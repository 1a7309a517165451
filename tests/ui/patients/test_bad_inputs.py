"""Whatever is pasted into a record, a merge, an erasure, an import: kept as it is, or refused where it stands."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.catalogue import clinic as facts
from clinic_scheduler.ui.patients.place import PatientsPlace
from clinic_scheduler.ui.tasks import Tasks
from tests.support import screen
from tests.support.clinics import BEN, CLINIC, EMMA, OLGA
from tests.support.desk import book

LONG = "x" * 10_000
MARKUP = "<b>Bold</b> <img src=x onerror=1> &lt;i&gt;"
SQL = "Robert'); DROP TABLE patient; --"
RIGHT_TO_LEFT = "محمد עבד 123"
REFUSED = None

RECORD = [  # field, what is pasted, what is kept or that it is refused at its field
    ("name", "", REFUSED),
    ("name", "  \t ", REFUSED),
    ("name", "\u200b\u2060", REFUSED),
    ("name", "\u202e", REFUSED),
    ("name", "?!", REFUSED),
    ("name", "😀", REFUSED),
    ("name", "a\x07b", REFUSED),
    ("name", "x\ud800y\0", "xy"),
    ("name", LONG, "x" * 200),
    ("name", MARKUP, MARKUP),
    ("name", SQL, SQL),
    ("name", RIGHT_TO_LEFT, RIGHT_TO_LEFT),
    ("name", "Zoë 😀", "Zoë 😀"),
    ("name", "=HYPERLINK(1)", "=HYPERLINK(1)"),
    ("phone", "12", REFUSED),
    ("phone", "letters", REFUSED),
    ("phone", "+49 000", REFUSED),
    ("phone", "9" * 400, REFUSED),
    ("phone", "😀", REFUSED),
    ("phone", MARKUP, REFUSED),
    ("phone", " ٠٣٠ 12345670 ", "+493012345670"),
    ("email", "nobody", REFUSED),
    ("email", "a@b", REFUSED),
    ("email", "a b@example.org", REFUSED),
    ("email", "@" * 300, REFUSED),
    ("email", MARKUP, REFUSED),
    ("birth_date", "31.2.1980", REFUSED),
    ("birth_date", "29.2.2023", REFUSED),
    ("birth_date", "1.1.2999", REFUSED),
    ("birth_date", "1.1.1800", REFUSED),
    ("birth_date", "0.0.0000", REFUSED),
    ("birth_date", "yesterday", REFUSED),
    ("birth_date", "😀", REFUSED),
    ("alert", LONG, "x" * 200),
    ("alert", MARKUP, MARKUP),
    ("alert", "\0\ud800ok", "ok"),
    ("notes", LONG, REFUSED),
    ("notes", MARKUP, MARKUP),
    ("notes", SQL + "\n" + RIGHT_TO_LEFT, SQL + "\n" + RIGHT_TO_LEFT),
    ("notes", "\0\ud800", ""),
]
IDS = [f"{field} {ascii(text)[:24]}" for field, text, _kept in RECORD]


@pytest.fixture
def place(qtbot, sqlite_work, sqlite_clinic, actor):
    tasks = Tasks(sqlite_work.read, sqlite_work.write)
    clinic = sqlite_work.read(lambda s: facts(s, CLINIC))
    made = PatientsPlace(SimpleNamespace(tasks=tasks, actor=actor, clinic=clinic))
    qtbot.addWidget(made)
    made.show()
    made.settle = lambda: qtbot.waitUntil(lambda: not tasks.running)
    yield made
    made.settle()
    assert not [label.text() for label in made.findChildren(QLabel) if is_markup(label)]
    tasks.close()


def is_markup(label):
    """Whether a label would show what was typed as anything but typed."""
    return "<b>" in label.text() and label.textFormat() != Qt.TextFormat.PlainText


def put(place, field, text):
    form = place.page.form
    if field == "notes":
        form._notes.setPlainText(text)
    else:
        form._fields[field].line.setText(text)


def error(place, field):
    form = place.page.form
    return form._below.text() if field == "notes" else form._fields[field].error


def shown(place, patient=EMMA):
    place.show_record(patient)
    place.settle()


def stored(work, field, patient=EMMA):
    return work.read(lambda s: s.scalar(select(getattr(t.Patient, field)).where(t.Patient.id == patient)))


@pytest.mark.parametrize(("field", "pasted", "kept"), RECORD, ids=IDS)
def test_a_record_keeps_it_or_says_at_the_field_what_is_wrong(place, sqlite_work, field, pasted, kept):
    shown(place)
    put(place, "alert" if field != "alert" else "notes", "typed before")
    put(place, field, pasted)
    place._save()
    place.settle()
    if kept is REFUSED:
        assert error(place, field).endswith(".")
        assert place.page.is_changed
        assert stored(sqlite_work, "version") == 1
    else:
        assert stored(sqlite_work, field) == kept
        assert "Saved." in screen.words(place)
    assert place.page.form._fields["alert"].text in ("typed before", kept)


@pytest.mark.parametrize(
    ("field", "pasted"),
    [
        ("name", ""),
        ("name", "\u202e"),
        ("phone", "12"),
        ("email", "x"),
        ("birth_date", "1.1.2999"),
        ("notes", LONG),
    ],
)
def test_somebody_new_is_not_put_on_record_with_it(place, sqlite_work, field, pasted):
    place.begin_new()
    put(place, "name", "Noah Klein")
    put(place, "alert", "typed before")
    put(place, field, pasted)
    for _press in range(2):
        place._save()
        place.settle()
    assert error(place, field).endswith(".")
    assert place.page.is_changed
    assert len(sqlite_work.read(lambda s: s.scalars(select(t.Patient.id)).all())) == 3


@pytest.mark.parametrize("pasted", ["", "Emma", "\u202eEmma Müller", MARKUP, SQL, LONG, "😀"])
def test_nobody_is_erased_by_it(place, sqlite_work, pasted):
    shown(place)
    place._erase()
    place.settle()
    dialog = place.findChildren(QDialog)[-1]
    dialog._typed.line.setText(pasted)
    dialog._erase()
    place.settle()
    is_the_name = pasted == "\u202eEmma Müller"  # whoever sees it sees the name
    assert (stored(sqlite_work, "erased_at") is None) is not is_the_name


@pytest.mark.parametrize("reason", ["", "   ", "\u200b", "\0", MARKUP, SQL, LONG, RIGHT_TO_LEFT])
def test_a_reason_for_two_visits_at_once_is_one_or_is_asked_for(
    place, sqlite_work, actor, sqlite_clinic, reason
):
    for patient, part in ((EMMA, sqlite_clinic.part("09:00")), (OLGA, sqlite_clinic.part("09:00", who=BEN))):
        book(sqlite_work, actor, [part], patient)
    shown(place)
    place._merge()
    dialog = place.findChildren(QDialog)[-1]
    dialog._read(EMMA, OLGA)
    place.settle()
    dialog._reason.setText(reason)
    dialog._merge()
    place.settle()
    merged = stored(sqlite_work, "merged_into", OLGA)
    if merged is None:
        assert dialog._said.text().endswith(".")
        assert dialog._reason.text() == reason[:200]
    else:
        written = sqlite_work.read(lambda s: s.scalars(select(t.Appointment.overlap_reason)).all())
        assert sorted(written) == ["", " ".join(reason[:200].split())]


@pytest.mark.parametrize(
    ("cell", "heading"),
    [
        ("", "Name"),
        ("\u202e", "Name"),
        ("a\x07b", "Name"),
        (LONG, "Name"),
        ("12", "Phone"),
        (MARKUP.replace(",", ""), "Phone"),
        ("31.2.1980", "Birth date"),
        ("2999-01-01", "Birth date"),
        ("nobody", "E-mail"),
        (LONG, "Notes"),
    ],
)
def test_a_line_of_a_file_with_it_is_shown_with_its_number(place, sqlite_work, tmp_path, cell, heading):
    values = {"Name": "Noah Klein", "Phone": "", "E-mail": "", "Birth date": "", "Notes": "kept"} | {
        heading: cell
    }
    path = tmp_path / "people.csv"
    path.write_text(",".join(values) + "\nMia Long,,,,\n" + ",".join(values.values()) + "\n", "utf-8")
    place._import()
    dialog = place.findChildren(QDialog)[-1]
    dialog.open_file(str(path))
    place.settle()
    place.settle()
    assert [dialog.lines.item(0, column).text() for column in (0, 1)] == ["3", heading]
    assert dialog.lines.item(0, 2).text().endswith(".")
    assert not dialog._go.isEnabled()
