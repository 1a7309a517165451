"""What is handed on: locks anyone can install from, and no trace of the machine it was written on."""

import re
import tomllib

import pytest

from tests.support.sources import ROOT, own_files, place

LOCKS = ("requirements.lock", "requirements-dev.lock")
PINNED = re.compile(
    r"^([a-z0-9-]+)==\S+( ; .+?)? \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", re.MULTILINE
)
# Spelt in halves, so that this file is not its own finding.
TRACES = re.compile(
    "|".join(
        (
            r"(?<![\w.}])/" + r"(?:work|root|home|opt|Users)/\w",
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
            "registry" + r"\.npmjs",
            "--extra" + "-index-url",
            "--find" + "-links",
        )
    )
)
TEXTS = {
    ".py",
    ".spec",
    ".md",
    ".toml",
    ".lock",
    ".txt",
    ".svg",
    ".xml",
    ".desktop",
    ".json",
    ".csv",
    ".mako",
    "",
}


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def names(requirements):
    return {re.split(r"[\s\[<>=!;]", text)[0].lower().replace("_", "-") for text in requirements}


def pinned(lock):
    """Return the version of each name."""
    return {match[1]: match[2] for match in PINNED.finditer((ROOT / lock).read_text("ascii"))}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_nothing_else(lock):
    assert PINNED.sub("", (ROOT / lock).read_text("ascii")) == ""


def test_the_locks_name_all_that_the_project_asks_for():
    groups = project()["dependency-groups"].values()
    assert names(project()["project"]["dependencies"]) <= pinned("requirements.lock").keys()
    assert names(text for group in groups for text in group) <= pinned("requirements-dev.lock").keys()


def test_what_is_tested_is_what_is_shipped():
    assert pinned("requirements.lock").items() <= pinned("requirements-dev.lock").items()


def test_no_file_names_the_machine_it_was_written_on():
    found = {
        place(path): sorted(set(TRACES.findall(text)))
        for path in own_files()
        if path.suffix in TEXTS and TRACES.search(text := path.read_text("utf-8"))
    }
    assert not found


def test_icons_take_the_colour_of_the_text_around_them():
    icons = [path for path in (ROOT / "resources" / "icons").glob("*.svg") if path.stem != "app"]
    assert icons
    assert not [icon.name for icon in icons if 'stroke="currentColor"' not in icon.read_text("utf-8")]
