"""Graphs of ONNX: chains of dense layers in the ways in which programs write them, and what is no chain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpviz.core.network import Network
from bpviz.session.network_files.network_file import NetworkFile, NetworkFileError
from bpviz.session.network_files.reading import read_network

onnx = pytest.importorskip("onnx")
RNG = np.random.RandomState(0)
W1, B1, W2 = RNG.randn(2, 3), RNG.randn(3), RNG.randn(3, 2)
X = RNG.randn(5, 2)


def node(kind: str, inputs: str, output: str, name: str = "", **settings: Any) -> Any:
    return onnx.helper.make_node(kind, inputs.split(), [output], name=name, **settings)


def read(folder: Path, *nodes: Any, inputs: tuple[str, ...] = ("x",), **arrays: Any) -> NetworkFile:
    given = {"W1": W1, "b1": B1, "W2": W2, "square": np.eye(3), "b3": np.zeros(3)} | arrays
    stored = [onnx.numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in given.items()]
    ends = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.DOUBLE, None) for name in inputs]
    graph = onnx.helper.make_graph(list(nodes), "g", ends, [], stored)
    path = folder / "a.onnx"
    path.write_bytes(onnx.helper.make_model(graph).SerializeToString())
    return read_network(path)


def outputs_of(found: NetworkFile) -> Any:
    network = Network.build(found.sizes, found.activations)
    network.parameters[:] = found.parameters
    return network.feed_forward(X)


def test_gemm_may_hold_transposed_weights_and_factors(tmp_path: Path) -> None:
    found = read(tmp_path, node("Gemm", "x V b1", "y", transB=1, alpha=2.0, beta=0.5), V=W1.T)
    np.testing.assert_allclose(outputs_of(found), 2.0 * (X @ W1) + 0.5 * B1)


def test_a_product_and_a_sum_are_a_dense_layer(tmp_path: Path) -> None:
    nodes = [node("MatMul", "x W1", "p"), node("Add", "b1 p", "z"), node("Tanh", "z", "a"), node("MatMul", "a W2", "y")]
    np.testing.assert_allclose(outputs_of(read(tmp_path, *nodes)), np.tanh(X @ W1 + B1) @ W2)


def test_a_bias_may_have_an_axis_for_the_samples(tmp_path: Path) -> None:
    found = read(tmp_path, node("MatMul", "x W1", "p"), node("Add", "p row", "y"), row=B1[None])
    np.testing.assert_allclose(outputs_of(found), X @ W1 + B1)


def test_labels_after_the_outputs_are_cut_off(tmp_path: Path) -> None:
    nodes = [node("Gemm", "x W1 b1", "z"), node("Softmax", "z", "a", axis=1), node("ArgMax", "a", "label")]
    nodes += [node("Identity", "a", "probabilities"), node("Cast", "label", "text", to=6)]
    assert read(tmp_path, *nodes).activations == ("softmax",)


@pytest.mark.parametrize(
    ("nodes", "sentence"),
    [
        ([node("Conv", "x W1", "y", "Conv_3")], "node Conv_3: not a dense layer"),
        ([node("Conv", "x W1", "y")], "node Conv_1: not a dense layer"),
        ([node("Conv", "x W1", "y", "/features/0")], "node /features/0 (Conv): not a dense layer"),
        ([node("Gemm", "x W1 b1", "z"), node("Mul", "z z", "y", "Mul_1")], "node Mul_1: not a dense layer"),
        ([node("Gemm", "x W1 b1", "z", transA=1)], "node Gemm_1: not a dense layer, as it multiplies from the left"),
        ([node("Gemm", "x absent b1", "z")], "node Gemm_1: not a dense layer, as absent is not an array in the file"),
        ([node("Gemm", "x W1 b1", "z"), node("HardSwish", "z", "y")], "node HardSwish_2: not a dense layer"),
        ([node("Gemm", "x W1 b1", "z"), node("LeakyRelu", "z", "y", alpha=0.3)], "node LeakyRelu_2: alpha must be"),
        ([node("Gemm", "x W1 b1", "z"), node("Add", "z x", "y")], "node Add_2: "),
        ([node("Gemm", "x W1 b1", "z"), node("Relu", "z", "r"), node("Tanh", "z", "t")], "node Tanh_3: it branches"),
        ([node("Relu", "x", "x")], "node Relu_1: it has no output"),
        ([node("Gemm", "x square b3", "z"), node("Relu", "z", "x")], "its nodes form a loop"),
        ([], "there is no dense layer"),
    ],
)
def test_what_is_no_chain_of_dense_layers_is_named(nodes: list[Any], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(NetworkFileError) as caught:
        read(tmp_path, *nodes)
    assert str(caught.value).partition("cannot be opened: ")[2].startswith(sentence)


def test_a_graph_with_two_inputs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkFileError, match="it has 2 inputs, not one"):
        read(tmp_path, node("Gemm", "x W1 b1", "z"), inputs=("x", "u"))


def test_numbers_in_another_file_are_not_read(tmp_path: Path) -> None:
    stored = onnx.numpy_helper.from_array(W1, "W1")
    stored.data_location = onnx.TensorProto.EXTERNAL
    stored.external_data.add(key="location", value="/etc/passwd")
    ends = [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.DOUBLE, None)]
    graph = onnx.helper.make_graph([node("MatMul", "x W1", "y", "MatMul_1")], "g", ends, [], [stored])
    (tmp_path / "a.onnx").write_bytes(onnx.helper.make_model(graph).SerializeToString())
    with pytest.raises(NetworkFileError, match="node MatMul_1: its numbers are in another file"):
        read_network(tmp_path / "a.onnx")
