"""Options for the fields of an experiment: each overrides a value of the preset."""

from __future__ import annotations

import dataclasses
import sys
from argparse import BooleanOptionalAction, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bpviz.commands.own_table import with_own_table
from bpviz.commands.parser import Parser, number, numbers, source, words
from bpviz.core.activations import ACTIVATIONS
from bpviz.core.datasets import DATASETS, Dataset
from bpviz.core.initializers import NAMES
from bpviz.core.losses import LOSSES
from bpviz.core.optimisers.rule import OPTIMISERS
from bpviz.core.optimisers.schedule import SCHEDULES
from bpviz.core.scaling import SCALES
from bpviz.language import N_, _
from bpviz.session.experiment.experiment import Experiment, ExperimentError
from bpviz.session.experiment.labels import label
from bpviz.session.experiment.own_data import NO_TABLE, TABLE
from bpviz.session.experiment.presets import DEFAULT, load_preset


@dataclass(frozen=True)
class Option:
    """A command-line option: flag, field of the experiment, and the function that converts its text."""

    flag: str
    field: str
    metavar: str
    read: Callable[[str], object]
    help: str


DATA = (
    Option("--dataset", "dataset", "NAME", str, " | ".join(DATASETS)),
    Option("--samples", "samples", "N", number, N_("total number of points")),
    Option("--noise", "noise", "X", number, N_("standard deviation of the noise")),
    Option("--classes", "classes", "N", number, N_("number of classes, up to 6 for blobs")),
    Option(
        "--scale",
        "scale",
        "NAME",
        str,
        N_("{scales}: scaling of the inputs, fitted on training samples"),
    ),
)
NETWORK = (
    Option("--layers", "hidden", "N,N,...", numbers, N_('widths of the hidden layers; "" for none')),
    Option(
        "--activation",
        "activations",
        "NAME[,NAME...]",
        words,
        N_("{activations}: one for all hidden layers, or one per layer, the output's last"),
    ),
    Option("--leak", "leak", "X", number, N_("slope of leaky_relu where z is negative")),
    Option("--loss", "loss", "NAME", str, " | ".join(LOSSES)),
    Option("--init", "initializer", "NAME", str, " | ".join(NAMES)),
    Option("--seed", "seed", "N", number, N_("seed of the parameters and of the order of samples")),
)
TRAINING = (
    Option("--epochs", "epochs", "N", number, N_("passes over the training samples")),
    Option("--learning-rate", "learning_rate", "X", number, N_("step size of gradient descent")),
    Option("--batch-size", "batch_size", "N", number, N_("samples in one update")),
)
PENALTIES = (
    Option("--l1", "l1", "X", number, N_("penalty: X times the sum of |W|")),
    Option("--l2", "l2", "X", number, N_("penalty: X / 2 times the sum of W squared")),
)
OPTIMISER = (
    Option("--optimiser", "optimiser", "NAME", str, " | ".join(OPTIMISERS)),
    Option("--momentum", "momentum", "X", number, N_("share of the velocity that is kept")),
    Option("--beta1", "beta1", "X", number, N_("share of the mean gradient that is kept")),
    Option("--beta2", "beta2", "X", number, N_("share of the mean squared gradient that is kept")),
    Option("--epsilon", "epsilon", "X", number, N_("added to the root by which a step is divided")),
    *PENALTIES,
    Option(
        "--weight-decay", "weight_decay", "X", number, N_("share of W that an update takes away, per learning rate")
    ),
    Option("--clip-norm", "clip_norm", "X", number, N_("longest gradient; 0 for no limit")),
    Option("--schedule", "schedule", "NAME", str, " | ".join(SCHEDULES)),
    Option("--schedule-epochs", "schedule_epochs", "N", number, N_("epochs of step, cosine and plateau")),
    Option("--schedule-factor", "schedule_factor", "X", number, N_("factor of step, exponential and plateau")),
    Option("--warm-up", "warm_up", "N", number, N_("epochs in which the learning rate rises; 0 for none")),
    Option(
        "--patience", "patience", "N", number, N_("stop when the test MSE has not fallen for N epochs; 0 for never")
    ),
)
_FLAGS = {option.field: option.flag for option in (*DATA, *NETWORK, *TRAINING, *OPTIMISER)} | {
    name: f"--{name if name != TABLE else 'data'}" for name in NO_TABLE
}


def add_options(parser: Parser, title: str, options: tuple[Option, ...]) -> None:
    """Add a group of options; the help shows their values in the default preset."""
    group, default = parser.add_argument_group(title), load_preset(DEFAULT).experiment
    for option in options:
        text = _(option.help).format(scales=" | ".join(SCALES), activations=" | ".join(ACTIVATIONS))
        help_text = f"{text} [{_written(getattr(default, option.field))}]"
        group.add_argument(option.flag, dest=option.field, type=option.read, metavar=option.metavar, help=help_text)


def add_switches(parser: Parser) -> None:
    """Add the options that turn a feature on or, with --no-, off."""
    group = parser.add_argument_group(_("switches, off by default; presets may turn them on"))
    group.add_argument("--shuffle", action=BooleanOptionalAction, help=_("draw a new order of samples for every epoch"))
    group.add_argument(
        "--freeze-biases",
        action=BooleanOptionalAction,
        help=_("do not train the biases, as in the article's program"),
    )


