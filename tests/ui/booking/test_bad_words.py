"""What is pasted into the fields of time, price and search is refused in a sentence, kept, and never markup."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from clinic_scheduler.ui.search_dialog import SearchDialog
from tests.support.odd_texts import ODD_TEXTS
from tests.ui.booking.conftest import ENTER

WORDS = [text for text in ODD_TEXTS if text.strip()]


def labels(widget):
    return [label for label in widget.findChildren(QLabel) if label.text()]


def test_no_odd_text_is_a_time(desk):
    wizard = desk.open()
    desk.to_time(wizard)
    page = wizard.page_now
    for text in WORDS:
        page.wished.line.setText(text)
        page.wished.line.textEdited.emit(page.wished.line.text())
        if page.wished.line.text().strip():
            page.wished.line.asked.emit(page.wished.line.text())
            assert page.wished.said.text().startswith("Write a day and a time"), ascii(text)
    assert wizard.currentId() == 1
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels(page.wished))
    desk.saved(wizard)


def test_no_odd_text_is_a_price_and_its_reason_is_kept_as_it_is(desk):
    wizard = desk.open()
    desk.to_review(wizard)
    for text in WORDS:
        wizard.review.price.click()
        dialog = wizard.review._asked
        dialog.price.line.setText(text)
        dialog.reason.line.setText("Hardship")
        dialog.go.click()
        assert dialog.price.error.startswith("Please write an amount"), ascii(text)
        dialog.price.line.setText("10")
        dialog.reason.line.setText("<b>" + text[:100])
        dialog.go.click()
        desk.settle()
        assert wizard.review._asked is None, ascii(text)
    assert wizard.draft.choices.parts[0].price_cents == 1000
    assert wizard.draft.choices.parts[0].price_reason.startswith("<b>")


def test_odd_texts_are_searched_for_and_shown_as_they_are(desk):
    wizard = desk.open()
    dialog = SearchDialog(desk.tasks, desk.actor, wizard.draft.catalogue, wizard)
    dialog.open()
    for text in WORDS:
        dialog.line.setText(text)
        dialog._look()
        desk.qtbot.waitUntil(lambda: not dialog._is_looking)
        assert dialog.said.text()
    desk.qtbot.keyClick(dialog.line, ENTER)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels(dialog))
    dialog.reject()
