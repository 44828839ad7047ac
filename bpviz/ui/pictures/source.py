"""What the panel draws: the samples as pictures, and what the network on screen makes of them."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.core.arrays import Array
from bpviz.session.engine.events import NetworkReady
from bpviz.session.frames.network_values import NetworkValues
from bpviz.session.pictures.ink_range import InkRange
from bpviz.session.pictures.sample_reader import SampleReader, SampleReading
from bpviz.session.pictures.shape import Shape
from bpviz.ui.pictures.output_bars import Outputs
from bpviz.ui.view_model.playhead import update_on_screen
from bpviz.ui.view_model.view_model import ViewModel


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture and what the network makes of it.

    Attributes
    ----------
    x, y : ndarray
        Inputs and targets as the network sees them.
    pixels : ndarray of shape (n_inputs,)
        The inputs in original units.
    reading : SampleReading or None
        None before there are parameters.
    """

    x: Array
    y: Array
    pixels: Array
    reading: SampleReading | None


class PictureSource:
    """Reads pictures with the parameters at the position on screen.

    Parameters
    ----------
    model : ViewModel
    prepared : NetworkReady
    shape : (int, int)
        Rows and columns of a picture.

    Attributes
    ----------
    ink : InkRange
    W : ndarray of shape (n_inputs, n_neurons) or None
        The weights of layer 1 on screen; None before there are any.
    """

    def __init__(self, model: ViewModel, prepared: NetworkReady, shape: Shape) -> None:
        self._model, self._experiment, self.shape = model, prepared.experiment, shape
        self.split = prepared.split
        self.ink = InkRange.of(self.split)
        self.W: Array | None = None
        self._reader = SampleReader(prepared.experiment)

    def refresh(self) -> None:
        """Take the parameters that are on screen now."""
        model = self._model
        values = NetworkValues(self._experiment.sizes, model.frame, update_on_screen(model), model.row)
        W = [each for each in values.edges("W") if each is not None]
        b = [each for each in values.nodes("bias") if each is not None]
        self.W = W[0] if W and b else None
        if W and b:
            self._reader.take(W, b)

    def sample(self, number: int) -> Picture:
        """Return a training sample."""
        x, y = self.split.X_train[number], self.split.y_train[number]
        return self._picture(x, y, self.split.scaling.undo(x))

    def drawing(self, pixels: Array, y: Array) -> Picture:
        """Return a picture in original units, shape `shape`, which is meant to be y."""
        flat = pixels.ravel()
        return self._picture(self.split.scaling.apply(flat), y, flat)

    def _picture(self, x: Array, y: Array, pixels: Array) -> Picture:
        return Picture(x, y, pixels, self._reader.read(x, y) if self.W is not None else None)

    def outputs_of(self, picture: Picture) -> Outputs | None:
        """Return what the bars show."""
        if picture.reading is None:
            return None
        split, values, targets = self.split, picture.reading.outputs, picture.y
        if not split.is_classification:
            values, targets = split.target_scaling.undo(values), split.target_scaling.undo(targets)
        return Outputs(values, targets, split.output_names, split.is_classification)
