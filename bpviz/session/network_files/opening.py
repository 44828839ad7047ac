"""Put a network from a file in place of that of an experiment."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bpviz.core.losses import fits
from bpviz.core.packing import unpack
from bpviz.language import N_, _, ngettext
from bpviz.session.experiment.experiment import Experiment, ExperimentError
from bpviz.session.experiment.given_parameters import GIVEN
from bpviz.session.network_files.network_file import NetworkFile, NetworkFileError
from bpviz.session.network_files.reading import read_network

_ONE_SIGMOID = N_(
    "{name} has one output, a sigmoid: the probability of the second of two classes. In bpviz it is a softmax of two "
    "outputs, which are the probabilities of both."
)


@dataclass(frozen=True)
class OpenedNetwork:
    """An experiment that starts from the network in a file, and a sentence about what was changed, or ""."""

    experiment: Experiment
    note: str = ""


def open_network(
    path: Path, experiment: Experiment, activations: tuple[str, ...] = (), loss: str | None = None
) -> OpenedNetwork:
    """Return an experiment with the data and the training of another, and the network in a file.

    Parameters
    ----------
    path : Path
    experiment : Experiment
        It need not be valid.
    activations : tuple of str, optional
        See `bpviz.session.network_files.reading.read_network`.
    loss : str, optional
        By default the one that the file names, or else the experiment's, if they fit the output layer.

    Raises
    ------
    NetworkFileError
        If the file cannot be read, or its network does not fit the data.
    ExperimentError
        If anything else is wrong with the experiment.
    """
    network, note = read_network(path, activations, experiment.activations[-1]), ""
    if network.sizes[-1] == 1 and network.activations[-1] == "sigmoid" and experiment.sizes[-1] == 2:
        network, note = _with_two_outputs(network), _(_ONE_SIGMOID).format(name=path.name)
    _check_ends(path, network, experiment)
    replaced = dataclasses.replace(
        experiment,
        hidden=network.sizes[1:-1],
        activations=network.activations,
        initializer=GIVEN,
        parameters=tuple(network.parameters.tolist()),
        loss=loss or _fitting_loss(network, experiment),
    )
    problems = replaced.problems()
    # The lengths of lists are known to be right; what is left is about the network: too wide, too deep, too large.
    if "hidden" in problems or "parameters" in problems:
        problem = problems.get("hidden") or problems["parameters"]
        raise NetworkFileError(
            _("{path} cannot be opened: the network is too large for bpviz, as {problem}").format(
                path=path, problem=problem
            )
        )
    if problems:
        raise ExperimentError(problems)
    return OpenedNetwork(replaced, note)


def _check_ends(path: Path, network: NetworkFile, experiment: Experiment) -> None:
    given, needed = (network.sizes[0], network.sizes[-1]), (experiment.sizes[0], experiment.sizes[-1])
    if given != needed:
        raise NetworkFileError(
            _(
                "{path} cannot be opened with {dataset}: the network has {given}, the data need {needed}; "
                "choose other data"
            ).format(path=path, dataset=experiment.dataset, given=_ends(given), needed=_ends(needed))
        )


def _ends(ends: tuple[int, int]) -> str:
    return _("{inputs} and {outputs}").format(
        inputs=ngettext("{count} input", "{count} inputs", ends[0]).format(count=ends[0]),
        outputs=ngettext("{count} output", "{count} outputs", ends[1]).format(count=ends[1]),
    )


def _fitting_loss(network: NetworkFile, experiment: Experiment) -> str:
    wanted = (network.loss, experiment.loss, "mse")
    return next(loss for loss in wanted if loss and fits(loss, network.activations[-1]))


def _with_two_outputs(network: NetworkFile) -> NetworkFile:
    """Return the network with a softmax of 0 and z in place of the sigmoid of z: the second output is the same."""
    *before, (W, b) = unpack(network.parameters, network.sizes)
    last = np.hstack((np.zeros_like(W), W)), np.hstack((np.zeros_like(b), b))
    parameters = np.concatenate([part.ravel() for layer in (*before, last) for part in layer])
    return NetworkFile((*network.sizes[:-1], 2), (*network.activations[:-1], "softmax"), parameters, network.loss)
