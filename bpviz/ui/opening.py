"""Reads an experiment from a file, with the breakpoints and watches that belong to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bpviz.session.records import Failed
from bpviz.session.setup import SetupError, read_setup
from bpviz.ui.view_model import ViewModel


class Opening:
    """Goes on with what a file holds; a failure is told, never raised, and changes nothing.

    Parameters
    ----------
    model : ViewModel
    tell : callable
        Takes a `Failed`.
    """

    def __init__(self, model: ViewModel, tell: Callable[[Failed], None]) -> None:
        self._model, self._tell = model, tell

    def open_experiment(self, path: str) -> None:
        """Train the experiment in a file from now on, with its breakpoints and watches in place of the present ones."""
        try:
            setup = read_setup(Path(path))
        except SetupError as fault:
            self._tell(Failed(str(fault)))
            return
        self._model.load(setup.experiment)
        self._model.debugger.set_breakpoints(setup.breakpoints)
        self._model.debugger.set_watches(setup.watches)
