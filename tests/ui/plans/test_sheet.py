"""The sheet for the patient: every session of that plan, nothing of anybody else, as many pages as it takes."""

import pypdfium2
import pytest

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.ui.plans import sheet
from clinic_scheduler.ui.printing import write_pdf
from tests.support import desk, planning
from tests.support.clinics import GAIT, OLGA
from tests.support.planning import course, look


def words(path):
    pdf = pypdfium2.PdfDocument(path)
    pages = []
    for page in pdf:
        text = page.get_textpage()
        pages.append(text.get_text_range())
        text.close()
        page.close()
    pdf.close()
    return pages


def read(work, actor, plan_id):
    return work.read(lambda s: sheet.read(s, actor=actor, plan_id=plan_id, clinic="Test clinic"))


@pytest.mark.parametrize(("total", "pages"), [(4, 1), (50, 3)])
def test_all_sessions_stand_on_it_with_heads_on_every_page(
    qapp, sqlite_work, sqlite_clinic, actor, tmp_path, total, pages
):
    part = sqlite_clinic.part("09:00", service=GAIT, minutes=60)
    desk.book(sqlite_work, actor, [sqlite_clinic.part("11:00")], patient=OLGA)
    placed = planning.create(sqlite_work, actor, course(total, "sequential"), {1: part})
    path = tmp_path / "plan.pdf"
    assert write_pdf(path, sheet.paper(read(sqlite_work, actor, placed.plan_id))) == pages
    found = words(path)
    assert len(found) == pages
    assert all("Session" in page and f"of {pages}" in page for page in found)
    whole = "\n".join(found)
    assert "Emma Müller" in whole
    assert "09:00" in whole
    assert "Ana Silva" in whole
    assert all(f"{number} · Gait analysis" in whole for number in range(1, total + 1))
    assert whole.count("to be booked by") == 1
    assert whole.count("still to be booked") == total - 2
    assert "Olga" not in whole
    assert look(sqlite_work, actor, placed.plan_id).phone not in whole


def test_a_place_where_nothing_can_be_written_is_refused(qapp, sqlite_work, sqlite_clinic, actor, tmp_path):
    part = sqlite_clinic.part("09:00", service=GAIT, minutes=60)
    placed = planning.create(sqlite_work, actor, course(2, "sequential"), {1: part})
    with pytest.raises(InvalidInput, match="Choose another folder or name"):
        write_pdf(tmp_path / "no" / "plan.pdf", sheet.paper(read(sqlite_work, actor, placed.plan_id)))
