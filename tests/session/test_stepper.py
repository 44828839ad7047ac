import numpy as np
import pytest

from bpviz import NeuralNetwork
from bpviz.core.backprop import Trace, trace
from bpviz.session.stepper import Operation, Stepper, operations


@pytest.fixture
def done() -> Trace:
    network = NeuralNetwork.build((2, 3, 2), ["tanh", "sigmoid"], seed=1)
    return trace(network, [0.5, -1.0], [0.0, 1.0])


def test_operations_go_forward_to_the_loss_and_back_to_the_gradients() -> None:
    assert [f"{operation.quantity}{operation.layer}" for operation in operations(2)] == [
        *("z1", "a1", "z2", "a2"),
        "loss2",
        *("error2", "slope2", "delta2", "error1", "slope1", "delta1"),
        *("dW2", "db2", "dW1", "db1"),
    ]


def test_the_value_of_each_operation_is_the_traces(done: Trace) -> None:
    stepper = Stepper(done)
    for operation in stepper.operations:
        layer = done.layers[operation.layer - 1]
        expected = done.loss if operation.quantity == "loss" else getattr(layer, operation.quantity)
        np.testing.assert_array_equal(stepper.value(operation), expected)


def test_each_delta_is_its_error_times_its_slope(done: Trace) -> None:
    stepper = Stepper(done)
    for layer in (1, 2):
        error, slope, delta = (stepper.value(Operation(name, layer)) for name in ("error", "slope", "delta"))
        np.testing.assert_array_equal(delta, error * slope)


def test_a_stepper_stands_before_the_first_operation_and_goes_where_it_is_told(done: Trace) -> None:
    stepper = Stepper(done)
    assert stepper.operation is None
    stepper.go(1)
    assert stepper.operation == Operation("z", 1)
    stepper.go(5)
    assert stepper.operation == Operation("loss", 2)


@pytest.mark.parametrize(("asked", "reached"), [(-1, 0), (-100, 0), (15, 15), (16, 15), (1000, 15)])
def test_a_stepper_stays_between_the_first_operation_and_the_last(done: Trace, asked: int, reached: int) -> None:
    stepper = Stepper(done)
    stepper.go(asked)
    assert stepper.index == reached
