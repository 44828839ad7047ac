import numpy as np
import pytest

import bpviz.core.network
from bpviz import Layer, NeuralNetwork
from bpviz.core.datasets import Split
from tests.core.helpers import samples_for

ARTICLE = (2, 25, 50, 25, 2)


def small(initializer: str = "article", loss: str = "mse") -> NeuralNetwork:
    return NeuralNetwork.build((2, 3, 2), ["tanh", "sigmoid"], initializer=initializer, loss=loss)


def article() -> NeuralNetwork:
    network = NeuralNetwork.build(ARTICLE, ["sigmoid"] * 4, seed=0)
    network.train_biases = False
    return network


def test_the_article_finds_its_two_classes_at_the_top() -> None:
    assert Layer is bpviz.core.network.Layer
    assert NeuralNetwork is bpviz.core.network.NeuralNetwork


def test_parameters_hold_w_before_b_layer_by_layer() -> None:
    network = small()
    first, second = network.layers
    expected = [first.weights.ravel(), first.bias, second.weights.ravel(), second.bias]
    np.testing.assert_array_equal(network.parameters, np.concatenate(expected))
    assert network.parameters.shape == (3 * 3 + 4 * 2,)


def test_writing_parameters_shows_in_the_layers() -> None:
    network = small()
    network.parameters[:] = np.arange(17)
    np.testing.assert_array_equal(network.layers[0].weights, [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(network.layers[1].bias, [15, 16])


def test_writing_a_layer_shows_in_the_parameters() -> None:
    network = small()
    network.layers[0].weights[1, 2] = 7.0
    network.layers[1].bias = [8.0, 9.0]
    network.layers[1].weights = np.full((3, 2), 6.0)
    assert network.parameters[5] == 7.0
    np.testing.assert_array_equal(network.parameters[9:], [6, 6, 6, 6, 6, 6, 8, 9])


def test_layer_takes_copies_of_given_weights_and_bias() -> None:
    weights, bias = np.ones((2, 3)), np.ones(3)
    layer = Layer(2, 3, "relu", weights, bias)
    weights[:], bias[:] = 5.0, 5.0
    assert (layer.weights == 1).all()
    assert (layer.bias == 1).all()


def test_layer_without_an_activation_is_the_identity() -> None:
    layer = Layer(1, 1, weights=[[1.0]], bias=[0.0])
    assert layer.activation == "none"
    np.testing.assert_array_equal(layer.rule.f(np.array([-3.0]), None), [-3.0])


@pytest.mark.parametrize("sizes", [(0, 1), (1, 0), (-2, 3)])
def test_layer_refuses_sizes_below_one(sizes: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="at least one input and one neuron"):
        Layer(*sizes)


def test_layer_refuses_an_unknown_activation() -> None:
    with pytest.raises(ValueError, match=r"'swish'.*relu.*sigmoid"):
        Layer(1, 1, "swish")


def test_setters_refuse_another_shape_and_keep_what_was() -> None:
    network = small()
    before = network.parameters.copy()
    with pytest.raises(ValueError, match=r"weights must have shape \(2, 3\), not \(3, 2\)"):
        network.layers[0].weights = np.zeros((3, 2))
    with pytest.raises(ValueError, match=r"bias must have shape \(3,\), not \(\)"):
        network.layers[0].bias = 0.0
    np.testing.assert_array_equal(network.parameters, before)


def test_constructor_refuses_weights_of_another_shape() -> None:
    with pytest.raises(ValueError, match=r"weights must have shape \(2, 3\), not \(2,\)"):
        Layer(2, 3, weights=[1.0, 2.0])


def test_add_layer_refuses_another_width() -> None:
    network = small()
    with pytest.raises(ValueError, match="layer 3 takes 5 inputs, but the layer before has 2 neurons"):
        network.add_layer(Layer(5, 1))
    assert len(network.layers) == 2


def test_add_layer_refuses_anything_behind_softmax() -> None:
    network = NeuralNetwork.build((2, 3), ["softmax"])
    with pytest.raises(ValueError, match="softmax is for the output layer"):
        network.add_layer(Layer(3, 3))
    assert len(network.layers) == 1


def test_add_layer_keeps_the_parameters_there_were() -> None:
    network = small()
    before = network.parameters.copy()
    network.add_layer(Layer(2, 1, weights=[[1.0], [2.0]], bias=[3.0]))
    np.testing.assert_array_equal(network.parameters, [*before, 1, 2, 3])


def test_copy_is_equal_and_independent() -> None:
    network = NeuralNetwork.build((2, 3, 2), ["tanh", "softmax"], loss="cross_entropy")
    network.train_biases = False
    twin = network.copy()
    assert (twin.loss_name, twin.train_biases) == ("cross_entropy", False)
    assert [layer.activation for layer in twin.layers] == ["tanh", "softmax"]
    before = network.parameters.copy()
    np.testing.assert_array_equal(twin.parameters, before)
    twin.parameters[:] = 0.0
    np.testing.assert_array_equal(network.parameters, before)


@pytest.mark.parametrize("sizes", [(2,), (), (2, 0), (0, 2)])
def test_build_refuses_sizes_that_make_no_network(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="a network needs inputs and at least one layer"):
        NeuralNetwork.build(sizes, ["relu"] * (len(sizes) - 1))


def test_build_refuses_another_number_of_activations() -> None:
    with pytest.raises(ValueError, match="2 layers need as many activations, not 1"):
        NeuralNetwork.build((2, 3, 2), ["tanh"])


def test_build_refuses_softmax_inside() -> None:
    with pytest.raises(ValueError, match="softmax is for the output layer"):
        NeuralNetwork.build((2, 3, 2), ["softmax", "softmax"])


@pytest.mark.parametrize(("option", "name"), [("initializer", "zeros"), ("loss", "hinge")])
def test_build_refuses_unknown_names(option: str, name: str) -> None:
    with pytest.raises(ValueError, match=f"no {option} is called '{name}'; choose one of"):
        small(**{option: name})


def test_build_refuses_a_loss_that_does_not_fit_the_output() -> None:
    with pytest.raises(ValueError, match="not relu"):
        NeuralNetwork.build((2, 2), ["relu"], loss="cross_entropy")


def test_feed_forward_of_a_batch_is_that_of_its_samples() -> None:
    network = small()
    X, _ = samples_for(network, 5)
    outputs = network.feed_forward(X)
    assert outputs.shape == (5, 2)
    assert network.feed_forward(X[3]).shape == (2,)
    np.testing.assert_allclose(outputs, [network.feed_forward(x) for x in X], rtol=1e-14)


def test_predict_returns_the_class_of_the_largest_output() -> None:
    network = NeuralNetwork()
    network.add_layer(Layer(3, 3, weights=np.eye(3), bias=np.zeros(3)))
    np.testing.assert_array_equal(network.predict([[0, 2, 1], [5, 2, 1], [0, 2, 3]]), [1, 0, 2])
    assert network.predict([0, 2, 1]) == 1
    assert network.predict([0, 2, 1]).shape == ()


def test_backpropagation_steps_down_the_loss() -> None:
    network = small()
    X, y = samples_for(network, 6)
    losses = []
    for _ in range(20):
        losses.append(float(network.loss.value(network.feed_forward(X), y).mean()))
        network.backpropagation(X, y, 0.5)
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0]


def test_train_reports_the_articles_first_line(moons: Split) -> None:
    lines: list[str] = []
    network = article()
    mses = network.train(
        moons.X_train, moons.X_test, moons.labels_train, moons.labels_test, 0.01, 1, report=lines.append
    )
    assert lines == ["Epoch: #0, MSE: 0.246478, Accuracy: 49.50%"]
    assert [f"{mse:.6f}" for mse in mses] == ["0.246478"]


def test_train_prints_unless_told_otherwise(moons: Split, capsys: pytest.CaptureFixture[str]) -> None:
    some = (moons.X_train[:9], moons.X_test[:9], moons.labels_train[:9], moons.labels_test[:9])
    small().train(*some, 0.01, 1, report=None)
    assert capsys.readouterr().out == ""
    small().train(*some, 0.01, 1)
    assert capsys.readouterr().out.startswith("Epoch: #0, MSE: 0.")


def test_train_returns_and_reports_every_tenth_epoch() -> None:
    network, twin, lines = small(), small(), list[str]()
    X, y = samples_for(network, 30)
    mses = network.train(X, X, y, y, 0.1, 21, report=lines.append)
    assert [line.split(",")[0] for line in lines] == ["Epoch: #0", "Epoch: #10", "Epoch: #20"]
    assert [line.split(", ")[1] for line in lines] == [f"MSE: {mse:.6f}" for mse in mses]
    for _ in range(11):
        for sample in range(30):
            twin.backpropagation(X[sample], y[sample], 0.1)
    assert mses[1] == pytest.approx(float(np.mean((twin.feed_forward(X) - y) ** 2)), rel=1e-10)


def test_train_takes_class_numbers_or_one_hot_alike() -> None:
    with_labels, with_targets = small(), small()
    X, y = samples_for(with_labels, 10)
    labels = y.argmax(axis=1)
    with_labels.train(X, X, labels, labels, 0.1, 3, report=None)
    with_targets.train(X, X, y, y, 0.1, 3, report=None)
    np.testing.assert_array_equal(with_labels.parameters, with_targets.parameters)


def test_train_leaves_frozen_biases() -> None:
    network = small()
    network.train_biases = False
    biases, weights = [layer.bias.copy() for layer in network.layers], network.layers[0].weights.copy()
    X, y = samples_for(network, 10)
    network.train(X, X, y, y, 0.1, 3, report=None)
    for layer, bias in zip(network.layers, biases, strict=True):
        np.testing.assert_array_equal(layer.bias, bias)
    assert (network.layers[0].weights != weights).all()
