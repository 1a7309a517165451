"""What is handed out: the slip in vectors, the message, the calendar file."""

from dataclasses import replace

import pypdfium2
import pytest
from icalendar import Calendar
from PySide6.QtPrintSupport import QPrintPreviewDialog

from clinic_scheduler.ui.booking import slip
from clinic_scheduler.ui.printing import write_pdf
from tests.ui.booking.conftest import ENTER


@pytest.fixture
def confirm(german, desk):
    def run(*services):
        wizard = desk.open()
        desk.to_review(wizard, "emma", *services)
        with desk.qtbot.waitSignal(wizard.booked):
            desk.press(ENTER)
        return wizard.confirmed

    return run


def printed(tmp_path, papers):
    path = tmp_path / "slip.pdf"
    count = write_pdf(path, slip.paper(papers))
    document = pypdfium2.PdfDocument(str(path))
    try:
        pages = [(page.get_size(), page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()
    assert len(pages) == count
    return pages


def test_the_slip_is_one_small_page_with_all_that_matters(confirm, tmp_path):
    page = confirm("physio", "massage")
    [((width, height), text)] = printed(tmp_path, page.papers)
    assert (round(width), round(height)) == (297, 420)  # A6 in points
    for part in (
        page.reference.text(),
        "Emma Müller",
        "Physiotherapy",
        "Back massage",
        "90,00 €",
        "called off",
    ):
        assert part in text


def test_many_services_go_over_pages_and_none_is_lost(confirm, tmp_path):
    shown = confirm("physio", "massage").papers
    pages = printed(tmp_path, replace(shown, lines=shown.lines * 8))
    assert len(pages) > 1
    text = " ".join(text for _size, text in pages)
    assert (text.count("Physiotherapy"), text.count("Back massage")) == (8, 8)


def test_the_preview_opens_over_the_wizard(confirm, desk):
    page = confirm("physio")
    page.slip.click()
    desk.qtbot.waitUntil(lambda: page.window().findChild(QPrintPreviewDialog) is not None)
    page.window().findChild(QPrintPreviewDialog).close()


def test_the_calendar_file_is_saved_and_read_by_others(confirm, tmp_path):
    page = confirm("physio", "massage")
    path = tmp_path / page.papers.file_name
    page.save_to(str(path))
    assert str(path) in page.told.text()
    events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    parts = page.draft.choices.parts
    assert [event.decoded("dtstart") for event in events] == [part.start for part in parts]
    assert page.reference.text() in events[0]["DESCRIPTION"]


def test_a_folder_that_is_not_there_is_said(confirm, tmp_path):
    page = confirm("physio")
    page.save_to(str(tmp_path / "nowhere" / "visit.ics"))
    assert "Choose another folder" in page.told.text()


def test_the_message_reads_like_a_letter(confirm):
    page = confirm("physio")
    text = page.message.toPlainText()
    assert text.startswith("Dear Emma Müller,\n")
    assert page.reference.text() in text
    assert page.subject.text().startswith("Your visit at Test clinic on ")
