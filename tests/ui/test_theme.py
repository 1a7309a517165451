"""Every text of every theme can be read, every edge seen, and every hue told apart."""

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QImage, QPalette
from PySide6.QtWidgets import QLineEdit, QListWidget, QPushButton, QSpinBox, QVBoxLayout, QWidget

from clinic_scheduler.ui import controls, fonts, theme, tokens
from clinic_scheduler.ui.hues import HUES, block, hue

THEMES = [tokens.light(), tokens.dark(), tokens.high_contrast_light(), tokens.high_contrast_dark()]
READABLE = 4.5
VISIBLE = 3.0


@pytest.fixture
def themes(qapp):
    yield theme.apply(qapp, "light")
    theme.apply(qapp, "light")


@pytest.fixture(params=THEMES, ids=lambda one: one.name)
def colours(request):
    return request.param


def test_contrast_is_that_of_the_standard():
    assert tokens.contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert tokens.contrast(QColor("#767676"), QColor("white")) == pytest.approx(4.54, abs=0.01)


def test_every_ink_is_readable_on_every_ground_it_stands_on(colours):
    grounds = [colours.ground, colours.surface, colours.raised, colours.hover]
    pairs = [(ink, ground) for ink in (colours.text, colours.muted) for ground in grounds]
    for ink in (colours.accent_text, colours.now, colours.warning, colours.good):
        pairs += [(ink, colours.surface), (ink, colours.ground)]
    pairs += [
        (colours.on_accent, colours.accent),
        (colours.on_accent, colours.accent_hover),
        (colours.accent_text, colours.accent_ground),
        (colours.text, colours.accent_ground),
        (colours.now, colours.now_ground),
        (colours.warning, colours.warning_ground),
        (colours.good, colours.good_ground),
        (colours.text, colours.closed),
        (colours.muted, colours.closed),
    ]
    poor = [(a.name(), b.name()) for a, b in pairs if tokens.contrast(a, b) < READABLE]
    assert poor == []


def test_every_edge_of_a_control_is_visible(colours):
    for ground in (colours.ground, colours.surface, colours.raised):
        assert tokens.contrast(colours.outline, ground) >= VISIBLE
        assert tokens.contrast(colours.accent, ground) >= VISIBLE


def test_high_contrast_reaches_the_stricter_level():
    for one in (tokens.high_contrast_light(), tokens.high_contrast_dark()):
        for ink in (one.text, one.muted, one.accent_text, one.now, one.warning, one.good):
            assert tokens.contrast(ink, one.surface) >= 7


def test_the_palette_says_the_same_as_the_theme(colours):
    made = theme.palette(colours)
    roles = QPalette.ColorRole
    for ink, ground in [
        (roles.WindowText, roles.Window),
        (roles.Text, roles.Base),
        (roles.Text, roles.AlternateBase),
        (roles.ButtonText, roles.Button),
        (roles.ToolTipText, roles.ToolTipBase),
        (roles.PlaceholderText, roles.Base),
        (roles.HighlightedText, roles.Highlight),
        (roles.Link, roles.Base),
    ]:
        assert tokens.contrast(made.color(ink), made.color(ground)) >= READABLE
    disabled = made.color(QPalette.ColorGroup.Disabled, roles.Text)
    assert disabled == colours.disabled


@pytest.mark.parametrize("index", range(12))
def test_a_block_carries_its_ink_and_shows_its_bar(colours, index):
    for is_finished in (False, True):
        drawn = block(colours, index, is_finished=is_finished)
        assert tokens.contrast(drawn.ink, drawn.ground) >= READABLE
        assert tokens.contrast(drawn.muted, drawn.ground) >= READABLE
        assert tokens.contrast(drawn.bar, colours.surface) >= VISIBLE


def test_a_hue_past_the_twelfth_starts_again():
    assert hue(12) == hue(0)
    assert len({value for _, value in HUES}) == 12


# What the three kinds of colour blindness see of linear RGB (Machado, Oliveira and Fernandes 2009, severity 1).
SIGHTS = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


@pytest.mark.parametrize("sight", SIGHTS)
def test_hues_stay_apart_for_the_colour_blind(sight):
    seen = [_oklab(hue(index), SIGHTS[sight]) for index in range(12)]
    apart = {
        (HUES[a][0], HUES[b][0]): sum((x - y) ** 2 for x, y in zip(seen[a], seen[b], strict=True)) ** 0.5
        for a, b in itertools.combinations(range(12), 2)
    }
    closest = min(apart, key=apart.get)
    assert apart[closest] > 0.02, closest


