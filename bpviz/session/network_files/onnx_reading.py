"""Networks in ONNX files: dense layers and activations, from the input on, as far as they follow one another."""

from __future__ import annotations

from typing import Any, BinaryIO

import numpy as np
import onnx
from onnx import numpy_helper

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.language import _
from bpviz.session.network_files.network_file import MOST_NUMBERS, Content
from bpviz.session.network_files.onnx_operators import OPERATORS, Operator

_ACTIVATIONS = {operator.name: name for name, operator in OPERATORS.items()}
# Of the inputs of a batch of rows, the last axis is also the second.
_LAST_AXIS = (-1, 1)
_WITHOUT_EFFECT = ("Identity", "Cast", "Flatten", "Dropout")
#: What follows on the outputs to make labels and a table of probabilities of them; skl2onnx writes all of it.
_TAIL = (
    *("ArgMax", "ArrayFeatureExtractor", "Binarizer", "Concat", "LabelEncoder", "Normalizer", "Reshape", "Shape"),
    *("Sub", "TopK", "ZipMap", "Squeeze", "Unsqueeze"),
)
_MOST_NODES = 200
_FLOATS = (onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE, onnx.TensorProto.FLOAT16)


def read_onnx(file: BinaryIO) -> Content:
    """Return the layers of a model.

    Raises
    ------
    ValueError
        If it is no ONNX file, or has something else than a chain of dense layers: the sentence names the node.
    """
    try:
        graph = onnx.load_model_from_string(file.read()).graph
        if len(graph.node) > _MOST_NODES:
            raise ValueError(
                _("it has {n_node} nodes, more than any network that bpviz can open").format(n_node=len(graph.node))
            )
        walk = _Walk(graph)
        walk.run()
    except ValueError:
        raise
    except Exception as fault:  # protobuf has its own errors, and a damaged file has texts for numbers
        raise ValueError(_("it is not an ONNX file, or damaged")) from fault
    return walk.content


