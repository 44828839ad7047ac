"""Networks read from files that other programs have written, and what is refused, in one sentence each."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from bpviz.core.network import Network
from bpviz.session.network_files.network_file import NetworkFile, NetworkFileError, UnknownActivationsError
from bpviz.session.network_files.reading import read_network
from bpviz.session.network_files.writing import SUFFIXES, write_network
from bpviz.session.training.training import Training
from tests.session.helpers import SMALL

DATA = Path(__file__).with_name("data")
RECORDED = json.loads((DATA / "outputs.json").read_text(encoding="utf-8"))
TORCH = Path(__file__).parents[2] / "core" / "interchange" / "data"
NEEDS = {".onnx": "onnx", ".keras": "h5py"}


def network_of(found: NetworkFile) -> Network:
    network = Network.build(found.sizes, found.activations)
    network.parameters[:] = found.parameters
    return network


@pytest.mark.parametrize("name", RECORDED["outputs"])
def test_outputs_are_those_of_the_program_that_wrote_the_file(name: str) -> None:
    pytest.importorskip(NEEDS[Path(name).suffix])
    outputs = network_of(read_network(DATA / name)).feed_forward(RECORDED["inputs"])
    # These programs compute in single precision.
    np.testing.assert_allclose(outputs, RECORDED["outputs"][name], rtol=1e-5, atol=1e-6)


def test_pytorchs_tensors_are_transposed() -> None:
    recorded = json.loads((TORCH / "torch_models.json").read_text(encoding="utf-8"))
    found = read_network(TORCH / "hidden.safetensors", ("relu", "tanh", "none"))
    assert (found.sizes, found.activations) == ((2, 5, 4, 3), ("relu", "tanh", "none"))
    outputs = network_of(found).feed_forward(recorded["inputs"])
    np.testing.assert_allclose(outputs, recorded["models"]["hidden"]["outputs"], rtol=1e-12)


def test_activations_that_the_file_does_not_name_must_be_given() -> None:
    with pytest.raises(UnknownActivationsError, match="does not say which activations its layers have") as caught:
        read_network(TORCH / "hidden.safetensors")
    assert caught.value.n_layers == 3
    assert read_network(TORCH / "hidden.safetensors", ("tanh",), "softmax").activations == ("tanh", "tanh", "softmax")
    with pytest.raises(NetworkFileError, match="3 layers need as many activations, not 2"):
        read_network(TORCH / "hidden.safetensors", ("tanh", "relu"))
    with pytest.raises(NetworkFileError, match="no activation is called 'cosine'"):
        read_network(TORCH / "hidden.safetensors", ("cosine",))


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("activations", [("sigmoid", "tanh", "sigmoid"), ("relu", "leaky_relu", "softmax")])
def test_what_bpviz_writes_it_reads(suffix: str, activations: tuple[str, ...], tmp_path: Path) -> None:
    if suffix in NEEDS:
        pytest.importorskip(NEEDS[suffix])
    training = Training(SMALL.__class__(samples=40, hidden=(4, 3), activations=activations))
    write_network(training, tmp_path / f"a{suffix}")
    found = read_network(tmp_path / f"a{suffix}")
    assert (found.sizes, found.activations) == ((2, 4, 3, 2), activations)
    np.testing.assert_array_equal(found.parameters, training.network.parameters)


def test_arrays_of_numpy_are_sorted_by_their_numbers(tmp_path: Path) -> None:
    rng = np.random.RandomState(0)
    arrays: dict[str, Any] = {}
    for number in range(8, 0, -1):
        arrays |= {f"W{number}": rng.randn(number + 1, number + 2), f"b{number}": rng.randn(number + 2)}
    np.savez_compressed(tmp_path / "a.npz", activations=np.array(["tanh"] * 8), **arrays)
    found = read_network(tmp_path / "a.npz")
    assert found.sizes == tuple(range(2, 11))
    np.testing.assert_array_equal(network_of(found).layers[7].weights, arrays["W8"])


def test_dotted_names_are_sorted_by_their_numbers_too(tmp_path: Path) -> None:
    tensors = {f"net.{2 * k}.weight": np.full((k + 3, k + 2), 0.5, np.float32) for k in range(6)}
    save_file(tensors, tmp_path / "a.safetensors", metadata={"activations": "relu, relu, relu, relu, relu, none"})
    found = read_network(tmp_path / "a.safetensors")
    assert (found.sizes, found.activations[-1]) == (tuple(range(2, 9)), "none")


W, B = np.ones((2, 3)), np.zeros(3)


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"W1": W, "b1": B, "mean": B}, "array mean: not the weights or the bias of a dense layer"),
        ({"W1": np.ones((2, 3, 3, 3))}, "array W1: not the weights of a dense layer, its shape is (2, 3, 3, 3)"),
        ({"0.weight": np.ones(4)}, "array 0.weight: not the weights of a dense layer, its shape is (4,)"),
        ({"W1": W, "b1": np.zeros(2)}, "array W1: its bias has the shape (2,), its weights (2, 3)"),
        ({"W1": W, "W2": np.ones((4, 2))}, "array W2: it takes 4 inputs, but the layer before gives 3"),
        ({"b1": B}, "array b1: there are no weights that belong to this bias"),
        ({"W1": np.full((2, 3), np.nan)}, "array W1: its weights hold a number that is not finite"),
        ({"W1": np.ones((2, 0))}, "array W1: its weights have the shape (2, 0), which no dense layer has"),
        ({"W1": np.array(["a"])}, "array W1: it does not hold numbers"),
        ({"W1": np.ones((2, 3)) * 1j}, "array W1: it does not hold numbers"),
        ({"W1": W, "experiment": np.array("{}")}, "array experiment: it is not an experiment as bpviz writes it"),
        ({"W1": np.zeros((600, 600))}, "array W1: it is larger than any network that bpviz can open"),
        ({f"W{number}": np.ones((1, 1)) for number in range(1, 99)}, "it holds more than any network that bpviz can"),
        ({}, "there is no dense layer"),
    ],
)
def test_other_arrays_are_refused_in_a_sentence(arrays: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(NetworkFileError) as caught:
        read_network(tmp_path / "a.npz", ("tanh",))
    assert str(caught.value).startswith(f"{tmp_path / 'a.npz'} cannot be opened: {sentence}")


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return (print, ("this code must not run",))


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".pkl", ".joblib"])
def test_a_pickle_is_never_read(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"model{suffix}"
    path.write_bytes(pickle.dumps(Evil()))
    with pytest.raises(NetworkFileError, match="a pickle can run any code, so it is never read") as told:
        read_network(path)
    line = str(told.value).partition("write ")[2]
    compile(line, "line", "eval")
    assert ("safetensors" if suffix.startswith(".pt") else "savez") in line
    assert capsys.readouterr().out == ""


def test_objects_in_an_archive_of_numpy_are_never_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "a.npz", W1=np.array([Evil()], dtype=object))
    with pytest.raises(NetworkFileError, match="objects, which could hold code, are never read"):
        read_network(tmp_path / "a.npz")
    assert capsys.readouterr().out == ""


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkFileError, match=r"its name must end in .npz, .safetensors, .onnx or .keras"):
        read_network(tmp_path / "a.txt")
    with pytest.raises(NetworkFileError, match="no such file"):
        read_network(tmp_path / "a.npz")
    (tmp_path / "folder.onnx").mkdir()
    with pytest.raises(NetworkFileError, match=r"that is a folder|package"):
        read_network(tmp_path / "folder.onnx")
