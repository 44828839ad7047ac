"""Metrics of an update: which quantity, of which layer or neuron, aggregated how."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bpviz.language import N_, _

AGGREGATIONS = ("smallest", "largest", "rms")
_AGGREGATIONS = {"smallest": N_("smallest"), "largest": N_("largest"), "rms": N_("RMS")}


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
    "abs_delta": Quantity(N_("|delta|"), "neurons", "delta", N_("The absolute value of delta.")),
    "delta": Quantity(N_("delta"), "neurons", "delta", N_("dL_s/dz = error × slope, with L_s the loss of the sample.")),
    "abs_error": Quantity(N_("|error|"), "neurons", "error", N_("The absolute value of error.")),
    "error": Quantity(
        N_("error"), "neurons", "error", N_("dL_s/da: from the loss at the output, else from the next layer's deltas.")
    ),
    "slope": Quantity(N_("slope"), "neurons", "slope", "f′(z)."),
    "a": Quantity("a", "neurons", "a", N_("The activation f(z).")),
    "z": Quantity("z", "neurons", "z", N_("The net input a_prev @ W + b.")),
    "W": Quantity("W", "weights", "", N_("A weight before the update.")),
    "dW": Quantity("dW", "weights", "dW", N_("dL/dW, the gradient of a weight, with L the mean loss of the batch.")),
    "update": Quantity(
        N_("update size"),
        "weights",
        "update",
        N_("The absolute change of a weight; for plain SGD, learning rate × |dW|."),
    ),
    "saturated": Quantity(
        N_("saturated share"),
        "layer",
        "slope",
        N_("The share of neurons whose slope is below a tenth of the largest possible slope."),
    ),
    "loss": Quantity(N_("loss"), "sample", "loss", N_("The loss of the sample before the update.")),
    "loss_rise": Quantity(
        N_("rise of the loss"), "sample", "update", N_("The sample's loss after the update minus the loss before it.")
    ),
    "misclassified": Quantity(
        N_("misclassified"), "sample", "loss", N_("1 if the largest output belongs to a wrong class, else 0.")
    ),
    "not_finite": Quantity(
        N_("not finite"), "sample", "update", N_("1 if any number of the update is NaN or infinite, else 0.")
    ),
    "class": Quantity(N_("class"), "sample", "", N_("The number of the sample's class.")),
    "sample": Quantity(N_("sample number"), "sample", "", N_("The number of the training sample.")),
    "epoch": Quantity(N_("epoch"), "sample", "", N_("The number of complete passes before this one.")),
    "m": Quantity(
        "m", "weights", "moment", N_("Velocity of momentum and Nesterov, mean gradient of Adam; else there is none.")
    ),
    "v": Quantity(
        "v",
        "weights",
        "moment",
        N_("Sum or mean of squared gradients of Adagrad, RMSprop and Adam; else there is none."),
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
            return _("no quantity is called {quantity!r}; choose one of {quantities}").format(
                quantity=self.quantity, quantities=", ".join(QUANTITIES)
            )
        if self.aggregation not in AGGREGATIONS:
            return _("no measure is called {aggregation!r}; choose one of {aggregations}").format(
                aggregation=self.aggregation, aggregations=", ".join(AGGREGATIONS)
            )
        kind = QUANTITIES[self.quantity].kind
        if self.source is not None and (self.neuron is None or kind != "weights"):
            return _("a source is for a single weight only, and needs the neuron that the weight leads into")
        if self.neuron is not None and kind not in ("neurons", "weights"):
            return _("{quantity} has no value of a single neuron").format(
                quantity=_(QUANTITIES[self.quantity].description)
            )
        if kind != "sample" and self.layer < 1:
            return _("{quantity} needs the number of a layer, counted from 1").format(
                quantity=_(QUANTITIES[self.quantity].description)
            )
        return self._problem_of_place(sizes) if sizes else None

    def _problem_of_place(self, sizes: tuple[int, ...]) -> str | None:
        if QUANTITIES[self.quantity].kind == "sample":
            return None
        if not 1 <= self.layer < len(sizes):
            return _("there is no layer {layer}: choose one from 1 to {n_sizes}").format(
                layer=self.layer, n_sizes=len(sizes) - 1
            )
        for number, width, layer in (
            (self.neuron, sizes[self.layer], self.layer),
            (self.source, sizes[self.layer - 1], self.layer - 1),
        ):
            if number is not None and not 0 <= number < width:
                return _("there is no neuron {number} in layer {layer}: choose one from 0 to {width}").format(
                    number=number, layer=layer, width=width - 1
                )
        return None

    def describe(self) -> str:
        """Return its name on screen, e.g. "largest |delta| of layer 1", "W[2][3, 7]" or "loss"."""
        quantity = QUANTITIES[self.quantity]
        if quantity.kind == "sample":
            return _(quantity.description)
        if quantity.kind == "layer":
            return _("{quantity} of layer {layer}").format(quantity=_(quantity.description), layer=self.layer)
        if self.is_single:
            return f"{quantity.description}[{self.layer}][{self._index()}]"
        text = _("{measure} {quantity} of layer {layer}")
        if self.neuron is not None:
            text = _("{measure} {quantity} into neuron {neuron} of layer {layer}")
        return text.format(
            measure=_(_AGGREGATIONS[self.aggregation]),
            quantity=_(quantity.description),
            neuron=self.neuron,
            layer=self.layer,
        )

    def _index(self) -> str:
        return f"{self.neuron}" if self.source is None else f"{self.source}, {self.neuron}"


def bounds(metric: Metric) -> tuple[float, float]:
    """Return the least and the largest value that a metric can have."""
    is_size = metric.aggregation == "rms" and not metric.is_single and QUANTITIES[metric.quantity].kind != "sample"
    low = 0.0 if metric.quantity in _NEVER_NEGATIVE or is_size else -math.inf
    return low, 1.0 if metric.quantity == "saturated" else math.inf
