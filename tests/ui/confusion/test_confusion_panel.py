"""The panel with the confusion matrix."""

from __future__ import annotations

import csv
import dataclasses
import io

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from sklearn.metrics import accuracy_score, confusion_matrix, precision_score, recall_score

from bpviz.core.arrays import Array, Indices
from bpviz.session.engine.commands import InspectSample, SetFrameOptions
from bpviz.session.engine.events import State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.frames.frame import FrameOptions
from bpviz.session.frames.predictions import Predictions
from bpviz.ui.confusion import confusion_words as words
from bpviz.ui.confusion.cell import Cell
from bpviz.ui.confusion.confusion_panel import TEST, ConfusionPanel
from bpviz.ui.style import formats
from bpviz.ui.style.theme import DARK
from tests.ui.conftest import Show
from tests.ui.stage import GRID, Stage
from tests.ui.user_input import click, lay_out_and_paint, press

IRIS = load_preset("iris").experiment
NAMES = ("setosa", "versicolor", "virginica")
BLOBS = Experiment(dataset="blobs", classes=3, samples=90, hidden=(6,), activations=("tanh", "softmax"))
SINE = load_preset("sine").experiment


@pytest.fixture
def panel(stage: Stage, show: Show) -> ConfusionPanel:
    """The panel with the irises after ten epochs, and their matrix."""
    made = ConfusionPanel(stage.model)
    show(made, 620, 460)
    stage.prepare(IRIS)
    stage.train(10)
    stage.frame()
    return made


def sets(stage: Stage) -> tuple[tuple[Array, Array, Indices], tuple[Array, Array, Indices]]:
    """Return inputs, targets and labels of the training and the test samples."""
    split = stage.training.split
    return (split.X_train, split.y_train, split.labels_train), (split.X_test, split.y_test, split.labels_test)


def texts(panel: ConfusionPanel) -> list[list[str]]:
    table = panel.matrix
    return [[table.text(row, column) for column in range(table.columnCount())] for row in range(table.rowCount())]


def expected_texts(labels: Indices, predicted: Indices, n_classes: int) -> list[list[str]]:
    """Return the texts of all cells by scikit-learn."""
    classes = list(range(n_classes))
    counts = confusion_matrix(labels, predicted, labels=classes)
    scores = {"labels": classes, "average": None, "zero_division": np.nan}
    recall, precision = recall_score(labels, predicted, **scores), precision_score(labels, predicted, **scores)
    rows = [[*map(str, row), words.share(float(share))] for row, share in zip(counts, recall, strict=True)]
    last = [words.share(float(share)) for share in (*precision, accuracy_score(labels, predicted))]
    return [*rows, last]


def open_cell(panel: ConfusionPanel, row: int, column: int) -> None:
    """Click on a cell of the matrix."""
    lay_out_and_paint(panel.window())
    click(panel.view.viewport(), panel.view.visualRect(panel.matrix.index(row, column)).center())
    lay_out_and_paint(panel.window())


def column(panel: ConfusionPanel, title: str) -> list[str]:
    titles = [each.title for each in panel.samples.columns]
    return [panel.samples.text(row, titles.index(title)) for row in range(panel.samples.rowCount())]


def fullest(panel: ConfusionPanel, *, right: bool) -> tuple[int, int]:
    """Return the cell with most samples on the diagonal, or beside it."""
    assert panel.matrix.matrix is not None
    counts, diagonal = panel.matrix.matrix.counts, np.eye(panel.matrix.matrix.n_classes, dtype=bool)
    row, col = np.unravel_index(np.where(diagonal == right, counts, -1).argmax(), counts.shape)
    return int(row), int(col)


# What is requested


def test_predictions_are_requested_while_the_panel_is_seen(panel: ConfusionPanel, stage: Stage) -> None:
    assert stage.commands.of(SetFrameOptions) == [FrameOptions(predictions=True)]
    panel.hide()
    assert stage.commands.of(SetFrameOptions)[-1] == FrameOptions()
    panel.show()
    assert stage.commands.of(SetFrameOptions)[-1] == FrameOptions(predictions=True)


def test_a_hidden_panel_catches_up_when_it_is_shown(panel: ConfusionPanel, stage: Stage) -> None:
    panel.hide()
    before = texts(panel)
    stage.train(40)
    stage.frame()
    assert texts(panel) == before
    panel.show()
    stage.frame()
    X, _, labels = sets(stage)[0]
    assert texts(panel) == expected_texts(labels, stage.training.network.predict(X), 3) != before


