import csv
from pathlib import Path

import numpy as np
import pytest

from bpviz import NeuralNetwork
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.csv_export import write_history, write_weights
from bpviz.session.files.safe_write import ExportError
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.training import Training
from tests.session.helpers import SMALL


@pytest.fixture
def training() -> Training:
    return Training(SMALL)


@pytest.fixture
def table(training: Training) -> EpochTable:
    table = EpochTable()
    table.extend(training.run_epoch() for _ in range(3))
    return table


def test_a_history_has_a_row_for_every_epoch_with_all_its_digits(table: EpochTable, tmp_path: Path) -> None:
    write_history(table, tmp_path / "h.csv")
    with (tmp_path / "h.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    names = ["epoch", "mse_train", "mse_test", "accuracy_train", "accuracy_test", "loss_train", "loss_test", "penalty"]
    assert header == names
    assert [int(row[0]) for row in rows] == [1, 2, 3]
    for number, name in enumerate(names[1:], start=1):
        assert [float(row[number]) for row in rows] == table.column(name).tolist()
    assert [row[1] for row in rows] == [repr(mse) for mse in table.column("mse_train").tolist()]


def test_accuracy_in_a_history_is_a_share(table: EpochTable, tmp_path: Path) -> None:
    write_history(table, tmp_path / "h.csv")
    columns = np.loadtxt(tmp_path / "h.csv", delimiter=",", skiprows=1)
    assert ((columns[:, 3:5] >= 0) & (columns[:, 3:5] <= 1)).all()


def test_a_history_without_epochs_has_its_header(tmp_path: Path) -> None:
    write_history(EpochTable(), tmp_path / "h.csv")
    assert (tmp_path / "h.csv").read_bytes() == (
        b"epoch,mse_train,mse_test,accuracy_train,accuracy_test,loss_train,loss_test,penalty\n"
    )


def test_weights_and_experiment_make_the_same_network_again(training: Training, tmp_path: Path) -> None:
    training.run_epoch()
    write_weights(training, tmp_path / "w.npz")
    with np.load(tmp_path / "w.npz", allow_pickle=False) as file:
        assert sorted(file.files) == ["W1", "W2", "W3", "b1", "b2", "b3", "experiment"]
        experiment = Experiment.from_json(str(file["experiment"]))
        network = NeuralNetwork.build(experiment.sizes, experiment.activations)
        for number, layer in enumerate(network.layers, start=1):
            layer.weights, layer.bias = file[f"W{number}"], file[f"b{number}"]
    assert experiment == SMALL
    np.testing.assert_array_equal(network.parameters, training.network.parameters)


def test_the_same_weights_make_the_same_file(training: Training, tmp_path: Path) -> None:
    write_weights(training, tmp_path / "a.npz")
    write_weights(training, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_a_failed_write_raises_an_error_with_a_message(training: Training, table: EpochTable, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"h\.csv cannot be written"):
        write_history(table, tmp_path / "nowhere" / "h.csv")
    with pytest.raises(ExportError, match=r"w\.npz cannot be written"):
        write_weights(training, tmp_path / "nowhere" / "w.npz")


def test_a_history_of_a_run_with_planted_mistakes_says_so_in_every_row(table: EpochTable, tmp_path: Path) -> None:
    write_history(table, tmp_path / "h.csv", n_planted=2)
    with (tmp_path / "h.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert (header[:2], header[-1]) == (["epoch", "mse_train"], "planted_mistakes")
    assert [row[-1] for row in rows] == ["2", "2", "2"]
