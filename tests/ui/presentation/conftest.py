"""Fixtures of the presentation: the window before it, and with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt

from bpviz.ui.presentation.presentation import Presentation
from bpviz.ui.window.main_window import MainWindow
from tests.ui.presentation.settling import settle
from tests.ui.stage import Stage
from tests.ui.user_input import press


@pytest.fixture
def window(main_window: MainWindow, stage: Stage) -> Iterator[MainWindow]:
    """The window with a small network, before the presentation."""
    stage.prepare()
    stage.train(2)
    main_window.activateWindow()
    QCoreApplication.processEvents()  # keys reach the window that is active
    yield main_window
    main_window.presentation.leave()


@pytest.fixture
def shown(window: MainWindow) -> Presentation:
    """The presentation of the surface, with the window in front."""
    press(window, Qt.Key.Key_F12)
    settle(window)
    return window.presentation