def test_a_regression_has_no_matrix_and_nothing_is_predicted(stage: Stage, show: Show) -> None:
    made = ConfusionPanel(stage.model)
    show(made, 620, 460)
    assert made.empty.text() == words.NO_NETWORK
    stage.prepare(SINE)
    stage.frame()
    assert made.empty.isVisible()
    assert made.empty.text() == words.NO_CLASSES
    assert not made.which.isEnabled()
    assert stage.commands.of(SetFrameOptions) == []
    stage.prepare(BLOBS)
    assert made.empty.text() == words.WAITING
    stage.frame(GRID)
    assert made.view.isVisible()
    assert made.which.isEnabled()
    stage.prepare(SINE)
    assert made.empty.isVisible()
    assert (made.caption(), made.readout.text()) == ("", "")


# The matrix


def test_counts_precision_and_recall_are_those_of_scikit_learn(panel: ConfusionPanel, stage: Stage) -> None:
    QAbstractItemModelTester(panel.matrix, QAbstractItemModelTester.FailureReportingMode.Warning, panel.matrix)
    for kind, (X, _, labels) in zip(("Training", TEST), sets(stage), strict=True):
        panel.which.setCurrentText(kind)
        predicted = stage.training.network.predict(X)
        assert texts(panel) == expected_texts(labels, predicted, 3)
        accuracy = words.percent(accuracy_score(labels, predicted))
        assert panel.caption() == f"accuracy {accuracy} · {len(labels)} samples"


def test_rows_and_columns_have_the_names_of_the_classes(panel: ConfusionPanel) -> None:
    for header, last in ((panel.view.down, "Precision %"), (panel.view.across, "Recall %")):
        assert tuple(header.name(section) for section in range(4)) == (*NAMES, last)


def test_it_follows_training(panel: ConfusionPanel, stage: Stage) -> None:
    before = texts(panel)
    stage.train(40)
    stage.become(State.RUNNING)
    stage.frame()
    stage.model.paint_queue.finish()
    X, _, labels = sets(stage)[0]
    assert texts(panel) == expected_texts(labels, stage.training.network.predict(X), 3) != before


def test_what_is_undefined_is_a_dash_that_says_why(panel: ConfusionPanel, stage: Stage) -> None:
    stage.training.network.layers[-1].weights = np.zeros((8, 3))
    stage.training.network.layers[-1].bias = np.array([0.0, 5.0, 0.0])
    stage.frame()
    assert [panel.matrix.text(3, column) for column in range(3)] == ["–", words.share(37 / 105), "–"]
    assert "undefined: no sample is predicted as this class (0 of 0)" in panel.matrix.tip(3, 0)
    missing = dataclasses.replace(predictions(panel), labels=np.zeros(105, dtype=np.intp))
    stage.tell(dataclasses.replace(stage.make_frame(), predicted_train=missing))
    assert [panel.matrix.text(row, 3) for row in range(3)] == ["0", "–", "–"]
    assert "undefined: none of the samples is of this class (0 of 0)" in panel.matrix.tip(2, 3)
    assert words.percent(0.0) in panel.matrix.tip(0, 3)


def predictions(panel: ConfusionPanel) -> Predictions:
    frame = panel.model.frame
    assert frame is not None
    assert frame.predicted_train is not None
    return frame.predicted_train


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "100"), (0.9999, "99.9"), (0.5, "50.0"), (0.0001, "0.1"), (0.0, "0"), (np.nan, "–")]
)
def test_only_a_whole_share_is_100_and_only_none_is_0(value: float, text: str) -> None:
    assert words.share(value) == text


def test_each_cell_says_itself_in_a_sentence(panel: ConfusionPanel, stage: Stage) -> None:
    assert panel.matrix.matrix is not None
    counts = panel.matrix.matrix.counts
    share = words.percent(counts[1, 2] / counts[1].sum())
    says = panel.matrix.accessible_text(1, 2)
    assert (
        says == f"true versicolor, predicted virginica: {words.samples(int(counts[1, 2]))}, {share} of true versicolor"
    )
    for_class, wrong = panel.matrix.accessible_text(1, 3), counts[1, [0, 2]].sum() + counts[[0, 2], 1].sum()
    assert for_class.startswith(f"Recall of versicolor {words.percent(counts[1, 1] / counts[1].sum())}: ")
    assert for_class.endswith(f"accuracy against all other classes {words.percent(1 - wrong / 105)}")


def test_many_samples_are_said_to_be_a_part(panel: ConfusionPanel, stage: Stage) -> None:
    some = dataclasses.replace(predictions(panel), n_there=1234)
    stage.tell(dataclasses.replace(stage.make_frame(), predicted_train=some))
    assert panel.caption().endswith(" · 105 of 1,234 samples")


