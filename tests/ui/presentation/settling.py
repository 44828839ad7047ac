"""Lets a window make its panels and lay them out, as the event loop does."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bpviz.ui.window.main_window import MainWindow
from tests.ui.user_input import lay_out_and_paint


def settle(window: MainWindow) -> None:
    for _ in range(3):
        window.model.paint_queue.finish()
        QCoreApplication.processEvents()
    lay_out_and_paint(window)
