"""A server is asked for as typed, and what it refuses is said at its field."""

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLineEdit

from clinic_scheduler.ui.first_start import ServerChoice
from tests.support.screen import control, press, words

SERVER = ServerChoice(
    hosts="db.example.org", database="clinic", user="alice", password="hunter2", tls="require"
)


def fill_server(dialog, choice=SERVER):
    dialog.ask_server(choice)


def test_a_server_is_chosen_as_typed(start, heard):
    fill_server(start)
    press(start, "Connect")
    [(kind, choice)] = heard
    assert (kind, choice) == ("server", SERVER)
    assert choice.url == "postgresql+psycopg://alice@db.example.org:5432/clinic?sslmode=require"
    assert "hunter2" not in repr(choice)


def test_a_test_asks_and_opens_nothing(start, heard):
    fill_server(start)
    press(start, "Test connection")
    assert heard == [("test", SERVER)]
    assert heard[0][1].prepare is False


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "abc", "5432.0", "٥٤٣٢", "1e3", "5" * 300])
def test_a_bad_port_is_refused_at_its_field(start, heard, port):
    fill_server(start)
    control(start, "Port").setText(port)
    press(start, "Connect")
    press(start, "Test connection")
    assert heard == []
    assert "65535" in control(start, "Port").accessibleDescription()


@pytest.mark.parametrize(
    "host",
    [
        "",
        "  ",
        "db example",
        "postgres://db",
        "db/clinic",
        "alice@db",
        "db,,db2",
        "[::1",
        "::g",
        "x" * 64,
        "db:port",
    ],
)
def test_a_bad_host_is_refused_at_its_field(start, heard, host):
    fill_server(start)
    control(start, "Name or address").setText(host)
    press(start, "Connect")
    assert heard == []
    assert control(start, "Name or address").property("invalid") is True


@pytest.mark.parametrize("field", ["Database", "User"])
@pytest.mark.parametrize("text", ["", "  ", "x" * 201, "a\0b"])
def test_a_bad_name_is_refused_at_its_field(start, heard, field, text):
    fill_server(start)
    control(start, field).setText(text)
    press(start, "Connect")
    assert heard == []
    assert control(start, field).property("invalid") is True


def test_the_line_to_another_computer_is_encrypted(start, heard):
    press(start, "Connect to our server")
    encryption = control(start, "Encryption")
    control(start, "Name or address").setText("localhost")
    assert encryption.currentData() == "disable"
    control(start, "Name or address").setText("db.example.org")
    assert encryption.currentData() == "verify-full"
    fill_server(start)
    encryption.setCurrentIndex(encryption.findData("disable"))
    press(start, "Connect")
    assert heard == []
    assert "encrypted" in encryption.accessibleDescription()


def test_a_certificate_that_is_not_there_is_refused(start, heard, tmp_path):
    fill_server(start)
    encryption = control(start, "Encryption")
    encryption.setCurrentIndex(encryption.findData("verify-full"))
    file = control(start, "Certificate of the authority that signed the server's")
    file.setText(str(tmp_path / "none.crt"))
    press(start, "Connect")
    assert heard == []
    (tmp_path / "none.crt").write_text("x")
    press(start, "Connect")
    assert heard[0][1].certificate == str(tmp_path / "none.crt")


def test_the_password_is_never_shown(start):
    fill_server(start)
    password = control(start, "Password")
    assert password.echoMode() == QLineEdit.EchoMode.Password
    assert "hunter2" not in " ".join(words(start))
    spoken = QAccessible.queryAccessibleInterface(password).text(QAccessible.Text.Value)
    assert "hunter2" not in spoken


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("host", "Name or address"),
        ("port", "Port"),
        ("database", "Database"),
        ("user", "User"),
        ("password", "Password"),
        ("tls", "Encryption"),
    ],
)
def test_a_refusal_of_the_server_stands_at_its_field(start, field, name):
    fill_server(start)
    start.show_progress("Connecting")
    start.show_refusal("The server said no <b>so</b>.", field)
    assert control(start, name).accessibleDescription() == "The server said no <b>so</b>."
    assert start.focusWidget() is control(start, name)
    assert "Connecting" not in words(start)


def test_nothing_can_be_asked_for_twice(start, heard):
    fill_server(start)
    start.show_progress("Connecting")
    press(start, "Connect")
    press(start, "Test connection")
    assert heard == []
    assert "Connecting" in words(start)


def test_missing_tables_are_made_only_when_that_was_agreed(start, heard):
    fill_server(start)
    start.show_found("The database is empty.", "create")
    press(start, "Create the tables and connect")
    assert heard[-1][1].prepare is True
    control(start, "Database").setText("other")
    press(start, "Connect")
    assert heard[-1][1].prepare is False
    start.show_found("The tables are older.", "update")
    press(start, "Update the tables and connect")
    assert heard[-1][1].prepare is True


def test_a_login_that_can_do_nothing_cannot_go_on(start, heard):
    fill_server(start)
    start.show_found("Ask whoever looks after it.", "none")
    press(start, "Connect")
    assert heard == []
    control(start, "User").setText("owner")
    press(start, "Connect")
    assert len(heard) == 1


def test_where_the_password_is_kept_is_said(start):
    start.ask_server()
    start.show_keyring("No system keyring was found: the password is kept until the program ends.")
    assert any("No system keyring" in text for text in words(start))
