"""The report against plain numpy, on the article's run and on networks whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.core.network import Layer, Network
from bpviz.session.diagnostics.plateau import PlateauReport, report_in_pieces
from bpviz.session.diagnostics.plateau_words import Finding, findings, per_cent_below_all, stands_still, summary
from bpviz.session.experiment.presets import load_preset
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training

_NO_LOSSES = np.empty(0)


def report_of(
    network: Network, x: Array, y: Array, losses: Array = _NO_LOSSES, n_training: int | None = None
) -> PlateauReport:
    pieces = list(report_in_pieces(network, x, y, losses, Position(len(losses)), n_training or len(x)))
    assert set(pieces[:-1]) == {None}
    assert pieces[-1] is not None
    return pieces[-1]


@pytest.fixture(scope="module")
def article() -> tuple[Training, Array]:
    """The article's data and network after 60 epochs, in the middle of its plateau."""
    training = Training(load_preset("moons").experiment)
    return training, np.array([training.run_epoch().mse_train for _ in range(60)])


@pytest.fixture(scope="module")
def report(article: tuple[Training, Array]) -> PlateauReport:
    training, losses = article
    return report_of(training.network, training.split.X_train, training.split.y_train, losses)


def sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def passes(training: Training) -> tuple[list[Array], list[Array], list[Array]]:
    """Return a of all layers, the inputs included, then slope and delta of layers 1 to 4, sample after sample."""
    layers, a = training.network.layers, [training.split.X_train]
    for layer in layers:
        a.append(sigmoid(a[-1] @ layer.weights + layer.bias))
    slopes = [each * (1 - each) for each in a[1:]]
    deltas = [(a[-1] - training.split.y_train) * slopes[-1]]
    for layer, slope in zip(layers[:0:-1], slopes[-2::-1], strict=True):
        deltas.insert(0, (deltas[0] @ layer.weights.T) * slope)
    return a, slopes, deltas


def test_every_number_of_a_layer_is_that_of_plain_numpy(article: tuple[Training, Array], report: PlateauReport) -> None:
    activations, slopes, deltas = passes(article[0])
    for index, state in enumerate(report.layers):
        a_prev, a, slope, delta = activations[index], activations[index + 1], slopes[index], deltas[index]
        centred = a - a.mean(axis=0)
        values = np.linalg.svd(centred, compute_uv=False)
        shares = values / values.sum()
        gradients = np.einsum("si,sj->sij", a_prev, delta)  # one matrix for each sample
        left = np.abs(gradients.sum(axis=0)).sum() / np.abs(gradients).sum()
        assert (state.layer, state.n_neurons, state.steepest) == (index + 1, a.shape[1], 0.25)
        np.testing.assert_allclose(
            [state.spread, state.difference, state.rank, state.main_share, state.slope, state.saturated],
            [
                np.sqrt(np.mean(centred**2)),
                np.linalg.norm(centred) / np.linalg.norm(a),
                np.exp(-np.sum(shares * np.log(shares))),
                values[0] ** 2 / np.sum(values**2),
                slope.mean(),
                np.mean(slope < 0.025),
            ],
            rtol=1e-9,
        )
        np.testing.assert_allclose(1 - state.cancelled, left, rtol=1e-9)
        np.testing.assert_allclose(report.flow.deltas[index], np.sqrt(np.mean(delta**2)), rtol=1e-9)


def test_the_numbers_of_the_loss_are_those_of_the_records_and_of_plain_numpy(
    article: tuple[Training, Array], report: PlateauReport
) -> None:
    training, losses = article
    outputs, y = passes(training)[0][-1], training.split.y_train
    assert (report.first_epoch, report.last_epoch) == (40, 60)
    assert (report.mse_before, report.mse_after) == (losses[39], losses[59])
    np.testing.assert_allclose(report.mse, losses[59])
    np.testing.assert_allclose(report.mse_of_constant, np.mean((y - y.mean(axis=0)) ** 2))
    assert report.accuracy == np.mean(outputs.argmax(axis=1) == training.split.labels_train)
    assert (report.n_samples, report.n_training) == (1400, 1400)


def sentences(report: PlateauReport) -> dict[str, Finding]:
    return {f"{finding.panel} {finding.is_cause}": finding for finding in findings(report)}


def test_of_the_articles_plateau_it_says_what_is_true(report: PlateauReport) -> None:
    """The layers do tell samples apart, but along one line; nothing is saturated, and gradients cancel."""
    assert stands_still(report)
    assert min(state.difference for state in report.layers) > 0.1
    assert [state.main_share > 0.99 for state in report.layers] == [False, True, True, True]
    assert max(state.saturated for state in report.layers) < 0.1
    assert min(state.cancelled for state in report.layers) > 0.9
    told = sentences(report)
    assert set(told) == {
        *("curves False", "surface False", "hidden_space False", "hidden_space True"),
        *("network False", "deltas False", "weights True"),
    }
    assert "it stands still" in told["curves False"].sentence
    assert told["hidden_space False"].sentence.startswith("The outputs of every layer differ")
    assert told["hidden_space True"].sentence.startswith("In layers 2 and 3 the samples differ along one direction")
    assert told["network False"].sentence.startswith("No layer is saturated")
    assert "one direction only" in summary(report)
    assert "gradients cancel in all layers" in summary(report)


