"""Text of which sentences at the end are left out where there is no room for them."""

import pytest
from pytestqt.qtbot import QtBot

from bpviz.ui.presentation.fitted_text import FittedText

_SIZE = 20


@pytest.mark.parametrize(
    ("first", "all_of_it"),
    [
        ("The slope is small.", "The slope is small. So is delta, and with it each gradient of the layer."),
        ("斜率很小。", "斜率很小。δ 也很小，该层的每个梯度也随之变小，权重几乎不再改变。"),
    ],
)
def test_only_whole_sentences_are_shown(qtbot: QtBot, first: str, all_of_it: str) -> None:
    widget = FittedText()
    qtbot.addWidget(widget)
    widget.set_sizes(_SIZE, _SIZE)
    widget.set_text(all_of_it, "")
    widget.resize(2000, 2 * _SIZE)
    assert widget.shown() == (all_of_it, _SIZE)
    widget.resize(260, 2 * _SIZE)
    assert widget.shown() == (first, _SIZE)
