"""A program of its own, on a projector and a laptop's screen: prints what is where, step by step.

The number of screens is fixed when a program starts. Run by `test_two_screens`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def use_two_screens(folder: Path) -> None:
    """Let Qt draw on two screens of different sizes that nobody sees."""
    common = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    screens = [
        {"name": "laptop", "x": 0, "y": 0, "width": 1440, "height": 900, **common},
        {"name": "projector", "x": 1440, "y": 0, "width": 1280, "height": 720, **common},
    ]
    file = folder / "screens.json"
    file.write_text(json.dumps({"screens": screens}), encoding="utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file}"


def main() -> None:
    """Print where panels and notes are, and how large."""
    use_two_screens(Path(sys.argv[1]))
    # With the platform chosen, so that Qt starts on it.
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QWidget

    from bpviz.app import make_application
    from bpviz.ui.window.main_window import MainWindow
    from bpviz.ui.window.settings import Settings
    from tests.session.helpers import SMALL
    from tests.ui.stage import Stage

    app = make_application()
    stage = Stage(SMALL)
    window = MainWindow(stage.model, Settings(None), preset="moons", size=(1200, 700))
    window.show()
    stage.prepare()
    found: list[list[object]] = []

    def screen_of(shown: QWidget) -> str:
        screen = QGuiApplication.screenAt(shown.geometry().center())
        return screen.name() if screen and shown.isVisible() else ""

    def note() -> None:
        app.processEvents()
        found.append([screen_of(window), window.width(), window.height(), screen_of(window.presentation.notes)])

    note()
    for name in ("present", "swap_screens", "swap_screens", "swap_screens", "present"):
        window.actions_[name].trigger()
        note()
    window.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
