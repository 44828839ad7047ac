"""Training stops where a number stops being finite, says where, and leaves the parameters from before."""

import numpy as np
import pytest

from bpviz import Layer, NeuralNetwork
from bpviz.core.activations import HIDDEN_ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.core.datasets import make_split
from bpviz.core.training.kernel import Kernel
from bpviz.core.training.trainer import NonFiniteError, Trainer
from tests.combinations import combinations
from tests.core.helpers import LOSS_AND_OUTPUT, run_epochs, samples_for

SAMPLES, PLANTED = 24, 10

pytestmark = pytest.mark.usefixtures("kernel_path")


def trainer_of(
    hidden: str = "tanh", learning_rate: float = 0.1, batch_size: int = 1, shuffle_seed: int | None = None
) -> Trainer:
    network = NeuralNetwork.build((2, 4, 3, 2), [hidden, hidden, "sigmoid"], initializer="uniform", seed=2)
    X, y = samples_for(network, SAMPLES)
    return Trainer(network, X, y, learning_rate=learning_rate, batch_size=batch_size, shuffle_seed=shuffle_seed)


def run_into_the_fault(trainer: Trainer) -> NonFiniteError:
    with pytest.raises(NonFiniteError) as caught:
        run_epochs(trainer, epochs=50)
    return caught.value


def plant(values: Array, row: int) -> Array:
    planted = values.copy()
    planted[row, 1] = np.nan
    return planted


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize("shuffle_seed", [None, 7])
def test_a_planted_nan_is_named_by_epoch_sample_layer_and_quantity(shuffle_seed: int | None, batch_size: int) -> None:
    trainer = trainer_of(batch_size=batch_size, shuffle_seed=shuffle_seed)
    sound = trainer_of(batch_size=batch_size, shuffle_seed=shuffle_seed)
    run_epochs(trainer, 1)
    run_epochs(sound, 1)
    trainer.X = plant(trainer.X, PLANTED)
    fault = run_into_the_fault(trainer)
    assert (fault.epoch, fault.sample, fault.layer, fault.quantity) == (1, PLANTED, 1, "z")
    assert str(fault) == f"z of layer 1 stopped being finite in epoch 1, at sample {PLANTED}"

    batch = int(np.flatnonzero(sound.order == PLANTED)[0]) // batch_size
    assert trainer.sample == batch * batch_size
    while sound.sample < trainer.sample:
        sound.step()
    np.testing.assert_array_equal(trainer.network.parameters, sound.network.parameters)


@pytest.mark.parametrize("batch_size", [1, 4])
def test_a_nan_planted_in_a_target_is_found_in_the_loss_of_its_sample(batch_size: int) -> None:
    trainer = trainer_of(batch_size=batch_size)
    trainer.y = plant(trainer.y, PLANTED)
    fault = run_into_the_fault(trainer)
    assert (fault.epoch, fault.sample, fault.layer, fault.quantity) == (0, PLANTED, 3, "the loss")


def test_a_learning_rate_beyond_reason_stops_training_with_finite_parameters() -> None:
    trainer = trainer_of("none", learning_rate=1e200)
    fault = run_into_the_fault(trainer)
    assert np.isfinite(trainer.network.parameters).all()
    assert fault.epoch == trainer.epoch
    assert fault.sample == trainer.next_batch()[0]


def test_the_same_error_is_raised_again_at_the_same_position() -> None:
    trainer = trainer_of("none", learning_rate=1e200)
    first = run_into_the_fault(trainer)
    before = trainer.checkpoint()
    with pytest.raises(NonFiniteError) as again:
        trainer.step()
    assert vars(again.value) == vars(first)
    np.testing.assert_array_equal(trainer.network.parameters, before.parameters)
    assert (trainer.epoch, trainer.sample) == (before.epoch, before.sample)


def test_relu_with_a_learning_rate_of_a_million_runs_away() -> None:
    network = NeuralNetwork.build((2, 4, 4, 2), ["relu", "relu", "none"], initializer="uniform", seed=2)
    X, y = samples_for(network, SAMPLES)
    trainer = Trainer(network, X, y, learning_rate=1e6)
    fault = run_into_the_fault(trainer)
    assert fault.epoch == 0
    assert fault.layer in (1, 2, 3)
    assert np.isfinite(network.parameters).all()


def one_linear_neuron(X: Array, y: Array, batch_size: int, learning_rate: float = 0.1) -> Trainer:
    network = NeuralNetwork()
    network.add_layer(Layer(2, 1, weights=[[0.0], [0.0]], bias=[0.0]))
    return Trainer(network, X, y, learning_rate=learning_rate, batch_size=batch_size)


