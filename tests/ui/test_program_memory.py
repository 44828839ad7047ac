"""What of a program the garbage collector sees, and what it finds when a network has been taken away."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtWidgets import QApplication, QMenu

from tests.ui.conftest import OpenProgram


@pytest.fixture
def nothing_frozen() -> None:
    """Let the collector look at everything, as when a program starts; after the test it looks at what is new again."""
    gc.unfreeze()


@pytest.mark.slow
@pytest.mark.usefixtures("nothing_frozen")
def test_the_collector_passes_over_what_stays_until_the_window_is_closed(open_program: OpenProgram) -> None:
    made = open_program()
    assert gc.get_freeze_count() == 0
    made.wait_until_ready()
    assert gc.get_freeze_count() > 0
    made.close()
    assert gc.get_freeze_count() == 0


@pytest.mark.slow
def test_what_was_frozen_before_it_began_stays_frozen(open_program: OpenProgram) -> None:
    frozen = gc.get_freeze_count()
    assert frozen > 0
    made = open_program()
    made.wait_until_ready()
    made.close()
    assert 0.9 * frozen < gc.get_freeze_count() <= frozen


@pytest.mark.slow
def test_resets_leave_nothing_of_the_old_networks_behind(open_program: OpenProgram) -> None:
    driver, counts = open_program(), []
    driver.wait_until_ready()
    for _ in range(3):
        for _ in range(4):
            driver.reset()
            driver.wait_until_drawn()
        gc.collect()
        counts.append(len([widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMenu)]))
    assert counts[0] == counts[1] == counts[2]
