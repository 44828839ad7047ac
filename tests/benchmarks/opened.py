"""The program with the article's network loaded and compiled, for the benchmarks of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop

from bpviz.app import Program, make_application
from bpviz.core.training import kernel
from bpviz.session.experiment.presets import load_preset
from bpviz.ui.window.settings import Settings


def process_until(holds: Callable[[], bool]) -> None:
    """Run the event loop until a condition is true."""
    while not holds():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def open_program(layout: str) -> Program:
    """Return the program with its first frame painted, at 1440x900, in one of its workspaces."""
    make_application()
    program = Program(load_preset("moons").experiment, Settings(None), preset="moons", size=(1440, 900))
    program.show()
    kernel.start_compiling()
    kernel.wait_until_compiled()
    program.window.actions_[layout].trigger()
    process_until(lambda: program.model.frame is not None)
    return program