def test_before_the_plateau_the_loss_does_not_stand_still(article: tuple[Training, Array]) -> None:
    training, losses = article
    early = report_of(training.network, training.split.X_train, training.split.y_train, losses[:15])
    assert (early.first_epoch, early.last_epoch) == (1, 15)
    assert summary(early).startswith("The loss does not stand still: ")
    assert "% less over the last 14 epochs" in summary(early)


@pytest.mark.parametrize("epochs", [0, 1])
def test_before_two_epochs_the_change_cannot_be_told(article: tuple[Training, Array], epochs: int) -> None:
    training, losses = article
    fresh = report_of(training.network, training.split.X_train, training.split.y_train, losses[:epochs])
    assert summary(fresh) == "How the loss changes cannot be told before two epochs are complete."
    assert len(findings(fresh)) == 7


X = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
Y = np.array([[1.0], [1.0], [0.0], [0.0]])


def network_with(*weights: list[list[float]], activation: str = "none", bias: float = 0.0) -> Network:
    network = Network()
    for matrix in weights:
        shape = np.shape(matrix)
        network.add_layer(Layer(shape[0], shape[1], activation, matrix, [bias] * shape[1]))
    return network


def test_a_layer_that_sends_the_same_for_every_sample_is_named() -> None:
    dull = report_of(network_with([[0.0, 0.0], [0.0, 0.0]], [[1.0], [1.0]], bias=0.25), X, Y, np.array([0.25, 0.25]))
    assert [state.difference for state in dull.layers] == [0, 0]
    assert np.isnan(dull.layers[0].rank)
    assert "the outputs of all layers hardly differ between samples" in summary(dull)
    assert {finding.panel for finding in findings(dull) if finding.is_cause} >= {"hidden_space"}


def test_a_plane_has_rank_two_and_a_line_rank_one() -> None:
    plane = report_of(network_with([[1.0, 0.0], [0.0, 1.0]], [[1.0], [1.0]]), X, Y)
    line = report_of(network_with([[1.0, 2.0], [0.0, 0.0]], [[1.0], [1.0]]), X, Y)
    assert (plane.layers[0].rank, plane.layers[0].main_share) == pytest.approx((2, 0.5))
    assert (line.layers[0].rank, line.layers[0].main_share) == pytest.approx((1, 1))


def test_opposite_samples_cancel_and_alike_ones_do_not() -> None:
    zero = network_with([[0.0], [0.0]])
    opposite = report_of(zero, np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[1.0], [-1.0]]))
    alike = report_of(zero, np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[1.0], [1.0]]))
    assert (opposite.layers[0].cancelled, alike.layers[0].cancelled) == (1, 0)


def test_a_saturated_layer_is_a_cause() -> None:
    flat = report_of(network_with([[90.0], [90.0]], activation="sigmoid"), X, Y, np.array([0.2, 0.2]))
    assert flat.layers[0].saturated == 1
    assert "layer 1 is saturated" in summary(flat)


def test_a_network_that_answers_alike_is_compared_with_a_constant() -> None:
    constant = report_of(network_with([[0.0], [0.0]], bias=0.5), X, Y)
    assert constant.mse == constant.mse_of_constant == 0.25
    assert sentences(constant)["surface True"].sentence.startswith("The MSE 0.25 is no better than a constant")


def test_numbers_that_are_not_finite_are_told_without_a_fault() -> None:
    broken = report_of(network_with([[np.inf], [1.0]], [[1.0]]), X, Y, np.array([0.2, 0.2]))
    assert np.isnan(broken.layers[0].rank)
    assert "not a number" in " ".join(finding.sentence for finding in findings(broken))


def test_a_large_layer_is_read_in_pieces_and_its_rank_from_part_of_the_samples() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(700, 300))
    network = network_with(np.eye(300).tolist())
    pieces = list(report_in_pieces(network, x, x, _NO_LOSSES, Position(), 700))
    report = pieces[-1]
    assert report is not None
    assert len(pieces) > 5
    assert 100 < report.layers[0].rank <= 234  # every third sample
    assert report.n_samples == 700


@pytest.mark.parametrize(
    ("share", "words"), [(0.5, "50 %"), (0.995, "99.5 %"), (0.99996, "99.996 %"), (1.0, "100 %"), (0.001, "0.1 %")]
)
def test_what_is_less_than_all_is_never_told_as_100_per_cent(share: float, words: str) -> None:
    assert per_cent_below_all(share) == words
