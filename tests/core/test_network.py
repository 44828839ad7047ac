import numpy as np
import pytest

from bpviz import Layer, NeuralNetwork
from tests.core.helpers import samples_for


def small(initializer: str = "article", loss: str = "mse") -> NeuralNetwork:
    return NeuralNetwork.build((2, 3, 2), ["tanh", "sigmoid"], initializer=initializer, loss=loss)


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


def test_setters_refuse_another_shape_and_keep_the_old_values() -> None:
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
    copied = network.copy()
    assert (copied.loss_name, copied.train_biases) == ("cross_entropy", False)
    assert [layer.activation for layer in copied.layers] == ["tanh", "softmax"]
    before = network.parameters.copy()
    np.testing.assert_array_equal(copied.parameters, before)
    copied.parameters[:] = 0.0
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