class _Walk:
    """Follows the graph from its input, node by node."""

    def __init__(self, graph: Any) -> None:
        self.content = Content()
        self._arrays = {each.name: each for each in graph.initializer}
        self._arrays |= {node.output[0]: _value(node) for node in graph.node if node.op_type == "Constant"}
        self._nodes = [node for node in graph.node if node.op_type != "Constant"]
        inputs = [each.name for each in graph.input if each.name not in self._arrays]
        if len(inputs) != 1:
            raise ValueError(_("it has {n_inputs} inputs, not one").format(n_inputs=len(inputs)))
        self._at, self._done = inputs[0], 0
        # Weights without bias, as MatMul leaves them: an Add may follow.
        self._pending: tuple[str, Array] | None = None

    def run(self) -> None:
        """Collect all layers."""
        while (node := self._next()) is not None:
            if len(node.output) < 1 or node.output[0] in (self._at, ""):
                raise ValueError(_("{where}: it has no output").format(where=self._where(node)))
            self._take(node)
            self._at, self._done = node.output[0], self._done + 1
            if self._done > len(self._nodes):
                raise ValueError(_("its nodes form a loop"))
        self._finish_pending(None)

    def _next(self) -> Any:
        """Return the node that computes with the present array; None where only labels follow."""
        followers = [node for node in self._nodes if self._at in node.input]
        computing = [node for node in followers if node.op_type not in _TAIL]
        if len(computing) > 1:
            computing = [node for node in computing if node.op_type not in _WITHOUT_EFFECT] or computing[:1]
        if len(computing) > 1:
            raise ValueError(
                _("{where}: it branches off, and the layers do not form a chain").format(
                    where=self._where(computing[1])
                )
            )
        if followers and not computing and not self.content.chain.sizes and self._pending is None:
            raise ValueError(_("{where}: not a dense layer").format(where=self._where(followers[0])))
        return computing[0] if computing else None

    def _take(self, node: Any) -> None:
        where, kind = self._where(node), node.op_type
        if kind == "Add" and self._pending:
            self._finish_pending(self._other(node, where))
            return
        self._finish_pending(None)
        if kind == "MatMul":
            if node.input[0] != self._at:
                raise ValueError(_("{where}: not a dense layer, as it multiplies from the left").format(where=where))
            self._pending = where, self._other(node, where)
        elif kind == "Gemm":
            self._add_gemm(node, where)
        elif kind in _ACTIVATIONS:
            self._add_activation(node, where)
        elif kind not in _WITHOUT_EFFECT:
            raise ValueError(_("{where}: not a dense layer").format(where=where))

    def _add_gemm(self, node: Any, where: str) -> None:
        settings = _settings(node)
        if node.input[0] != self._at or settings.get("transA", 0):
            raise ValueError(_("{where}: not a dense layer, as it multiplies from the left").format(where=where))
        W = self._array(node.input[1], where) * settings.get("alpha", 1.0)
        b = self._array(node.input[2], where) * settings.get("beta", 1.0) if len(node.input) > 2 else None
        self._add_dense(where, W.T if settings.get("transB", 0) else W, b)

    def _finish_pending(self, bias: Array | None) -> None:
        if self._pending:
            self._add_dense(*self._pending, bias)
            self._pending = None

    def _add_dense(self, where: str, W: Array, b: Array | None) -> None:
        if b is not None and W.ndim == 2:
            if b.size not in (1, W.shape[1]):
                raise ValueError(
                    _("{where}: its bias has the shape {of_b}, its weights {of_W}").format(
                        where=where, of_b=b.shape, of_W=W.shape
                    )
                )
            b = np.broadcast_to(b.ravel(), W.shape[1:])
        self.content.chain.add_dense(where, W, b)

    def _add_activation(self, node: Any, where: str) -> None:
        name = _ACTIVATIONS[node.op_type]
        if name not in ACTIVATIONS:
            raise ValueError(
                _("{where}: bpviz has no activation {name}; it has {activations}").format(
                    where=where, name=name, activations=", ".join(ACTIVATIONS)
                )
            )
        operator = OPERATORS[name]
        if operator.setting:
            given = _settings(node).get(operator.setting, operator.default)
            if not _is_ours(operator, given):
                raise ValueError(
                    _("{where}: {setting} must be {value}, as in bpviz, not {given}").format(
                        where=where, setting=operator.setting, value=operator.value, given=given
                    )
                )
        self.content.chain.add_activation(where, name)

    def _other(self, node: Any, where: str) -> Array:
        """Return the input of a node that is not the present array."""
        others = [name for name in node.input if name != self._at]
        if len(others) != 1:
            raise ValueError(_("{where}: not a dense layer").format(where=where))
        return self._array(others[0], where)

    def _array(self, name: str, where: str) -> Array:
        stored = self._arrays.get(name)
        if stored is None:
            raise ValueError(
                _("{where}: not a dense layer, as {value} is not an array in the file").format(
                    where=where, value=name or _("one of its inputs")
                )
            )
        if stored.data_location == onnx.TensorProto.EXTERNAL or stored.external_data:
            raise ValueError(
                _("{where}: its numbers are in another file; save the model as one file").format(where=where)
            )
        if stored.data_type not in _FLOATS or np.prod([float(n) for n in stored.dims]) > MOST_NUMBERS:
            raise ValueError(_("{where}: its weights are not numbers, or more than bpviz can open").format(where=where))
        try:
            return np.asarray(numpy_helper.to_array(stored), dtype=np.float64)
        except (ValueError, TypeError) as fault:
            raise ValueError(_("{where}: its array {name} is damaged").format(where=where, name=name)) from fault

    def _where(self, node: Any) -> str:
        name = node.name or f"{node.op_type}_{self._nodes.index(node) + 1}"
        return (
            _("node {name}").format(name=name)
            if node.op_type.lower() in name.lower()
            else _("node {name} ({op_type})").format(name=name, op_type=node.op_type)
        )


def _is_ours(operator: Operator, given: Any) -> bool:
    if operator.setting == "axis":
        return given in _LAST_AXIS
    if isinstance(operator.value, float):
        return isinstance(given, float) and abs(given - operator.value) < 1e-7  # the file has it as a float32
    return bool(given == operator.value)


def _settings(node: Any) -> dict[str, Any]:
    values = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
    return {
        name: value.decode(errors="replace") if isinstance(value, bytes) else value for name, value in values.items()
    }


def _value(node: Any) -> Any:
    return next((each.t for each in node.attribute if each.name == "value"), onnx.TensorProto())
