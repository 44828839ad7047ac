import pytest

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.layer_changes import shape, with_layer, with_width, without_layer

THREE = Experiment(hidden=(5, 6), activations=("relu", "tanh", "sigmoid"))


def test_a_layer_gets_another_width() -> None:
    assert shape(with_width(THREE, 2, 7)) == "2-5-7-2"


@pytest.mark.parametrize(
    ("layer", "hidden", "activations"),
    [
        (1, (8, 5, 6), ("relu", "relu", "tanh", "sigmoid")),
        (2, (5, 8, 6), ("relu", "relu", "tanh", "sigmoid")),
        (3, (5, 6, 8), ("relu", "tanh", "tanh", "sigmoid")),
    ],
)
def test_a_new_layer_is_bent_as_the_one_before_it(
    layer: int, hidden: tuple[int, ...], activations: tuple[str, ...]
) -> None:
    made = with_layer(THREE, layer)
    assert (made.hidden, made.activations) == (hidden, activations)
    assert made.problems() == {}


def test_the_first_hidden_layer_of_all_does_not_take_after_the_output() -> None:
    made = with_layer(Experiment(hidden=(), activations=("softmax",)), 1)
    assert made.activations == ("sigmoid", "softmax")


def test_a_layer_is_removed_with_its_activation() -> None:
    made = without_layer(THREE, 1)
    assert (made.hidden, made.activations) == ((6,), ("tanh", "sigmoid"))


def test_values_that_break_a_rule_are_found() -> None:
    assert with_width(THREE, 1, 0).problems().keys() == {"hidden"}
