"""The program's look at itself: everything is there, and what is not is named."""

from argparse import Namespace

import pytest

from clinic_scheduler import config, self_test


@pytest.fixture
def report(tmp_path, qapp):
    def run():
        path = tmp_path / "report.txt"
        code = self_test.run(Namespace(report=path))
        return code, path.read_text("utf-8")

    return run


def test_a_whole_installation_passes_every_check(report, capsys):
    code, said = report()
    assert code == 0
    assert said.count("ok      ") == 6
    assert "everything is there" in said
    assert "booked as" in said
    assert capsys.readouterr().out == said


def test_lost_resources_are_named(report, tmp_path, monkeypatch):
    monkeypatch.setattr(config, "RESOURCES", tmp_path)
    code, said = report()
    assert code == 1
    assert "FAILED  icons: RuntimeError: only 0 icons" in said
    assert "1 of 6 checks failed" in said


def test_the_slow_driver_is_no_whole_installation(report, monkeypatch):
    monkeypatch.setattr("psycopg.pq.__impl__", "python")
    code, said = report()
    assert code == 1
    assert "the python driver is in use" in said
