"""NetworkFile: what a file says about a network, and the largest one that is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from bpviz.core.arrays import Array
from bpviz.core.interchange.chain import Chain
from bpviz.session.experiment.given_parameters import MOST_PARAMETERS

#: Of a file, and of everything that is unpacked from it; more than any network that can be opened.
MOST_BYTES = 64_000_000
#: Of an array with one number for each parameter.
MOST_NUMBERS = MOST_PARAMETERS


class NetworkFileError(ValueError):
    """A file is not a network that can be opened. The message is one sentence: which file, and why."""


class UnknownActivationsError(NetworkFileError):
    """A file does not name the activations.

    Attributes
    ----------
    n_layers : int
        Number of layers, the output layer included.
    """

    def __init__(self, message: str, n_layers: int) -> None:
        super().__init__(message)
        self.n_layers = n_layers


@dataclass
class Content:
    """What a file holds.

    Attributes
    ----------
    chain : Chain
    has_activations : bool
        Whether it says which activations its layers have: a layer without one is then linear.
    loss : str, optional
    """

    chain: Chain = field(default_factory=Chain)
    has_activations: bool = True
    loss: str | None = None


@dataclass(frozen=True)
class NetworkFile:
    """A network read from a file.

    Attributes
    ----------
    sizes : tuple of int
        Widths of all layers, the inputs included.
    activations : tuple of str
        One for each layer, the output layer's last.
    parameters : ndarray of shape (n_parameters,)
        Packed as `bpviz.core.network.Network.parameters`.
    loss : str, optional
        The loss, if the file names it.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    parameters: Array
    loss: str | None = None