def test_the_cell_of_the_selected_sample_is_marked(panel: ConfusionPanel, stage: Stage) -> None:
    labels, predicted = sets(stage)[0][2], stage.training.network.predict(sets(stage)[0][0])
    stage.model.select(sample=7)
    assert panel.matrix.of_selected == Cell(int(labels[7]), int(predicted[7]))
    panel.which.setCurrentText(TEST)
    assert panel.matrix.of_selected is None


def test_another_theme_paints_the_cells_anew(panel: ConfusionPanel, stage: Stage) -> None:
    before = panel.matrix.light(0, 0)
    stage.model.set_theme(DARK)
    after = panel.matrix.light(0, 0)
    assert before is not None
    assert after is not None
    assert before != after
    assert panel.matrix.light(0, 3) is None


# The list


def test_a_click_on_a_cell_lists_its_samples(panel: ConfusionPanel, stage: Stage) -> None:
    row, col = fullest(panel, right=False)
    open_cell(panel, row, col)
    QAbstractItemModelTester(panel.samples, QAbstractItemModelTester.FailureReportingMode.Warning, panel.samples)
    (X, y, labels), network, split = sets(stage)[0], stage.training.network, stage.training.split
    expected = np.flatnonzero((labels == row) & (network.predict(X) == col))
    assert len(expected) > 0
    np.testing.assert_array_equal(panel.samples.samples, expected)
    assert column(panel, "Sample") == [str(sample) for sample in expected]
    assert column(panel, "Loss") == [formats.number(float(loss)) for loss in network.losses(X[expected], y[expected])]
    outputs = network.feed_forward(X[expected]).astype(np.float32)
    assert column(panel, f"a {NAMES[col]}") == [formats.number(float(a), 3) for a in outputs[:, col]]
    for number, name in enumerate(split.input_names):
        assert column(panel, name) == [formats.number(float(x)) for x in split.scaling.undo(X)[expected, number]]
    assert panel.sample_view.isVisible()
    assert panel.readout.text() == panel.matrix.describe(row, col)


def test_inputs_are_listed_in_their_original_units(stage: Stage, show: Show) -> None:
    made = ConfusionPanel(stage.model)
    show(made, 620, 460)
    stage.prepare(dataclasses.replace(IRIS, scale="standard"))
    stage.frame()
    open_cell(made, 3, 3)
    split = stage.training.split
    assert column(made, split.input_names[0]) == [
        formats.number(float(x)) for x in split.scaling.undo(split.X_train)[:, 0]
    ]
    assert float(column(made, split.input_names[0])[0]) > 4


def test_cells_of_shares_list_a_row_a_column_or_everything(panel: ConfusionPanel, stage: Stage) -> None:
    (X, _, labels), names = sets(stage)[0], np.array(NAMES)
    predicted = stage.training.network.predict(X)
    open_cell(panel, 1, 3)
    assert column(panel, "Predicted") == names[predicted[labels == 1]].tolist()
    open_cell(panel, 3, 2)
    assert column(panel, "True") == names[labels[predicted == 2]].tolist()
    open_cell(panel, 3, 3)
    assert column(panel, "True") == names[labels].tolist()
    assert column(panel, "Predicted") == names[predicted].tolist()


def test_a_title_sorts_the_list(panel: ConfusionPanel) -> None:
    open_cell(panel, *fullest(panel, right=True))
    titles = [each.title for each in panel.samples.columns]
    numbers = panel.samples.samples.copy()
    losses = dict(zip(numbers.tolist(), panel.samples.columns[titles.index("Loss")].values.tolist(), strict=True))
    header = panel.sample_view.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(titles.index("Loss")) + 8, header.height() // 2)
    click(header.viewport(), at)
    assert panel.samples.samples.tolist() == sorted(losses, key=lambda sample: losses[sample])
    click(header.viewport(), at)
    assert panel.samples.samples.tolist() == sorted(losses, key=lambda sample: -losses[sample])
    assert panel.samples.headerData(titles.index("Loss"), Qt.Orientation.Horizontal) == "Loss ▾"
    assert column(panel, "Loss") == [formats.number(losses[sample]) for sample in panel.samples.samples.tolist()]


def test_the_list_follows_training_in_its_order(panel: ConfusionPanel, stage: Stage) -> None:
    open_cell(panel, 3, 3)
    titles = [each.title for each in panel.samples.columns]
    panel.sample_view.sortByColumn(titles.index("Loss"), Qt.SortOrder.DescendingOrder)
    stage.train(30)
    stage.frame()
    X, y, _ = sets(stage)[0]
    losses = stage.training.network.losses(X, y)
    np.testing.assert_array_equal(panel.samples.samples, np.argsort(-losses, kind="stable"))