def _oklab(colour, sight):
    """https://bottosson.github.io/posts/oklab/"""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
    cones = (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
    lab = (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
    roots = [max(0.0, value) ** (1 / 3) for value in _times(cones, _times(sight, linear))]
    return _times(lab, roots)


def _times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def test_choosing_a_theme_changes_palette_and_tells_who_paints(qapp, qtbot, themes):
    with qtbot.waitSignal(themes.changed) as heard:
        themes.choose("dark")
    assert heard.args == [tokens.dark()]
    assert theme.current() is tokens.dark()
    assert qapp.palette().color(QPalette.ColorRole.Window) == tokens.dark().ground


def test_the_same_theme_again_is_no_change(qtbot, themes):
    with qtbot.assertNotEmitted(themes.changed):
        themes.choose("light")


def test_system_follows_the_desktop(qapp, qtbot, themes):
    themes.choose("system")
    expected = tokens.dark() if qapp.styleHints().colorScheme() == Qt.ColorScheme.Dark else tokens.light()
    assert themes.theme is expected
    assert themes.choice == "system"


def test_an_unknown_choice_counts_as_system(themes):
    themes.choose("mauve")
    assert themes.choice == "system"


def test_applying_twice_keeps_one_object(qapp, themes):
    assert theme.apply(qapp, "high-contrast") is themes
    assert themes.theme.is_high_contrast


def test_controls_have_the_heights_of_the_look(qtbot, themes):
    page = QWidget()
    row = QVBoxLayout(page)
    button, field, number, chip = (
        QPushButton("Park and close"),
        QLineEdit(),
        QSpinBox(),
        controls.chip("Earliest"),
    )
    for widget in (button, field, number, chip):
        row.addWidget(widget)
    row.addStretch()
    qtbot.addWidget(page)
    page.show()
    assert [widget.height() for widget in (button, field, number, chip)] == [32, 32, 32, 28]


def test_rows_of_a_list_filled_unseen_are_targets(qtbot, themes):
    rows = QListWidget()
    qtbot.addWidget(rows)
    rows.addItems(["Ana Silva", "Ben Okafor"])
    rows.setCurrentRow(1)
    rows.show()
    assert rows.visualItemRect(rows.item(0)).height() == 32


def test_a_field_has_a_visible_edge_in_the_dark(qtbot, themes):
    themes.choose("dark")
    field = QLineEdit()
    qtbot.addWidget(field)
    field.setMinimumWidth(120)
    field.show()
    picture = field.grab().toImage()
    edge = picture.pixelColor(picture.width() // 2, 0)
    assert tokens.contrast(edge, tokens.dark().ground) >= VISIBLE


def test_the_hint_in_an_empty_field_can_be_read(qtbot, themes):
    field = QLineEdit()
    qtbot.addWidget(field)
    field.setPlaceholderText("Find a patient")
    field.show()
    hint = field.palette().color(QPalette.ColorRole.PlaceholderText)
    assert hint.alpha() == 255
    assert tokens.contrast(hint, tokens.light().raised) >= READABLE


def test_the_focus_ring_is_for_the_keyboard_only(qtbot, themes):
    page = QWidget()
    qtbot.addWidget(page)
    row = QVBoxLayout(page)
    first, second = QPushButton("First"), QPushButton("Second")
    row.addWidget(first)
    row.addWidget(second)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert first.hasFocus()
    assert _edge(first) != tokens.light().accent
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus()
    assert _edge(second) == tokens.light().accent


def _edge(button):
    picture: QImage = button.grab().toImage()
    return picture.pixelColor(picture.width() // 2, 1)


def test_a_chosen_segment_is_told_once_and_only_by_the_user(qtbot, themes):
    segments = controls.Segments([("day", "Day"), ("week", "Week")], "View")
    qtbot.addWidget(segments)
    segments.show()
    with qtbot.assertNotEmitted(segments.chosen):
        segments.choose("week")
    assert segments.key == "week"
    day = segments.findChildren(controls.ToggleButton)[0]
    with qtbot.waitSignal(segments.chosen) as heard:
        qtbot.mouseClick(day, Qt.MouseButton.LeftButton)
    assert heard.args == ["day"]


def test_bold_text_of_a_chosen_chip_fits(qtbot, themes):
    chip = controls.chip("Fewest people")
    qtbot.addWidget(chip)
    before = chip.sizeHint()
    chip.setChecked(True)
    assert chip.sizeHint() == before


def test_labels_show_markup_as_it_is(qtbot, themes):
    label = controls.label("<b>Ana</b> <img src=x>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_the_type_scale_has_four_sizes_and_two_weights(qapp, themes):
    assert [f().pixelSize() for f in (fonts.tiny, fonts.small, fonts.body, fonts.title)] == [11, 12, 13, 18]
    assert fonts.body().weight() == QFont.Weight.Normal
    assert fonts.body(strong=True).weight() == QFont.Weight.DemiBold
    assert fonts.tabular(fonts.body()).isFeatureSet(QFont.Tag("tnum"))
