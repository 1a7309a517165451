"""A file of people is read as spreadsheets write it, and refused in a sentence where it cannot be."""

import pytest

from clinic_scheduler.errors import ImportRefused
from clinic_scheduler.services.people import people_file

LINES = "Name;Telefon;Geburtsdatum\r\nJürgen Groß;030 1234567;31.12.1980\r\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"], ids=["plain", "marked", "windows", "wide"]
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_any_usual_encoding_and_separator(encoding, separator):
    sheet = people_file.read(LINES.replace(";", separator).encode(encoding))
    assert sheet.headings == ("Name", "Telefon", "Geburtsdatum")
    assert sheet.rows == (people_file.Row(2, ("Jürgen Groß", "030 1234567", "31.12.1980")),)
    assert sheet.separator == separator


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (
            ("Patient name", "E-Mail", "Phone number", "DOB"),
            {"name": 0, "email": 1, "phone": 2, "birth_date": 3},
        ),
        (("Vorname", "Nachname", "Handy"), {"first_name": 0, "last_name": 1, "phone": 2}),
        (("Name", "First name"), {"last_name": 0, "first_name": 1}),
        (("full_name", "Given name", "Surname", "NOTES", "No."), {"name": 0, "notes": 3, "code": 4}),
        (("Shoe size",), {}),
    ],
)
def test_columns_are_known_by_their_headings(headings, fields):
    assert people_file.guess(headings) == fields


def test_lines_are_counted_as_an_editor_counts_them():
    text = '\nName,Notes\n\nEmma,"two\nlines"\nOlga,"none"\n'
    assert [(row.line, row.cells[0]) for row in people_file.read(text.encode()).rows] == [
        (4, "Emma"),
        (6, "Olga"),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "names nobody"),
        (b"\n\n \n", "names nobody"),
        (b"Name,Phone\n", "names nobody"),
        (b"Name\nEm\x00ma\n", "zero bytes"),
        (b"Name\nEmma\n\x81\x8d\n", "Line 3"),
        (b'Name\n"Emma\n', "quotation marks"),
        (b"Name\n" + b"x" * 200_000 + b"\n", "Line 2"),
        (b"Name\n" + b"x\n" * 20_001, "more than 20000"),
        (b"x" * (people_file.LARGEST + 1), "larger than"),
    ],
)
def test_what_is_no_such_file_is_refused_in_a_sentence(data, said):
    with pytest.raises(ImportRefused, match=said):
        people_file.read(data)
