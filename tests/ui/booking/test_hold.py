"""Holds: counted down, renewed, lapsed, taken by somebody else."""

from dataclasses import replace
from datetime import timedelta

from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.unfinished import booking_session
from tests.support.clinics import ANA, BEN, EMMA, OLGA, shift_clock
from tests.ui.booking.conftest import ENTER


def take(work, colleague, parts, *, patient=OLGA):
    """A colleague holds these times."""
    begun = work.write(lambda s: booking_session.start(s, actor=colleague, patient_id=patient)).value
    return work.write(
        lambda s: booking.hold(s, actor=colleague, session_id=begun.id, version=begun.version, parts=parts)
    ).value


def test_picking_holds_and_the_header_counts_down(desk):
    wizard = desk.open()
    desk.to_time(wizard)
    page = wizard.page_now
    assert wizard.header.countdown.isHidden()
    page.answers.clicked.emit(page.answers.currentIndex())
    desk.qtbot.waitUntil(lambda: wizard.draft.held_until is not None)
    assert wizard.currentId() == 1
    assert desk.live_holds() == 1
    assert 880 < wizard.draft.seconds_left <= 900
    assert "14:5" in wizard.header.countdown.text()
    assert page._held_card.title.text().startswith("Held until ")
    shown = wizard.header.countdown.text()
    desk.qtbot.waitUntil(lambda: wizard.header.countdown.text() != shown)


def test_adding_a_service_renews_the_hold_and_asks_for_a_time_for_all(desk, work):
    wizard = desk.open()
    desk.to_patient(wizard)
    first, old = wizard.draft.held_until, wizard.draft.choices.parts
    wizard.back()
    wizard.back()
    shift_clock(work, timedelta(minutes=5))
    desk.type("massage")
    desk.press(ENTER)
    desk.qtbot.waitUntil(lambda: wizard.draft.held_until > first + timedelta(minutes=4))
    assert wizard.draft.choices.parts == old
    assert not wizard.draft.is_time_chosen
    desk.press(ENTER)
    desk.until_answers(wizard)
    assert "The old time is kept" in wizard.page_now._held_card.words.text()
    desk.press(ENTER)
    desk.until_step(wizard, 2)
    assert len(wizard.draft.choices.parts) == 2
    assert wizard.draft.is_time_chosen
    assert desk.live_holds() == 3  # two practitioners and the room


def test_a_lapsed_hold_is_a_bar_and_is_taken_again(desk, work):
    wizard = desk.open()
    desk.to_review(wizard)
    wizard.page_now.notes.setPlainText("kept")
    desk.saved(wizard)
    shift_clock(work, timedelta(minutes=16))
    wizard.hear(None)
    desk.qtbot.waitUntil(lambda: "lapsed" in wizard.bar.text)
    assert wizard.header.countdown.text() == "Hold lapsed"
    wizard.bar.button.click()
    desk.qtbot.waitUntil(lambda: wizard.draft.held_until is not None)
    assert wizard.bar.text == ""
    assert wizard.page_now.notes.toPlainText() == "kept"


def test_the_countdown_ends_by_itself(desk, work):
    wizard = desk.open()
    desk.to_patient(wizard)
    left = wizard.draft.held_until - wizard.draft.now
    shift_clock(work, left - timedelta(seconds=1.5))
    wizard.hear(None)
    desk.qtbot.waitUntil(lambda: "lapsed" in wizard.bar.text)


def test_a_lapsed_hold_that_is_still_free_is_confirmed_without_a_word(desk, work):
    wizard = desk.open()
    desk.to_review(wizard)
    shift_clock(work, timedelta(minutes=16))
    wizard.hear(None)
    desk.qtbot.waitUntil(lambda: wizard.draft.has_lapsed)
    with desk.qtbot.waitSignal(wizard.booked):
        desk.press(ENTER)


def test_a_lapsed_time_given_away_leads_back_to_the_times(desk, work, colleague):
    wizard = desk.open()
    desk.to_review(wizard)
    wizard.page_now.notes.setPlainText("kept")
    desk.saved(wizard)
    parts = wizard.draft.choices.parts
    shift_clock(work, timedelta(minutes=16))
    take(work, colleague, parts)
    wizard.page_now.go_on()
    desk.until_answers(wizard)
    assert "is not free" in wizard.bar.text
    assert parts not in [opening.parts for opening in wizard.page_now._model.openings]
    assert wizard.draft.choices.notes == "kept"
    desk.press(ENTER)
    desk.until_step(wizard, 2)
    desk.press(ENTER)
    desk.until_step(wizard, 3)
    with desk.qtbot.waitSignal(wizard.booked):
        desk.press(ENTER)


def test_taking_again_what_was_given_away_offers_other_times(desk, work, colleague):
    wizard = desk.open()
    desk.to_patient(wizard)
    parts = wizard.draft.choices.parts
    shift_clock(work, timedelta(minutes=16))
    take(work, colleague, parts)
    wizard.hear(None)
    desk.qtbot.waitUntil(lambda: "lapsed" in wizard.bar.text)
    wizard.bar.button.click()
    desk.until_answers(wizard)
    assert "given away" in wizard.bar.text


def test_a_time_that_a_colleague_just_took_is_said_and_searched_anew(desk, work, colleague):
    wizard = desk.open()
    desk.to_time(wizard)
    page = wizard.page_now
    parts = page._model.openings[0].parts
    take(work, colleague, parts)
    desk.press(ENTER)
    desk.qtbot.waitUntil(lambda: "just took that time" in wizard.bar.text and not desk.tasks.running)
    assert wizard.currentId() == 1
    assert parts not in [opening.parts for opening in page._model.openings]
    desk.press(ENTER)
    desk.until_step(wizard, 2)


def test_a_patient_who_is_elsewhere_then_is_offered_other_times(desk, work, colleague):
    wizard = desk.open()
    desk.to_time(wizard)
    page = wizard.page_now
    parts = page._model.openings[0].parts
    other = next(o.parts for o in page._model.openings if o.parts != parts)
    assert other
    begun = take(work, colleague, [_with_ben(parts[0])], patient=EMMA)
    work.write(
        lambda s: booking.confirm(
            s, actor=colleague, session_id=begun.session.id, request_id=begun.session.id
        )
    )
    desk.press(ENTER)
    desk.until_step(wizard, 2)
    desk.type("emma")
    desk.press(ENTER)
    desk.until_answers(wizard)
    assert "Emma Müller has another visit at that time" in wizard.bar.text
    assert wizard.draft.patient_id == EMMA


def _with_ben(part):
    return replace(part, practitioner_id=BEN if part.practitioner_id == ANA else ANA)
