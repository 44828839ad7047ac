"""Networks from files and to files: open a network, export weights, a figure or a program."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QWidget

from bpviz.language import N_, _
from bpviz.session.engine.commands import ExportFigure, ExportWeights
from bpviz.session.engine.events import Failed
from bpviz.session.experiment.experiment import ExperimentError
from bpviz.session.files.safe_write import ExportError, check_target
from bpviz.ui.files.activations_dialog import ActivationsDialog
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.file_dialogs import ask_where, ask_which

_NETWORK_SUFFIXES = (".npz", ".safetensors", ".onnx", ".keras")
_WEIGHTS = N_("numpy (*.npz);;PyTorch's tensors (*.safetensors);;ONNX models (*.onnx)")
_FIGURES = N_("SVG drawings (*.svg);;PDF documents (*.pdf);;PNG pictures (*.png)")
_TAKEN_FOR_NETWORK = N_(
    "{name} was opened as a network, since its arrays are named as weights and biases are. “Open data” reads it as a "
    "table."
)
_WEIGHT_SUFFIXES, _FIGURE_SUFFIXES = (".npz", ".safetensors", ".onnx"), (".svg", ".pdf", ".png")


class NetworkActions:
    """Asks for the names of files, and opens or writes them; errors are shown, not raised.

    Parameters
    ----------
    window : QWidget
        Parent of the dialogs.
    model : ViewModel
    show_failure : callable
        Called with a `Failed` on an error, or with something that the user must know.
    """

    def __init__(self, window: QWidget, model: ViewModel, show_failure: Callable[[Failed], None]) -> None:
        self._window, self._model, self._show_failure = window, model, show_failure

    @property
    def slots(self) -> dict[str, Callable[[], None]]:
        """Return name of an action -> what it does."""
        return {
            "open_network": self.ask_network,
            "export_weights": self.ask_weights,
            "export_figure": self.ask_figure,
            "export_program": self.ask_program,
            "export_torch_program": self.ask_torch_program,
        }

    def ask_network(self) -> None:
        """Ask for the file of a network."""
        kinds = _("Networks ({suffixes});;All files (*)").format(
            suffixes=" ".join(f"*{each}" for each in _NETWORK_SUFFIXES)
        )
        ask_which(self._window, _("Open network"), kinds, self.open_network)

    def open_dropped(self, path: str) -> None:
        """Open a network that was dropped; of an archive, which could be a table, say what it was taken for."""
        is_archive = Path(path).suffix.lower() == ".npz"
        self.open_network(path, note=_(_TAKEN_FOR_NETWORK).format(name=Path(path).name) if is_archive else "")

    def open_network(self, path: str, activations: tuple[str, ...] = (), note: str = "") -> None:
        """Train the network in a file on the present samples; ask for its activations if the file does not say.

        A note is shown when it is open.
        """
        from bpviz.session.network_files.network_file import NetworkFileError, UnknownActivationsError
        from bpviz.session.network_files.opening import open_network  # which the window does not need to open

        try:
            opened = open_network(Path(path), self._model.experiment, activations)
        except UnknownActivationsError as fault:
            self._ask_activations(path, fault.n_layers, note)
        except (NetworkFileError, ExperimentError) as fault:
            self._show_failure(Failed(_("{clause}.").format(clause=fault)))
        else:
            self._model.load(opened.experiment)
            if notes := " ".join(filter(None, (note, opened.note))):
                self._show_failure(Failed(notes))

    def _ask_activations(self, path: str, n_layers: int, note: str) -> None:
        dialog = ActivationsDialog(self._window, Path(path).name, n_layers)
        dialog.chosen.connect(partial(self.open_network, path, note=note))
        dialog.open()

    def ask_weights(self) -> None:
        """Ask for the file of weights and biases."""
        ask_where(self._window, _("Export weights"), "network.npz", _(_WEIGHTS), self.export_weights)

    def export_weights(self, path: str) -> None:
        """Write weights and biases at the position on screen."""
        if self._may_write(path, _WEIGHT_SUFFIXES):
            self._model.post(ExportWeights(Path(path)))

    def ask_figure(self) -> None:
        """Ask for the file of a figure of the decision surface."""
        ask_where(self._window, _("Export figure"), "surface.svg", _(_FIGURES), self.export_figure)

    def export_figure(self, path: str) -> None:
        """Write a figure of the network at the position on screen, over the plane that is drawn."""
        if self._may_write(path, _FIGURE_SUFFIXES):
            self._model.post(ExportFigure(Path(path), self._model.plane.of_figure()))

    def ask_program(self) -> None:
        """Ask for the file of a program in numpy."""
        save = partial(self.export_program, kind="numpy")
        ask_where(self._window, _("Export program"), "program.py", _("Programs in numpy (*.py)"), save)

    def ask_torch_program(self) -> None:
        """Ask for the file of a program for PyTorch."""
        save = partial(self.export_program, kind="torch")
        ask_where(self._window, _("Export program for PyTorch"), "program.py", _("Programs for PyTorch (*.py)"), save)

    def export_program(self, path: str, kind: str) -> None:
        """Write a program that trains the present experiment from its start."""
        from bpviz.session.programs.export import write_program

        if self._model.prepared is None:
            self._show_failure(Failed(_("There is no network yet: wait until it is there, and export it then.")))
            return
        try:
            write_program(Path(path), self._model.experiment, self._model.prepared.split, kind)
        except ExportError as fault:
            self._show_failure(Failed(_("{clause}.").format(clause=fault)))

    def _may_write(self, path: str, suffixes: tuple[str, ...]) -> bool:
        try:
            check_target(Path(path), suffixes)
        except ExportError as fault:
            self._show_failure(Failed(_("{clause}.").format(clause=fault)))
            return False
        return True


def network_in(dropped: QMimeData) -> str:
    """Return the path of the dropped file, or "" unless it is a single file that can be a network.

    An archive of numpy is a network if its arrays are named as weights and biases are, and otherwise a table.
    """
    paths = [url.toLocalFile() for url in dropped.urls()]
    if len(paths) != 1 or Path(paths[0]).suffix.lower() not in _NETWORK_SUFFIXES:
        return ""
    if Path(paths[0]).suffix.lower() != ".npz":
        return paths[0]
    from bpviz.session.network_files.npz import holds_network

    return paths[0] if holds_network(Path(paths[0])) else ""
