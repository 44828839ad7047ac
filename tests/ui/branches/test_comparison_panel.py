"""The comparison panel: drawing of both branches, their difference, and texts about their positions."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from bpviz.core.surface import Grid
from bpviz.session.engine.commands import RequestFrame
from bpviz.session.experiment.difference import differences
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.frame import Frame
from bpviz.session.frames.frame_maker import FrameMaker
from bpviz.session.time_travel.timeline import BranchInfo
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.ui.branches.comparing import class_difference, compared_position_text, margin_difference
from bpviz.ui.branches.comparison_panel import ComparisonPanel
from bpviz.ui.plotting.log_scale import LogScale, StableLogScale
from bpviz.ui.style.theme import DARK, LIGHT
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import GRID, Stage

FASTER = dataclasses.replace(SMALL, learning_rate=0.5)
DEEPER = dataclasses.replace(SMALL, hidden=(5, 4, 3), activations=("relu",) * 3 + ("sigmoid",))
BLOBS = dataclasses.replace(SMALL, dataset="blobs", classes=3)


class Pair:
    """A stage with a second training for the compared branch."""

    def __init__(self, stage: Stage, panel: ComparisonPanel) -> None:
        self.stage, self.panel = stage, panel
        self.beside: Training

    def begin(self, other: Experiment = FASTER, own: Experiment = SMALL, epochs: int = 3, theirs: int = 3) -> None:
        """Train both, send both branches in a timeline, and compare them."""
        self.stage.prepare(own)
        self.stage.train(epochs)
        self.beside, table = Training(other), EpochTable()
        table.extend(self.beside.run_epoch() for _ in range(theirs))
        self.tell_timeline()
        self.stage.model.time.take_compared(table)

    def tell_timeline(self, compared: int | None = 5) -> None:
        """Send a timeline with both branches."""
        ours, theirs = self.stage.training, self.beside
        first = BranchInfo(0, "main", ours.experiment, None, Position(), (), ours.position, None)
        second = BranchInfo(5, "the other", theirs.experiment, 0, Position(1), (), theirs.position, None)
        self.stage.tell_timeline(first, second, compared=compared)

    def draw(self, grid: Grid = GRID) -> Frame:
        """Send a frame with the frame of the compared branch."""
        assert self.stage.model.prepared
        maker = FrameMaker(self.beside, self.stage.model.prepared.shown)
        maker.request(grid)
        other = None
        while other is None:
            other = maker.make_piece()
        frame = dataclasses.replace(self.stage.make_frame(grid), beside=other)
        self.stage.tell(frame)
        return frame


@pytest.fixture
def panel(show: Show, stage: Stage) -> ComparisonPanel:
    made = ComparisonPanel(stage.model)
    show(made, 760, 640)
    return made


@pytest.fixture
def pair(panel: ComparisonPanel, stage: Stage) -> Pair:
    made = Pair(stage, panel)
    made.begin()
    return made


def names(panel: ComparisonPanel) -> list[str]:
    return [label.text() for label in panel.names]


def cells(panel: ComparisonPanel, name: str) -> list[str]:
    return [panel.scores.cells[name, column].text() for column in range(3)]


# Without a comparison


def test_it_shows_how_to_start_a_comparison(panel: ComparisonPanel, stage: Stage) -> None:
    stage.prepare()
    stage.tell_timeline()
    stage.frame()
    assert panel.pages.currentIndex() == 0
    assert not panel.differing.isVisible()


def test_the_hint_returns_when_the_comparison_ends(panel: ComparisonPanel, pair: Pair) -> None:
    pair.draw()
    assert panel.pages.currentIndex() == 1
    pair.tell_timeline(compared=None)
    assert panel.pages.currentIndex() == 0


def test_a_grid_is_requested_only_during_a_comparison(pair: Pair, stage: Stage) -> None:
    assert stage.commands.of(RequestFrame)
    pair.tell_timeline(compared=None)
    stage.commands.given.clear()
    pair.draw()
    assert stage.commands.of(RequestFrame) == []


# Both surfaces


def test_each_surface_is_drawn_from_its_own_network(panel: ComparisonPanel, pair: Pair) -> None:
    pair.draw()
    for view, training in ((panel.left, pair.stage.training), (panel.right, pair.beside)):
        a = GRID.points().astype(np.float64)
        for layer in training.network.layers:
            z = a @ layer.weights + layer.bias
            a = np.tanh(z) if layer.activation == "tanh" else 1 / (1 + np.exp(-z))
        is_orange = (a[:, 1] > a[:, 0]).reshape(GRID.rows, GRID.columns)
        pixels = view.image.image.astype(int)
        sure = np.abs(a[:, 1] - a[:, 0]).reshape(is_orange.shape) > 0.02  # paler ones round to the paper colour
        assert ((pixels[..., 0] > pixels[..., 2]) == is_orange)[sure].all()
        assert view.image.mapRectToParent(view.image.boundingRect()) == QRectF(-1.5, -1.0, 4.0, 2.5)


def test_both_surfaces_show_the_same_part_of_the_plane(panel: ComparisonPanel, pair: Pair) -> None:
    pair.draw()
    panel.left.moved.emit(QRectF(0.0, 0.0, 1.0, 1.0))
    panel.right.show_part(QRectF(-1.0, -1.0, 2.0, 2.0))
    panel.right.moved.emit(QRectF(-1.0, -1.0, 2.0, 2.0))
    ranges = [view.plot.viewRange() for view in (panel.left, panel.right)]
    np.testing.assert_allclose(ranges[0], ranges[1], atol=0.05)


def test_titles_have_names_and_positions(panel: ComparisonPanel, pair: Pair) -> None:
    pair.draw()
    assert names(panel) == ["main · epoch 3", "the other · epoch 3"]
    assert panel.caption() == "main | the other"


def test_the_differences_are_shown_in_one_line(panel: ComparisonPanel, pair: Pair) -> None:
    assert panel.differing.text() == "learning rate 0.1 | 0.5"
    pair.begin(DEEPER)
    assert panel.differing.text() == " · ".join(each.describe() for each in differences(SMALL, DEEPER))
    pair.begin(SMALL)
    assert "interventions" in panel.differing.text()


def test_a_frame_without_the_compared_branch_draws_the_active_one(panel: ComparisonPanel, pair: Pair) -> None:
    pair.draw()
    pair.stage.frame(GRID)
    assert panel.left.image.image is not None
    assert panel.right.image.image is None
    assert names(panel)[1] == "the other · loading"


def test_the_position_of_a_branch_that_catches_up_is_shown(panel: ComparisonPanel, pair: Pair) -> None:
    pair.begin(epochs=7, theirs=2)
    pair.draw()
    assert names(panel) == ["main · epoch 7", "the other · catching up: epoch 2 of 7"]
    assert cells(panel, "mse_test")[2] == "–"


@pytest.mark.parametrize(
    ("here", "there", "words"),
    [
        (Position(400), Position(123), "catching up: epoch 123 of 400"),
        (Position(2000), Position(1234), "catching up: epoch 1,234 of 2,000"),
        (Position(4, 3), Position(4, 1), "catching up: epoch 4, sample 1, not yet epoch 4, sample 3"),
        (Position(4), Position(9), "ahead: epoch 9"),
        (Position(4), Position(4), "epoch 4"),
        (Position(4), None, "loading"),
    ],
)
def test_the_compared_position_is_relative_to_the_active_one(
    here: Position, there: Position | None, words: str
) -> None:
    assert compared_position_text(here, there) == words


# The difference


def test_the_difference_is_the_right_margin_minus_the_left_one(panel: ComparisonPanel, pair: Pair) -> None:
    panel.view.setCurrentText("Difference")
    frame = pair.draw()
    assert frame.beside
    ours, theirs = frame.outputs.astype(float), frame.beside.outputs.astype(float)
    expected = (theirs[..., 1] - theirs[..., 0]) - (ours[..., 1] - ours[..., 0])
    np.testing.assert_allclose(panel.difference.image.image, expected, atol=1e-6)
    low, high = panel.difference.image.levels
    assert low == -high
    assert high >= np.quantile(np.abs(expected), 0.9)


def test_the_difference_has_a_stable_range_with_labelled_ends(panel: ComparisonPanel, pair: Pair) -> None:
    panel.view.setCurrentText("Difference")
    pair.draw()
    before = tuple(panel.difference.image.levels)
    pair.stage.train(1)
    pair.beside.run_epoch()
    pair.draw()
    assert tuple(panel.difference.image.levels) == before
    place, text = panel.bar.ticks[-1]
    assert (place, float(text)) == (1.0, before[1])


def test_branches_just_after_a_fork_show_no_noise(panel: ComparisonPanel, pair: Pair) -> None:
    pair.begin(SMALL)
    panel.view.setCurrentText("Difference")
    pair.draw()
    assert tuple(panel.difference.image.levels) == (-0.001, 0.001)
    assert not panel.difference.image.image.any()


def test_there_is_no_difference_at_unequal_positions(panel: ComparisonPanel, pair: Pair) -> None:
    pair.begin(epochs=4, theirs=2)
    panel.view.setCurrentText("Difference")
    pair.draw()
    assert panel.note.isVisible()
    assert not panel.difference.isVisible()
    pair.beside.run_epoch()
    pair.beside.run_epoch()
    pair.draw()
    assert panel.difference.isVisible()
    assert not panel.note.isVisible()


def test_with_several_classes_the_difference_is_where_the_classes_differ(panel: ComparisonPanel, pair: Pair) -> None:
    pair.begin(dataclasses.replace(BLOBS, learning_rate=0.5), BLOBS)
    panel.view.setCurrentText("Difference")
    frame = pair.draw()
    assert frame.beside
    expected = [
        [int(np.argmax(a) != np.argmax(b)) for a, b in zip(*rows, strict=True)]
        for rows in zip(frame.outputs, frame.beside.outputs, strict=True)
    ]
    assert panel.difference.image.image.tolist() == expected
    assert [text for _, text in panel.bar.ticks] == ["same", "other"]


def test_nan_counts_as_no_difference() -> None:
    broken = np.full((2, 2, 2), np.nan, dtype=np.float32)
    broken[0, 0] = np.inf, -np.inf
    good = np.ones((2, 2, 2), dtype=np.float32)
    assert not margin_difference(good, broken).any()
    assert not margin_difference(broken, broken).any()
    assert class_difference(good, good).tolist() == [[0, 0], [0, 0]]


# Deltas and losses


def test_delta_rms_is_over_the_displayed_samples_of_each_layer(panel: ComparisonPanel, pair: Pair) -> None:
    frame = pair.draw()
    assert frame.beside
    assert len(panel.bars.pairs) == 3
    for number, found in enumerate(panel.bars.pairs):
        for each, rms in zip((frame, frame.beside), found, strict=True):
            squares = [float(delta) ** 2 for delta in each.deltas[number].ravel()]
            assert rms == pytest.approx(math.sqrt(math.fsum(squares) / len(squares)), rel=1e-9)


def test_networks_of_unequal_depth_are_compared_from_the_first_layer_on(panel: ComparisonPanel, pair: Pair) -> None:
    pair.begin(DEEPER)
    pair.draw()
    assert len(panel.bars.pairs) == 4
    assert panel.bars.pairs[3][0] is None
    assert panel.bars.pairs[3][1] is not None
    assert "layer 4: – and " in panel.bars.accessibleDescription()


def test_bars_are_logarithmic() -> None:
    scale = StableLogScale()
    scale.fit([0.002, 0.05])
    assert scale.scale == LogScale(-3, -1)
    shares = [scale.share(value) for value in (0.001, 0.01, 0.1, 0.05, 1e-9, 7.0)]
    assert shares == pytest.approx([0.0, 0.5, 1.0, (math.log10(0.05) + 3) / 2, 0.0, 1.0])


def test_the_scale_of_the_bars_grows_at_once_and_shrinks_only_when_much_too_wide() -> None:
    scale = StableLogScale()
    scale.fit([0.002, 0.05])
    scale.fit([0.02, 0.03])
    assert scale.scale == LogScale(-3, -1)
    scale.fit([0.00002, 0.03])
    assert scale.scale == LogScale(-5, -1)
    scale.fit([0.2, 0.3])
    assert scale.scale == LogScale(-5, 0)
    scale.fit([0.2, 0.3])
    assert scale.scale == LogScale(-2, 0)


@pytest.mark.parametrize("value", [None, 0.0, math.nan, math.inf])
def test_zero_and_nan_have_no_bar(value: float | None) -> None:
    scale = StableLogScale()
    scale.fit([each for each in (value,) if each is not None])
    assert scale.share(value) == 0.0
    scale.fit([0.1, *([] if value is None else [value])])
    assert scale.share(value) == (1.0 if value == math.inf else 0.0)


def test_both_scores_are_at_their_positions_with_their_difference(panel: ComparisonPanel, pair: Pair) -> None:
    pair.draw()
    for name, X, labels in (("mse_train", "X_train", "labels_train"), ("mse_test", "X_test", "labels_test")):
        expected = []
        for training in (pair.stage.training, pair.beside):
            targets = np.eye(2)[getattr(training.split, labels)]
            a = getattr(training.split, X)
            for layer in training.network.layers:
                z = a @ layer.weights + layer.bias
                a = np.tanh(z) if layer.activation == "tanh" else 1 / (1 + np.exp(-z))
            expected.append(np.mean((a - targets) ** 2))
        less = f"{expected[1] - expected[0]:+.6f}".replace("-", "−")
        assert cells(panel, name) == [f"{expected[0]:.6f}", f"{expected[1]:.6f}", less]


def test_before_the_first_epoch_there_is_no_mse(panel: ComparisonPanel, pair: Pair) -> None:
    pair.begin(epochs=0, theirs=0)
    pair.draw()
    assert cells(panel, "mse_train") == ["–", "–", "–"]


# Size, visibility, and values that are not finite


def test_surfaces_take_precedence_when_there_is_little_room(stage: Stage, show: Show) -> None:
    panel = ComparisonPanel(stage.model)
    show(panel, 360, 260)
    Pair(stage, panel).begin()
    assert not panel.numbers.isVisible()
    assert panel.left.isVisible()


def test_a_hidden_panel_draws_nothing_until_it_is_shown(panel: ComparisonPanel, pair: Pair) -> None:
    panel.hide()
    frame = pair.draw()
    assert panel.left.image.image is None
    panel.show()
    drawn: Any = panel.left.image.image
    assert drawn.shape == (frame.grid.rows, frame.grid.columns, 3)
    assert names(panel)[0] == "main · epoch 3"


@pytest.mark.parametrize("view", ["Both", "Difference"])
def test_it_uses_the_colours_of_the_theme(panel: ComparisonPanel, pair: Pair, view: str) -> None:
    panel.view.setCurrentText(view)
    pair.draw()
    light = panel.grab().toImage().pixelColor(2, 2)
    pair.stage.model.set_theme(DARK)
    panel.grab()
    assert panel.left.boundary.opts["pen"].color().name().upper() == DARK.ink
    pair.stage.model.set_theme(LIGHT)
    assert panel.grab().toImage().pixelColor(2, 2) == light


@pytest.mark.parametrize("view", ["Both", "Difference"])
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_values_that_are_not_finite_are_drawn(panel: ComparisonPanel, pair: Pair, view: str, value: float) -> None:
    panel.view.setCurrentText(view)
    frame = pair.draw()
    assert frame.beside
    broken = dataclasses.replace(
        frame.beside,
        outputs=np.full_like(frame.beside.outputs, value),
        deltas=tuple(np.full_like(each, value) for each in frame.beside.deltas),
    )
    pair.stage.tell(dataclasses.replace(frame, beside=broken))
    panel.grab()


def test_a_new_session_ends_the_comparison(panel: ComparisonPanel, pair: Pair) -> None:
    pair.draw()
    pair.stage.prepare(BLOBS)
    assert panel.pages.currentIndex() == 0
    assert panel.left.image.image is None
