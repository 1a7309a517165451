"""Twelve service hues that stay apart for the colour-blind, and how a visit's block is drawn in them.

Text is never in the hue; it says "which service" by ground and bar only.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from PySide6.QtGui import QColor

from clinic_scheduler.ui.tokens import Theme, contrast, mixed

# Names are for the list in the set-up; the order is stored in the database and never changes.
HUES: Final = (
    ("blue", "#2F6FDE"),
    ("violet", "#7A56C9"),
    ("green", "#1F8A70"),
    ("orange", "#C2571A"),
    ("magenta", "#B0397B"),
    ("olive", "#8A6D00"),
    ("pink", "#E0619F"),
    ("forest", "#1E5631"),
    ("gold", "#B8860B"),
    ("plum", "#6A1B8A"),
    ("lavender", "#8A86D8"),
    ("wine", "#96202B"),
)
READABLE: Final = 4.5  # WCAG 2.2 AA, 1.4.3
VISIBLE: Final = 3.0  # WCAG 2.2 AA, 1.4.11


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The colours of one visit: `ink` for the name, `muted` for time and service.

    Equal only to itself, as `block` keeps them: so it finds what was drawn in it without asking its colours.
    """

    ground: QColor
    bar: QColor
    ink: QColor
    muted: QColor


@cache
def hue(index: int) -> QColor:
    """The hue of an index as stored; indices past the twelve start again."""
    return QColor(HUES[index % len(HUES)][1])


@cache
def block(theme: Theme, index: int, *, is_finished: bool = False) -> Block:
    """The colours of a block of hue `index`; finished visits are pale with muted ink."""
    colour = hue(index)
    share = (0.12 if is_finished else 0.24) if theme.is_dark else (0.06 if is_finished else 0.13)
    ground = mixed(colour, share, theme.surface)
    muted = _readable(theme.muted, ground, theme.text)
    return Block(ground, _bar(theme, colour), muted if is_finished else theme.text, muted)


def _bar(theme: Theme, colour: QColor) -> QColor:
    bar = mixed(colour, 0.8, QColor("white")) if theme.is_dark else colour
    return _readable(bar, theme.surface, theme.text, VISIBLE)


def _readable(colour: QColor, ground: QColor, towards: QColor, least: float = READABLE) -> QColor:
    """`colour` moved towards `towards` only as far as `least` contrast on `ground` needs."""
    for step in range(20):
        moved = mixed(towards, step / 20, colour)
        if contrast(moved, ground) >= least:
            return moved
    return towards
