"""The sentences of the panel *Pictures*."""

from __future__ import annotations

from bpviz.core.data.split import Split
from bpviz.language import N_, _, ngettext
from bpviz.session.pictures.ink_range import InkRange
from bpviz.session.pictures.sample_reader import SampleReading
from bpviz.ui.pictures.picture_view import Cell
from bpviz.ui.pictures.source import Picture
from bpviz.ui.style import formats

GRADIENT = N_("dL/dx: which pixels make this loss")
SIGNS = N_("Green: more ink raises the loss. Purple: more ink lowers it.")
_GRADIENT = N_(
    "dL/dx = delta of layer 1 times the transpose of its weights, for the inputs as the network sees them, scaled."
)
WEIGHTS = N_("Green weights are positive, purple ones negative.")
DRAW = N_("Left button draws, right button or Shift erases.")
WALK = N_("Your picture passes through: F11 makes the next operation (Ctrl+2 shows all panels for it).")
NO_NUMBERS = N_("The outputs come with the first numbers of the network.")


def gradient_tip() -> str:
    """Return what dL/dx is, and what its colours mean."""
    return f"{_(_GRADIENT)}\n{_(SIGNS)}"


def title_of(split: Split, y_class: int | None) -> str:
    """Return the class of a picture, as in "class 3"; "" for a regression."""
    return "" if y_class is None else split.class_title(y_class)


def range_of(name: str, ink: InkRange) -> str:
    """Return the caption of a picture: what it is, and its range in original units."""
    return _("{name}, {low} to {high}").format(
        name=name, low=formats.number(ink.low, 2), high=formats.number(ink.high, 2)
    )


def verdict(split: Split, reading: SampleReading | None) -> str:
    """Return what the network says, and the loss."""
    if reading is None:
        return _(NO_NUMBERS)
    loss = _("loss {number}").format(number=formats.number(reading.loss, 3))
    if not split.is_classification:
        return loss.capitalize()
    share = formats.number(float(reading.outputs[reading.predicted]), 3)
    return _("Predicted: {class_title} ({share}), {loss}").format(
        class_title=split.class_title(reading.predicted), share=share, loss=loss
    )


def pixel(split: Split, picture: Picture, cell: Cell, columns: int) -> str:
    """Return the numbers of one pixel."""
    index = cell[0] * columns + cell[1]
    ink = formats.number(float(picture.pixels[index]), 3)
    words = f"{split.input_names[index]}: {ink}"
    if not split.scaling.is_none:
        words += _(", scaled {number}").format(number=formats.number(float(picture.x[index]), 3))
    if picture.reading is not None:
        words += _(", dL/dx {number}").format(number=formats.number(float(picture.reading.input_gradient[index]), 3))
    return words


def beyond(count: int) -> str:
    """Return a warning about pixels that are unlike all training samples; "" if there are none."""
    if not count:
        return ""
    text = ngettext(
        "{count} pixel has more or less ink than in any training sample",
        "{count} pixels have more or less ink than in any training sample",
        count,
    )
    return text.format(count=count)
