"""Names of activations in other programs, and the settings in which they are the same function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bpviz.core.activations import ACTIVATIONS, LEAK
from bpviz.language import _

#: ``setting(name, default)`` -> the value of a setting of a layer, `default` if it has none.
Setting = Callable[[str, Any], Any]


@dataclass(frozen=True)
class Foreign:
    """An activation of bpviz in another program.

    Attributes
    ----------
    name : str
        Its name in bpviz.
    settings : dict
        Attribute -> the value for which it is bpviz's function; other values are refused.
    """

    name: str
    settings: Mapping[str, Any]


_SLOPE = {"negative_slope": LEAK}
#: Class in torch.nn -> activation. `dim` of Softmax is the last axis.
TORCH = {
    "Identity": Foreign("none", {}),
    "ReLU": Foreign("relu", {}),
    "LeakyReLU": Foreign("leaky_relu", _SLOPE),
    "Tanh": Foreign("tanh", {}),
    "Sigmoid": Foreign("sigmoid", {}),
    "ELU": Foreign("elu", {"alpha": 1.0}),
    "GELU": Foreign("gelu", {"approximate": "none"}),
    "SiLU": Foreign("silu", {}),
    "Softplus": Foreign("softplus", {"beta": 1.0}),
    "Softmax": Foreign("softmax", {}),
}
#: Class in keras.layers -> activation.
KERAS_LAYERS = {
    "ReLU": Foreign("relu", {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}),
    "LeakyReLU": Foreign("leaky_relu", _SLOPE),
    "ELU": Foreign("elu", {"alpha": 1.0}),
    "Softmax": Foreign("softmax", {"axis": -1}),
}
#: Name of an activation of a Keras layer -> activation. Its leaky_relu has another slope than bpviz's.
KERAS = {name: name for name in ("relu", "tanh", "sigmoid", "softmax", "elu", "gelu", "silu", "softplus")}
KERAS |= {"linear": "none", "swish": "silu"}
#: Name in scikit-learn -> activation.
SKLEARN = {"identity": "none", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu", "softmax": "softmax"}


def translate(where: str, foreign: Foreign | None, setting: Setting) -> str:
    """Return the name of an activation in bpviz.

    Parameters
    ----------
    where : str
        The beginning of the sentence that says what is wrong.
    foreign : Foreign or None
        The entry of a table, None if the table has none.
    setting : Setting

    Raises
    ------
    ValueError
        If it is no activation of bpviz.
    """
    if foreign is None:
        raise ValueError(_("{where}: not a dense layer").format(where=where))
    if foreign.name not in ACTIVATIONS:
        raise ValueError(
            _("{where}: bpviz has no activation {name}; it has {activations}").format(
                where=where, name=foreign.name, activations=", ".join(ACTIVATIONS)
            )
        )
    for name, value in foreign.settings.items():
        if (given := setting(name, value)) != value:
            raise ValueError(
                _("{where}: {name} must be {value}, as in bpviz, not {given}").format(
                    where=where, name=name, value=value, given=given
                )
            )
    return foreign.name
