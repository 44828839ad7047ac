import numpy as np
import numpy.typing as npt
import pytest

from bpviz.session.diagnostics.neuron_health import Ailment, ailments


def column(*values: float) -> npt.NDArray[np.float32]:
    return np.array(values, dtype=np.float32)[:, None]


@pytest.mark.parametrize(
    ("activation", "a", "found"),
    [
        ("relu", column(0, 0, 0), Ailment.DEAD),
        ("relu", column(0, 0, 0.1), Ailment.NONE),
        ("leaky_relu", column(0, 0, 0), Ailment.NONE),
        ("none", column(9, 9, 9), Ailment.NONE),
        ("softmax", column(1, 0, 1), Ailment.NONE),
        # a (1 - a) is below a tenth of a quarter beyond a = 0.974,
        ("sigmoid", column(0.98, 0.99, 0.01), Ailment.SATURATED),
        ("sigmoid", column(0.97, 0.99, 0.01), Ailment.NONE),
        # and 1 - a^2 below a tenth beyond a = 0.949.
        ("tanh", column(-0.96, 0.96, 1), Ailment.SATURATED),
        ("tanh", column(-0.94, 0.96, 1), Ailment.NONE),
        ("tanh", column(np.nan, 1, 1), Ailment.NONE),
    ],
)
def test_what_is_wrong_with_a_neuron(activation: str, a: npt.NDArray[np.float32], found: Ailment) -> None:
    assert ailments(a, activation).tolist() == [found]


def test_a_few_samples_that_pass_do_not_make_a_neuron_healthy() -> None:
    a = np.full((100, 2), 0.999, dtype=np.float32)
    a[:4, 0] = a[:5, 1] = 0.5
    assert ailments(a, "sigmoid").tolist() == [Ailment.SATURATED, Ailment.NONE]
