"""The operands and the result of one operation, as an equation of arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.language import N_, _, without_gaps
from bpviz.session.walkthrough.operations import quantity_name
from bpviz.session.walkthrough.traced_update import LayerChange, LearningTrace, TracedUpdate

_FUNCTIONS = {"none": N_("identity"), "leaky_relu": "leaky relu"}
#: Signs between operands: of a function of both, before its result, and before the result of an arithmetic operation.
AND, GIVES, EQUALS = ",", "→", "="
_PRODUCTS = ("@", "⊗")


@dataclass(frozen=True)
class Operand:
    """One array in the equation of an operation.

    Attributes
    ----------
    what : str
        Its short name: "a", "Wᵀ", "new W".
    layer : int or None
        The layer it belongs to, counted from 1; None for x, y and quantities of the whole sample.
    values : ndarray of shape (n_rows, n_columns)
        Always two-dimensional: the values of a layer's neurons are one row.
    quantity : str
        The kind of its numbers, which selects the colour map: "x", "y", "W", "b", "difference" (of a and y),
        or a quantity of `bpviz.session.walkthrough.operations.Operation`.
    joined_by : str
        The sign before it: "@", "+", "=", "∘". "" at the start of an equation; an update of parameters has two.
    row_layer, column_layer : int or None
        The layer whose neurons the rows (or columns) stand for, 0 for the inputs; None for no layer.
    is_turned : bool
        Whether rows and columns have changed places, since vectors are columns.
    first : int
        The number by which the first neuron of a layer is named.
    """

    what: str
    layer: int | None
    values: Array
    quantity: str
    joined_by: str = ""
    row_layer: int | None = None
    column_layer: int | None = None
    is_turned: bool = False
    first: int = 0

    @property
    def name(self) -> str:
        """Its full name, e.g. "W of layer 3"."""
        if self.layer is None:
            return self.what
        return without_gaps(_("{quantity} of layer {layer}").format(quantity=self.what, layer=self.layer))

    @property
    def short_name(self) -> str:
        """Its short name, e.g. "W 3"."""
        return self.what if self.layer is None else f"{self.what} {self.layer}"

    def neuron_at(self, row: int, column: int) -> tuple[int, int] | None:
        """Return layer and neuron of a cell: those of its column, or else of its row; the other way if turned."""
        places = ((self.column_layer, column), (self.row_layer, row))
        for layer, neuron in reversed(places) if self.is_turned else places:
            if layer is not None:
                return (layer, neuron) if layer > 0 else None
        return None


def operands(update: TracedUpdate, row: int) -> tuple[Operand, ...]:
    """Return the arrays of the latest operation, in reading order; before the first, inputs and targets.

    Parameters
    ----------
    update : TracedUpdate
    row : int
        The sample, as a row of the batch. Gradients and new parameters are those of the whole batch.
    """
    operation = update.operation
    if operation is None:
        at_start = _OperandReader(update, row, 1)
        made: tuple[Operand, ...] = (at_start.below(), at_start.target(AND))
    else:
        made = getattr(_OperandReader(update, row, operation.layer), f"of_{operation.quantity}")()
    if first := update.conventions.first:
        made = tuple(replace(each, first=first) for each in made)
    return as_columns(made) if update.conventions.columns else made


def as_columns(made: tuple[Operand, ...]) -> tuple[Operand, ...]:
    """Return the equation for vectors that are columns: every array transposed, and products the other way round."""
    turned = [
        replace(each, values=each.values.T, row_layer=each.column_layer, column_layer=each.row_layer, is_turned=True)
        for each in made
    ]
    for at in range(1, len(turned)):
        if turned[at].joined_by in _PRODUCTS:
            before, after = turned[at - 1 : at + 1]
            turned[at - 1] = replace(after, joined_by=before.joined_by)
            turned[at] = replace(before, joined_by=after.joined_by)
    return tuple(turned)


@dataclass(frozen=True)
class _OperandReader:
    """Makes the operands of one layer's operations from a traced update."""

    update: TracedUpdate
    row: int
    layer: int

    # Single arrays

    def of_neurons(self, quantity: str, joined_by: str = "", layer: int | None = None) -> Operand:
        """Return z, a, error, slope or delta of a layer, for the chosen sample."""
        number = layer or self.layer
        values = getattr(self.update.trace.layers[number - 1], quantity)[self._one]
        what = self.update.conventions.delta_name if quantity == "delta" else quantity_name(quantity)
        return Operand(what, number, values, quantity, joined_by, column_layer=number)

    def below(self, joined_by: str = "") -> Operand:
        """Return the layer's input: x, or a of the layer before."""
        if self.layer > 1:
            return self.of_neurons("a", joined_by, self.layer - 1)
        return Operand("x", None, self.update.trace.x[self._one], "x", joined_by, column_layer=0)

    def target(self, joined_by: str) -> Operand:
        """Return y, one column for each output neuron."""
        values = self.update.trace.y[self._one]
        return Operand("y", None, values, "y", joined_by, column_layer=len(self.update.layers))

    def weights(self, joined_by: str) -> Operand:
        """Return W of this layer."""
        return self._matrix("W", "W", self._change.W, joined_by)

    def row_of_parameters(self, what: str, quantity: str, values: Array, joined_by: str = "") -> Operand:
        """Return b, b after the update or db as one row."""
        return Operand(what, self.layer, values[np.newaxis], quantity, joined_by, column_layer=self.layer)

    # Operations

    def of_z(self) -> tuple[Operand, ...]:
        """Return a_prev @ W + b = z."""
        bias = self.row_of_parameters("b", "b", self._change.b, "+")
        return self.below(), self.weights("@"), bias, self.of_neurons("z", EQUALS)

    def of_a(self) -> tuple[Operand, ...]:
        """Return f z = a."""
        name = self._change.activation
        return self.of_neurons("z", _(_FUNCTIONS.get(name, name))), self.of_neurons("a", EQUALS)

    def of_loss(self) -> tuple[Operand, ...]:
        """Return a − y = difference → loss, but for cross-entropy z, y → loss."""
        loss = Operand(_("loss"), None, self.update.losses_before[self._one, np.newaxis], "loss", GIVES)
        if self.update.loss_name == "cross_entropy":
            return self.of_neurons("z"), self.target(AND), loss
        return *self._subtraction(), self._difference(EQUALS), loss

    def of_error(self) -> tuple[Operand, ...]:
        """Return delta_next @ W_nextᵀ = error; at the output a − y = error, or for other losses a, y → error."""
        if not self._is_output:
            return *self._what_comes_back(), self.of_neurons("error", EQUALS)
        if self.update.loss_name == "mse":
            if self.update.conventions.whole:
                return *self._subtraction(), self._difference(EQUALS), self.of_neurons("error", "× 2 =")
            return *self._subtraction(), self.of_neurons("error", EQUALS)
        error = self.of_neurons("error", GIVES)
        if self.update.loss_name == "cross_entropy":
            return self.of_neurons("a"), self.target(AND), error
        return *self._subtraction(), self._difference(EQUALS), error

    def of_slope(self) -> tuple[Operand, ...]:
        """Return a → slope, or z → slope where a does not tell it."""
        source = "z" if ACTIVATIONS[self._change.activation].needs_z else "a"
        return self.of_neurons(source), self.of_neurons("slope", GIVES)

    def of_delta(self) -> tuple[Operand, ...]:
        """Return delta_next @ W_nextᵀ = error, error ∘ slope = delta; at the output a form that depends on the loss."""
        delta = self.of_neurons("delta", EQUALS)
        if self._is_output and self.update.loss.cancels_slope:
            return *self._subtraction(), delta
        if ACTIVATIONS[self._change.activation].output_only:
            return *self._pulled_through_softmax(), delta
        came_back = () if self._is_output else self._what_comes_back()
        error = self.of_neurons("error", EQUALS if came_back else "")
        return *came_back, error, self.of_neurons("slope", "∘"), delta

    def of_dW(self) -> tuple[Operand, ...]:
        """Return a_prevᵀ ⊗ delta = dW; of a batch a_prevᵀ @ delta ÷ samples = dW."""
        samples, below = self._samples, self.below()
        left = self.update.trace.inputs_of(self.layer - 1).T
        taken = Operand(f"{below.what}ᵀ", below.layer, left, below.quantity, row_layer=self.layer - 1)
        gradient = self._matrix("dW", "dW", self._trace_of("dW"), EQUALS if samples == 1 else f"÷ {samples} =")
        return taken, self._all_deltas("⊗" if samples == 1 else "@"), gradient

    def of_db(self) -> tuple[Operand, ...]:
        """Return delta = db; of a batch the mean of delta over its samples."""
        equals = EQUALS if self._samples == 1 else _("mean =")
        return self._all_deltas(""), self.row_of_parameters("db", "db", self._trace_of("db"), equals)

    def of_penalty(self) -> tuple[Operand, ...]:
        """Return dW + penalty of W = g; with the other sign, minus."""
        sign = _("− penalty of") if self.update.conventions.negative else _("+ penalty of")
        before = self._matrix("dW", "dW", self._trace_of("dW"), ""), self.weights(sign)
        return *before, self._gradient("g", self._learning.penalised, EQUALS)

    def of_clip(self) -> tuple[Operand, ...]:
        """Return g × limit / norm = new g."""
        limit = self._learning.rule.clip_norm
        factor = limit / max(limit, self._learning.norm)
        after = self._gradient(_("new g"), self._learning.taken, EQUALS)
        return self._gradient("g", self._learning.penalised, ""), self._number(_("factor"), factor, "×"), after

    def of_moment(self) -> tuple[Operand, ...]:
        """Return velocity, g → new velocity; the same for m and v."""
        learning, made = self._learning, [self._gradient("g", self._learning.taken, "")]
        for name, before, after in zip(learning.rule.slots, learning.slots_before, learning.slots, strict=True):
            made.append(self._gradient(_slot_name(name), before, AND, name))
            new = _("new {name}").format(name=_slot_name(name))
            made.append(self._gradient(new, after, GIVES, name))
        return tuple(made)

    def _of_rule(self) -> tuple[Operand, ...]:
        """Return W, g or what the optimiser remembers → new W."""
        learning = self._learning
        slots = [
            self._gradient(_slot_name(name), slot, AND, name)
            for name, slot in zip(learning.rule.slots, learning.slots, strict=True)
        ]
        taken = () if len(slots) == 2 else (self._gradient("g", learning.taken, AND),)
        return self.weights(""), *taken, *slots, self._matrix(_("new W"), "W", self._change.W_after, GIVES)

    def of_update(self) -> tuple[Operand, ...]:
        """Return W − learning rate × dW = new W, and the same for b where biases are trained."""
        if self.update.learning:
            return self._of_rule()
        rate, change = self.update.learning_rate, self._change
        times = f"{'+' if rate < 0 else '−'} {abs(rate):g} ×"
        steps = self._matrix("dW", "dW", self._trace_of("dW"), times)
        matrices = (self.weights(""), steps, self._matrix(_("new W"), "W", change.W_after, EQUALS))
        if not self._biases_moved:
            return matrices
        biases = (
            self.row_of_parameters("b", "b", change.b),
            self.row_of_parameters("db", "db", self._trace_of("db"), times),
            self.row_of_parameters(_("new b"), "b", change.b_after, EQUALS),
        )
        return *matrices, *biases

    # Parts of them

    @property
    def _learning(self) -> LearningTrace:
        assert self.update.learning is not None
        return self.update.learning

    def _gradient(self, what: str, packed: Array, joined_by: str, quantity: str = "dW") -> Operand:
        """Return the part of a packed array that belongs to the weights of this layer."""
        return self._matrix(what, quantity, self.update.weights_of(packed, self.layer), joined_by)

    @staticmethod
    def _number(what: str, value: float, joined_by: str) -> Operand:
        return Operand(what, None, np.array([[value]]), "loss", joined_by)

    @property
    def _one(self) -> slice:
        return slice(self.row, self.row + 1)

    @property
    def _change(self) -> LayerChange:
        return self.update.layers[self.layer - 1]

    @property
    def _is_output(self) -> bool:
        return self.layer == len(self.update.layers)

    @property
    def _samples(self) -> int:
        return len(self.update.samples)

    @property
    def _biases_moved(self) -> bool:
        """Whether any bias changes, as at least one does if biases are trained and any weight changes."""
        return any(not np.array_equal(layer.b, layer.b_after) for layer in self.update.layers)

    def _trace_of(self, quantity: str) -> Array:
        values: Array = getattr(self.update.trace.layers[self.layer - 1], quantity)
        return values

    def _matrix(self, what: str, quantity: str, values: Array, joined_by: str) -> Operand:
        return Operand(what, self.layer, values, quantity, joined_by, self.layer - 1, self.layer)

    def _all_deltas(self, joined_by: str) -> Operand:
        name = self.update.conventions.delta_name
        return Operand(name, self.layer, self._trace_of("delta"), "delta", joined_by, column_layer=self.layer)

    def _what_comes_back(self) -> tuple[Operand, Operand]:
        """Return delta_next @ W_nextᵀ."""
        following = self.layer + 1
        transposed = self.update.layers[following - 1].W.T
        back = Operand("Wᵀ", following, transposed, "W", "@", row_layer=following, column_layer=self.layer)
        return self.of_neurons("delta", layer=following), back

    def _subtraction(self) -> tuple[Operand, Operand]:
        """Return a − y, or y − a where error has the other sign."""
        if self.update.conventions.negative:
            return self.target(""), self.of_neurons("a", "−")
        return self.of_neurons("a"), self.target("−")

    def _difference(self, joined_by: str) -> Operand:
        one, other = self._subtraction()
        with np.errstate(invalid="ignore"):  # of two infinities
            values = one.values - other.values
        return Operand(f"{one.what} − {other.what}", None, values, "difference", joined_by, column_layer=self.layer)

    def _pulled_through_softmax(self) -> tuple[Operand, ...]:
        """Return (error − Σ error × a) ∘ a: each output of a softmax depends on every z."""
        a, error = self.of_neurons("a", "∘"), self.of_neurons("error")
        with np.errstate(all="ignore"):
            mean = np.sum(error.values * a.values, axis=1, keepdims=True)
            values = error.values - mean
        weighted = Operand(_("Σ error × a"), None, mean, "error", "−")
        less = Operand(_("error − Σ"), None, values, "error", EQUALS, column_layer=self.layer)
        return error, weighted, less, a


def _slot_name(name: str) -> str:
    """Return the name of what an optimiser remembers: m and v, or the velocity."""
    return _("velocity") if name == "velocity" else name
