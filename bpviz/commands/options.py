"""The options that make up an experiment: each overrides one field of a preset."""

from __future__ import annotations

import dataclasses
from argparse import BooleanOptionalAction, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bpviz.commands.parser import Parser, number, numbers, source, words
from bpviz.core.activations import ACTIVATIONS
from bpviz.core.datasets import DATASETS
from bpviz.core.initializers import NAMES
from bpviz.core.losses import LOSSES
from bpviz.session.experiment.experiment import Experiment, ExperimentError, label
from bpviz.session.experiment.presets import DEFAULT, load_preset


@dataclass(frozen=True)
class Option:
    """One option: how it is written, which field of an experiment it sets, and how its text is read."""

    flag: str
    field: str
    metavar: str
    read: Callable[[str], object]
    help: str


DATA = (
    Option("--dataset", "dataset", "NAME", str, " | ".join(DATASETS)),
    Option("--samples", "samples", "N", number, "how many points in all"),
    Option("--noise", "noise", "X", number, "standard deviation of the noise"),
    Option("--classes", "classes", "N", number, "how many classes, up to 6 for blobs"),
)
NETWORK = (
    Option("--layers", "hidden", "N,N,...", numbers, 'widths of the hidden layers; "" for none'),
    Option(
        "--activation",
        "activations",
        "NAME[,NAME...]",
        words,
        f"{' | '.join(ACTIVATIONS)}: one name for all hidden layers, or one for each layer, the output's last",
    ),
    Option("--loss", "loss", "NAME", str, " | ".join(LOSSES)),
    Option("--init", "initializer", "NAME", str, " | ".join(NAMES)),
    Option("--seed", "seed", "N", number, "what parameters, and the order of samples, are drawn from"),
)
TRAINING = (
    Option("--epochs", "epochs", "N", number, "passes over the training samples"),
    Option("--learning-rate", "learning_rate", "X", number, "length of a step of gradient descent"),
    Option("--batch-size", "batch_size", "N", number, "samples in one step"),
)
_FLAGS = {option.field: option.flag for option in (*DATA, *NETWORK, *TRAINING)}


def add_options(parser: Parser, title: str, options: tuple[Option, ...]) -> None:
    """Add a group of options; the help shows what they are in the default preset."""
    group, default = parser.add_argument_group(title), load_preset(DEFAULT).experiment
    for option in options:
        help_text = f"{option.help} [{_written(getattr(default, option.field))}]"
        group.add_argument(option.flag, dest=option.field, type=option.read, metavar=option.metavar, help=help_text)


def add_switches(parser: Parser) -> None:
    """Add the options that turn something on or, with --no-, off."""
    group = parser.add_argument_group("switches, off by default; presets may turn them on")
    group.add_argument("--shuffle", action=BooleanOptionalAction, help="draw a new order of samples for every epoch")
    group.add_argument(
        "--freeze-biases",
        action=BooleanOptionalAction,
        help="leave the biases as they were drawn, as the article's program does",
    )


def experiment_from(given: Namespace) -> Experiment:
    """Return the preset, or what a file has, with what was given in its place.

    Raises
    ------
    ExperimentError
        If there is no such preset or no such experiment; every problem is named, with its option.
    SetupError
        If the file holds no experiment.
    """
    preset, named = source(given).experiment, _named(given)
    _refuse_what_says_nothing(named.get("dataset", preset.dataset), named)
    changes = _consequences(preset, named) | named | _activations(preset, named)
    try:
        return dataclasses.replace(preset, **changes).checked()
    except ExperimentError as fault:
        # What follows from a wrong value may be wrong as well; that is not for the user to mend.
        problems = {field: sentence for field, sentence in fault.problems.items() if field in named}
        raise ExperimentError(_with_flags(problems or fault.problems)) from None


def _named(given: Namespace) -> dict[str, Any]:
    named = {field: getattr(given, field, None) for field in (*_FLAGS, "shuffle")}
    if getattr(given, "freeze_biases", None) is not None:
        named["train_biases"] = not given.freeze_biases
    return {field: value for field, value in named.items() if value is not None}


def _refuse_what_says_nothing(dataset: str, named: dict[str, Any]) -> None:
    if dataset in DATASETS and not DATASETS[dataset].is_drawn and (idle := {"samples", "noise"} & named.keys()):
        sentence = f"means nothing for {dataset}, whose samples are as they were published"
        raise ExperimentError(_with_flags({name: f"{label(name)} {sentence}" for name in sorted(idle)}))


def _consequences(preset: Experiment, named: dict[str, Any]) -> dict[str, Any]:
    """Another dataset may not have as many classes as the preset's."""
    dataset = DATASETS.get(named.get("dataset", preset.dataset))
    return {"classes": min(preset.classes, dataset.most_classes)} if dataset else {}


def _activations(preset: Experiment, named: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """One name goes to every hidden layer, as the preset's first does where their number changes."""
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
