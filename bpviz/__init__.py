"""bpviz shows backpropagation happening."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bpviz.core.checking.check import check as check
    from bpviz.core.interchange.keras_models import from_keras as from_keras
    from bpviz.core.interchange.sklearn_models import from_sklearn as from_sklearn
    from bpviz.core.interchange.sklearn_models import to_sklearn as to_sklearn
    from bpviz.core.interchange.torch_models import from_torch as from_torch
    from bpviz.core.interchange.torch_models import to_torch as to_torch
    from bpviz.core.mistakes.catalogue import MISTAKES as MISTAKES
    from bpviz.core.network import Layer as Layer
    from bpviz.core.training.article import NeuralNetwork as NeuralNetwork
    from bpviz.session.recording.opening import open_report as open_report
    from bpviz.session.recording.recorder import record as record

__version__ = "0.1.0"
__all__ = [
    "MISTAKES",
    "Layer",
    "NeuralNetwork",
    "__version__",
    "check",
    "from_keras",
    "from_sklearn",
    "from_torch",
    "open_report",
    "record",
    "to_sklearn",
    "to_torch",
]

_MODULES = {
    "MISTAKES": "bpviz.core.mistakes.catalogue",
    "Layer": "bpviz.core.network",
    "NeuralNetwork": "bpviz.core.training.article",
    "check": "bpviz.core.checking.check",
    "open_report": "bpviz.session.recording.opening",
    "record": "bpviz.session.recording.recorder",
    "from_keras": "bpviz.core.interchange.keras_models",
    "from_sklearn": "bpviz.core.interchange.sklearn_models",
    "from_torch": "bpviz.core.interchange.torch_models",
    "to_sklearn": "bpviz.core.interchange.sklearn_models",
    "to_torch": "bpviz.core.interchange.torch_models",
}


def __getattr__(name: str) -> Any:
    """Import a name of the library when it is first asked for: the window needs none of them to open."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES[name]), name)
