"""Passwords go into a real keyring or stay in memory; nothing the keyring does ends the program."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError

from clinic_scheduler import secrets
from clinic_scheduler.secrets import KEPT, MISSING, SILENT, Secrets, account

NAME = "alice@db.example.org:5432/clinic"
SERVICE = "org.clinicscheduler.ClinicScheduler/db"
AWKWARD = ["", "hunter2", "pass word", "pä\u0308ß", "🔑" * 40, "\u202eabc", "a\nb", "x" * 1280]


class Memory(KeyringBackend):
    """Keeps passwords as a system's keyring does."""

    priority = 5

    def __init__(self):
        super().__init__()
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        if (service, username) not in self.kept:
            raise PasswordDeleteError
        del self.kept[service, username]


class Plain(Memory):
    """Like keyrings.alt's plain file."""

    priority = 0.5


class Locked(Memory):
    """The person cancelled the question for the keyring's password."""

    def get_password(self, service, username):
        raise KeyringLocked

    def set_password(self, service, username, password):
        raise KeyringLocked

    def delete_password(self, service, username):
        raise KeyringLocked


class Forgetful(Memory):
    def set_password(self, service, username, password):
        """Drops what it is given."""


class Broken(Memory):
    def get_password(self, service, username):
        raise OSError("no bus")

    set_password = delete_password = get_password


Alt = type("Alt", (Memory,), {"priority": 2, "__module__": "keyrings.alt.pyfs"})


@pytest.fixture
def use():
    """Make a backend the system's for one test."""
    before = keyring.get_keyring()

    def use(backend):
        keyring.set_keyring(backend)
        return backend

    yield use
    keyring.set_keyring(before)


@pytest.mark.parametrize("secret", AWKWARD)
def test_a_secret_comes_back_from_the_keyring(use, secret):
    backend = use(Memory())
    Secrets().put(NAME, secret)
    assert backend.kept == {(SERVICE, NAME): secret}
    assert Secrets().get(NAME) == secret


def test_a_secret_of_another_purpose_is_another(use):
    use(Memory())
    Secrets("db").put(NAME, "one")
    assert Secrets("smtp").get(NAME) is None


def test_a_forgotten_secret_is_gone(use):
    backend = use(Memory())
    kept = Secrets()
    kept.put(NAME, "hunter2")
    kept.forget(NAME)
    kept.forget(NAME)
    assert kept.get(NAME) is None
    assert backend.kept == {}
    assert kept.state is KEPT


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring, Plain, Alt])
def test_a_keyring_that_is_none_is_refused(use, backend):
    used = use(backend())
    kept = Secrets()
    kept.put(NAME, "hunter2")
    assert kept.get(NAME) == "hunter2"
    assert kept.state is MISSING
    assert not kept.is_kept
    assert "until the program ends" in kept.state.text
    assert Secrets().get(NAME) is None
    assert getattr(used, "kept", {}) == {}
    kept.forget(NAME)
    assert kept.get(NAME) is None


def chained(*backends):
    class Chain(chainer.ChainerBackend):
        priority = 10

    Chain.backends = list(backends)
    return Chain()


def test_of_a_chain_only_the_real_keyring_is_used(use):
    plain, real = Plain(), Memory()
    use(chained(plain, real))
    Secrets().put(NAME, "hunter2")
    assert plain.kept == {}
    assert real.kept == {(SERVICE, NAME): "hunter2"}


def test_a_locked_keyring_in_a_chain_does_not_fall_back_to_a_file(use):
    plain = Plain()
    use(chained(Locked(), plain))
    kept = Secrets()
    kept.put(NAME, "hunter2")
    assert plain.kept == {}
    assert not kept.is_kept


def test_a_chain_of_plain_files_is_refused(use):
    use(chained(Plain(), null.Keyring()))
    assert Secrets().state is MISSING


@pytest.mark.parametrize("backend", [Locked, Forgetful, Broken])
def test_a_keyring_that_fails_leaves_the_secret_in_memory(use, backend, caplog):
    use(backend())
    kept = Secrets()
    kept.put(NAME, "hunter2")
    assert kept.get(NAME) == "hunter2"
    assert kept.state is SILENT
    kept.forget(NAME)
    assert kept.get(NAME) is None
    assert "hunter2" not in caplog.text


