"""The first start asks one question, says what is wrong where it is wrong, and opens nothing by itself."""

from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt, QTime
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QSpinBox, QTimeEdit

from clinic_scheduler.db.ids import new_id
from clinic_scheduler.services import setup
from clinic_scheduler.services.setup import CURRENCIES
from clinic_scheduler.ui import theme
from clinic_scheduler.ui.first_start import FirstStart, ServerChoice
from clinic_scheduler.ui.start import places
from clinic_scheduler.ui.start.question import Card

FILE = Path("/home/rosa/.local/share/clinic-scheduler/clinic.db")
SERVER = ServerChoice(
    hosts="db.example.org", database="clinic", user="alice", password="hunter2", tls="require"
)
RTL = "مركز العلاج الطبيعي"


@pytest.fixture
def start(qtbot, qapp):
    theme.apply(qapp, "light")
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    dialog = FirstStart(FILE, new_id)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    yield dialog
    QLocale.setDefault(before)


@pytest.fixture
def heard(start):
    """Every signal of the dialog with what it carried, as it came."""
    said = []
    start.demo_chosen.connect(lambda: said.append(("demo", None)))
    start.clinic_chosen.connect(lambda made: said.append(("clinic", made)))
    start.test_asked.connect(lambda choice: said.append(("test", choice)))
    start.server_chosen.connect(lambda choice: said.append(("server", choice)))
    return said


def button(dialog, text):
    found = [
        b for b in dialog.findChildren(QAbstractButton) if b.text() == text or b.accessibleName() == text
    ]
    assert len(found) == 1, text
    return found[0]


def press(dialog, text):
    button(dialog, text).click()


def control(dialog, name):
    """The visible control a screen reader knows by `name`."""
    kinds = (QLineEdit, QComboBox, QSpinBox, QTimeEdit)
    found = [w for kind in kinds for w in dialog.findChildren(kind) if w.accessibleName() == name]
    assert len(found) == 1, name
    return found[0]


def words(dialog):
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible() and label.text()]


def fill_clinic(dialog):
    press(dialog, "Set up my clinic")
    control(dialog, "Name of the clinic").setText("Praxis am Park")
    control(dialog, "Time zone").setEditText("Europe/Berlin")
    control(dialog, "Country").setEditText("germany")
    control(dialog, "Name of the practitioner").setText("Ana Silva")
    control(dialog, "Name of the service").setText("Physiotherapy")
    control(dialog, "Price").setText("48.50")


def fill_server(dialog, choice=SERVER):
    dialog.ask_server(choice)


def test_the_question_has_three_answers_and_asks_for_nothing(start):
    cards = start.findChildren(Card)
    assert [card.accessibleName() for card in cards] == [
        "Try the demo clinic",
        "Set up my clinic",
        "Connect to our server",
    ]
    assert all(card.accessibleDescription() for card in cards)
    assert not [line for line in start.findChildren(QLineEdit) if line.isVisible()]


def test_the_demo_is_one_click_away(start, heard):
    press(start, "Try the demo clinic")
    assert heard == [("demo", None)]


def test_the_keyboard_alone_reaches_every_answer(start, heard, qtbot):
    start.activateWindow()
    qtbot.waitUntil(start.isActiveWindow)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(QApplication.focusWidget(), key)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert heard == [("demo", None)]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert QApplication.focusWidget() is control(start, "Name or address")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert start.isVisible()
    assert QApplication.focusWidget().accessibleName() == "Connect to our server"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not start.isVisible()


def test_a_clinic_is_made_of_what_was_typed(start, heard):
    fill_clinic(start)
    press(start, "Make the clinic")
    [(kind, made)] = heard
    assert kind == "clinic"
    assert (made.name, made.zone, made.country, made.currency) == (
        "Praxis am Park",
        "Europe/Berlin",
        "DE",
        "EUR",
    )
    [practitioner], [service] = made.resources, made.services
    assert practitioner.hours == setup.week(540, 1020, lunch=(750, 810))
    assert (service.price_cents, service.duration_min) == (4850, 45)
    assert set(service.performers) == {practitioner.id}
    assert len({made.id, practitioner.id, service.id}) == 3
    assert isinstance(made.id, UUID)