def test_an_overflow_in_the_mean_gradient_names_the_first_sample_of_its_batch() -> None:
    """Rows of dW are inputs, not samples, though there may be as many of them."""
    trainer = one_linear_neuron(np.array([[1.0, 1e200], [1.0, 1.0]]), np.array([[1e150], [1.0]]), batch_size=2)
    fault = run_into_the_fault(trainer)
    assert (fault.sample, fault.layer, fault.quantity) == (0, 1, "dW")


def test_an_overflow_in_the_step_itself_is_undone() -> None:
    trainer = one_linear_neuron(np.ones((1, 2)), np.array([[1e100]]), batch_size=1, learning_rate=1e300)
    fault = run_into_the_fault(trainer)
    assert (fault.epoch, fault.sample, fault.layer, fault.quantity) == (0, 0, 1, "the update")
    assert not trainer.network.parameters.any()


def test_apply_refuses_a_faulty_sample_and_moves_nothing() -> None:
    trainer = trainer_of()
    trainer.X = plant(trainer.X, PLANTED)
    before = trainer.network.parameters.copy()
    with pytest.raises(NonFiniteError) as caught:
        trainer.apply(np.array([3, PLANTED]))
    assert caught.value.sample == PLANTED
    np.testing.assert_array_equal(trainer.network.parameters, before)


def test_a_loss_that_overflows_while_the_parameters_are_finite_is_found_at_its_sample() -> None:
    data = make_split("moons", samples=100, noise=0.2, seed=0)
    network = NeuralNetwork.build((2, 4, 2), ["sigmoid", "none"], seed=0)
    trainer = Trainer(network, data.X_train, data.y_train, learning_rate=3.0)
    with pytest.raises(NonFiniteError, match="stopped being finite"):
        run_epochs(trainer, 400)
    assert np.isfinite(network.parameters).all()
    assert np.isfinite(network.feed_forward(data.X_train[trainer.next_batch()])).all()


def path_says_it_is_not_finite(network: NeuralNetwork, X: Array, y: Array, batch_size: int) -> bool:
    """Train over all samples; return whether parameters or statistics show a number that is not finite."""
    kernel = Kernel(network)
    kernel.run(X, y, np.arange(len(X)), 0.1, batch_size)
    return not (np.isfinite(network.parameters).all() and kernel.statistics.is_finite)


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize(("hidden", "loss", "output"), combinations(HIDDEN_ACTIVATIONS, LOSS_AND_OUTPUT))
def test_no_path_hides_a_number_that_the_readable_pass_shows(
    hidden: str, loss: str, output: str, batch_size: int
) -> None:
    """An infinite input may vanish in a saturated sigmoid, where its step is 0 times infinity; NaN never does."""
    for value in (np.nan, np.inf, 1e200):
        check_that_no_path_hides(value, hidden, loss, output, batch_size)


def check_that_no_path_hides(value: float, hidden: str, loss: str, output: str, batch_size: int) -> None:
    network = NeuralNetwork.build((2, 4, 3, 2), [hidden, hidden, output], initializer="uniform", seed=2, loss=loss)
    X, y = samples_for(network, 8)
    X[-1, 1] = value
    readable = network.copy()
    with np.errstate(all="ignore"):
        for first in range(0, 8, batch_size):
            readable.backpropagation(X[first : first + batch_size], y[first : first + batch_size], 0.1)
    shown = not np.isfinite(readable.parameters).all()
    assert shown or not np.isnan(value)
    assert path_says_it_is_not_finite(network, X, y, batch_size) or not shown


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize("hidden", HIDDEN_ACTIVATIONS)
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_a_nan_in_any_weight_is_detected(layer: int, hidden: str, batch_size: int) -> None:
    network = NeuralNetwork.build((2, 4, 3, 2), [hidden, hidden, "sigmoid"], initializer="uniform", seed=2)
    network.layers[layer].weights[1, 1] = np.nan
    X, y = samples_for(network, 8)
    kernel = Kernel(network)
    kernel.run(X, y, np.arange(8), 0.1, batch_size)
    assert not kernel.statistics.is_finite
    assert np.isnan(network.layers[layer].weights[1, 1])


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize("samples", [1, 3, SAMPLES])
def test_a_fault_met_in_any_slice_is_named_alike(samples: int, batch_size: int) -> None:
    trainer = trainer_of("none", learning_rate=1e200, batch_size=batch_size)
    sliced = trainer_of("none", learning_rate=1e200, batch_size=batch_size)
    fault = run_into_the_fault(trainer)
    with pytest.raises(NonFiniteError) as caught:
        run_epochs(sliced, epochs=1, samples=samples)
    assert vars(caught.value) == vars(fault)
    np.testing.assert_allclose(sliced.network.parameters, trainer.network.parameters, rtol=1e-10)
