"""bpviz shows backpropagation happening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bpviz.core.network import Layer as Layer
    from bpviz.core.training.article import NeuralNetwork as NeuralNetwork

__version__ = "0.1.0"
__all__ = ["Layer", "NeuralNetwork", "__version__"]


def __getattr__(name: str) -> Any:
    """Import a class of the library when it is first asked for: the window needs neither to open."""
    if name == "Layer":
        from bpviz.core.network import Layer

        return Layer
    if name == "NeuralNetwork":
        from bpviz.core.training.article import NeuralNetwork

        return NeuralNetwork
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
