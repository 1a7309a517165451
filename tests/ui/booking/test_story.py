"""A booking from the first letter to the reference, by keyboard, on both databases."""

from PySide6.QtCore import Qt
from shiboken6 import isValid
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.ui.booking.kept import Prefill
from tests.support.clinics import ANA, BEN, EMMA, GAIT, MASSAGE, PHYSIO
from tests.ui.booking.conftest import ENTER


def booked(desk):
    return desk.work.read(
        lambda s: s.execute(
            select(t.Booking.reference, t.Booking.patient_id, t.Booking.total_cents, t.Booking.notes)
        ).all()
    )


def test_a_known_patient_and_one_service_take_five_presses_of_enter(desk):
    wizard = desk.open()
    with desk.qtbot.waitSignal(wizard.booked) as heard:
        desk.type("physio")
        desk.press(ENTER, ENTER)
        desk.until_answers(wizard)
        desk.press(ENTER)
        desk.until_step(wizard, 2)
        desk.type("emma")
        desk.press(ENTER)
        desk.until_step(wizard, 3)
        desk.press(ENTER)
    reference = heard.args[0].reference
    assert booked(desk) == [(reference, EMMA, 5000, "")]
    assert wizard.confirmed.reference.text() == reference
    assert "Emma Müller comes on" in wizard.confirmed.sentences.text()
    assert desk.live_holds() == 0


def test_three_services_are_one_search_one_pick_one_confirm(desk):
    wizard = desk.open()
    desk.to_review(wizard, "emma", "physio", "massage", "speech")
    assert [part.service_id for part in wizard.draft.choices.parts][:2] == [PHYSIO, MASSAGE]
    wizard.page_now.notes.setPlainText("Comes with a walking frame")
    with desk.qtbot.waitSignal(wizard.booked) as heard:
        desk.press(ENTER)
    assert len(heard.args[0].appointment_ids) == 3
    assert booked(desk)[0].notes == "Comes with a walking frame"
    assert booked(desk)[0].total_cents == 15000


def test_enter_during_a_search_picks_the_first_of_its_answer(desk):
    wizard = desk.open()
    desk.to_patient(wizard)
    desk.type("olg")
    desk.press(ENTER)
    desk.until_step(wizard, 3)
    assert wizard.draft.patient.name == "Olga Petrova"


def test_lines_are_ordered_removed_and_given_to_one_practitioner_by_keys(desk):
    wizard = desk.open()
    page = wizard.page_now
    for service in ("physio", "gait", "massage"):
        desk.type(service)
        desk.press(ENTER)
    page.lines[2].setFocus()
    desk.qtbot.keyClick(page.lines[2], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [wish.service_id for wish in wizard.draft.choices.wishes] == [PHYSIO, MASSAGE, GAIT]
    assert page.lines[1].hasFocus()
    assert page.lines[1].accessibleName().startswith("2, Back massage")
    desk.press(Qt.Key.Key_Delete)
    assert [wish.service_id for wish in wizard.draft.choices.wishes] == [PHYSIO, GAIT]
    page.lines[0].who.setCurrentIndex(2)
    page.lines[0].who.activated.emit(2)
    assert wizard.draft.choices.wishes[0].practitioner_ids == (BEN,)
    assert desk.saved(wizard).choices.wishes[0].practitioner_ids == (BEN,)


def test_a_visit_has_at_most_twenty_services(desk):
    wizard = desk.open()
    for _ in range(21):
        desk.type("physio")
        desk.press(ENTER)
    assert len(wizard.draft.choices.wishes) == 20
    assert "at most 20 services" in wizard.page_now._said.text()
    assert "20" in wizard.page_now.lines[-1].accessibleName()


def test_a_chosen_slot_is_offered_with_its_practitioner(desk):
    start = desk.clinic.at("10:05")
    wizard = desk.open(prefill=Prefill(desk.clinic.monday, start, ANA))
    desk.to_time(wizard, "physio")
    opening = wizard.page_now.answers.currentIndex().data(Qt.ItemDataRole.UserRole)
    assert (opening.start, opening.parts[0].practitioner_id) == (start, ANA)


def test_back_loses_nothing(desk):
    wizard = desk.open()
    desk.to_review(wizard)
    wizard.page_now.notes.setPlainText("two words")
    for number in (2, 1, 0):
        wizard.back()
        desk.until_step(wizard, number)
    for number in (1, 2, 3):
        wizard.page_now.go_on()
        desk.until_step(wizard, number)
    assert wizard.page_now.notes.toPlainText() == "two words"
    assert wizard.draft.patient_id == EMMA


def test_a_patient_chosen_before_is_already_on_the_patient_page(desk):
    wizard = desk.open(desk.begin(patient_id=EMMA))
    desk.to_patient(wizard)
    assert wizard.page_now.chosen.name.text() == "Emma Müller"
    desk.press(ENTER)
    desk.until_step(wizard, 3)


def test_paid_wants_to_know_how(desk):
    wizard = desk.open()
    desk.to_review(wizard)
    page = wizard.page_now
    page.payment.state.setCurrentIndex(page.payment.state.findData("paid"))
    page.payment.state.activated.emit(2)
    page.go_on()
    assert page.payment.method_error.text() == "Please say how it was paid."
    page.payment.method.setCurrentIndex(page.payment.method.findData("card"))
    page.payment.method.activated.emit(2)
    with desk.qtbot.waitSignal(wizard.booked):
        page.go_on()
    assert desk.count(t.Payment, t.Payment.method == "card") == 1


def test_what_will_be_sent_is_said(desk):
    wizard = desk.open()
    desk.to_review(wizard)
    assert wizard.page_now.sent.text().startswith("A confirmation to emma@example.org is queued;")


def test_book_another_closes_and_asks_for_the_next(desk):
    wizard = desk.open()
    desk.to_review(wizard)
    with desk.qtbot.waitSignal(wizard.booked):
        desk.press(ENTER)
    with desk.qtbot.waitSignal(wizard.another):
        wizard.confirmed.again.click()
    desk.qtbot.waitUntil(lambda: not isValid(wizard))
