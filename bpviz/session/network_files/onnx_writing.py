"""Write a network as an ONNX model."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from bpviz.core.network import Network
from bpviz.language import _
from bpviz.session.network_files.onnx_operators import OPERATORS

# Old enough for every program that reads ONNX today; Gelu came with 20.
_OPSET, _IR_VERSION = 20, 9


def write_onnx(network: Network, file: BinaryIO) -> None:
    """Write a model in double precision: one Gemm and one activation for each layer.

    Raises
    ------
    ValueError
        If ONNX has no operator for one of the activations.
    """
    nodes, arrays, at = [], [], "input"
    for number, layer in enumerate(network.layers, start=1):
        if layer.activation not in OPERATORS and layer.activation != "none":
            raise ValueError(
                _("layer {number}: ONNX has no operator for the activation {activation}").format(
                    number=number, activation=layer.activation
                )
            )
        W, b, z, a = (f"{letter}{number}" for letter in "Wbza")
        last = "output" if number == len(network.layers) else a
        arrays += [
            numpy_helper.from_array(np.ascontiguousarray(layer.weights), W),
            numpy_helper.from_array(layer.bias, b),
        ]
        to = last if layer.activation == "none" else z
        nodes.append(helper.make_node("Gemm", [at, W, b], [to], name=f"Gemm_{number}"))
        if layer.activation != "none":
            operator = OPERATORS[layer.activation]
            settings = {} if operator.setting is None else {operator.setting: operator.value}
            nodes.append(helper.make_node(operator.name, [z], [last], name=f"{operator.name}_{number}", **settings))
        at = last
    widths = network.layers[0].n_input, network.layers[-1].n_neurons
    ends = [
        helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["n_samples", width])
        for name, width in zip(("input", "output"), widths, strict=True)
    ]
    graph = helper.make_graph(nodes, "network", ends[:1], ends[1:], arrays)
    opset = helper.make_opsetid("", _OPSET)
    model = helper.make_model(graph, producer_name="bpviz", opset_imports=[opset], ir_version=_IR_VERSION)
    file.write(model.SerializeToString())
