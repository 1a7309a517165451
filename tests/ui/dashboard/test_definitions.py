"""Every figure is defined once, and the screen says what the documentation says."""

import pytest
from PySide6.QtWidgets import QLabel

from clinic_scheduler.ui.dashboard import definitions
from clinic_scheduler.ui.dashboard.page import LAYOUT, Page
from clinic_scheduler.ui.dashboard.shown import Amount, Bar, Chart
from tests.support.sources import ROOT

DEFINED = [each for chapter in definitions.CHAPTERS for each in chapter.definitions]


def test_the_documentation_is_made_from_what_the_pointer_is_told():
    assert (ROOT / "docs" / "figures.md").read_text("utf-8") == definitions.page()


@pytest.mark.parametrize("chapter", range(len(LAYOUT)))
def test_each_figure_of_a_chapter_stands_in_its_place_once(chapter):
    layout = LAYOUT[chapter]
    names = [*layout.tiles, *layout.upright, *layout.charts]
    assert sorted(names) == sorted(each.name for each in definitions.CHAPTERS[chapter].definitions)


def test_hovering_says_the_definition(qtbot):
    page = Page()
    qtbot.addWidget(page)
    for each in DEFINED:
        if each.name in page.tiles:
            tile = page.tiles[each.name]
            assert tile.toolTip() == tile.accessibleDescription() == each.text
            continue
        card = page.charts[each.name]
        assert each.text in [label.toolTip() for label in card.findChildren(QLabel)]
        card.show_chart(Chart(each.name, (Bar("Ana", Amount(2), before=Amount(3)),)))
        tip = card.view.bars.data(card.view.bars.index(0), 3)
        assert tip == f"Ana: 2. 3 in the days before\n\n{each.text}"