def test_a_row_chooses_its_training_sample_everywhere(panel: ConfusionPanel, stage: Stage) -> None:
    open_cell(panel, *fullest(panel, right=True))
    sample = int(panel.samples.samples[1])
    click(panel.sample_view.viewport(), panel.sample_view.visualRect(panel.samples.index(1, 1)).center())
    assert stage.model.selection.sample == sample
    assert stage.commands.of(InspectSample) == [sample]
    stage.model.select(sample=int(panel.samples.samples[0]))
    assert panel.sample_view.currentIndex().row() == 0


def test_while_training_runs_a_row_selects_and_inspects_nothing(panel: ConfusionPanel, stage: Stage) -> None:
    open_cell(panel, *fullest(panel, right=True))
    stage.become(State.RUNNING)
    panel.sample_view.setCurrentIndex(panel.samples.index(1, 0))
    press(panel.sample_view, Qt.Key.Key_Return)
    assert stage.model.selection.sample == int(panel.samples.samples[1])
    assert stage.commands.of(InspectSample) == []


def test_a_test_sample_is_listed_but_cannot_be_chosen_and_a_sentence_says_why(
    panel: ConfusionPanel, stage: Stage
) -> None:
    panel.which.setCurrentText(TEST)
    open_cell(panel, *fullest(panel, right=True))
    click(panel.sample_view.viewport(), panel.sample_view.visualRect(panel.samples.index(0, 0)).center())
    assert (stage.commands.of(InspectSample), stage.model.selection.sample) == ([], None)
    assert panel.readout.text() == f"Test sample {panel.samples.samples[0]}: {words.TEST_ROW}"
    assert words.TEST_ROW in panel.samples.tip(0, 0)
    panel.which.setCurrentIndex(0)
    assert words.TEST_ROW not in panel.readout.text()


def test_the_list_is_closed_by_its_button_its_cell_or_escape(panel: ConfusionPanel) -> None:
    assert not panel.close_list.isVisibleTo(panel.title_line)
    open_cell(panel, 0, 0)
    assert panel.close_list.isVisibleTo(panel.title_line)
    click(panel.close_list)
    assert not panel.sample_view.isVisible()
    open_cell(panel, 0, 0)
    open_cell(panel, 0, 0)
    assert not panel.sample_view.isVisible()
    open_cell(panel, 0, 0)
    press(panel.sample_view, Qt.Key.Key_Escape)
    assert not panel.sample_view.isVisible()
    assert panel.matrix.listed is None


def test_another_network_closes_the_list(panel: ConfusionPanel, stage: Stage) -> None:
    open_cell(panel, 2, 2)
    stage.prepare(BLOBS)
    stage.frame(GRID)
    assert not panel.sample_view.isVisible()
    assert panel.matrix.rowCount() == 4
    assert tuple(panel.view.down.name(section) for section in range(3)) == ("0", "1", "2")


# Keyboard


def test_arrow_keys_move_and_enter_lists(panel: ConfusionPanel) -> None:
    panel.view.setCurrentIndex(panel.matrix.index(0, 0))
    press(panel.view, Qt.Key.Key_Down)
    press(panel.view, Qt.Key.Key_Right)
    assert panel.readout.text() == panel.matrix.describe(1, 1)
    assert not panel.sample_view.isVisible()
    press(panel.view, Qt.Key.Key_Return)
    assert panel.cell == Cell(1, 1)
    assert panel.sample_view.accessibleName() == "Samples of the cell: true versicolor, predicted versicolor"


def test_ctrl_c_and_the_context_menu_copy_the_matrix_as_csv(panel: ConfusionPanel, stage: Stage) -> None:
    press(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    rows = list(csv.reader(io.StringIO(copied)))
    X, _, labels = sets(stage)[0]
    predicted = stage.training.network.predict(X)
    assert rows[0] == ["true \\ predicted", *NAMES, "recall"]
    assert [row[0] for row in rows[1:]] == [*NAMES, "precision", "accuracy"]
    counts = np.array([row[1:4] for row in rows[1:4]], dtype=int)
    np.testing.assert_array_equal(counts, confusion_matrix(labels, predicted))
    np.testing.assert_allclose([float(row[4]) for row in rows[1:4]], recall_score(labels, predicted, average=None))
    assert float(rows[5][1]) == pytest.approx(accuracy_score(labels, predicted))
    QGuiApplication.clipboard().clear()
    (action,) = panel.view.actions()
    action.trigger()
    assert QGuiApplication.clipboard().text() == copied
