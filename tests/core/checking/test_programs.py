"""Three programs as students write them, right and with planted mistakes, are checked as they stand."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import bpviz
from tests.core.checking.programs import dictionary, functions, layer_list

RNG = np.random.RandomState(5)
X4, X3 = RNG.randn(7, 4), RNG.randn(7, 3)
Y4, Y3, Y1 = (np.eye(4)[RNG.randint(4, size=7)], np.eye(3)[RNG.randint(3, size=7)], RNG.randint(2, size=(7, 1)) * 1.0)


def same(one: Any, other: Any) -> bool:
    """Return whether two programs hold the same numbers, however deep."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if hasattr(one, "__dict__"):
        return same(vars(one), vars(other))
    return bool(np.array_equal(one, other))


def layers(bug: str | None = None) -> Any:
    np.random.seed(1)
    network = layer_list.Network([4, 4, 4, 4], "sigmoid", bug)  # type: ignore[no-untyped-call]
    np.random.seed()
    return network


@pytest.mark.parametrize(("x", "y"), [(X4, Y4), (X4[0], Y4[0])], ids=["several samples", "one sample"])
def test_the_list_of_layers_is_right(x: Any, y: Any) -> None:
    network = layers()
    before, state = copy.deepcopy(network), np.random.get_state()
    report = bpviz.check(network, x, y)
    assert report.ok, str(report)
    assert "Opposite in sign: the output's error and delta" in report.conventions[0]
    assert same(network, before)
    assert all(np.array_equal(old, new) for old, new in zip(state, np.random.get_state(), strict=True))


@pytest.mark.parametrize("learning_rate", [pytest.param(None, marks=pytest.mark.slow), 0.5])
@pytest.mark.parametrize(
    ("bug", "first", "cause"),
    [
        ("transpose", ("error", 2, (0,)), "weights_not_transposed"),
        ("raw error", ("error", 2, (0,)), "error_instead_of_delta"),
        ("no slope", ("delta", 2, (0,)), "slope_left_out"),
        ("too early", ("error", 2, (0,)), "weights_already_updated"),
        ("descent", ("W_after", 3, (0, 0)), "sign_flipped"),
        ("no bias", ("b_after", 3, (0,)), "bias_not_updated"),
    ],
)
def test_a_mistake_in_the_list_of_layers_is_found(
    bug: str, first: object, cause: str, learning_rate: float | None
) -> None:
    report = bpviz.check(layers(bug), X4, Y4, learning_rate=learning_rate)
    assert (report.first, report.causes[0]) == (first, cause)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_dictionary_is_right(dtype: Any) -> None:
    network = dictionary.Classifier(3, 5, 3, dtype=dtype)  # type: ignore[no-untyped-call]
    before = copy.deepcopy(network)
    report = bpviz.check(network, X3.astype(dtype), Y3.astype(dtype))
    assert report.ok, str(report)
    assert same(network, before)


