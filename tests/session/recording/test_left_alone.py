"""A program that is recorded stays as it is: its class, its copies, what its methods return, its random numbers."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import numpy as np
import pytest

from tests.session.recording.loops import (
    X4,
    Y4,
    layers,
    recorded,
    recording_in,
    surveyed,
    train_layers,
    understood_in,
)
from tests.session.recording.test_recorder import Lists


def test_the_program_is_as_before_when_the_loop_has_ended(tmp_path: Path) -> None:
    network = layers()
    of_class, of_object = dict(vars(type(network))), set(vars(network))
    with recorded(network, tmp_path):
        assert dict(vars(type(network))) != of_class
        train_layers(network)
    assert (dict(vars(type(network))), set(vars(network))) == (of_class, of_object)


def test_copies_and_other_objects_are_not_observed(tmp_path: Path) -> None:
    network, other = layers(), layers()
    with recorded(network, tmp_path):
        train_layers(network)
        best, kept = copy.deepcopy(network), pickle.loads(pickle.dumps(network))
        before = copy.deepcopy(network)
        for each in (best, kept, other):
            train_layers(each)
        assert all(map(np.array_equal, *([part.weights for part in each._layers] for each in (network, before))))
    assert recording_in(tmp_path).total == 12


def test_a_function_that_was_put_into_the_object_is_observed_and_put_back(tmp_path: Path) -> None:
    network = Lists()
    own = network.backward
    network.backward = lambda x, y: own(x, y)  # type: ignore[method-assign]
    put = network.backward
    with recorded(network, tmp_path):
        assert network.backward is not put
        network.step(network.backward(X4[0], Y4[0]))
    assert network.backward is put
    assert recording_in(tmp_path).total == 1


def test_an_object_without_a_dict_is_observed(tmp_path: Path) -> None:
    class Slotted(Lists):
        __slots__ = ()

    network = Slotted()
    with recorded(network, tmp_path):
        network.step(network.backward(X4[0], Y4[0]))
    assert "backward" not in vars(Slotted)
    assert surveyed(understood_in(tmp_path))[0].is_right


def test_what_their_methods_return_and_raise_is_passed_on(tmp_path: Path) -> None:
    network = Lists()
    alone = network.backward(X4[0], Y4[0])
    with recorded(network, tmp_path):
        gradients = network.backward(X4[0], y=Y4[0])
        with pytest.raises(TypeError, match="missing 1 required positional argument"):
            network.backward(X4[0])  # type: ignore[call-arg]
        with pytest.raises(ValueError, match="matmul"):
            network.backward(X4[0][:2], Y4[0])
        network.step(network.backward(X4[1], Y4[1]))
    assert all(np.array_equal(*pair) for kind in (0, 1) for pair in zip(alone[kind], gradients[kind], strict=True))
    assert all(row.is_right for row in surveyed(understood_in(tmp_path)))


def test_random_numbers_stay_the_same(tmp_path: Path) -> None:
    network = layers()
    np.random.seed(3)
    with recorded(network, tmp_path):
        train_layers(network)
    drawn = np.random.rand()
    np.random.seed(3)
    assert drawn == np.random.rand()
