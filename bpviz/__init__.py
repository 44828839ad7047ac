"""bpviz shows backpropagation happening."""

from bpviz.core.network import Layer
from bpviz.core.training.article import NeuralNetwork

__version__ = "0.1.0"
__all__ = ["Layer", "NeuralNetwork", "__version__"]
