from dataclasses import fields

import numpy as np
import pytest

from bpviz import NeuralNetwork
from bpviz.core import backprop
from bpviz.core.activations import HIDDEN_ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.core.backprop import LayerTrace
from tests.combinations import combinations
from tests.core.helpers import LOSS_AND_OUTPUT, samples_for, slopes_by_difference
from tests.core.plain_update import loss_of

QUANTITIES = [field.name for field in fields(LayerTrace)]


def network_of(hidden: str = "tanh", output: str = "sigmoid", loss: str = "mse") -> NeuralNetwork:
    return NeuralNetwork.build((2, 4, 5, 3), [hidden, hidden, output], initializer="uniform", seed=1, loss=loss)


def loss_from_z(network: NeuralNetwork, index: int, z: Array, y: Array) -> Array:
    """Return the loss of each sample when the layer at `index` has these z."""
    a = network.layers[index].rule.f(z, None)
    return network.loss.value(z, a, y) if index + 1 == len(network.layers) else loss_from_a(network, index, a, y)


def loss_from_a(network: NeuralNetwork, index: int, a: Array, y: Array) -> Array:
    """Return the loss of each sample when the layer at `index` has these a."""
    if index + 1 == len(network.layers):
        return np.array([loss_of(network, *pair) for pair in zip(a, y, strict=True)])
    layer = network.layers[index + 1]
    return loss_from_z(network, index + 1, a @ layer.weights + layer.bias, y)


def test_trace_leaves_the_network_alone() -> None:
    network = network_of()
    before = network.parameters.copy()
    backprop.trace(network, *samples_for(network, 4))
    np.testing.assert_array_equal(network.parameters, before)


def test_every_array_of_a_trace_is_read_only_and_its_own() -> None:
    network = network_of("none")
    X, y = samples_for(network, 4)
    done = backprop.trace(network, X, y)
    arrays = [done.x, done.y, *(getattr(layer, name) for layer in done.layers for name in QUANTITIES)]
    assert not any(array.flags.writeable for array in arrays)
    assert not any(np.shares_memory(array, theirs) for array in arrays for theirs in (X, y, network.parameters))


@pytest.mark.parametrize("rows", [(), (1,), (6,)], ids=["sample", "batch of one", "batch"])
def test_shapes(rows: tuple[int, ...]) -> None:
    network = network_of()
    X, y = samples_for(network, 6)
    done = backprop.trace(network, *((X[:1], y[:1]) if rows == (1,) else (X, y) if rows else (X[0], y[0])))
    for layer, n_in, n_out in zip(done.layers, (2, 4, 5), (4, 5, 3), strict=True):
        shapes = {name: getattr(layer, name).shape for name in QUANTITIES}
        per_sample = dict.fromkeys(("z", "a", "error", "slope", "delta"), (*rows, n_out))
        assert shapes == {**per_sample, "dW": (n_in, n_out), "db": (n_out,)}


def test_trace_takes_lists() -> None:
    network = network_of()
    done = backprop.trace(network, [1, 0], [0, 1, 0])
    np.testing.assert_array_equal(done.layers[-1].a, network.feed_forward([1.0, 0.0]))


def test_inputs_of_a_layer_are_the_activations_of_the_layer_before() -> None:
    network = network_of()
    done = backprop.trace(network, *samples_for(network, 4))
    assert done.inputs_of(0) is done.x
    assert done.inputs_of(2) is done.layers[1].a


@pytest.mark.parametrize(("loss", "output"), LOSS_AND_OUTPUT)
def test_a_batch_has_the_mean_of_its_samples_gradients_and_losses(loss: str, output: str) -> None:
    network = network_of(output=output, loss=loss)
    X, y = samples_for(network, 6)
    batch = backprop.trace(network, X, y)
    samples = [backprop.trace(network, *pair) for pair in zip(X, y, strict=True)]
    assert batch.loss == pytest.approx(np.mean([sample.loss for sample in samples]), rel=1e-13)
    for index, layer in enumerate(batch.layers):
        for name in ("dW", "db"):
            mean = np.mean([getattr(sample.layers[index], name) for sample in samples], axis=0)
            np.testing.assert_allclose(getattr(layer, name), mean, rtol=1e-12, atol=1e-15)
        deltas = [sample.layers[index].delta for sample in samples]
        np.testing.assert_allclose(layer.delta, deltas, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("hidden", "loss", "output"), combinations(HIDDEN_ACTIVATIONS, LOSS_AND_OUTPUT))
def test_delta_is_the_derivative_of_the_loss_by_z(loss: str, output: str, hidden: str) -> None:
    network = network_of(hidden, output, loss)
    X, y = samples_for(network, 3, seed=2)
    for index, layer in enumerate(backprop.trace(network, X, y).layers):
        numerical = slopes_by_difference(lambda z, index=index: loss_from_z(network, index, z, y), layer.z)  # type: ignore[misc]
        np.testing.assert_allclose(layer.delta, numerical, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("loss", "output"), LOSS_AND_OUTPUT)
def test_error_is_the_derivative_of_the_loss_by_a(loss: str, output: str) -> None:
    network = network_of("tanh", output, loss)
    X, y = samples_for(network, 3)
    for index, layer in enumerate(backprop.trace(network, X, y).layers):
        numerical = slopes_by_difference(lambda a, index=index: loss_from_a(network, index, a, y), layer.a)  # type: ignore[misc]
        np.testing.assert_allclose(layer.error, numerical, rtol=1e-6, atol=1e-8)


def test_gradients_of_a_sample_are_outer_product_and_delta() -> None:
    dW, db = backprop.gradients(np.array([2.0, 3.0]), np.array([5.0, 7.0, 11.0]))
    np.testing.assert_array_equal(dW, [[10, 14, 22], [15, 21, 33]])
    np.testing.assert_array_equal(db, [5, 7, 11])


@pytest.mark.parametrize("train_biases", [True, False])
def test_update_walks_against_the_gradient(train_biases: bool) -> None:
    network = network_of()
    network.train_biases = train_biases
    before, done = network.copy(), backprop.trace(network, *samples_for(network, 4))
    backprop.update(network, done, 0.5)
    for layer, was, grads in zip(network.layers, before.layers, done.layers, strict=True):
        np.testing.assert_allclose(layer.weights, was.weights - 0.5 * grads.dW, rtol=1e-15)
        np.testing.assert_allclose(layer.bias, was.bias - 0.5 * grads.db * train_biases, rtol=1e-15)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ((3,), (3,)),
        ((2,), (2,)),
        ((4, 2), (3,)),
        ((4, 2), (3, 3)),
        ((2,), (4, 3)),
        ((), (3,)),
        ((5, 4, 2), (5, 4, 3)),
    ],
)
def test_wrong_shapes_are_refused(x: tuple[int, ...], y: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="2 inputs and 3 outputs cannot take x of shape") as refused:
        backprop.trace(network_of(), np.zeros(x), np.zeros(y))
    assert f"{x} with y of shape {y}" in str(refused.value)
