"""`report.open()`: the numbers of a report in the window, as a recording of few updates."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from bpviz.core.diagnosis.layouts import Raw, RawUpdate
from bpviz.core.diagnosis.numbers import CheckedUpdate
from bpviz.core.diagnosis.report import Report
from bpviz.core.mistakes.program import Key
from bpviz.session.recording.recording import RecordedUpdate, Recording
from bpviz.session.recording.recording_file import write_recording

_NAME = "report.bpviz"


def open_report(report: Report, *, wait: bool = True) -> None:
    """Open the window at the first wrong number of a report; see `Report.open`.

    Raises
    ------
    OSError
        If the file for it cannot be written.
    """
    if wait:
        with tempfile.TemporaryDirectory(prefix="bpviz-") as folder:
            subprocess.run(_command(report, Path(folder)), check=False)
    else:
        subprocess.Popen(_command(report, Path(tempfile.mkdtemp(prefix="bpviz-"))), start_new_session=True)


def _command(report: Report, folder: Path) -> list[str]:
    """Write the file, and return the command that opens it."""
    write_recording(folder / _NAME, recording_of(report))
    return [sys.executable, "-m", "bpviz", str(folder / _NAME)]


def recording_of(report: Report) -> Recording:
    """Return the numbers of a report as a recording, in the shapes of bpviz."""
    updates = report.comparison.updates
    network = updates[0].setup.network
    return Recording(
        tuple(RecordedUpdate(number, _raw(update)) for number, update in enumerate(updates, start=1)),
        len(updates),
        activations=tuple(layer.activation or "none" for layer in network.layers),
        loss=network.loss_name,
        tolerance=report.comparison.tolerance,
    )


def _raw(update: CheckedUpdate) -> RawUpdate:
    setup = update.setup
    numbers: dict[Key, Raw] = {key: given.values for key, given in update.numbers.items()}
    return RawUpdate(
        setup.x,
        setup.y,
        [layer.weights for layer in setup.network.layers],
        [layer.bias for layer in setup.network.layers],
        numbers,
        setup.learning_rate,
        setup.network.train_biases,
    )
