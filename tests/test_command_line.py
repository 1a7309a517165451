"""The commands without a window: what they do, what they print, how they end."""

import json
import logging
import os
import stat
import subprocess
import sys
from datetime import timedelta

import pypdfium2
import pytest
from sqlalchemy import func, select

from clinic_scheduler import __version__
from clinic_scheduler.command_line import main
from clinic_scheduler.db import tables as t
from tests.support import clinics, desk
from tests.support.clinics import OLGA
from tests.support.sources import ROOT

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
staff = "Staff"
service = "Service"
date = "Date"
time = "Time"
[durations.services]
CUT = 60
[staff.A]
name = "Ana"
"""
BOOK = "Client,Name,Staff,Service,Date,Time\r\n"
ROWS = ("K1,Emma Fischer,A,CUT,07.01.2030,10:00", "K2,José Núñez,A,CUT,07.01.2030,12:00")


@pytest.fixture
def run(capsys):
    """Runs a command in this process: its exit code, what it printed, what it complained of."""
    root, handlers, level = logging.getLogger(), list(logging.getLogger().handlers), logging.getLogger().level

    def run(*arguments):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = left.code
        said = capsys.readouterr()
        return code, said.out, said.err

    yield run
    for handler in root.handlers[:]:
        if handler not in handlers:
            root.removeHandler(handler)
            handler.close()
    root.setLevel(level)


@pytest.fixture
def shop(tmp_path):
    """An old appointment book and the mapping that explains it."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "shop.toml").write_text(MAPPING, "utf-8")
    (folder / "bookings.csv").write_bytes((BOOK + "".join(f"{row}\r\n" for row in ROWS)).encode())
    return folder


