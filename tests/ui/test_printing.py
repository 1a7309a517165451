"""The printed day: as many pages as needed, never wider than the page, every name on it, cut at a letter."""

from dataclasses import replace
from datetime import date, datetime

import pypdfium2
import pytest
from PySide6.QtCore import QLocale
from PySide6.QtPrintSupport import QPrintPreviewWidget
from PySide6.QtWidgets import QWidget

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.days.schedule import ClosedTime
from clinic_scheduler.services.days.side_by_side import side_by_side
from clinic_scheduler.ui import printing
from clinic_scheduler.ui.print_layout import Page, initials, one_line, pages, placed
from clinic_scheduler.ui.print_page import day_paper
from tests.ui.schedules import LONG, hold, schedule, visit

PRINTED_AT = datetime(2026, 11, 20, 11, 32)  # noqa: DTZ001 - shown as it is


@pytest.fixture(autouse=True)
def _british(qapp):
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


def printed(tmp_path, day, **choices):
    """The size in points and the text of every page."""
    path = tmp_path / "day.pdf"
    count = printing.write_pdf(path, day_paper(day, "Green Street Clinic", PRINTED_AT, **choices))
    document = pypdfium2.PdfDocument(str(path))
    try:
        found = [(page.get_size(), page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()
    assert len(found) == count
    return found


def test_a_small_day_stands_upright_on_one_page(tmp_path):
    [((width, height), text)] = printed(tmp_path, schedule(3))
    assert width < height
    assert "Friday 20 November 2026" in text
    assert "Green Street Clinic" in text
    assert "Printed Fri 20 Nov 2026 11:32" in text
    assert "Page 1 of 1" in text


def test_many_columns_go_across_and_over_pages_with_heads_and_hours_repeated(tmp_path):
    found = printed(tmp_path, schedule(30))
    assert len(found) == 4
    for number, ((width, height), text) in enumerate(found, 1):
        assert width > height
        assert f"Page {number} of 4" in text
        assert "08:00" in text
        assert "Ana Silva" in text
    assert "Columns 1 to 8 of 30" in found[0][1]
    assert "Columns 24 to 30 of 30" in found[3][1]


def test_a_long_day_is_divided_at_full_hours(tmp_path):
    found = printed(tmp_path, schedule(5, opens=360, closes=1380, visits=(visit(1, 0, 1020),)))
    assert len(found) == 2
    assert "06:00 to 15:00" in found[0][1]
    assert "Lena Fischer" not in found[0][1]
    assert "Lena Fischer" in found[1][1]


def test_a_visit_over_the_end_of_a_page_is_named_on_both(tmp_path):
    found = printed(tmp_path, schedule(5, opens=360, closes=1380, visits=(visit(1, 0, 870, 90),), closed=()))
    assert all("Lena Fischer" in text for _, text in found)


def test_short_visits_get_room_for_their_line(tmp_path):
    tiny = tuple(visit(number * 8 + 1, 0, 540 + number * 5, 5) for number in range(12))
    text = " ".join(text for _, text in printed(tmp_path, schedule(1, visits=tiny)))
    assert text.count("Lena Fischer") == 12


def test_names_are_cut_with_an_ellipsis_where_they_do_not_fit(tmp_path):
    [(_, text)] = printed(tmp_path, schedule(6, visits=(visit(3, 0, 540, 15),), holds=()))
    assert LONG not in text
    assert "Maximil" in text
    assert "…" in text


def test_nothing_is_printed_outside_the_page(tmp_path):
    path = tmp_path / "day.pdf"
    printing.write_pdf(path, day_paper(schedule(30), LONG * 4, PRINTED_AT))
    document = pypdfium2.PdfDocument(str(path))
    for page in document:
        width, height = page.get_size()
        text = page.get_textpage()
        for number in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(number)
            assert left >= 30
            assert right <= width - 30
            assert bottom >= 30
            assert top <= height - 30
    document.close()


def test_masked_names_are_initials_and_absences_have_no_reason(tmp_path):
    text = " ".join(text for _, text in printed(tmp_path, schedule(6), masked=True))
    assert "Tanaka" not in text
    assert "A. T." in text
    assert "At the dentist" not in text
    assert "Lunch" in text
    assert "At the dentist" in " ".join(text for _, text in printed(tmp_path, schedule(6)))


def test_status_is_told_by_sign_and_the_signs_are_explained(tmp_path):
    day = schedule(
        1, visits=(visit(1, 0, 540, status="no_show"), visit(2, 0, 600, status="arrived")), holds=()
    )
    [(_, text)] = printed(tmp_path, day)
    assert text.count("✕") == 2
    assert text.count("●") == 2
    assert "✕ No-show" in text


def test_cancelled_visits_are_left_out(tmp_path):
    [(_, text)] = printed(tmp_path, schedule(1, visits=(visit(1, 0, 540, status="cancelled"),), holds=()))
    assert "Lena Fischer" not in text


def test_markup_in_a_name_is_printed_as_it_is(tmp_path):
    [(_, text)] = printed(tmp_path, schedule(1, visits=(visit(1, 0, 540, patient="<b>Ana</b>\n Silva"),)))
    assert "<b>Ana</b> Silva" in text


def test_a_hold_names_who_holds_it(tmp_path):
    [(_, text)] = printed(tmp_path, schedule(1, visits=(), holds=(hold(0, 600, 660),)))
    assert "Held by Kofi Mensah" in text


def test_a_day_without_people_says_so(tmp_path):
    [(_, text)] = printed(tmp_path, schedule(0))
    assert "Nobody works on this day." in text


def test_a_file_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="Choose another folder"):
        printed(tmp_path / "missing", schedule(1))


def test_the_preview_paints_the_same_pages_and_does_not_block(qtbot, qapp):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    paper = day_paper(schedule(30), "Green Street Clinic", PRINTED_AT)
    dialog = printing.open_preview(window, paper, "Print")
    preview = dialog.findChild(QPrintPreviewWidget)
    qtbot.waitUntil(lambda: preview.pageCount() == 4)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()


def test_overlapping_visits_stand_side_by_side():
    one, two, three, alone = (
        visit(1, 0, 540, 60),
        visit(2, 0, 560, 60),
        visit(3, 0, 600, 30),
        visit(4, 0, 640),
    )
    lanes = {place.visit.id: (place.lane, place.lanes) for place in placed([alone, three, two, one])}
    assert lanes == {one.id: (0, 2), two.id: (1, 2), three.id: (0, 2), alone.id: (0, 1)}


def test_visits_that_only_touch_keep_the_full_width():
    assert [(p.lane, p.lanes) for p in placed([visit(1, 0, 540, 30), visit(2, 0, 570, 30)])] == [
        (0, 1),
        (0, 1),
    ]


def test_pages_cover_every_column_and_every_hour_once():
    made = pages(schedule(19, opens=300, closes=1400), 260, 150)
    cells = [
        (column, hour)
        for page in made
        for column in range(page.first, page.last)
        for hour in range(page.start, page.end, 60)
    ]
    assert len(cells) == len(set(cells)) == 19 * len({hour for _, hour in cells})
    assert {page.per_page for page in made} == {max(page.last - page.first for page in made)}


def test_visits_outside_opening_time_are_printed_too():
    assert pages(schedule(1, visits=(visit(1, 0, 400),)), 180, 400) == [Page(0, 1, 360, 1080, 1)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Ana Silva", "A. S."), ("  ", ""), ("Li", "L."), ("محمد عبد", "م. ع."), ("a b c d", "a. b. c.")],
)
def test_initials(name, expected):
    assert initials(name) == expected


def test_one_line_has_no_breaks_no_control_signs_and_an_end():
    assert one_line("Ana\n\u202eSilva\x00") == "Ana Silva"
    assert len(one_line("x" * 1_000_000)) == 200


def test_closed_time_over_the_whole_day_is_no_trouble(tmp_path):
    day = schedule(1, visits=(), holds=(), closed=(ClosedTime(0, 0, 1440, "closure", "Public holiday"),))
    [(_, text)] = printed(tmp_path, day)
    assert "Public holiday" in text


def test_a_week_is_printed_with_its_days_over_the_columns(tmp_path):
    week = side_by_side([schedule(2), replace(schedule(2), day=date(2026, 11, 21))])
    [(_, text)] = printed(tmp_path, week)
    assert "Fri 20 Nov to Sat 21 Nov 2026" in text
    assert text.count("Ana Silva") == 2
    assert "Fri 20 Nov" in text.replace("Fri 20 Nov to", "")
