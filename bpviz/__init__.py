"""bpviz shows backpropagation happening."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bpviz.core.checking.check import check as check
    from bpviz.core.mistakes.catalogue import MISTAKES as MISTAKES
    from bpviz.core.network import Layer as Layer
    from bpviz.core.training.article import NeuralNetwork as NeuralNetwork
    from bpviz.session.recording.opening import open_report as open_report
    from bpviz.session.recording.recorder import record as record

__version__ = "0.1.0"
__all__ = ["MISTAKES", "Layer", "NeuralNetwork", "__version__", "check", "open_report", "record"]

_MODULES = {
    "MISTAKES": "bpviz.core.mistakes.catalogue",
    "Layer": "bpviz.core.network",
    "NeuralNetwork": "bpviz.core.training.article",
    "check": "bpviz.core.checking.check",
    "open_report": "bpviz.session.recording.opening",
    "record": "bpviz.session.recording.recorder",
}


def __getattr__(name: str) -> Any:
    """Import a name of the library when it is first asked for: the window needs none of them to open."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES[name]), name)