def test_a_trial_with_a_line_that_cannot_be_taken_counts_nobody(run, sqlite_url, sqlite_clinic, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Name;Phone\nNoah Klein;030 2345678\nNora Falk;xx\n", "utf-8")
    code, out, err = run("import-people", path, "--database", sqlite_url, "--dry-run")
    assert (code, out) == (
        1,
        "Nobody would be put on record before this is corrected; nothing was changed.\n",
    )
    assert err.startswith("line 3: Phone: ")


def test_people_of_a_file_are_tried_and_then_put_on_record(
    run, sqlite_work, sqlite_url, sqlite_clinic, tmp_path
):
    path = tmp_path / "people.csv"
    path.write_text("Name;Phone\nNoah Klein;030 2345678\nMuller Emma;\n", "utf-8")
    code, out, err = run("import-people", path, "--database", sqlite_url, "--dry-run")
    assert (code, out) == (0, "1 would be put on record, 0 are there already; nothing was changed.\n")
    assert "line 3: Muller Emma may be Emma Müller, on record" in err
    assert desk.count(sqlite_work, t.Patient) == 3
    assert run("import-people", path, "--database", sqlite_url)[0] == 0
    assert desk.count(sqlite_work, t.Patient) == 4
    path.write_text("Name;Phone\nNoah Klein;12\n", "utf-8")
    code, _out, err = run("import-people", path, "--database", sqlite_url)
    assert code == 1
    assert "line 2: Phone: That phone number cannot exist" in err
    assert run("import-people", tmp_path / "gone.csv", "--database", sqlite_url)[0] == 1


def outside(*arguments):
    """The command in a process of its own."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(ROOT / "main.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )


def count(work, table):
    return work.read(lambda s: s.scalar(select(func.count()).select_from(table)))


@pytest.mark.parametrize(
    "command", ["", "tour", "import", "print", "upgrade", "upkeep", "check", "self-test"]
)
def test_every_command_explains_itself(run, command):
    code, out, err = run(*filter(None, [command]), "--help")
    assert code == 0
    assert out.startswith("usage: clinic-scheduler")
    assert err == ""


def test_the_version_is_told(run):
    assert run("--version") == (0, f"Clinic Scheduler {__version__}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["dance"],
        ["upgrade"],
        ["print", "--database", "sqlite:///x.db", "--out", "x.pdf", "--day", "31.12.2030"],
        ["print", "--database", "sqlite:///x.db", "--out", "x.pdf", "--by", "colour"],
        ["import", "map.toml", "--source", "no such folder", "--database", "sqlite:///x.db"],
        ["--loud"],
    ],
)
def test_what_is_not_understood_ends_with_2_and_a_hint(run, arguments):
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert "error: " in err


@pytest.mark.parametrize("command", ["upgrade", "upkeep", "check"])
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "That is no database address"),
        ("mysql://host/db", "works with PostgreSQL and with SQLite"),
        ("sqlite:////no/such/folder/clinic.db", "folder"),
        ("postgresql://nobody@127.0.0.1:1/clinic", "does not answer"),
    ],
)
def test_a_database_that_cannot_be_opened_is_refused_in_one_sentence(run, command, url, words):
    code, out, err = run(command, "--database", url)
    assert (code, out) == (1, "")
    assert words in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_a_file_that_is_no_database_is_refused_and_left_alone(run, tmp_path):
    path = tmp_path / "letter.db"
    path.write_bytes(b"Dear Ana, " * 500)
    code, _out, err = run("upgrade", "--database", f"sqlite:///{path}")
    assert code == 1
    assert err.strip()
    assert path.read_bytes() == b"Dear Ana, " * 500


def test_an_empty_database_is_brought_up_to_date_and_twice_does_no_harm(run, tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    assert run("upgrade", "--database", url) == (0, "The database is up to date.\n", "")
    assert run("upgrade", "--database", url)[0] == 0
    code, _out, err = run("upkeep", "--database", url)
    assert code == 1
    assert "holds no clinic yet" in err


def test_upkeep_says_what_it_cleared(run, work, database_url, colleague, clinic):
    begun = desk.start(work, colleague, OLGA)
    desk.hold(work, colleague, begun, clinic.part("09:00"))
    assert run("upkeep", "--database", database_url)[1] == (
        "Expired holds 0, unfinished bookings 0, offers 0.\n"
    )
    clinics.shift_clock(work, timedelta(hours=3))
    assert run("upkeep", "--database", database_url) == (
        0,
        "Expired holds 1, unfinished bookings 1, offers 0.\n",
        "",
    )


def test_a_sound_database_is_called_so_with_the_ends_of_its_audit(run, work, database_url, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00")])
    code, out, err = run("check", "--database", database_url)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "No problem found."
    assert "audit of Desk 1 ends with " in out


def test_damage_is_found_and_ends_with_1(run, work, database_url, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00")])
    is_sqlite = work.engine.dialect.name == "sqlite"
    with work.engine.begin() as connection:
        for trigger in ("insert", "update") if is_sqlite else ():
            connection.exec_driver_sql(f"DROP TRIGGER claim_no_overlap_{trigger}")
        if not is_sqlite:
            connection.exec_driver_sql("ALTER TABLE claim DROP CONSTRAINT claim_no_overlap")
        row = dict(connection.execute(select(t.Claim).limit(1)).mappings().one())
        row |= {"id": OLGA}
        connection.execute(
            t.Claim.__table__.insert(), {k: v for k, v in row.items() if k not in {"busy_from", "busy_to"}}
        )
    code, out, _err = run("check", "--database", database_url)
    assert code == 1
    assert "overlap" in out
    assert out.splitlines()[-1] == "One problem found."


def test_a_book_is_tried_then_imported_then_nothing_is_left_to_import(
    run, work, database_url, shop, tmp_path
):
    report = tmp_path / "report.json"
    arguments = ["import", shop / "shop.toml", "--source", shop, "--database", database_url]
    code, out, err = run(*arguments, "--dry-run", "--report", report)
    assert (code, err) == (0, "")
    assert out.strip()
    assert count(work, t.Appointment) == 0
    assert json.loads(report.read_text("utf-8"))["appointments"] == 2
    assert run(*arguments, "--report", report)[0] == 0
    assert count(work, t.Appointment) == 2
    assert run(*arguments, "--report", report)[0] == 0
    again = json.loads(report.read_text("utf-8"))
    assert (again["imported"], again["already"]) == (0, 2)
    assert count(work, t.Appointment) == 2
    assert stat.S_ISREG(report.stat().st_mode)


def test_a_spoilt_row_is_named_and_nothing_is_imported(run, work, database_url, shop, tmp_path):
    with (shop / "bookings.csv").open("ab") as book:
        book.write(b"K3,Olga,A,CUT,31.02.2030,10:00\r\n")
    report = tmp_path / "report.json"
    code, out, err = run(
        "import", shop / "shop.toml", "--source", shop, "--database", database_url, "--report", report
    )
    assert (code, out) == (1, "")
    assert "bookings.csv" in err
    assert "4" in err
    assert count(work, t.Appointment) == 0
    assert json.loads(report.read_text("utf-8"))["refused"]


@pytest.mark.parametrize("lost", ["shop.toml", "bookings.csv"])
def test_a_missing_file_is_named(run, tmp_path, shop, lost):
    (shop / lost).unlink()
    url = f"sqlite:///{tmp_path / 'new.db'}"
    code, _out, err = run("import", shop / "shop.toml", "--source", shop, "--database", url)
    assert code == 1
    assert lost in err


def test_a_day_is_printed_by_a_command(work, database_url, actor, clinic, tmp_path):
    desk.book(work, actor, [clinic.part("09:00")])
    path = tmp_path / "day.pdf"
    arguments = ["print", "--database", database_url, "--day", clinic.monday, "--out", path]
    done = outside(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{clinic.monday:%d.%m.%Y}, one page." in done.stdout
    document = pypdfium2.PdfDocument(str(path))
    words = document[0].get_textpage().get_text_bounded()
    document.close()
    assert "Emma Müller" in words
    assert "Test clinic" in words
    masked = outside(*arguments, "--masked", "--by", "room")
    assert masked.returncode == 0


def test_a_place_that_cannot_be_printed_to_is_refused(database_url, work, clinic, tmp_path):
    done = outside("print", "--database", database_url, "--out", tmp_path / "no" / "day.pdf")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
