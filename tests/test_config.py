"""What a workstation remembers: whole or not at all, and never more than it should."""

import os
from dataclasses import replace

import pytest

from clinic_scheduler import config
from clinic_scheduler.config import Workstation

AWKWARD = ['a"b', "a\\b", "a\nb", "a\tb", "ä🔑\u202e", "", " ", "'", "\x7f", "[x]", "a = 1", "\x00"]


def test_what_is_saved_is_read_back(tmp_path):
    chosen = Workstation("postgresql://anna@db/clinic", "Desk 1", "dark")
    config.save(tmp_path / "home", chosen)
    assert config.load(tmp_path / "home") == chosen


@pytest.mark.parametrize("text", AWKWARD)
def test_any_name_is_kept_as_it_is(tmp_path, text):
    config.save(tmp_path, Workstation(name=text))
    assert config.load(tmp_path).name == text


@pytest.mark.parametrize(
    "damaged",
    [b"", b"name = ", b"\xff\xfe\x00", b"name = 7\ntheme = [1]\n", b"[name]\n", b"colour = 'red'\n"],
)
def test_a_damaged_file_is_as_good_as_none(tmp_path, damaged):
    (tmp_path / "workstation.toml").write_bytes(damaged)
    assert config.load(tmp_path) == Workstation()


def test_what_is_good_in_a_file_of_a_newer_version_is_kept(tmp_path):
    (tmp_path / "workstation.toml").write_text('name = "Desk 1"\nvoice = "loud"\n', "utf-8")
    assert config.load(tmp_path) == Workstation(name="Desk 1")


def test_a_write_that_fails_leaves_the_old_choices(tmp_path):
    config.save(tmp_path, Workstation(name="Desk 1"))
    (tmp_path / "workstation.toml.new").mkdir()  # as a full disk would, the draft cannot be written
    with pytest.raises(OSError, match=r"workstation\.toml\.new"):
        config.save(tmp_path, Workstation(name="Desk 2"))
    assert config.load(tmp_path).name == "Desk 1"


def test_the_home_is_where_it_is_said_to_be(tmp_path, monkeypatch):
    assert config.home() == tmp_path / "home"
    monkeypatch.delenv("CLINIC_SCHEDULER_HOME")
    assert config.home().name == "clinic-scheduler"


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_the_folder_is_nobody_elses(tmp_path):
    config.save(tmp_path / "home", Workstation())
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0


def test_the_desk_always_has_a_name():
    assert Workstation(name="Desk 1").desk == "Desk 1"
    assert replace(Workstation(), name="").desk


def test_the_resources_are_there():
    assert (config.RESOURCES / "icons").is_dir()
