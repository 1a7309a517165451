"""People of a file: tried first, then all or none, and nobody twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import ImportRefused, InvalidInput
from clinic_scheduler.services.people import merging, patients, people_file, people_import
from clinic_scheduler.services.people.likeness import Reason
from clinic_scheduler.services.people.merging import Seen
from tests.support.clinics import CLINIC, EMMA
from tests.support.desk import count

FILE = """Code;Name;Phone;E-mail;Date of birth;Notes
A1;Noah Klein;030 2345678;noah@example.org;01.02.1990;"Left; not right"
A2;Mia Groß;;;;
;Li Wei;+86 10 6552 9988;;1970-05-06;
"""


def sheet(text):
    return people_file.read(text.encode() if isinstance(text, str) else text)


def attempt(work, actor, text, columns=None):
    read = sheet(text)
    fields = people_file.guess(read.headings) if columns is None else columns
    return work.read(lambda s: people_import.attempt(s, actor=actor, sheet=read, columns=fields))


def take(work, actor, text, *, with_alike=False):
    read = sheet(text)
    fields = people_file.guess(read.headings)
    return work.write(
        lambda s: people_import.take(s, actor=actor, sheet=read, columns=fields, with_alike=with_alike)
    ).value


def people(work):
    return count(work, t.Patient)


def test_everybody_is_put_on_record_with_all_fields(work, actor, clinic):
    assert take(work, actor, FILE).new == 3
    row = work.read(lambda s: s.scalars(select(t.Patient).where(t.Patient.code == "A1")).one())
    assert (row.name, row.phone, row.email) == ("Noah Klein", "+49302345678", "noah@example.org")
    assert (row.birth_date, row.notes) == (date(1990, 2, 1), "Left; not right")
    found = work.read(lambda s: patients.search(s, clinic_id=CLINIC, text="gross"))
    assert [line.name for line in found] == ["Mia Groß"]


def test_trying_changes_nothing_and_says_what_would_be(work, actor, clinic):
    trial = attempt(work, actor, FILE)
    assert [one.line for one in trial.new] == [2, 3, 4]
    assert (trial.known, trial.alike, trial.problems) == ((), (), ())
    assert people(work) == 3


def test_the_same_file_again_puts_nobody_on_record_twice(work, actor, clinic):
    take(work, actor, FILE)
    again = take(work, actor, FILE, with_alike=True)
    assert (again.new, again.known) == (0, 3)
    assert people(work) == 6


def test_two_desks_with_one_file_at_once_put_everybody_on_record_once(work, actor, colleague, clinic):
    text = "Name,Phone\n" + "".join(f"Person {chr(97 + n)}{chr(97 + n)},\n" for n in range(12))
    with ThreadPoolExecutor(2) as desks:
        done = list(desks.map(lambda who: take(work, who, text, with_alike=True), (actor, colleague)))
    assert sorted(one.new for one in done) == [0, 12]
    assert people(work) == 15


def test_one_bad_line_and_nobody_is_put_on_record(work, actor, clinic):
    text = FILE + ";;12;nobody;31.02.1980;\n;Ok Person;12;;;\n;Short line\n"
    trial = attempt(work, actor, text)
    assert [(p.line, p.heading) for p in trial.problems] == [(5, "Name"), (6, "Phone"), (7, "")]
    with pytest.raises(
        ImportRefused, match=r"Nothing was imported; line 5: Please type a name\. 2 more lines"
    ):
        take(work, actor, text)
    assert people(work) == 3


@pytest.mark.parametrize(
    ("cells", "heading", "said"),
    [
        (";\u202e;;;;", "Name", "at least one letter"),
        (";Em\x07ma;;;;", "Name", "cannot be printed"),
        (f";{'x' * 10_000};;;;", "Name", "at most 200"),
        (";Emma;letters;;;", "Phone", "cannot exist"),
        (";Emma;;no address;;", "E-mail", "no e-mail address"),
        (";Emma;;;2999-01-01;", "Date of birth", "cannot be right"),
        (";Emma;;;1/2/3;", "Date of birth", "no date"),
        (f";Emma;;;;{'x' * 4001}", "Notes", "At most 4000"),
        (f"{'x' * 61};Emma;;;;", "Code", "At most 60"),
        (";Emma;;;;;more", "", "7 values, the headings are 6"),
    ],
)
def test_each_problem_is_told_at_its_line_and_column(work, actor, clinic, cells, heading, said):
    (problem,) = attempt(work, actor, FILE + cells + "\n").problems
    assert (problem.line, problem.heading) == (5, heading)
    assert said in problem.text


def test_odd_texts_are_kept_as_they_are(work, actor, clinic):
    odd = "<b>Bobby</b> '; DROP TABLE patient; -- 😀 שלום"
    take(work, actor, f'Name,Notes\n"{odd}","{odd}"\n')
    row = work.read(lambda s: s.scalars(select(t.Patient).where(t.Patient.name == odd)).one())
    assert row.notes == odd


def test_whoever_may_be_on_record_is_shown_and_left_out_unless_wanted(work, actor, clinic):
    text = "Name,Birth date,Phone\nMüller Emma,01.05.1980,\nJosé Garcia-Lopez,,0176 1234567\nNew One,,\nOne New,,\n"
    trial = attempt(work, actor, text)
    assert [(one.line, one.other, one.other_line) for one in trial.alike] == [
        (2, "Emma Müller", 0),
        (3, "José García-López", 0),
        (5, "New One", 4),
    ]
    assert Reason.SAME_BIRTH_DATE in trial.alike[0].reasons
    assert take(work, actor, text).new == 1
    assert take(work, actor, text, with_alike=True).new == 3


def test_a_code_leads_to_one_person_also_after_a_merge(work, actor, clinic):
    take(work, actor, "Code,Name\nA1,Noah Klein\n")
    noah = work.read(lambda s: s.scalars(select(t.Patient.id).where(t.Patient.code == "A1")).one())
    work.write(
        lambda s: merging.merge(
            s, actor=actor, kept=Seen(EMMA, 1), gone=Seen(noah, 1), sides={"code": "kept"}
        )
    )
    trial = attempt(work, actor, "Code,Name\nA1,Emma Müller\nA1,Somebody Else\nB1,Ann Lee\nB1,Bo Lee\n")
    assert trial.known == (2,)
    assert [problem.line for problem in trial.problems] == [3, 5]
    assert "belongs to Emma Müller already" in trial.problems[0].text
    assert "stands in line 4 too" in trial.problems[1].text


def test_without_a_name_there_is_nobody(work, actor, clinic):
    with pytest.raises(InvalidInput) as refused:
        attempt(work, actor, FILE, columns={"phone": 2})
    assert refused.value.field == "name"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12)), max_size=6))
def test_whatever_a_file_holds_is_new_known_or_a_problem(sqlite_work, actor, sqlite_clinic, rows):
    """Each line once, however odd; and nothing but a refusal in words comes of it."""
    quoted = ["".join(f'"{cell.replace(chr(34), chr(34) * 2)}",' for cell in row)[:-1] for row in rows]
    try:
        read = sheet("\n".join(['"Name","Phone","Birth date"', *quoted]).encode("utf-8", "surrogatepass"))
    except ImportRefused:
        return
    fields = people_file.guess(read.headings)
    trial = sqlite_work.read(lambda s: people_import.attempt(s, actor=actor, sheet=read, columns=fields))
    told = [one.line for one in trial.new] + [*trial.known] + [one.line for one in trial.problems]
    assert sorted(told) == sorted(row.line for row in read.rows)


def test_ten_times_the_lines_take_about_ten_times_as_long(sqlite_work, actor, sqlite_clinic):
    """Also where a file has one birth date for everybody."""

    def seconds(lines):
        text = "Name,Phone,Birth date\n" + "".join(
            f"{chr(97 + n % 26)}{n:05d} Family{n * 7919 % 10_007},,1970-01-01\n" for n in range(lines)
        )
        begun = time.perf_counter()
        attempt(sqlite_work, actor, text)
        return time.perf_counter() - begun

    few = min(seconds(100) for _ in range(2))
    assert seconds(1_000) < 40 * few
