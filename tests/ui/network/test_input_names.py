"""The names of the inputs in the network diagram: as large as their boxes allow, and none that is cut off."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics

from bpviz.ui.network.layout import lay_out
from bpviz.ui.network.nodes import input_font
from bpviz.ui.style import theme

SIZES = (64, 32, 10)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.2])
@pytest.mark.parametrize(("width", "height"), [(300, 150), (440, 180), (560, 260), (900, 600), (2000, 1400)])
def test_the_names_of_all_inputs_fit_into_their_boxes_or_none_is_written(scale: float, width: int, height: int) -> None:
    layout, usual = lay_out(SIZES, width, height), theme.font(theme.BASE_POINTS * scale)
    font = input_font(usual, layout)
    room = layout.box
    if font is None:
        smallest = QFontMetrics(theme.font(0.8 * theme.BASE_POINTS * scale))
        assert smallest.horizontalAdvance("x₆₄") + 2 > room[0] or smallest.height() > room[1]
    else:
        assert max(QFontMetrics(font).horizontalAdvance(f"x{n}".translate(SUBSCRIPTS)) for n in range(1, 65)) <= room[0]
        assert QFontMetrics(font).height() <= room[1]


SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def test_names_are_usual_in_much_room_then_smaller_then_left_out() -> None:
    usual = theme.font(theme.BASE_POINTS)
    sizes = [
        font.pointSizeF() if (font := input_font(usual, lay_out(SIZES, 3 * h, h))) else 0 for h in range(60, 900, 5)
    ]
    assert sizes == sorted(sizes)
    assert set(sizes) >= {0, usual.pointSizeF()}
