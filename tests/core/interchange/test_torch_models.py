"""`from_torch` against modules recorded by `record_torch`, and what it refuses; no PyTorch is needed.

Where PyTorch is installed, `to_torch` is compared with the network.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bpviz

RECORDED = json.loads((Path(__file__).with_name("data") / "torch_models.json").read_text(encoding="utf-8"))


class Tensor:
    """As much of a tensor as is read."""

    def __init__(self, values: Any) -> None:
        self._values = values

    def detach(self) -> Tensor:
        return self

    def tolist(self) -> Any:
        return self._values


def module(kind: str, **settings: Any) -> Any:
    """Return an object of a class with the name of a class of torch.nn."""
    parts = settings.pop("parts", ())
    made = type(kind, (), {"__iter__": lambda self: iter(parts)})()
    for name, value in ({"bias": None} | settings).items():
        setattr(made, name, Tensor(value) if name in ("weight", "bias") and value is not None else value)
    return made


def recorded(values: dict[str, Any]) -> Any:
    return module(**values | {"parts": [recorded(part) for part in values.get("parts", ())]})


def linear(n_in: int, n_out: int) -> Any:
    return module("Linear", weight=np.ones((n_out, n_in)).tolist(), bias=[0.0] * n_out)


def sequential(*parts: Any) -> Any:
    return module("Sequential", parts=parts)


@pytest.mark.parametrize("name", RECORDED["models"])
def test_outputs_are_those_of_pytorch(name: str) -> None:
    network = bpviz.from_torch(recorded(RECORDED["models"][name]["module"]))
    outputs = network.feed_forward(RECORDED["inputs"])
    np.testing.assert_allclose(outputs, RECORDED["models"][name]["outputs"], rtol=1e-12, atol=1e-12)


def test_a_recorded_module_has_the_layers_it_was_made_of() -> None:
    network = bpviz.from_torch(recorded(RECORDED["models"]["hidden"]["module"]))
    assert isinstance(network, bpviz.NeuralNetwork)
    assert [layer.weights.shape for layer in network.layers] == [(2, 5), (5, 4), (4, 3)]
    assert [layer.activation for layer in network.layers] == ["relu", "tanh", "none"]
    assert not network.layers[1].bias.any()  # it had none


def test_a_linear_module_alone_is_a_network() -> None:
    assert bpviz.from_torch(linear(2, 3)).feed_forward([1.0, 2.0]).tolist() == [3.0, 3.0, 3.0]


def test_the_loss_is_the_one_that_is_asked_for() -> None:
    network = bpviz.from_torch(sequential(linear(2, 2), module("Softmax", dim=1)), loss="cross_entropy")
    assert network.loss_name == "cross_entropy"


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([linear(2, 3), module("ReLU"), module("Conv2d")], r"layer 3 \(Conv2d\): not a dense layer"),
        ([linear(2, 3), linear(4, 2)], r"layer 2 \(Linear\): it takes 4 inputs, but the layer before gives 3"),
        ([module("ReLU"), linear(2, 3)], r"layer 1 \(ReLU\): an activation must follow a dense layer"),
        (
            [linear(2, 3), module("ReLU"), module("Tanh")],
            r"layer 3 \(Tanh\): the layer has the activation relu already",
        ),
        (
            [linear(2, 3), module("LeakyReLU", negative_slope=0.3)],
            r"layer 2 \(LeakyReLU\): negative_slope must be 0.01",
        ),
        (
            [linear(2, 3), module("Softmax", dim=1), linear(3, 2)],
            r"layer 1 \(Linear\): softmax is for the output layer",
        ),
        ([module("Linear", weight=[[float("nan")]], bias=[0.0])], r"layer 1 \(Linear\): .* not finite"),
        ([], "there is no dense layer"),
    ],
)
def test_what_cannot_be_read_is_named(parts: list[Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        bpviz.from_torch(sequential(*parts))


@pytest.mark.parametrize("output", ["none", "sigmoid", "softmax"])
def test_a_module_made_of_a_network_has_its_outputs(output: str) -> None:
    torch = pytest.importorskip("torch")
    X = np.random.RandomState(1).randn(5, 2)
    network = bpviz.from_torch(recorded(RECORDED["models"]["hidden"]["module"]))
    network.layers[-1].activation = output
    made = bpviz.to_torch(network)
    outputs = made(torch.tensor(X.tolist(), dtype=torch.float64)).detach().tolist()
    np.testing.assert_allclose(outputs, network.feed_forward(X), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(bpviz.from_torch(made).parameters, network.parameters)
