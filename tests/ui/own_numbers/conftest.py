"""Panel Mine, shown."""

from __future__ import annotations

import pytest

from bpviz.ui.own_numbers.mine_panel import MinePanel
from tests.ui.conftest import Show
from tests.ui.stage import Stage


@pytest.fixture
def panel(stage: Stage, show: Show) -> MinePanel:
    made = MinePanel(stage.model)
    show(made, 460, 420)
    made.activateWindow()
    return made
