"""What a recorder sees of programs of many forms, what it leaves alone, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bpviz
from bpviz.session.files.safe_write import ExportError
from tests.session.recording.loops import (
    RATE,
    X4,
    Y4,
    classifier,
    layers,
    recorded,
    recording_in,
    surveyed,
    train_classifier,
    train_layers,
    understood_in,
    verdicts,
)


class Lists:
    """A network with lists, whose loop makes the step itself, over one sample or several."""

    activations = ("tanh", "tanh")

    def __init__(self) -> None:
        rng = np.random.RandomState(4)
        self.weights, self.biases = [rng.randn(4, 3), rng.randn(3, 4)], [rng.randn(3), rng.randn(4)]

    def backward(self, x: Any, y: Any) -> Any:
        hidden = np.tanh(x @ self.weights[0] + self.biases[0])
        output = np.tanh(hidden @ self.weights[1] + self.biases[1])
        second = (output - y) * (1 - output**2)
        first = second @ self.weights[1].T * (1 - hidden**2)
        return [np.outer(x, first), np.outer(hidden, second)], [first, second]

    def step(self, gradients: Any, rate: float = RATE) -> None:
        for number, (dW, db) in enumerate(zip(*gradients, strict=True)):
            self.weights[number] -= rate * dW
            self.biases[number] -= rate * db


def make_step(network: Any, gradients: Any) -> None:
    """Make a step by a function that nobody sees."""
    Lists.step(network, gradients)


class Inline(Lists):
    """One whose step is not a method."""

    step: Any = None


def quantities(folder: Path) -> list[set[str]]:
    return [{key[0] for key in update.raw.numbers} for update in recording_in(folder).updates]


# The step of the parameters


def test_a_step_that_the_loop_makes_itself_is_seen_before_the_next_update(tmp_path: Path) -> None:
    network = Inline()
    with recorded(network, tmp_path):
        for x, y in zip(X4, Y4, strict=True):
            make_step(network, network.backward(x, y))
    assert quantities(tmp_path) == [{"dW", "db", "W_after", "b_after"}] * len(X4)
    understood = understood_in(tmp_path)
    assert all(row.is_right for row in surveyed(understood))
    assert understood.checked(0).setup.learning_rate == pytest.approx(RATE)


def test_a_step_of_several_samples_belongs_to_none_of_them(tmp_path: Path) -> None:
    network = Inline()
    with recorded(network, tmp_path):
        for start in range(0, 12, 3):
            found = [network.backward(X4[n], Y4[n]) for n in range(start, start + 3)]
            make_step(network, [[sum(parts) for parts in zip(*kind, strict=True)] for kind in zip(*found, strict=True)])
    assert quantities(tmp_path) == [{"dW", "db"}] * 12
    assert all(row.is_right for row in surveyed(understood_in(tmp_path)))


def test_a_method_that_updates_after_several_samples_is_seen_to_do_so(tmp_path: Path) -> None:
    network = Lists()
    with recorded(network, tmp_path):
        first = network.backward(X4[0], Y4[0])
        network.backward(X4[1], Y4[1])
        network.step(first)
        network.step(network.backward(X4[2], Y4[2]))
    assert quantities(tmp_path) == [{"dW", "db"}, {"dW", "db"}, {"dW", "db", "W_after", "b_after"}]
    assert all(row.is_right for row in surveyed(understood_in(tmp_path)))


def test_a_quantity_can_be_left_out(tmp_path: Path) -> None:
    network = Lists()
    with recorded(network, tmp_path, names={"W_after": None, "b_after": None}):
        network.step(network.backward(X4[0], Y4[0]), 0.1)
        network.step([[1e-3 * dW for dW in kind] for kind in network.backward(X4[1], Y4[1])])
    assert quantities(tmp_path) == [{"dW", "db"}] * 2
    assert all(row.is_right for row in surveyed(understood_in(tmp_path)))


# Being told


def test_numbers_that_the_network_does_not_keep_can_be_noted(tmp_path: Path) -> None:
    network = Lists()
    with recorded(network, tmp_path) as recorder:
        for x, y in zip(X4, Y4, strict=True):
            gradients = network.backward(x, y)
            recorder.note(delta=[gradients[1][0] * 2, gradients[1][1]])
            network.step(gradients)
    assert quantities(tmp_path)[0] == {"delta", "dW", "db", "W_after", "b_after"}
    assert surveyed(understood_in(tmp_path))[0].first == ("delta", 1)


def test_parameters_can_be_noted_by_name(tmp_path: Path) -> None:
    network = Lists()
    with recorded(None, tmp_path, activations="tanh") as recorder:
        for x, y in zip(X4, Y4, strict=True):
            dW, db = network.backward(x, y)
            recorder.note(x, y, W=network.weights, b=network.biases, dW=dW, db1=db[0])
            network.step((dW, db))
    assert quantities(tmp_path) == [{"dW", "db", "W_after", "b_after"}] * 12
    assert all(row.is_right for row in surveyed(understood_in(tmp_path)))


@pytest.mark.parametrize(
    ("given", "numbers", "sentence"),
    [
        ((None, Y4[0]), {}, "x is not among the parameters"),
        ((X4[0], Y4[0]), {"dx": [1.0]}, "the name 'dx' has no meaning here; names are z, a, error"),
        ((X4[0], Y4[0]), {"dW": [1.0]}, "dW has 1 entries, but there are 2 layers of weights"),
    ],
)
def test_a_note_without_a_meaning_is_refused_at_once(given: Any, numbers: Any, sentence: str, tmp_path: Path) -> None:
    recorder = bpviz.record(vars(Lists()), tmp_path / "mine.bpviz")
    with pytest.raises(ValueError, match=r"^[^\n]+$") as fault:
        recorder.note(*given, **numbers)
    assert str(fault.value).startswith(sentence)


# An end before its time


def test_an_exception_passes_through_and_the_file_has_what_there_was(tmp_path: Path) -> None:
    network = layers()
    recorder = bpviz.record(network, tmp_path / "mine.bpviz")
    with pytest.raises(KeyboardInterrupt), recorder:
        _train_until_interrupted(network)
    assert "backpropagation" in vars(type(network))
    assert str(recorder).endswith("12 updates, all of them recorded. The training ended with KeyboardInterrupt.")
    assert recording_in(tmp_path).ended_by == "KeyboardInterrupt"
    assert all(row.is_right for row in surveyed(understood_in(tmp_path)))


def _train_until_interrupted(network: Any) -> None:
    train_layers(network)
    raise KeyboardInterrupt


def test_an_exception_before_the_first_update_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="lost") as fault, recorded(layers(), tmp_path):
        raise KeyError("lost")
    assert fault.value.__notes__ == [
        "bpviz.record: nothing was recorded: its backward pass was not called in the with block"
    ]
    assert not (tmp_path / "mine.bpviz").exists()


def test_numbers_that_are_not_finite_are_recorded_and_named(tmp_path: Path) -> None:
    network = layers()
    with recorded(network, tmp_path):
        network.backpropagation(X4[0], Y4[0], RATE)
        network._layers[2].delta = None
        network._layers[1].derivative = lambda a: a * np.nan
        network.backpropagation(X4[1], Y4[1], RATE)
        network.backpropagation(X4[2], Y4[2], RATE)
    understood = understood_in(tmp_path)
    right, broken, after = surveyed(understood)
    assert right.is_right
    assert (broken.first, broken.differences["delta"]) == (("delta", 2), np.inf)
    assert after.problem.startswith("W of layer 1 is not finite before this update: look for the first update")
    sentences = [verdicts(understood, index)[-1].checked.sentence for index in (1, 2)]
    assert sentences[0].startswith("The first number that is not finite is delta of layer 2 at (0,): it is nan and sho")
    assert sentences[1].startswith("W of layer 1 is not finite before this update")


# The size


def test_a_full_recording_keeps_every_second_update_then_every_fourth(tmp_path: Path) -> None:
    network, alone = layers(), layers()
    train_layers(alone, 4)
    with recorded(network, tmp_path, most_bytes=60_000) as recorder:
        train_layers(network, 4)
    recording = recording_in(tmp_path)
    assert recording.total == 48
    assert recording.stride in (2, 4, 8)
    assert [update.number for update in recording.updates] == list(range(1, 49, recording.stride))
    assert sum(update.n_bytes for update in recording.updates) <= 60_000
    assert f"48 updates, of which every {recording.stride}" in str(recorder)
    assert str(recorder).endswith(f" was kept to stay within the size: {len(recording.updates)}.")
    assert same_parameters(network, alone)
    assert all(row.is_right for row in surveyed(understood_in(tmp_path)))
    assert "W_after" in quantities(tmp_path)[-1]


def same_parameters(one: Any, other: Any) -> bool:
    return all(np.array_equal(a.weights, b.weights) for a, b in zip(one._layers, other._layers, strict=True))


def test_a_thinned_recording_still_sees_the_steps_that_the_loop_makes(tmp_path: Path) -> None:
    network = Inline()
    with recorded(network, tmp_path, most_bytes=20_000):
        for x, y in [*zip(X4, Y4, strict=True)] * 4:
            make_step(network, network.backward(x, y))
    recording = recording_in(tmp_path)
    assert recording.stride >= 4
    assert quantities(tmp_path)[-1] == {"dW", "db", "W_after", "b_after"}
    assert all(row.is_right for row in surveyed(understood_in(tmp_path)))


def test_of_an_update_that_is_too_large_for_the_size_one_is_kept(tmp_path: Path) -> None:
    with recorded(network := layers(), tmp_path, most_bytes=1):
        train_layers(network)
    assert [update.number for update in recording_in(tmp_path).updates] == [1]


# What cannot be recorded


class Unnamed(Lists):
    activations: Any = None

    def backward(self, x: Any, y: Any) -> Any:
        return [2 * super().backward(x, y)[0][0], np.ones((3, 4))]


def test_numbers_that_cannot_be_compared_are_told_of_at_the_first_update(tmp_path: Path) -> None:
    network = Unnamed()
    with recorded(network, tmp_path):
        with pytest.warns(UserWarning, match="cannot be compared: the activation functions are not known; name them"):
            [network.backward(x, y) for x, y in zip(X4[:2], Y4[:2], strict=True)]
        network.backward(X4[2], Y4[2])
    assert recording_in(tmp_path).total == 3


def test_activations_for_another_number_of_layers_are_told_of_and_left_out(tmp_path: Path) -> None:
    network = Lists()
    with (
        pytest.warns(UserWarning, match="activations has 3 entries, but there are 2 layers"),
        recorded(network, tmp_path, activations=["tanh"] * 3),
    ):
        network.step(network.backward(X4[0], Y4[0]))
    assert surveyed(understood_in(tmp_path))[0].is_right


class Weightless:
    def backward(self, x: Any, y: Any) -> None: ...


class WithoutTargets(Lists):
    def backward(self, gradient: Any) -> Any:  # type: ignore[override]
        return gradient


def test_a_program_without_anything_to_record_is_told_so(tmp_path: Path) -> None:
    cases: list[tuple[Any, Any, str]] = [
        (object(), lambda network: None, "the network has no method such as backpropagation(X, y, learning_rate)"),
        (layers(), lambda network: None, "its backward pass was not called in the with block"),
        (Weightless(), lambda network: network.backward(1, 2), "no weights were found: the network needs `layers`"),
        (WithoutTargets(), lambda network: network.backward(X4[0]), "y is not among the parameters of the backward"),
    ]
    for network, train, sentence in cases:
        with pytest.raises(ValueError, match=r"^[^\n]+$") as fault, recorded(network, tmp_path):
            train(network)
        assert str(fault.value).startswith(f"nothing was recorded: {sentence}")
        assert not (tmp_path / "mine.bpviz").exists()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"activations": "swosh"}, "the activation of layer 1 is 'swosh', which bpviz does not know"),
        ({"loss": "hinge"}, "the loss is 'hinge', which bpviz does not know"),
        ({"learning_rate": -1.0}, "the learning rate is -1; it must be greater than 0"),
        ({"most_bytes": 0}, "most_bytes is 0; it must be from 1 to"),
    ],
)
def test_settings_without_a_meaning_are_refused_before_the_training(settings: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$") as fault:
        bpviz.record(layers(), "mine.bpviz", **settings)
    assert str(fault.value).startswith(sentence)


@pytest.mark.parametrize(("name", "told"), [("mine.npz", "its name must end in .bpviz"), ("no/mine.bpviz", "folder")])
def test_a_file_that_cannot_be_written_is_refused_before_the_training(name: str, told: str, tmp_path: Path) -> None:
    network = layers()
    with pytest.raises(ExportError, match=told), bpviz.record(network, tmp_path / name):
        raise AssertionError("the training has begun")


def test_names_and_settings_that_are_given_are_used(tmp_path: Path) -> None:
    class Named:
        def __init__(self) -> None:
            self.kernel, self.offset = [np.random.RandomState(2).randn(4, 4)], [np.zeros(4)]

        def learn(self, X: Any, y: Any) -> Any:
            a = np.tanh(X @ self.kernel[0])
            return [np.outer(X, (a - y) * (1 - a**2))]

    names = {"W": "kernel", "b": "offset", "backpropagation": "learn"}
    network = Named()
    with recorded(network, tmp_path, names=names, activations="tanh", loss="mse", learning_rate=0.5):
        network.kernel[0] -= 0.5 * network.learn(X4[0], Y4[0])[0]
    recording = recording_in(tmp_path)
    assert (recording.activations, recording.loss, recording.updates[0].raw.learning_rate) == (("tanh",), "mse", 0.5)
    assert surveyed(understood_in(tmp_path))[0].first == ("b_after", 1)
    with recorded(network, tmp_path, names=names, activations="tanh", train_biases=False):
        network.kernel[0] -= 0.5 * network.learn(X4[0], Y4[0])[0]
    assert surveyed(understood_in(tmp_path))[0].is_right


def test_the_articles_own_network_is_recorded_while_it_trains(tmp_path: Path) -> None:
    network = bpviz.NeuralNetwork.build([4, 5, 4], ["tanh", "sigmoid"])
    with recorded(network, tmp_path):
        for x, y in zip(X4, Y4, strict=True):
            network.backpropagation(x, y, RATE)
    assert recording_in(tmp_path).total == 12
    assert all(row.is_right for row in surveyed(understood_in(tmp_path)))


def test_an_explicit_tolerance_is_what_counts(tmp_path: Path) -> None:
    network = classifier("accumulated")
    with recorded(network, tmp_path):
        train_classifier(network)
    understood = understood_in(tmp_path)
    worst = max(max(row.differences.values()) for row in surveyed(understood)[1:])
    assert all(row.is_right for row in surveyed(understood, min(1.01 * worst, 1.0))) == (worst < 1.0)
    assert not any(row.is_right for row in surveyed(understood, 1e-15)[1:])
