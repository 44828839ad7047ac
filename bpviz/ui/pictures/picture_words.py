"""The sentences of the panel *Pictures*."""

from __future__ import annotations

from bpviz.core.data.split import Split
from bpviz.session.pictures.ink_range import InkRange
from bpviz.session.pictures.sample_reader import SampleReading
from bpviz.ui.pictures.picture_view import Cell
from bpviz.ui.pictures.source import Picture
from bpviz.ui.style import formats

GRADIENT = "dL/dx: which pixels make this loss"
SIGNS = "Green: more ink raises the loss. Purple: more ink lowers it."
GRADIENT_TIP = (
    "dL/dx = delta of layer 1 times the transpose of its weights, for the inputs as the network sees them, scaled.\n"
    f"{SIGNS}"
)
WEIGHTS = "Green weights are positive, purple ones negative."
DRAW = "Left button draws, right button or Shift erases."
WALK = "Your picture passes through: F11 makes the next operation (Ctrl+2 shows all panels for it)."
NO_NUMBERS = "The outputs come with the first numbers of the network."


def title_of(split: Split, y_class: int | None) -> str:
    """Return the class of a picture, as in "class 3"; "" for a regression."""
    return "" if y_class is None else split.class_title(y_class)


def range_of(name: str, ink: InkRange) -> str:
    """Return the caption of a picture: what it is, and its range in original units."""
    return f"{name}, {formats.number(ink.low, 2)} to {formats.number(ink.high, 2)}"


def verdict(split: Split, reading: SampleReading | None) -> str:
    """Return what the network says, and the loss."""
    if reading is None:
        return NO_NUMBERS
    loss = f"loss {formats.number(reading.loss, 3)}"
    if not split.is_classification:
        return loss.capitalize()
    share = formats.number(float(reading.outputs[reading.predicted]), 3)
    return f"Predicted: {split.class_title(reading.predicted)} ({share}), {loss}"


def pixel(split: Split, picture: Picture, cell: Cell, columns: int) -> str:
    """Return the numbers of one pixel."""
    index = cell[0] * columns + cell[1]
    ink = formats.number(float(picture.pixels[index]), 3)
    words = f"{split.input_names[index]}: {ink}"
    if not split.scaling.is_none:
        words += f", scaled {formats.number(float(picture.x[index]), 3)}"
    if picture.reading is not None:
        words += f", dL/dx {formats.number(float(picture.reading.input_gradient[index]), 3)}"
    return words


def beyond(count: int) -> str:
    """Return a warning about pixels that are unlike all training samples; "" if there are none."""
    if not count:
        return ""
    pixels = "1 pixel has" if count == 1 else f"{count} pixels have"
    return f"{pixels} more or less ink than in any training sample"