def test_the_clinic_can_be_kept(start, heard, sqlite_work, actor):
    fill_clinic(start)
    control(start, "Name of the practitioner").setText(RTL)
    press(start, "Make the clinic")
    made = heard[0][1]
    sqlite_work.write(lambda session: setup.create_clinic(session, actor=actor, clinic=made))


@pytest.mark.parametrize(
    "name",
    ["Ö" * 200, "Praxis 🦷 am Park", RTL, "O'Brien & Söhne <b>", "  Ana   Silva ", "'; DROP TABLE", "李"],
)
def test_unusual_names_are_taken_as_they_are(start, heard, name):
    fill_clinic(start)
    control(start, "Name of the clinic").setText(name)
    control(start, "Name of the service").setText(name)
    press(start, "Make the clinic")
    assert heard[0][1].name == " ".join(name.split())
    assert heard[0][1].services[0].name == " ".join(name.split())


@pytest.mark.parametrize("name", ["", "   ", "🦷", "--", "Ö" * 5000, "a\0b", "\u202e"])
@pytest.mark.parametrize("field", ["Name of the clinic", "Name of the practitioner", "Name of the service"])
def test_names_that_are_none_are_refused_at_their_field(start, heard, field, name):
    fill_clinic(start)
    control(start, field).setText(name)
    press(start, "Make the clinic")
    assert heard == []
    assert control(start, field).property("invalid") is True
    assert control(start, field).accessibleDescription().endswith(".")
    assert start.focusWidget() is control(start, field)
    control(start, field).setText("Ana Silva")
    assert control(start, field).property("invalid") is False
    press(start, "Make the clinic")
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("typed", "locale", "cents"),
    [
        ("", "en_GB", 0),
        ("48", "en_GB", 4800),
        ("48.5", "en_GB", 4850),
        ("48,50", "en_GB", 4850),
        ("48.50", "de_DE", 4850),
        ("1.234,50", "de_DE", 123450),
        ("1,234.50", "en_GB", 123450),
        ("1,234", "en_GB", 123400),
        ("1 234,50", "fr_FR", 123450),
        ("٤٨٫٥٠", "ar_EG", 4850),  # noqa: RUF001
    ],
)
def test_prices_are_read_as_they_are_written(qtbot, qapp, typed, locale, cents):
    before = QLocale()
    QLocale.setDefault(QLocale(locale))
    try:
        dialog = FirstStart(FILE, new_id)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(dialog)
        dialog.show()
        fill_clinic(dialog)
        control(dialog, "Price").setText(typed)
        with qtbot.waitSignal(dialog.clinic_chosen) as chosen:
            press(dialog, "Make the clinic")
    finally:
        QLocale.setDefault(before)
    assert chosen.args[0].services[0].price_cents == cents


@pytest.mark.parametrize(
    "price", ["abc", "-1", "1.234", "48.505", "1e9", "NaN", "9" * 19, "4,8,50", "=1+1", ",5", "½"]
)
def test_what_is_no_price_is_refused(start, heard, price):
    fill_clinic(start)
    control(start, "Price").setText(price)
    press(start, "Make the clinic")
    assert heard == []
    assert "48.50" in control(start, "Price").accessibleDescription()


def test_yen_have_no_hundredths(start, heard):
    fill_clinic(start)
    control(start, "Country").setEditText("Japan")
    assert control(start, "Currency").currentText() == "JPY"
    press(start, "Make the clinic")
    assert heard == []
    control(start, "Price").setText("4,800")
    press(start, "Make the clinic")
    assert heard[0][1].services[0].price_cents == 4800


def test_a_currency_that_was_chosen_is_left_alone(start):
    fill_clinic(start)
    currency = control(start, "Currency")
    currency.setCurrentText("CHF")
    currency.activated.emit(currency.currentIndex())
    control(start, "Country").setEditText("France")
    assert currency.currentText() == "CHF"


@pytest.mark.parametrize(
    ("field", "typed"), [("Time zone", "Atlantis"), ("Country", "Narnia"), ("Country", "")]
)
def test_places_that_are_none_are_refused(start, heard, field, typed):
    fill_clinic(start)
    control(start, field).setEditText(typed)
    press(start, "Make the clinic")
    assert heard == []
    assert "from the list" in control(start, field).accessibleDescription()


