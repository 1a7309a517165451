"""The colours of every theme by the name of their use, and the arithmetic of contrast."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

_PROPERTY: Final = "clinicTheme"  # of the application: where `current` finds what `wear` left


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """One palette by use. Equal only to itself: every theme exists once.

    `outline` is the edge of controls, at least 3:1 on every ground; `line` and `faint_line` separate.
    `good_ground` and `now_ground` carry `good` and `now` as text, `warning_ground` carries `warning`.
    """

    name: str
    is_dark: bool
    is_high_contrast: bool
    ground: QColor
    surface: QColor
    raised: QColor
    hover: QColor
    line: QColor
    faint_line: QColor
    outline: QColor
    text: QColor
    muted: QColor
    disabled: QColor
    accent: QColor
    accent_hover: QColor
    on_accent: QColor
    accent_ground: QColor
    accent_text: QColor
    now: QColor
    now_ground: QColor
    warning: QColor
    warning_ground: QColor
    good: QColor
    good_ground: QColor
    closed: QColor
    hatch: QColor


def luminance(colour: QColor) -> float:
    """Relative luminance, 0 to 1 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """The WCAG contrast of two opaque colours, 1 to 21, in either order."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(colour: QColor, share: float, onto: QColor) -> QColor:
    """`share` (0 to 1) of `colour` laid over opaque `onto`."""
    rest = 1 - share
    return QColor(
        round(colour.red() * share + onto.red() * rest),
        round(colour.green() * share + onto.green() * rest),
        round(colour.blue() * share + onto.blue() * rest),
    )


def _theme(name: str, *, is_dark: bool = False, is_high_contrast: bool = False, **colours: str) -> Theme:
    parsed = {use: QColor(value) for use, value in colours.items()}
    return Theme(name, is_dark, is_high_contrast, **parsed)


@cache
def light() -> Theme:
    """Dark ink on white."""
    return _theme(
        "light",
        ground="#F6F7F9",
        surface="#FFFFFF",
        raised="#FFFFFF",
        hover="#F0F2F5",
        line="#E3E6EB",
        faint_line="#EEF0F3",
        outline="#8590A0",
        text="#1B2430",
        muted="#5B6675",
        disabled="#8D96A3",
        accent="#1F6FEB",
        accent_hover="#1758C4",
        on_accent="#FFFFFF",
        accent_ground="#E6EFFD",
        accent_text="#1758C4",
        now="#D92D20",
        now_ground="#FFF6F5",
        warning="#9A5B00",
        warning_ground="#FFF4DB",
        good="#1A7F4B",
        good_ground="#E8F7EF",
        closed="#F1F2F5",
        hatch="#E4E7EC",
    )


@cache
def dark() -> Theme:
    """Light ink on near black."""
    return _theme(
        "dark",
        is_dark=True,
        ground="#14181E",
        surface="#1B2028",
        raised="#232933",
        hover="#2B323D",
        line="#323A46",
        faint_line="#272E38",
        outline="#6B7788",
        text="#E8ECF2",
        muted="#9AA6B5",
        disabled="#66717F",
        accent="#6EA8FF",
        accent_hover="#8FBCFF",
        on_accent="#0B1220",
        accent_ground="#1E3358",
        accent_text="#6EA8FF",
        now="#FF6B5E",
        now_ground="#3D1F1E",
        warning="#F5C265",
        warning_ground="#3A2E14",
        good="#5FD39A",
        good_ground="#16352A",
        closed="#171B22",
        hatch="#222933",
    )


@cache
def high_contrast_light() -> Theme:
    """Black on white, every edge drawn, no pale greys for anything that is read."""
    return _theme(
        "high-contrast",
        is_high_contrast=True,
        ground="#FFFFFF",
        surface="#FFFFFF",
        raised="#FFFFFF",
        hover="#E9EDF5",
        line="#6B7480",
        faint_line="#A3ABB6",
        outline="#000000",
        text="#000000",
        muted="#2B323C",
        disabled="#6A7079",
        accent="#003A9E",
        accent_hover="#00245F",
        on_accent="#FFFFFF",
        accent_ground="#D6E4FF",
        accent_text="#00245F",
        now="#9B0D05",
        now_ground="#FFE4E1",
        warning="#6A3C00",
        warning_ground="#FFEDC2",
        good="#00512B",
        good_ground="#D9F5E5",
        closed="#E8EAEE",
        hatch="#A3ABB6",
    )


@cache
def high_contrast_dark() -> Theme:
    """White on black, for those who chose high contrast on a dark desktop."""
    return _theme(
        "high-contrast-dark",
        is_dark=True,
        is_high_contrast=True,
        ground="#000000",
        surface="#000000",
        raised="#0A0D12",
        hover="#1D2531",
        line="#8A95A3",
        faint_line="#5A6470",
        outline="#FFFFFF",
        text="#FFFFFF",
        muted="#D5DBE3",
        disabled="#8B939D",
        accent="#9CC4FF",
        accent_hover="#C4DCFF",
        on_accent="#000000",
        accent_ground="#12305F",
        accent_text="#CFE2FF",
        now="#FF9B92",
        now_ground="#3D1512",
        warning="#FFD58A",
        warning_ground="#3A2A08",
        good="#8CEBBB",
        good_ground="#0B2F21",
        closed="#15191F",
        hatch="#4A535E",
    )


def wear(app: QCoreApplication, theme: Theme) -> None:
    """Make `theme` the one that `current` answers."""
    app.setProperty(_PROPERTY, theme)


def current() -> Theme:
    """The theme now on, for whoever paints; light before any was put on."""
    app = QCoreApplication.instance()
    found = app.property(_PROPERTY) if app else None
    return found if isinstance(found, Theme) else light()
