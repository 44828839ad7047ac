"""Mistakes in dW and db, and in the update."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.mistakes.mistake import Mistake, Way
from bpviz.core.mistakes.program import Program, Setup
from bpviz.language import N_


def _has_inputs(offset: int) -> Callable[[Setup, int], bool]:
    def applies(setup: Setup, layer: int) -> bool:
        return 0 <= layer - 1 + offset <= setup.n_layers and setup.width(layer - 1 + offset) == setup.width(layer - 1)

    return applies


def _inputs_from(offset: int) -> Way:
    def dW(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return p.a(layer - 1 + offset).T @ p.delta(layer) / p.n_samples

    return Way({"dW": dW}, _has_inputs(offset))


def _is_square(setup: Setup, layer: int) -> bool:
    return setup.width(layer) == setup.width(layer - 1)


def _has_layer_before(setup: Setup, layer: int) -> bool:
    return layer > 1


def _from_z(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.z(layer - 1).T @ p.delta(layer) / p.n_samples


def _from_weights(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return np.asarray(p.W(layer) * p.delta(layer).mean(axis=0))


def _elementwise(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    product = (p.a(layer - 1) * p.delta(layer)).mean(axis=0)
    return np.tile(product, (p.setup.width(layer - 1), 1))


def _transposed(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return right().T


def _updated_by_transposed(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.W(layer) - p.rate * p.value("dW", layer).T


def _previous(p: Program, values: Callable[[Program], Array]) -> Array | None:
    """Return some values of the sample before; in a batch each sample gets those of the row above."""
    if p.before is None:
        return np.roll(values(p), 1, axis=0) if p.n_samples > 1 else None
    before = values(p.before)
    return before if len(before) == p.n_samples else None


def _from_previous(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    previous = _previous(p, lambda program: program.a(layer - 1))
    return right() if previous is None else previous.T @ p.delta(layer) / p.n_samples


def _slope_from_previous(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    z, a = _previous(p, lambda program: program.z(layer)), _previous(p, lambda program: program.a(layer))
    return right() if z is None or a is None else p.activation(layer).slope(z, a, None)


def _from_last_inputs(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return np.outer(p.a(layer - 1)[-1], p.delta(layer).mean(axis=0))


def _accumulated(quantity: str) -> Callable[[Program, int, Callable[[], Array]], Array]:
    def rule(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return right() if p.before is None else right() + p.before.value(quantity, layer)

    return rule


def _of_sample(number: int, share: Callable[[int], float]) -> Way:
    """Return the way to build gradients from one sample alone, times some share of it."""

    def dW(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return share(p.n_samples) * np.outer(p.a(layer - 1)[number], p.delta(layer)[number])

    def db(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return np.asarray(share(p.n_samples) * p.delta(layer)[number])

    return Way({"dW": dW, "db": db})


def _bias_of_first_sample(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return np.asarray(p.delta(layer)[0])


def _over_everything(reduce: Callable[[Array], Array]) -> Way:
    def rule(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return np.full(p.setup.width(layer), reduce(p.delta(layer)))

    return Way({"db": rule}, lambda setup, layer: setup.width(layer) > 1)


def _over_wrong_axis(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    delta = p.delta(layer)
    return delta.mean(axis=1) if delta.shape[0] == delta.shape[1] else right()


def _step(power: int, *quantities: str) -> Way:
    """Return the way to use a power of the learning rate in the update."""

    def W(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return p.W(layer) - p.rate**power * p.value("dW", layer)

    def b(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return p.b(layer) - p.rate**power * p.value("db", layer)

    rules = {"W_after": W, "b_after": b}
    return Way({quantity: rules[quantity] for quantity in quantities}, needs_rate=True)


def _trains_biases(setup: Setup, layer: int) -> bool:
    return setup.network.train_biases


_BOTH = ("W_after", "b_after")
_ACCUMULATED = {"dW": _accumulated("dW"), "db": _accumulated("db")}
IN_GRADIENTS = (
    Mistake(
        "gradient_transposed",
        N_("dW is transposed, which only a square W allows"),
        N_("With W of shape (n_in, n_out) compute dW = a_prev.T @ delta, of the same shape."),
        (
            Way({"dW": _transposed}, _is_square, transforms=True),
            Way({"W_after": _updated_by_transposed}, _is_square, needs_rate=True),
        ),
    ),
    Mistake(
        "elementwise_product",
        N_("a product is taken element by element where a matrix product belongs"),
        N_("Use @ or np.outer: dW = a_prev.T @ delta."),
        (
            Way({"dW": _elementwise}, _is_square),
            Way({"dW": lambda p, layer, right: _elementwise(p, layer, right).T}, _is_square),
        ),
    ),
    Mistake(
        "inputs_of_wrong_layer",
        N_("dW is built with the activations of another layer"),
        N_("dW of layer l needs the inputs of that layer: dW[l] = a[l - 1].T @ delta[l], where a[0] is x."),
        tuple(map(_inputs_from, (1, -1, 2))),
    ),
    Mistake(
        "z_instead_of_a",
        N_("dW is built with z of the layer before, not with a"),
        N_("Compute dW = a_prev.T @ delta, where a_prev = f(z_prev)."),
        (Way({"dW": _from_z}, _has_layer_before),),
    ),
    Mistake(
        "weights_instead_of_inputs",
        N_("dW is built with the weights in place of the inputs"),
        N_("Compute dW = a_prev.T @ delta: the derivative by a weight is the input that it multiplies."),
        (Way({"dW": _from_weights}),),
    ),
    Mistake(
        "inputs_of_previous_sample",
        N_("the activations are those of another sample"),
        N_(
            "Keep a of the present sample: copy arrays that are stored, and run the forward pass before the backward "
            "pass."
        ),
        (
            Way({"dW": _from_previous}),
            Way({"dW": _from_previous, "slope": _slope_from_previous}),
            Way({"slope": _slope_from_previous}),
            Way({"dW": _from_last_inputs}),
        ),
    ),
    Mistake(
        "gradients_accumulated",
        N_("the gradients of the update before are added to those of this one"),
        N_("Set dW and db to zero before each update."),
        (
            Way(_ACCUMULATED, transforms=True, needs_before=True),
            *(Way({name: rule}, transforms=True, needs_before=True) for name, rule in _ACCUMULATED.items()),
        ),
    ),
    Mistake(
        "one_sample_of_the_batch",
        N_("only one sample of the batch counts"),
        N_("Inside the loop over the samples add to dW and db; do not replace them."),
        (
            _of_sample(-1, lambda n: 1.0),
            _of_sample(-1, lambda n: 1.0 / n),
            _of_sample(0, lambda n: 1.0),
            Way({"db": _bias_of_first_sample}),
        ),
    ),
    Mistake(
        "bias_gradient_over_wrong_axis",
        N_("db is summed over the neurons too, or over them in place of the samples"),
        N_("Each neuron has its own db: with samples as rows compute db = delta.mean(axis=0)."),
        (
            _over_everything(lambda delta: delta.mean()),
            _over_everything(lambda delta: delta.sum() / len(delta)),
            _over_everything(lambda delta: delta.sum()),
            Way({"db": _over_wrong_axis}),
        ),
    ),
)
IN_UPDATE = (
    Mistake(
        "bias_not_updated",
        N_("the biases are not updated"),
        N_(
            "Update them too: b -= learning_rate * db. If they are kept on purpose, as in the article's program, "
            "check with train_biases=False."
        ),
        (
            Way({"b_after": lambda p, layer, right: p.b(layer)}, _trains_biases),
            Way({"db": lambda p, layer, right: np.zeros_like(p.b(layer))}, _trains_biases),
        ),
    ),
    Mistake(
        "layer_not_updated",
        N_("nothing is updated"),
        N_("Let the loop of the update reach every layer, the first and the last too."),
        (
            Way({"W_after": lambda p, layer, right: p.W(layer), "b_after": lambda p, layer, right: p.b(layer)}),
            Way({"W_after": lambda p, layer, right: p.W(layer)}),
        ),
    ),
    Mistake(
        "learning_rate_left_out",
        N_("the learning rate is left out of the update"),
        N_("Compute W -= learning_rate * dW and b -= learning_rate * db."),
        (_step(0, *_BOTH), _step(0, "W_after"), _step(0, "b_after")),
    ),
    Mistake(
        "learning_rate_squared",
        N_("the learning rate is applied twice"),
        N_("Multiply by the learning rate once: in the update, not in delta or dW as well."),
        (_step(2, *_BOTH), _step(2, "W_after"), _step(2, "b_after")),
    ),
)
