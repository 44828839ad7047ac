"""Metrics of an update: which quantity, of which layer or neuron, aggregated how."""

from __future__ import annotations

import math
from dataclasses import dataclass

AGGREGATIONS = ("smallest", "largest", "rms")


@dataclass(frozen=True)
class Quantity:
    """A kind of number that an update has.

    Attributes
    ----------
    description : str
        Its name on screen.
    kind : {"neurons", "weights", "layer", "sample"}
        Whether there is a value per neuron, per weight, per layer, or one for the whole sample.
    operation : str
        The operation that computes it, as in `bpviz.session.walkthrough.operations`; "" if known before the first.
    about : str
        Its definition, in one sentence.
    """

    description: str
    kind: str
    operation: str
    about: str


QUANTITIES: dict[str, Quantity] = {
    "abs_delta": Quantity("|delta|", "neurons", "delta", "The absolute value of delta."),
    "delta": Quantity("delta", "neurons", "delta", "dL_s/dz = error × slope, with L_s the loss of the sample."),
    "abs_error": Quantity("|error|", "neurons", "error", "The absolute value of error."),
    "error": Quantity(
        "error", "neurons", "error", "dL_s/da: from the loss at the output, else from the next layer's deltas."
    ),
    "slope": Quantity("slope", "neurons", "slope", "f′(z)."),
    "a": Quantity("a", "neurons", "a", "The activation f(z)."),
    "z": Quantity("z", "neurons", "z", "The net input a_prev @ W + b."),
    "W": Quantity("W", "weights", "", "A weight before the update."),
    "dW": Quantity("dW", "weights", "dW", "dL/dW, the gradient of a weight, with L the mean loss of the batch."),
    "update": Quantity(
        "update size", "weights", "update", "The absolute change of a weight; for plain SGD, learning rate × |dW|."
    ),
    "saturated": Quantity(
        "saturated share",
        "layer",
        "slope",
        "The share of neurons whose slope is below a tenth of the largest possible slope.",
    ),
    "loss": Quantity("loss", "sample", "loss", "The loss of the sample before the update."),
    "loss_rise": Quantity(
        "rise of the loss", "sample", "update", "The sample's loss after the update minus the loss before it."
    ),
    "misclassified": Quantity(
        "misclassified", "sample", "loss", "1 if the largest output belongs to a wrong class, else 0."
    ),
    "not_finite": Quantity(
        "not finite", "sample", "update", "1 if any number of the update is NaN or infinite, else 0."
    ),
    "class": Quantity("class", "sample", "", "The number of the sample's class."),
    "sample": Quantity("sample number", "sample", "", "The number of the training sample."),
    "epoch": Quantity("epoch", "sample", "", "The number of complete passes before this one."),
    "m": Quantity(
        "m", "weights", "moment", "Velocity of momentum and Nesterov, mean gradient of Adam; else there is none."
    ),
    "v": Quantity(
        "v", "weights", "moment", "Sum or mean of squared gradients of Adagrad, RMSprop and Adam; else there is none."
    ),
}
#: Quantities that a regression does not have.
OF_CLASSES = ("misclassified", "class")

_NEVER_NEGATIVE = ("abs_delta", "abs_error", "update", "saturated", "loss", "class", "sample", "epoch", "v")


@dataclass(frozen=True)
class Metric:
    """One number of an update, e.g. the largest |delta| of layer 2.

    Attributes
    ----------
    quantity : str
        A key of `QUANTITIES`.
    layer : int
        Counted from 1; 0 for a quantity of the whole sample.
    aggregation : {"smallest", "largest", "rms"}
        How several values become one number; ignored if there is only one.
    neuron : int or None
        Only this neuron, counted from 0; for a quantity of weights, only the weights into it.
    source : int or None
        With `neuron`, only the weight from this neuron of the layer before.
    """

    quantity: str
    layer: int = 0
    aggregation: str = "largest"
    neuron: int | None = None
    source: int | None = None

    @property
    def is_single(self) -> bool:
        """Whether there is only one value, so that nothing is aggregated."""
        kind = QUANTITIES[self.quantity].kind
        if kind == "neurons":
            return self.neuron is not None
        return kind != "weights" or (self.neuron is not None and self.source is not None)

    def problem(self, sizes: tuple[int, ...] | None = None) -> str | None:
        """Return what is wrong with the metric as a sentence, or None.

        Parameters
        ----------
        sizes : tuple of int, optional
            Widths of all layers, the input included. If given, layer and neurons must exist in that network.
        """
        if self.quantity not in QUANTITIES:
            return f"no quantity is called {self.quantity!r}; choose one of {', '.join(QUANTITIES)}"
        if self.aggregation not in AGGREGATIONS:
            return f"no measure is called {self.aggregation!r}; choose one of {', '.join(AGGREGATIONS)}"
        kind = QUANTITIES[self.quantity].kind
        if self.source is not None and (self.neuron is None or kind != "weights"):
            return "a source is for a single weight only, and needs the neuron that the weight leads into"
        if self.neuron is not None and kind not in ("neurons", "weights"):
            return f"{QUANTITIES[self.quantity].description} has no value of a single neuron"
        if kind != "sample" and self.layer < 1:
            return f"{QUANTITIES[self.quantity].description} needs the number of a layer, counted from 1"
        return self._problem_of_place(sizes) if sizes else None

    def _problem_of_place(self, sizes: tuple[int, ...]) -> str | None:
        if QUANTITIES[self.quantity].kind == "sample":
            return None
        if not 1 <= self.layer < len(sizes):
            return f"there is no layer {self.layer}: choose one from 1 to {len(sizes) - 1}"
        for number, width, layer in (
            (self.neuron, sizes[self.layer], self.layer),
            (self.source, sizes[self.layer - 1], self.layer - 1),
        ):
            if number is not None and not 0 <= number < width:
                return f"there is no neuron {number} in layer {layer}: choose one from 0 to {width - 1}"
        return None

    def describe(self) -> str:
        """Return its name on screen, e.g. "largest |delta| of layer 1", "W[2][3, 7]" or "loss"."""
        quantity = QUANTITIES[self.quantity]
        if quantity.kind == "sample":
            return quantity.description
        if quantity.kind == "layer":
            return f"{quantity.description} of layer {self.layer}"
        if self.is_single:
            return f"{quantity.description}[{self.layer}][{self._index()}]"
        aggregation = "RMS" if self.aggregation == "rms" else self.aggregation
        into = "" if self.neuron is None else f" into neuron {self.neuron}"
        return f"{aggregation} {quantity.description}{into} of layer {self.layer}"

    def _index(self) -> str:
        return f"{self.neuron}" if self.source is None else f"{self.source}, {self.neuron}"


def bounds(metric: Metric) -> tuple[float, float]:
    """Return the least and the largest value that a metric can have."""
    is_size = metric.aggregation == "rms" and not metric.is_single and QUANTITIES[metric.quantity].kind != "sample"
    low = 0.0 if metric.quantity in _NEVER_NEGATIVE or is_size else -math.inf
    return low, 1.0 if metric.quantity == "saturated" else math.inf
