"""The program, opened on the article's network and compiled, for whoever measures it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop

from bpviz.app import Program, make_application
from bpviz.core.training import kernel
from bpviz.session.experiment.presets import load_preset
from bpviz.ui.window.settings import Settings


def process_until(holds: Callable[[], bool]) -> None:
    """Let the window work until something holds."""
    while not holds():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def open_program(layout: str) -> Program:
    """Return the program with its first frame on screen, at 1440x900, in one of its arrangements."""
    make_application()
    program = Program(load_preset("moons").experiment, Settings(None), preset="moons", size=(1440, 900))
    program.show()
    kernel.start_compiling()
    kernel.wait_until_compiled()
    program.window.actions_[layout].trigger()
    process_until(lambda: program.model.frame is not None)
    return program
