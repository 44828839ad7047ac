"""Activations, slopes, losses and deltas are PyTorch's, recorded in data/pytorch.json."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpviz.core import backprop
from bpviz.core.activations import ACTIVATIONS, activation_rule
from bpviz.core.network import Layer, Network
from tests.core.helpers import LOSS_AND_OUTPUT

RECORDED = json.loads(Path(__file__).with_name("data").joinpath("pytorch.json").read_text(encoding="utf-8"))
CLOSE: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-12}


def test_every_activation_and_every_loss_is_recorded() -> None:
    assert {name.partition(" ")[0] for name in RECORDED["activations"]} == set(ACTIVATIONS) - {"softmax"}
    assert set(RECORDED["losses"]) == {f"{loss} {output}" for loss, output in LOSS_AND_OUTPUT}


@pytest.mark.parametrize("recorded", RECORDED["activations"])
def test_f_and_its_slope_are_those_of_pytorch(recorded: str) -> None:
    name, _, leak = recorded.partition(" ")
    rule, z = activation_rule(name, float(leak or 0.01)), np.array(RECORDED["z"])
    values, slopes = RECORDED["activations"][recorded]
    a = rule.f(z, None)
    np.testing.assert_allclose(a, values, **CLOSE)
    np.testing.assert_allclose(rule.slope(z, a, None), slopes, **CLOSE)


@pytest.mark.parametrize(("loss", "output"), LOSS_AND_OUTPUT)
def test_losses_and_deltas_are_those_of_pytorch(loss: str, output: str) -> None:
    network, z = Network(loss=loss), np.array(RECORDED["rows"])
    network.add_layer(Layer(3, 3, output, np.eye(3), np.zeros(3)))
    done = backprop.trace(network, z, RECORDED["targets"])
    values, deltas = RECORDED["losses"][f"{loss} {output}"]
    np.testing.assert_allclose(network.losses(z, done.y), values, **CLOSE)
    np.testing.assert_allclose(done.layers[0].delta, deltas, **CLOSE)
