"""What calendar, lists and controls lay upon each other beyond the pairs of test_theme.py can be told apart."""

import pytest
from PySide6.QtGui import QColor

from clinic_scheduler.ui import tokens
from clinic_scheduler.ui.hues import HUES, READABLE, VISIBLE, block
from clinic_scheduler.ui.stylesheet import stylesheet

THEMES = [tokens.light(), tokens.dark(), tokens.high_contrast_light(), tokens.high_contrast_dark()]
TEXTS = [
    *[(ink, "raised") for ink in ("accent_text", "now", "warning", "good")],
    ("on_accent", "accent_text"),  # a primary button held down
    ("muted", "accent_ground"),  # the menu and keys of the marked row in the palette
    ("text", "warning_ground"),  # a hold
    ("muted", "hatch"),  # why a time is closed
    ("surface", "now"),  # the time at the now line
]
SIGNS = [
    *[("now", ground) for ground in ("ground", "surface", "raised", "closed")],
    ("accent", "closed"),
    *[("warning", ground) for ground in ("surface", "closed", "warning_ground")],
    ("accent", "faint_line"),  # how full a day of the month is
]
STATUS = ("warning", "accent", "good", "now", "muted")  # as calendar/signs.py draws them


@pytest.fixture(params=THEMES, ids=lambda one: one.name)
def colours(request):
    return request.param


def below(colours, pairs, least):
    """The pairs of names whose contrast is too low, with what it is."""
    found = {(a, b): tokens.contrast(getattr(colours, a), getattr(colours, b)) for a, b in pairs}
    return {pair: round(value, 3) for pair, value in found.items() if value < least}


def test_every_text_can_be_read_on_its_ground(colours):
    assert below(colours, TEXTS, READABLE) == {}


def test_every_sign_and_outline_can_be_seen(colours):
    assert below(colours, SIGNS, VISIBLE) == {}


def test_a_button_held_down_can_be_read(colours):
    sheet = stylesheet(colours)
    rule = "QPushButton:pressed, QToolButton:pressed, QToolButton:open { background: "
    ground = sheet.partition(rule)[2][:7]
    assert tokens.contrast(colours.text, QColor(ground)) >= READABLE


@pytest.mark.parametrize("is_finished", [False, True], ids=["standing", "finished"])
@pytest.mark.parametrize("index", range(len(HUES)), ids=[name for name, _ in HUES])
def test_signs_and_the_outline_of_the_selected_show_on_every_block(colours, index, is_finished):
    ground = block(colours, index, is_finished=is_finished).ground
    poor = [name for name in STATUS if tokens.contrast(getattr(colours, name), ground) < VISIBLE]
    assert poor == []


@pytest.mark.parametrize("is_finished", [False, True], ids=["standing", "finished"])
@pytest.mark.parametrize("index", range(len(HUES)), ids=[name for name, _ in HUES])
def test_small_words_stay_readable_where_a_visit_is_pale(colours, index, is_finished):
    """While the practitioner is free in between, or in a buffer, the ground is laid thinner (paint.py)."""
    drawn = block(colours, index, is_finished=is_finished)
    pale = tokens.mixed(drawn.ground, 0.55, colours.surface)
    assert tokens.contrast(drawn.ink, pale) >= READABLE
    assert tokens.contrast(drawn.muted, pale) >= READABLE


@pytest.mark.parametrize("step", [1, 2, 3])
def test_days_of_the_small_month_can_be_read_however_full(colours, step):
    ground = tokens.mixed(colours.accent, 0.07 * step, colours.surface)
    assert tokens.contrast(colours.text, ground) >= READABLE
