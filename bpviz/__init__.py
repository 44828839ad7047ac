"""bpviz shows backpropagation happening."""

from typing import TYPE_CHECKING, Any

from bpviz.core.network import Layer
from bpviz.core.training.article import NeuralNetwork

if TYPE_CHECKING:
    from bpviz.core.checking.check import check
    from bpviz.core.mistakes.catalogue import MISTAKES

__version__ = "0.1.0"
__all__ = ["MISTAKES", "Layer", "NeuralNetwork", "__version__", "check"]


def __getattr__(name: str) -> Any:
    """Import `check` and `MISTAKES` when they are first asked for: they are for few programs."""
    if name == "check":
        from bpviz.core.checking.check import check

        return check
    if name == "MISTAKES":
        from bpviz.core.mistakes.catalogue import MISTAKES

        return MISTAKES
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
