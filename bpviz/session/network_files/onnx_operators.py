"""ONNX's operators for the activations, with the setting for which each is bpviz's function."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.core.activations import LEAK


@dataclass(frozen=True)
class Operator:
    """An operator of ONNX.

    Attributes
    ----------
    name : str
    setting : str, optional
        The name of its setting, if there is one that matters.
    default : float or str
        The value of the setting if a file does not have it.
    value : float or str
        The value for which it is bpviz's function.
    """

    name: str
    setting: str | None = None
    default: float | str = ""
    value: float | str = ""


#: Activation -> operator.
OPERATORS = {
    "relu": Operator("Relu"),
    "leaky_relu": Operator("LeakyRelu", "alpha", 0.01, LEAK),
    "tanh": Operator("Tanh"),
    "sigmoid": Operator("Sigmoid"),
    "softmax": Operator("Softmax", "axis", -1, -1),
    "elu": Operator("Elu", "alpha", 1.0, 1.0),
    "gelu": Operator("Gelu", "approximate", "none", "none"),
    "softplus": Operator("Softplus"),
    "sin": Operator("Sin"),
}
