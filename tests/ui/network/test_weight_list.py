import pytest
from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from bpviz.session.frames.network_numbers import RankedWeight
from bpviz.ui.network.weight_list import WeightList


@pytest.mark.parametrize("weight", [-0.012345, -0.00088888])
@pytest.mark.parametrize("carried", [-6.9273e-5, 0.012345, -1.2345e-13, 123456.0])
def test_numbers_are_shown_whole_whatever_their_exponent(qtbot: QtBot, carried: float, weight: float) -> None:
    made = WeightList()
    qtbot.addWidget(made)
    made.tell(2, 0, (RankedWeight(True, 1, 10, weight, carried),))
    for column in (1, 2):
        index = made.table.index(0, column)
        needed = made.view.itemDelegateForIndex(index).sizeHint(QStyleOptionViewItem(), index).width()
        assert needed <= made.view.columnWidth(column)
