import numpy as np
import numpy.typing as npt
import pytest

from bpviz.session.diagnostics.neuron_health import NeuronHealth, neuron_health


def column(*values: float) -> npt.NDArray[np.float32]:
    return np.array(values, dtype=np.float32)[:, None]


@pytest.mark.parametrize(
    ("activation", "a", "found"),
    [
        ("relu", column(0, 0, 0), NeuronHealth.DEAD),
        ("relu", column(0, 0, 0.1), NeuronHealth.NONE),
        ("leaky_relu", column(0, 0, 0), NeuronHealth.NONE),
        ("none", column(9, 9, 9), NeuronHealth.NONE),
        ("softmax", column(1, 0, 1), NeuronHealth.NONE),
        # a (1 - a) is below a tenth of a quarter beyond a = 0.974,
        ("sigmoid", column(0.98, 0.99, 0.01), NeuronHealth.SATURATED),
        ("sigmoid", column(0.97, 0.99, 0.01), NeuronHealth.NONE),
        # and 1 - a^2 below a tenth beyond a = 0.949.
        ("tanh", column(-0.96, 0.96, 1), NeuronHealth.SATURATED),
        ("tanh", column(-0.94, 0.96, 1), NeuronHealth.NONE),
        ("tanh", column(np.nan, 1, 1), NeuronHealth.NONE),
    ],
)
def test_dead_and_saturated_neurons_are_found(activation: str, a: npt.NDArray[np.float32], found: NeuronHealth) -> None:
    assert neuron_health(a, activation).tolist() == [found]


def test_a_few_samples_that_pass_do_not_make_a_neuron_healthy() -> None:
    a = np.full((100, 2), 0.999, dtype=np.float32)
    a[:4, 0] = a[:5, 1] = 0.5
    assert neuron_health(a, "sigmoid").tolist() == [NeuronHealth.SATURATED, NeuronHealth.NONE]