@pytest.mark.parametrize("dtype", [np.float64, pytest.param(np.float32, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("bug", "first", "cause"),
    [
        ("slope of output", ("dW", 3), "mse_delta_with_cross_entropy"),
        ("no weights", ("dW", 2), "weights_left_out"),
        ("tanh for relu", ("dW", 2), "slope_of_wrong_activation"),
        ("1/m twice", ("dW", 2), "divided_by_samples_twice"),
        ("slope of z", ("dW", 1), "slope_of_z"),
        ("accumulated", ("dW", 1), "gradients_accumulated"),
        ("no rate", ("W_after", 1), "learning_rate_left_out"),
    ],
)
def test_a_mistake_in_the_dictionary_is_found(bug: str, first: object, cause: str, dtype: Any) -> None:
    network = dictionary.Classifier(3, 5, 3, dtype=dtype, bug=bug)  # type: ignore[no-untyped-call]
    report = bpviz.check(network, X3.astype(dtype), Y3.astype(dtype))
    assert report.first is not None
    assert (report.first[:2], report.causes[0]) == (first, cause)
    assert report.sample == (1 if bug == "accumulated" else 0)


def check_functions(*, with_update: bool = True) -> Any:
    parameters = functions.initialize(3, 4, 1)  # type: ignore[no-untyped-call]
    return bpviz.check(
        parameters,
        X3.T,
        Y1.T,
        forward=functions.forward_propagation,
        backward=functions.backward_propagation,
        update=functions.update_parameters if with_update else None,
    )


@pytest.mark.parametrize("with_update", [True, False])
def test_the_file_of_functions_is_right(with_update: bool) -> None:
    report = check_functions(with_update=with_update)
    assert report.ok, str(report)
    assert report.conventions == (
        "The activation functions, inferred, are tanh, sigmoid.",
        "The loss, inferred, is cross_entropy.",
        "Samples are columns (in bpviz they are rows).",
        "W is stored with shape (n_out, n_in) (in bpviz (n_in, n_out)).",
    )


@pytest.mark.parametrize(
    ("bug", "first", "cause"),
    [
        ("no bias", ("z", 1, (0, 0)), "bias_left_out"),
        ("z for a", ("dW", 2, (0, 0)), "z_instead_of_a"),
        ("db not averaged", ("db", 2, (0, 0)), "sum_instead_of_mean"),
        ("no slope", ("dW", 1, (0, 0)), "slope_left_out"),
        ("sign", ("dW", 1, (0, 0)), "sign_flipped"),
        ("no bias update", ("b_after", 2, (0, 0)), "bias_not_updated"),
    ],
)
def test_a_mistake_in_the_file_of_functions_is_found(
    bug: str, first: object, cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(functions, "BUG", bug)
    report = check_functions()
    assert (report.first, report.causes[0]) == (first, cause)


def test_other_names_can_be_mapped() -> None:
    class Part:
        def __init__(self, n: int, m: int) -> None:
            rng = np.random.RandomState(n)
            self.matrix, self.offset, self.kind = rng.randn(n, m), rng.randn(m), "tanh"
            self.blame: Any = None

    class Program:
        def __init__(self) -> None:
            self.parts = [Part(4, 3), Part(3, 4)]

        def learn(self, X: Any, y: Any) -> None:
            one, two = self.parts
            hidden = np.tanh(X @ one.matrix + one.offset)
            output = np.tanh(hidden @ two.matrix + two.offset)
            two.blame = (output - y) * (1 - output**2)
            one.blame = two.blame @ two.matrix.T

    names = {"layers": "parts", "W": "matrix", "b": "offset", "activation": "kind", "delta": "blame"}
    report = bpviz.check(Program(), X4, Y4, names={**names, "backpropagation": "learn"})
    assert (report.first, report.causes) == (("delta", 1, (0, 0)), ("slope_left_out",))


def test_layers_of_weights_and_layers_of_activations_may_take_turns() -> None:
    class Dense:
        def __init__(self, n: int, m: int) -> None:
            rng = np.random.RandomState(n)
            self.weights, self.bias, self.output = rng.randn(n, m), rng.randn(m), np.zeros(m)

        def forward(self, x: Any) -> Any:
            self.output = x @ self.weights + self.bias
            return self.output

    class Sigmoid:
        def forward(self, x: Any) -> Any:
            self.output = 1 / (1 + np.exp(-x))
            return self.output

    class Program:
        def __init__(self) -> None:
            self.layers: list[Any] = [Dense(4, 3), Sigmoid(), Dense(3, 4), Sigmoid()]

        def forward(self, x: Any) -> Any:
            for layer in self.layers:
                x = layer.forward(x)
            return x

        def train_step(self, x: Any, y: Any, lr: float) -> None:
            first, a1, second, a2 = self.layers
            d2 = (a2.output - y) * a2.output * (1 - a2.output)
            d1 = d2 @ second.weights.T * a1.output * (1 - a1.output)
            second.weights -= lr * a1.output.T @ d2 / len(x)
            second.bias -= lr * d2.mean(axis=0)
            first.weights -= lr * x.T @ d1 / len(x)
            first.bias -= lr * d1.mean(axis=0)

    report = bpviz.check(Program(), X4, Y4)
    assert report.ok, str(report)
    assert {key[0] for _, key in report.comparison.given()} == {"z", "a", "W_after", "b_after"}


def test_the_articles_own_network_is_right_with_biases_that_stay() -> None:
    network = bpviz.NeuralNetwork.build([4, 5, 4], ["tanh", "sigmoid"])
    network.train_biases = False
    assert bpviz.check(network, X4, Y4).ok


def test_a_plain_list_of_layers_goes_in_with_its_functions() -> None:
    program = layers("no slope")
    report = bpviz.check(
        program._layers,
        X4,
        Y4,
        backward=lambda network, x, y, lr: run_backward(network, x, y, lr),
        learning_rate=0.2,
    )
    assert (report.first, report.causes[0]) == (("delta", 2, (0,)), "slope_left_out")


def run_backward(parts: Any, x: Any, y: Any, lr: float) -> None:
    network = layers("no slope")
    network._layers = parts
    network.backpropagation(x, y, lr)


def test_keys_of_a_dict_can_be_mapped() -> None:
    rng = np.random.RandomState(0)
    arrays = {"kernel": [rng.randn(4, 4)], "b": [rng.randn(4)], "step": [np.zeros((4, 4))], "note": "mine"}
    report = bpviz.check(arrays, X4, Y4, names={"W": "kernel", "dW": "step", "note": None}, activations="tanh")
    assert report.first == ("dW", 1, (0, 0))


def test_the_loss_may_be_given_as_a_number_beside_its_name() -> None:
    rng = np.random.RandomState(0)
    W, b = rng.randn(4, 4), rng.randn(4)
    value = 0.5 * np.sum((np.tanh(X4 @ W + b) - Y4) ** 2, axis=1).mean()
    for given in ({"loss_value": value}, {"loss_value": 1.1 * value}):
        report = bpviz.check(W=[W], b=[b], X=X4, y=Y4, activations="tanh", loss="mse", **given)
        assert report.first == (None if report.ok else ("loss", 0, ()))
        assert report.ok == (given["loss_value"] == value)
    assert bpviz.check({"W1": W, "b1": b, "loss": value}, X4, Y4, activations="tanh", loss="mse").ok


@pytest.mark.parametrize(
    ("bug", "cause"),
    [("no slope", "slope_left_out"), ("raw error", "error_instead_of_delta"), ("too early", "weights_already_updated")],
)
def test_a_mistake_is_found_in_single_precision_though_its_numbers_are_larger(bug: str, cause: str) -> None:
    network, rng = layers(bug), np.random.RandomState(2)
    for layer in network._layers:
        layer.weights, layer.bias = rng.randn(4, 4).astype(np.float32), rng.randn(4).astype(np.float32)
    report = bpviz.check(network, X4.astype(np.float32), Y4.astype(np.float32))
    assert report.causes[:1] == (cause,)
    assert report.tolerance > 1e-8