def test_a_zone_is_found_by_its_city(start):
    fill_clinic(start)
    completer = control(start, "Time zone").completer()
    completer.setCompletionPrefix("new york")
    assert completer.currentCompletion() == "America/New York"


def test_hours_that_end_before_they_begin_are_refused_where_they_stand(start, heard):
    fill_clinic(start)
    control(start, "Work ends at").setTime(QTime(8, 0))
    press(start, "Make the clinic")
    assert heard == []
    assert any("end after they begin" in text for text in words(start))


def test_work_may_end_at_midnight(start, heard):
    fill_clinic(start)
    control(start, "Work ends at").setTime(QTime(0, 0))
    press(start, "Make the clinic")
    assert heard[0][1].resources[0].hours[0].end_min == 1440


def test_a_break_lies_within_the_hours(start, heard):
    fill_clinic(start)
    control(start, "Lunch break until").setTime(QTime(18, 0))
    press(start, "Make the clinic")
    assert heard == []
    assert any("within the working hours" in text for text in words(start))
    press(start, "Lunch break")
    press(start, "Make the clinic")
    assert not any(hours.is_break for hours in heard[0][1].resources[0].hours)


def test_a_week_needs_a_day(start, heard):
    fill_clinic(start)
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        press(start, day)
    assert "Choose at least one weekday." in words(start)
    press(start, "Saturday")
    press(start, "Make the clinic")
    assert {hours.weekday for hours in heard[0][1].resources[0].hours} == {5}


def test_nothing_is_wrong_before_anything_was_typed(start):
    press(start, "Set up my clinic")
    assert not [w for w in start.findChildren(QLineEdit) if w.property("invalid")]


def test_a_field_is_judged_when_it_is_left(start, qtbot):
    press(start, "Set up my clinic")
    start.activateWindow()
    qtbot.waitUntil(start.isActiveWindow)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert control(start, "Name of the clinic").property("invalid") is True
    assert not control(start, "Name of the practitioner").property("invalid")


def test_where_the_data_will_lie_is_shown(start):
    press(start, "Set up my clinic")
    shown = control(start, "The data will be kept in")
    assert shown.text() == str(FILE)
    assert shown.isReadOnly()


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


def test_a_refusal_without_a_field_stands_above_the_buttons(start):
    for show in (start.ask, start.ask_clinic, start.ask_server):
        show()
        start.show_refusal("The disk is full; free some space.", "no_such_field")
        assert "The disk is full; free some space." in words(start)
        label = next(one for one in start.findChildren(QLabel) if one.text().startswith("The disk"))
        assert label.textFormat() == Qt.TextFormat.PlainText


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


def test_every_control_has_a_name(start):
    kinds = (QAbstractButton, QLineEdit, QComboBox, QSpinBox, QTimeEdit)
    for show in (start.ask, start.ask_clinic, start.ask_server):
        show()
        reachable = [
            widget
            for kind in kinds
            for widget in start.findChildren(kind)
            if widget.isVisible()
            and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
            and not isinstance(widget.parent(), QComboBox | QSpinBox | QTimeEdit)
        ]
        assert len(reachable) > 3
        for widget in reachable:
            assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name), widget


def test_the_wheel_over_a_field_scrolls_and_changes_nothing(start, qtbot):
    fill_clinic(start)
    start.activateWindow()
    qtbot.waitUntil(start.isActiveWindow)
    duration = control(start, "Duration")
    control(start, "Name of the clinic").setFocus()
    turn(duration)
    assert duration.value() == 45
    duration.setFocus()
    turn(duration)
    assert duration.value() == 50


def turn(widget):
    middle = QPointF(widget.rect().center())
    notch = QWheelEvent(
        middle,
        widget.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, notch)


def test_the_lists_are_whole():
    zones = dict(places.zones())
    assert {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"} <= set(zones)
    assert places.system_zone() in zones
    countries = dict(places.countries())
    assert len(countries) > 240
    assert countries["DE"] == "Germany"
    assert places.country_of("Europe/Warsaw") == "PL"
    assert places.currency_of("PL") == "PLN"
    assert places.currency_of("VN") == ""
    assert set(places.currencies()) == CURRENCIES


def test_the_dialog_is_deleted_when_it_closes(qtbot, qapp):
    dialog = FirstStart(FILE, new_id)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.show()
        dialog.reject()
