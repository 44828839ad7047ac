import csv
import dataclasses
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error, r2_score

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.csv_export import write_history
from bpviz.session.files.session_file import read_session, write_session
from bpviz.session.files.snapshot import single_branch_session
from bpviz.session.time_travel.history import History
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.sample_search import NoSuchSampleError, SampleChoice, find_sample
from bpviz.session.training.training import Training
from tests.session.helpers import SMALL, advance

PLANE = dataclasses.replace(SMALL, dataset="plane", activations=("sigmoid", "tanh", "none"), samples=60)


def trained(experiment: Experiment, epochs: int) -> tuple[History, EpochTable]:
    history, table = History(Training(experiment)), EpochTable()
    while len(table) < epochs:
        table.extend(advance(history, 1000))
    return history, table


def test_a_record_of_a_regression_has_its_scores_and_no_accuracy() -> None:
    training = Training(dataclasses.replace(PLANE, dataset="diabetes", scale="standard"))
    record, split = training.run_epoch(), training.split
    assert np.isnan([record.accuracy_train, record.accuracy_test]).all()
    assert record.regression is not None
    for X, y, name in ((split.X_train, split.y_train, "train"), (split.X_test, split.y_test, "test")):
        outputs = training.network.feed_forward(X)
        assert getattr(record.regression, f"r2_{name}") == pytest.approx(r2_score(y, outputs))
        assert getattr(record.regression, f"mae_{name}") == pytest.approx(mean_absolute_error(y, outputs))


def test_a_table_keeps_the_scores_of_a_regression_as_it_grows() -> None:
    record, table = Training(PLANE).run_epoch(), EpochTable()
    table.extend(dataclasses.replace(record, epoch=epoch) for epoch in range(300))
    assert table.is_regression
    assert record.regression is not None
    for name in record.regression._fields:
        np.testing.assert_array_equal(table.column(name), np.full(300, getattr(record.regression, name)))
    np.testing.assert_array_equal(table.copy(7).column("r2_test"), np.full(7, record.regression.r2_test))


def test_a_classification_has_no_scores_of_a_regression() -> None:
    _, table = trained(SMALL, 2)
    assert not table.is_regression
    assert np.isnan(table.column("r2_train")).tolist() == [True, True]
    assert set(table.arrays()) == {"numbers", "deltas", "updates"}


def test_a_saved_regression_opens_with_its_scores(tmp_path: Path) -> None:
    history, table = trained(PLANE, 3)
    write_session(tmp_path / "r.bpviz", single_branch_session(history, PLANE, table))
    session = read_session(tmp_path / "r.bpviz")
    assert session.branches[0].first == PLANE
    for name, array in table.arrays().items():
        np.testing.assert_array_equal(session.branches[0].epochs.arrays()[name], array)


def test_the_history_of_a_regression_has_its_own_columns(tmp_path: Path) -> None:
    _, table = trained(PLANE, 3)
    write_history(table, tmp_path / "h.csv")
    with (tmp_path / "h.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    scores = ["mse_train", "mse_test", "r2_train", "r2_test", "mae_train", "mae_test"]
    assert header == ["epoch", *scores, "loss_train", "loss_test", "penalty"]
    for number, name in enumerate(header[1:], start=1):
        assert [float(row[number]) for row in rows] == table.column(name).tolist()


def test_no_sample_of_a_regression_is_misclassified() -> None:
    with pytest.raises(NoSuchSampleError, match="A regression has no classes: choose the worst sample instead"):
        find_sample(Training(PLANE), SampleChoice.MISCLASSIFIED, None, np.random.default_rng(0))