def experiment_from(given: Namespace) -> Experiment:
    """Return the experiment of the preset or file, with the values of the given options.

    Raises
    ------
    ExperimentError
        If there is no such preset, or a value is invalid; every problem is named, with its option.
    ExperimentFileError
        If the file is not a valid experiment file.
    """
    preset, named = with_own_table(source(given).experiment, given), _named(given)
    _refuse_what_says_nothing(named.get("dataset", preset.dataset), _dataset(preset, named), named)
    if getattr(given, "network", None):
        preset, named = _with_network(given.network, preset, named)
    changes = _consequences(preset, named) | named | _activations(preset, named)
    try:
        return dataclasses.replace(preset, **changes).checked()
    except ExperimentError as fault:
        # A wrong value may make derived ones wrong too; report only the options that the user gave.
        problems = {field: sentence for field, sentence in fault.problems.items() if field in named}
        raise ExperimentError(_with_flags(problems or fault.problems)) from None


def _with_network(path: Path, preset: Experiment, named: dict[str, Any]) -> tuple[Experiment, dict[str, Any]]:
    """Return an experiment with the network in a file, and the given values without those used for it."""
    from bpviz.session.network_files.network_file import UnknownActivationsError
    from bpviz.session.network_files.opening import open_network  # hardly ever needed

    if idle := [name for name in ("hidden", "initializer") if name in named]:
        raise ExperimentError(
            _with_flags(
                {
                    name: _("{label} is that of the network in {path}").format(label=label(name), path=path)
                    for name in idle
                }
            )
        )
    others = {name: value for name, value in named.items() if name != "activations"}
    start = dataclasses.replace(preset, **_consequences(preset, others) | others)
    try:
        opened = open_network(path, start, named.get("activations", ()), named.get("loss"))
    except UnknownActivationsError as fault:
        raise ValueError(_("{fault}: name them with --activation").format(fault=fault)) from fault
    if opened.note:
        print(opened.note, file=sys.stderr)
    return opened.experiment, others


def _named(given: Namespace) -> dict[str, Any]:
    named = {field: getattr(given, field, None) for field in (*_FLAGS, "shuffle") if field not in NO_TABLE}
    if getattr(given, "freeze_biases", None) is not None:
        named["train_biases"] = not given.freeze_biases
    return {field: value for field, value in named.items() if value is not None}


def _dataset(preset: Experiment, named: dict[str, Any]) -> Dataset | None:
    """Return the dataset of the experiment; None if the one that is named does not exist."""
    return DATASETS.get(named["dataset"]) if "dataset" in named else preset.data


def _refuse_what_says_nothing(name: str, dataset: Dataset | None, named: dict[str, Any]) -> None:
    if dataset is None:
        return
    if not dataset.is_drawn and (idle := {"samples", "noise"} & named.keys()):
        text = _("{field} has no effect for {name}, which has published samples: leave it out")
        if name == TABLE:
            text = _("{field} has no effect for {name}, whose samples are given: leave it out")
        problems = {field: text.format(field=label(field), name=name) for field in sorted(idle)}
        raise ExperimentError(_with_flags(problems))
    if dataset.output_names and "classes" in named:
        raise ExperimentError(
            _with_flags(
                {
                    "classes": _("{name} has no effect for {dataset}: leave it out").format(
                        name=label("classes"), dataset=name
                    )
                }
            )
        )


def _consequences(preset: Experiment, named: dict[str, Any]) -> dict[str, Any]:
    """Return what another dataset needs: no more classes than it has; squared error and no scaling where it must."""
    dataset = _dataset(preset, named)
    if dataset is None:
        return {}
    changes: dict[str, Any] = {"classes": min(preset.classes, dataset.most_classes)}
    if "dataset" in named:
        changes |= NO_TABLE
    if not dataset.is_classification:
        changes["loss"] = "mse"
    if not dataset.is_split:
        changes["scale"] = "none"
    return changes


def _activations(preset: Experiment, named: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the activations; that of the output, if not given, fits the task where another dataset has another."""
    found = _by_layers(preset, named)
    dataset = _dataset(preset, named)
    if (
        dataset is None
        or dataset.is_classification == preset.is_classification
        or len(named.get("activations", ())) > 1
    ):
        return found
    before = found.get("activations", preset.activations)
    return {"activations": (*before[:-1], "sigmoid" if dataset.is_classification else "none")}


def _by_layers(preset: Experiment, named: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the activations: one name is for all hidden layers; for a new number of layers, the preset's first is."""
    layers, given = len(named.get("hidden", preset.hidden)), named.get("activations", ())
    if len(given) > 1 or (given and not layers):
        return {"activations": given}
    if not given and layers == len(preset.hidden):
        return {}
    first = given[0] if given else preset.activations[0] if preset.hidden else "sigmoid"
    return {"activations": (first,) * layers + preset.activations[-1:]}


def _with_flags(problems: dict[str, str]) -> dict[str, str]:
    return {
        field: f"{sentence} ({_FLAGS[field]})" if field in _FLAGS else sentence for field, sentence in problems.items()
    }


def _written(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
