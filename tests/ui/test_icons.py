"""Icons take the colour of the text they stand beside."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon

from clinic_scheduler.ui import icons, theme, tokens


@pytest.fixture
def themes(qapp):
    yield theme.apply(qapp, "light")
    theme.apply(qapp, "light")


def inks(icon, mode=QIcon.Mode.Normal, state=QIcon.State.Off, size=64):
    """The colours of the pixels fully covered by a stroke."""
    picture = icon.pixmap(QSize(size, size), 1.0, mode, state).toImage()
    found = (picture.pixelColor(x, y) for x in range(size) for y in range(size))
    return {colour.name() for colour in found if colour.alpha() == 255}


def near(found, colour):
    wanted = QColor(colour)
    return found and all(
        abs(QColor(one).red() - wanted.red()) + abs(QColor(one).blue() - wanted.blue()) < 12 for one in found
    )


def test_an_icon_follows_the_theme(themes):
    icon = icons.icon("calendar")
    assert near(inks(icon), tokens.light().text)
    themes.choose("dark")
    assert near(inks(icon), tokens.dark().text)


def test_an_icon_on_the_accent_contrasts_with_it(themes):
    assert near(inks(icons.icon("calendar", "on-accent")), tokens.light().on_accent)


def test_a_disabled_icon_pales(themes):
    assert near(inks(icons.icon("calendar"), QIcon.Mode.Disabled), tokens.light().disabled)


def test_a_checked_or_selected_icon_takes_the_accent(themes):
    icon = icons.icon("calendar", "muted")
    assert near(inks(icon, state=QIcon.State.On), tokens.light().accent_text)
    assert near(inks(icon, QIcon.Mode.Selected), tokens.light().accent_text)


def test_an_icon_is_sharp_at_twice_the_size(themes):
    picture = icons.pixmap("calendar", 16, scale=2.0)
    assert picture.size() == QSize(32, 32)
    assert picture.devicePixelRatio() == 2.0
    assert near(inks(icons.icon("calendar"), size=32), tokens.light().text)


def test_the_same_icon_is_made_once(themes):
    assert icons.icon("calendar") is icons.icon("calendar")


def test_a_missing_icon_is_a_bug(themes):
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon")