def test_an_unlocked_keyring_is_used_again(use):
    use(Locked())
    kept = Secrets()
    kept.put(NAME, "hunter2")
    kept._backend = Memory()
    kept.put(NAME, "hunter3")
    assert kept.state is KEPT
    assert kept._session == {}
    assert kept.get(NAME) == "hunter3"


def test_a_keyring_that_cannot_be_loaded_is_none(monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "no.such.Backend")
    monkeypatch.setattr(keyring, "get_keyring", _raise)
    assert Secrets().state is MISSING


def _raise():
    raise ModuleNotFoundError("no.such")


def test_the_object_does_not_show_what_it_keeps(use):
    use(fail.Keyring())
    kept = Secrets()
    kept.put(NAME, "hunter2")
    assert "hunter2" not in repr(kept)


def test_keyring_is_not_loaded_before_it_is_needed():
    program = (
        "import sys, clinic_scheduler.secrets as s; s.Secrets(); raise SystemExit('keyring' in sys.modules)"
    )
    root = Path(secrets.__file__).parents[1]
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root)  # noqa: S603


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql+psycopg://alice@host:5433/clinic?sslmode=verify-full", "alice@host:5433/clinic"),
        ("postgresql://alice@host/clinic", "alice@host:5432/clinic"),
        ("postgresql://alice:hunter2@host:5432/clinic", "alice@host:5432/clinic"),
        ("postgresql+psycopg://a%40b@[::1]:5432/my%20clinic", "a@b@[::1]:5432/my clinic"),
        ("postgresql+psycopg://alice@[::1]/clinic", "alice@[::1]:5432/clinic"),
        (
            "postgresql+psycopg://alice@/clinic?host=db1%2Cdb2&port=5432%2C5433",
            "alice@db1:5432,db2:5433/clinic",
        ),
    ],
)
def test_a_password_is_named_after_who_signs_in_where(url, name):
    assert account(url) == name


STORY = """
    import sys
    from clinic_scheduler.secrets import Secrets, usable_backend
    kept = Secrets()
    print(type(usable_backend()).__module__, kept.state.text)
    for secret in sys.argv[1:]:
        kept.put("alice@host:5432/clinic", secret)
        assert kept.is_kept, kept.state
        assert not kept._session
        assert Secrets().get("alice@host:5432/clinic") == secret
    kept.forget("alice@host:5432/clinic")
    assert Secrets().get("alice@host:5432/clinic") is None
    assert kept.is_kept
"""
LOCKED = """
    from clinic_scheduler.secrets import SILENT, MISSING, Secrets
    kept = Secrets()
    kept.put("alice@host:5432/clinic", "hunter2")
    assert not kept.is_kept, kept.state
    assert kept.get("alice@host:5432/clinic") == "hunter2"
"""


def in_session(tmp_path, start, story, *arguments):
    """Run a story under a bus and keyring of its own; what it printed."""
    needed = ("dbus-run-session", "gnome-keyring-daemon")
    found = [shutil.which(name) for name in needed]
    if None in found:
        pytest.skip(f"the Secret Service is tried where {' and '.join(needed)} are installed")
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    program = tmp_path / "story.py"
    program.write_text(textwrap.dedent(story), "utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "PYTHONPATH": str(Path(secrets.__file__).parents[1]),
        "PYTHONUTF8": "1",
    }
    script = f'{start}\nexec "$@"'
    done = subprocess.run(  # noqa: S603
        [found[0], "--", "/bin/sh", "-c", script, "sh", sys.executable, program, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


UNLOCK = "printf test-pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null"


def test_the_secret_service_keeps_what_it_is_given(tmp_path):
    said = in_session(tmp_path, UNLOCK, STORY, *(secret for secret in AWKWARD if secret))
    assert "SecretService" in said or "libsecret" in said
    assert "kept in the system keyring" in said
    assert not [
        path for path in (tmp_path / "home").rglob("*") if path.is_file() and b"hunter2" in path.read_bytes()
    ]


def test_a_bus_without_a_keyring_is_survived(tmp_path):
    in_session(tmp_path, ":", LOCKED)
