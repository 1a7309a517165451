"""The review: another price by whoever may, money paid in part, until when it can be called off."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLineEdit

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.actor import BOOK
from clinic_scheduler.ui.booking import words
from clinic_scheduler.ui.booking.payment import amount


@pytest.fixture
def wizard(german, desk):
    made = desk.open()
    desk.to_review(made, "emma", "physio", "massage")
    return made


def asked(wizard):
    wizard.review.price.click()
    return wizard.review._asked


def write(line: QLineEdit, text):
    line.setText(text)
    line.textEdited.emit(text)


def agree(dialog, price, reason):
    write(dialog.price.line, price)
    write(dialog.reason.line, reason)
    dialog.go.click()


def test_another_price_is_agreed_with_a_reason_and_booked(desk, wizard):
    dialog = asked(wizard)
    dialog.which.setCurrentIndex(1)
    agree(dialog, "25,00", "Hardship")
    desk.qtbot.waitUntil(lambda: wizard.review._asked is None)
    assert wizard.review.table.total == "75,00\N{NO-BREAK SPACE}€"
    assert "instead of 40,00\N{NO-BREAK SPACE}€: Hardship" in wizard.review.table.accessibleName()
    with desk.qtbot.waitSignal(wizard.booked):
        wizard.review.go_on()
    assert desk.count(t.Booking, t.Booking.total_cents == 7500) == 1
    assert desk.count(t.AuditEntry, t.AuditEntry.action == "appointment.price_changed") == 1


def test_it_stays_when_another_time_is_picked(desk, wizard):
    agree(asked(wizard), "30", "Voucher")
    desk.qtbot.waitUntil(lambda: wizard.review._asked is None)
    wizard.back()
    wizard.back()
    desk.until_answers(wizard)
    page = wizard.page_now
    assert page.answers.currentIndex().row() == page._model.row_of(wizard.draft.picked) >= 0
    page.answers.setCurrentIndex(page._model.index(3))
    page.go_on()
    desk.until_step(wizard, 2)
    assert [part.price_cents for part in wizard.draft.choices.parts] == [3000, 4000]


@pytest.mark.parametrize(
    ("price", "reason", "field", "said"),
    [
        ("free", "Hardship", "price", "Please write an amount"),
        ("-5", "Hardship", "price", "Please write an amount"),
        ("10", "", "reason", "Please say why the price is another one."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(desk, wizard, price, reason, field, said):
    dialog = asked(wizard)
    agree(dialog, price, reason)
    desk.qtbot.waitUntil(lambda: said in getattr(dialog, field).error)
    dialog.reject()


def test_who_may_not_override_is_not_asked(desk, actor):
    plain = replace(actor, permissions=frozenset({BOOK}))
    wizard = desk.open(actor=plain)
    assert wizard.review.price.isHidden()


def test_a_deposit_is_noted_and_the_rest_is_said(desk, wizard):
    payment = wizard.review.payment
    payment.state.setCurrentIndex(payment.state.findData("part_paid"))
    payment.state.activated.emit(1)
    wizard.review.go_on()
    assert payment.paid.error == "A part payment is more than nothing and less than the total."
    write(payment.paid.line, "20,00\N{NO-BREAK SPACE}€")
    assert payment.paid._below.text() == "70,00\N{NO-BREAK SPACE}€ left to pay"
    wizard.review.go_on()
    assert payment.method_error.text() == "Please say how it was paid."
    payment.method.setCurrentIndex(payment.method.findData("card"))
    payment.method.activated.emit(2)
    with desk.qtbot.waitSignal(wizard.booked):
        wizard.review.go_on()
    assert desk.count(t.Payment, t.Payment.amount_cents == 2000) == 1
    assert "Paid 20,00 €, 70,00 € left to pay" in wizard.confirmed.message.toPlainText()


def test_until_when_it_can_be_called_off_is_said(wizard):
    assert wizard.review.policy.text().startswith("It can be called off until ")
    parts, offered = wizard.draft.choices.parts, wizard.draft.catalogue
    late = words.policy_text(parts, offered, parts[0].start - timedelta(hours=23))
    assert late == "Calling it off from now on counts as a late cancellation."


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12,50 €", 1250), ("12,5", 1250), ("1.200,00", 120000), ("0", 0), ("€ 7", 700), ("12.50", 1250),
        ("", None), ("free", None), ("12,345", None), ("1e5", 1500), ("9" * 20, None),
    ],
)  # fmt: skip
def test_money_is_read_as_it_is_written_there(text, cents):
    assert amount(text, "EUR", QLocale("de_DE")) == cents


def test_a_currency_without_cents_has_none():
    assert amount("1500", "JPY", QLocale("ja_JP")) == 1500
    assert amount("15.5", "JPY", QLocale("ja_JP")) is None
