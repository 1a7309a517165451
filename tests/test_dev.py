"""The front door installs once, asks root for nothing it has, and works without a display."""

import sys
import tomllib

import pytest

import dev


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Return the list that collects what would be started, on a machine where everything is installed."""
    commands = []
    monkeypatch.setattr(
        dev, "call", lambda command, offscreen: commands.append((command[1:], offscreen)) or 0
    )
    monkeypatch.setattr(dev, "missing_packages", lambda *_, **__: [])
    monkeypatch.setattr(dev, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(dev, "STAMP", tmp_path / "stamp")
    dev.PYTHON.touch()
    dev.STAMP.write_text(f"{dev.stamp_of(dev.RUN_LOCK)}\n{dev.stamp_of(dev.DEV_LOCK)}")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    return commands


def command_line(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["dev.py", *words])
    return dev.main()


@pytest.mark.skipif(not dev.IS_LINUX, reason="elsewhere there is always a display")
def test_without_a_display_run_shows_the_tour(monkeypatch, started):
    assert command_line(monkeypatch, "run") == 0
    assert started == [(["main.py", "tour"], True)]


def test_with_a_display_run_starts_the_program(monkeypatch, started):
    monkeypatch.setenv("DISPLAY", ":0")
    assert command_line(monkeypatch, "run") == 0
    assert started == [(["main.py"], False)]


def test_test_with_arguments_is_pytest_alone(monkeypatch, started):
    assert command_line(monkeypatch, "test", "-k", "hold") == 0
    assert started == [(["-m", "pytest", "-k", "hold"], True)]


def test_test_without_arguments_checks_the_code_first(monkeypatch, started):
    assert command_line(monkeypatch, "test") == 0
    assert [command[1] for command, _ in started] == ["ruff", "ruff", "mypy", "pytest"]


@pytest.mark.parametrize("words", [(), ("fly",), ("freeze", "now")])
def test_a_wrong_command_line_shows_what_there_is(monkeypatch, capsys, started, words):
    assert command_line(monkeypatch, *words) == 2
    assert "dev.py freeze" in capsys.readouterr().out
    assert not started


@pytest.mark.skipif(not dev.IS_LINUX, reason="only Debian and its like have packages to name")
def test_without_root_the_line_to_type_is_shown(monkeypatch, started):
    monkeypatch.setattr(dev, "missing_packages", lambda *_, **__: ["libgl1", "binutils"])
    monkeypatch.setattr(dev.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="sudo apt-get install libgl1 binutils"):
        dev.freeze([])
    assert not started


def test_the_oldest_python_is_the_one_the_project_names():
    needed = tomllib.loads((dev.ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert needed == ">=" + ".".join(map(str, dev.OLDEST_PYTHON))
