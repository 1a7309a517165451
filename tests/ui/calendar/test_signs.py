"""The small shapes: drawn once, the same whatever was drawn before."""

import pytest

from clinic_scheduler.ui import hues, theme
from clinic_scheduler.ui.calendar.signs import Caps


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_caps_are_the_same_whatever_was_drawn_before_them(qapp, ratio):
    blocks = [hues.block(theme.current(), hue) for hue in range(3)]
    wanted = [
        (width, block, is_dashed)
        for width in (200, 23, 120)
        for block in blocks
        for is_dashed in (True, False)
    ]
    caps = Caps(ratio)
    together = [caps[one] for one in wanted]
    for one, (top, bottom) in zip(wanted, together, strict=True):
        alone = Caps(ratio)[one]
        assert (top.toImage(), bottom.toImage()) == (alone[0].toImage(), alone[1].toImage())
        assert top.devicePixelRatio() == ratio
        assert top.toImage().pixelColor(0, 0).alpha() == 0  # round
        assert caps[one][0] is top
