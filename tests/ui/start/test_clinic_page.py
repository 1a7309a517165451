"""A clinic of one's own is made of what was typed, or the page says what is wrong with it."""

from uuid import UUID

import pytest
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt, QTime
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from clinic_scheduler.db.ids import new_id
from clinic_scheduler.services import setup
from clinic_scheduler.services.setup import CURRENCIES
from clinic_scheduler.ui.first_start import FirstStart
from clinic_scheduler.ui.start import places
from tests.support.screen import control, press, words

RTL = "مركز العلاج الطبيعي"


def fill_clinic(dialog):
    press(dialog, "Set up my clinic")
    control(dialog, "Name of the clinic").setText("Praxis am Park")
    control(dialog, "Time zone").setEditText("Europe/Berlin")
    control(dialog, "Country").setEditText("germany")
    control(dialog, "Name of the practitioner").setText("Ana Silva")
    control(dialog, "Name of the service").setText("Physiotherapy")
    control(dialog, "Price").setText("48.50")


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
def test_prices_are_read_as_they_are_written(qtbot, tmp_path, typed, locale, cents):
    before = QLocale()
    QLocale.setDefault(QLocale(locale))
    try:
        dialog = FirstStart(tmp_path / "clinic.db", new_id)
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
    assert shown.text() == "/srv/clinic/clinic.db"
    assert shown.isReadOnly()


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
