"""Write a figure of a network over its inputs, for print. matplotlib, slow to import, is imported on first use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from bpviz.assets import resource
from bpviz.core.metrics import scores
from bpviz.core.surface import outputs_over
from bpviz.language import _
from bpviz.session.figures.figure_plane import FigurePlane, usual_plane
from bpviz.session.figures.over_line import draw_curves
from bpviz.session.figures.over_plane import draw_classes, draw_heights
from bpviz.session.figures.sheet import make_sheet
from bpviz.session.files.safe_write import write_atomically
from bpviz.session.frames.frame_maker import choose_shown_samples
from bpviz.session.training.training import Training

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUFFIXES = (".svg", ".png", ".pdf")
# Without dates the same training gives the same file.
_METADATA: dict[str, dict[str, Any]] = {
    ".svg": {"Date": None},
    ".png": {},
    ".pdf": {"CreationDate": None},
}


def write_figure(training: Training, path: Path, name: str, at: FigurePlane | None = None) -> None:
    """Write a figure of a network over its inputs, with the samples.

    Over one input it has a curve for each output; over a plane the decision surface with the class boundaries or, of a
    regression, the height of the first output.

    Parameters
    ----------
    training : Training
    path : Path
        Its suffix, one of `SUFFIXES`, selects the format.
    name : str
        The start of the title.
    at : FigurePlane, optional
        Of more than two inputs; by default that of `usual_plane`.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    from matplotlib import font_manager, rc_context

    font_manager.fontManager.addfont(resource("fonts", "NotoSansSC-Regular.ttf"))
    # The ids in an SVG are random otherwise; the second font has the letters that the first one lacks.
    with rc_context({"svg.hashsalt": "bpviz", "font.family": ["DejaVu Sans", "Noto Sans SC"]}):
        figure, suffix = _draw(training, name, at), path.suffix.lower()

        def write(file: BinaryIO) -> None:
            figure.savefig(file, format=suffix[1:], metadata=_METADATA[suffix], bbox_inches="tight")

        write_atomically(path, write)


def _draw(training: Training, name: str, at: FigurePlane | None) -> Figure:
    split = training.split
    at = at or usual_plane(split)
    sheet = make_sheet(split, choose_shown_samples(split), at, _title(training, name))
    outputs = outputs_over(training.network, sheet.grid)
    if at.plane and at.plane.is_line:
        draw_curves(sheet, outputs)
    elif split.is_classification and split.n_outputs > 1:
        draw_classes(sheet, outputs)
    else:
        draw_heights(sheet, outputs)
    return sheet.figure


def _title(training: Training, name: str) -> str:
    split = training.split
    if not len(split.X_test):  # all test samples are erased
        return _("{name}, epoch {epoch:,}").format(name=name, epoch=training.position.epoch)
    return _("{name}, epoch {epoch:,}, test {score}").format(
        name=name, epoch=training.position.epoch, score=_score(training)
    )


def _score(training: Training) -> str:
    split = training.split
    with np.errstate(all="ignore"):
        outputs = training.network.feed_forward(split.X_test)
        if split.is_classification:
            return _("accuracy {accuracy:.2f}%").format(
                accuracy=100 * scores.accuracy(outputs.argmax(axis=1), split.labels_test)
            )
        mse = scores.mean_squared_error(outputs, split.y_test)
        return f"$R^2$ {scores.r2(mse, scores.spread(split.y_test)):.4f}"
