"""The list on paper: everybody that is filtered, heads on every page, nothing wider than the page."""

from datetime import datetime
from random import Random

import pypdfium2
import pytest

from clinic_scheduler.services.listing import lines
from clinic_scheduler.services.listing.asked import Asked, Filter
from clinic_scheduler.ui import texts as texts_of
from clinic_scheduler.ui.bookings import list_paper
from clinic_scheduler.ui.printing import write_pdf
from tests.support.clinics import ZONE
from tests.support.listed import ListedBook


@pytest.fixture
def printed(qapp, sqlite_work, actor, sqlite_clinic, tmp_path):
    ListedBook(sqlite_work, Random(3)).fill(60)  # noqa: S311
    page = sqlite_work.read(lambda s: lines.page(s, actor=actor, asked=Asked(Filter()), limit=1_000))
    path = tmp_path / "list.pdf"
    paper = list_paper.paper(
        page.lines,
        title="Bookings",
        clinic="Test clinic",
        printed_at=datetime(2026, 3, 2, 12, 5, tzinfo=ZONE),
        by_day=True,
    )
    count = write_pdf(path, paper)
    document = pypdfium2.PdfDocument(path)
    texts = [each.get_textpage().get_text_range() for each in document]
    document.close()
    return page, count, texts


def test_each_visit_is_on_some_page_and_each_page_has_its_heads(printed):
    page, count, texts = printed
    assert count == len(texts) > 1
    for number, text in enumerate(texts, 1):
        assert "Bookings" in text
        assert "Patient" in text
        assert f"Page {number} of {count}" in text
    whole = "\n".join(texts)
    assert whole.count("Emma Müller") == sum(line.visit.patient == "Emma Müller" for line in page.lines)
    assert texts_of.long_date(page.lines[0].lead.day, with_year=True) in whole


def test_an_empty_list_is_one_page(qapp, tmp_path):
    now = datetime(2026, 3, 2, 12, 5, tzinfo=ZONE)
    paper = list_paper.paper((), title="B", clinic="C", printed_at=now, by_day=True)
    assert write_pdf(tmp_path / "list.pdf", paper) == 1
