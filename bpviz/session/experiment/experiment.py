"""Experiment: every value that a training run depends on, so that it can be repeated exactly."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bpviz.core.activations import ACTIVATIONS, HIDDEN_ACTIVATIONS, LEAK
from bpviz.core.data.split import TASKS
from bpviz.core.datasets import DATASETS, Dataset
from bpviz.core.initializers import NAMES, published_sizes, sizes_problem
from bpviz.core.losses import LOSSES, fits
from bpviz.core.optimisers.rule import OPTIMISERS, LearningRule
from bpviz.core.optimisers.schedule import SCHEDULES, Schedule
from bpviz.core.scaling import SCALES
from bpviz.language import _
from bpviz.session.experiment.given_parameters import GIVEN, MOST_PARAMETERS, FiniteNumbers, from_text, to_text
from bpviz.session.experiment.labels import label
from bpviz.session.experiment.own_data import NO_TABLE, TABLE, idle_table_problem, own_dataset, own_problems
from bpviz.session.experiment.validation import Boolean, Instance, Integer, ListOf, OneOf, Real, Rule, Text, TextLine
from bpviz.session.tables.limits import MOST_CHARACTERS_OF_A_LINE, MOST_COLUMNS
from bpviz.session.tables.table import Table

_SEED = Integer(0, 2**32 - 1)
_MAX_LAYERS = 8
_COLUMN = Text(MOST_CHARACTERS_OF_A_LINE)

RULES: dict[str, Rule] = {
    "dataset": OneOf((*DATASETS, TABLE)),
    "samples": Integer(10, 500_000),
    "noise": Real(0.0, 10.0),
    "classes": Integer(2, 6),
    "data_seed": _SEED,
    "test_share": Real(0.05, 0.95),
    "split_seed": _SEED,
    "scale": OneOf(SCALES),
    "hidden": ListOf(Integer(1, 1024), _MAX_LAYERS),
    "activations": ListOf(OneOf(tuple(ACTIVATIONS)), _MAX_LAYERS + 1),
    "initializer": OneOf((*NAMES, GIVEN)),
    "seed": _SEED,
    "loss": OneOf(LOSSES),
    "learning_rate": Real(0.0, 1e6, above=True),
    "batch_size": Integer(1, 2048),
    "shuffle": Boolean(),
    "train_biases": Boolean(),
    "epochs": Integer(1, 10_000_000),
    "optimiser": OneOf(tuple(OPTIMISERS)),
    "momentum": Real(0.0, 0.999999),
    "beta1": Real(0.0, 0.999999),
    "beta2": Real(0.0, 0.999999999),
    "epsilon": Real(0.0, 1.0, above=True),
    "l1": Real(0.0, 1e3),
    "l2": Real(0.0, 1e3),
    "weight_decay": Real(0.0, 1e3),
    "clip_norm": Real(0.0, 1e9),
    "schedule": OneOf(tuple(SCHEDULES)),
    "schedule_epochs": Integer(1, 10_000_000),
    "schedule_factor": Real(0.0, 1.0, above=True),
    "warm_up": Integer(0, 10_000_000),
    "patience": Integer(0, 10_000_000),
    "mistakes": ListOf(TextLine(60), 2),
    "leak": Real(0.0, 1.0, above=True),
    "parameters": FiniteNumbers(MOST_PARAMETERS),
    "table": Instance(Table),
    "inputs": ListOf(_COLUMN, MOST_COLUMNS),
    "target": _COLUMN,
    "task": OneOf(("", *TASKS)),
}
#: Fields that may change during training; a change of any other field needs a new network.
LIVE = frozenset(
    {"learning_rate", "batch_size", "shuffle", "train_biases", "epochs", "momentum", "beta1", "beta2", "epsilon"}
    | {"weight_decay", "schedule", "schedule_epochs", "schedule_factor", "warm_up", "patience"}
)
#: Fields that determine the samples.
SAMPLES = frozenset(
    {"dataset", "samples", "noise", "classes", "data_seed", "test_share", "split_seed", "scale", *NO_TABLE}
)


class ExperimentError(ValueError):
    """An experiment has invalid values.

    Attributes
    ----------
    problems : dict
        Field -> a sentence about what is wrong with its value.
    """

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Experiment:
    """A dataset, a network and how it is trained. The defaults are the article's, but biases are trained.

    Attributes
    ----------
    dataset, samples, noise, classes, data_seed : the points, see `bpviz.core.datasets`; samples, noise and data_seed
        have no effect for tables, and classes only where their number can be chosen
    test_share, split_seed : the fraction of points kept for the test, 0 to 1, and the seed of the split
    scale : "none", "standard" or "minmax": how inputs and the targets of a regression are scaled, see `core.scaling`
    hidden : widths of the hidden layers, first to last
    activations : one for each hidden layer and, last, one for the output layer
    initializer, seed : how parameters are drawn, and the seed, which also determines the order of shuffled samples
    loss : "mse", "cross_entropy", "huber" or "mae"
    learning_rate, batch_size, shuffle, train_biases : hyperparameters of gradient descent
    epochs : number of epochs after which training stops
    optimiser, momentum, beta1, beta2, epsilon, l1, l2, weight_decay, clip_norm : see
        `bpviz.core.optimisers.rule.LearningRule`
    schedule, schedule_epochs, schedule_factor, warm_up : see `bpviz.core.optimisers.schedule.Schedule`
    patience : training stops early when the test MSE has not fallen for so many epochs; 0 for never
    mistakes : mistakes planted in the algorithm, as `bpviz.core.mistakes.planted.plant_all` takes them; none as a rule
    leak : the slope of leaky_relu where z is negative, above 0 and at most 1; no other activation uses it
    parameters : for the initializer "given", weights and biases before the first update, packed as those of
        `bpviz.core.network.Network`; none otherwise
    table, inputs, target, task : for the dataset "table" a user's own table, the names of the columns that are inputs,
        that of the column that is learned, and "classification" or "regression"; empty for other datasets
    """

    dataset: str = "moons"
    samples: int = 2000
    noise: float = 0.2
    classes: int = 2
    data_seed: int = 100
    test_share: float = 0.3
    split_seed: int = 42
    scale: str = "none"
    hidden: tuple[int, ...] = (25, 50, 25)
    activations: tuple[str, ...] = ("sigmoid",) * 4
    initializer: str = "article"
    seed: int = 0
    loss: str = "mse"
    learning_rate: float = 0.01
    batch_size: int = 1
    shuffle: bool = False
    train_biases: bool = True
    epochs: int = 1000
    optimiser: str = "sgd"
    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    l1: float = 0.0
    l2: float = 0.0
    weight_decay: float = 0.0
    clip_norm: float = 0.0
    schedule: str = "constant"
    schedule_epochs: int = 100
    schedule_factor: float = 0.5
    warm_up: int = 0
    patience: int = 0
    mistakes: tuple[str, ...] = ()
    leak: float = LEAK
    parameters: tuple[float, ...] = field(default=(), repr=False)
    table: Table | None = field(default=None, repr=False)
    inputs: tuple[str, ...] = ()
    target: str = ""
    task: str = ""

    @property
    def data(self) -> Dataset:
        """The dataset; raises `TableError` if it is a table whose columns cannot be used as they were chosen."""
        return own_dataset(self) if self.dataset == TABLE else DATASETS[self.dataset]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Widths of all layers, the inputs and the outputs included."""
        return (self.data.n_inputs, *self.hidden, self.n_outputs)

    @property
    def n_outputs(self) -> int:
        """Number of neurons of the output layer: one for each class or target."""
        return self.data.n_outputs(self.classes)

    @property
    def is_classification(self) -> bool:
        """Whether the network learns classes, rather than numbers."""
        return self.data.is_classification

    @property
    def n_parameters(self) -> int:
        """Number of weights and biases."""
        return sum((n_in + 1) * n_out for n_in, n_out in pairwise(self.sizes))

    @property
    def shuffle_seed(self) -> int | None:
        """The seed of the order of samples; None for the order of the dataset."""
        return self.seed if self.shuffle else None

    @property
    def rule(self) -> LearningRule:
        """How an update is made of a gradient."""
        return LearningRule(**{each.name: getattr(self, each.name) for each in dataclasses.fields(LearningRule)})

    @property
    def rate_schedule(self) -> Schedule:
        """How the learning rate changes from epoch to epoch."""
        return Schedule(self.schedule, self.schedule_epochs, self.schedule_factor, self.warm_up)

    def problems(self) -> dict[str, str]:
        """Return field -> sentence for every invalid field; empty for a valid experiment."""
        found = {name: rule.problem(getattr(self, name)) for name, rule in RULES.items()}
        sentences = {name: f"{label(name)} {problem}" for name, problem in found.items() if problem}
        return sentences or self._problems_of_table() or self._contradictions()

    def _problems_of_table(self) -> dict[str, str]:
        return own_problems(self) if self.dataset == TABLE else idle_table_problem(self, self.dataset)

    def _contradictions(self) -> dict[str, str]:
        found = {
            "classes": self._contradiction_in_classes(),
            "scale": self._contradiction_in_scale(),
            "activations": self._contradiction_in_activations(),
            "initializer": self._contradiction_in_initializer(),
            "loss": self._contradiction_in_loss(),
            "mistakes": self._contradiction_in_mistakes(),
        }
        return {name: f"{label(name)} {problem}" for name, problem in found.items() if problem}

    def _contradiction_in_classes(self) -> str | None:
        dataset = self.data
        if dataset.output_names or self.classes <= dataset.most_classes:
            return None
        return _("must be {most_classes} for {dataset}, not {classes}").format(
            most_classes=dataset.most_classes, dataset=self.dataset, classes=self.classes
        )

    def _contradiction_in_scale(self) -> str | None:
        if self.scale == "none" or self.data.is_split:
            return None
        return _("must be none for {dataset}, whose numbers are taken as they were published, not {scale}").format(
            dataset=self.dataset, scale=self.scale
        )

    def _contradiction_in_activations(self) -> str | None:
        needed, given = len(self.hidden) + 1, len(self.activations)
        if given != needed:
            return _("must name {needed}, one for each layer, not {given}").format(needed=needed, given=given)
        behind = [name for name in self.activations[:-1] if name not in HIDDEN_ACTIVATIONS]
        return _("may hold {behind} for the output layer only").format(behind=behind[0]) if behind else None

    def _contradiction_in_initializer(self) -> str | None:
        if (self.initializer == GIVEN) or self.parameters:
            return self._contradiction_in_given_parameters()
        needed = published_sizes(self.initializer)
        return sizes_problem(self.initializer, self.sizes) if needed and needed != self.sizes else None

    def _contradiction_in_given_parameters(self) -> str | None:
        if self.initializer != GIVEN:
            return _("{initializer} draws the parameters: with parameters of your own it must be {given}").format(
                initializer=self.initializer, given=GIVEN
            )
        if not self.parameters:
            return _("{given} is for the parameters of a network that is opened from a file: choose another").format(
                given=GIVEN
            )
        needed, widths = self.n_parameters, "-".join(map(str, self.sizes))
        if len(self.parameters) == needed:
            return None
        return _("{given} has {n_parameters:,} numbers, but {widths} needs {needed:,}: choose another").format(
            given=GIVEN, n_parameters=len(self.parameters), widths=widths, needed=needed
        )

    def _contradiction_in_loss(self) -> str | None:
        if self.loss == "cross_entropy" and not self.is_classification:
            return _("cross_entropy is for classes, and {dataset} has numbers as targets: take mse").format(
                dataset=self.dataset
            )
        if not self.activations or fits(self.loss, self.activations[-1]):
            return None
        return _("{loss} needs sigmoid or softmax in the output layer, not {activations}").format(
            loss=self.loss, activations=self.activations[-1]
        )

    def _contradiction_in_mistakes(self) -> str | None:
        return _("can only be planted in plain SGD") if self.mistakes and not self.rule.is_plain else None

    def checked(self) -> Experiment:
        """Return the experiment itself.

        Raises
        ------
        ExperimentError
            If it has problems.
        """
        if problems := self.problems():
            raise ExperimentError(problems)
        return self

    def needs_new_network(self, other: Experiment) -> bool:
        """Return whether a change to `other` needs new data or new parameters."""
        return any(getattr(self, name) != getattr(other, name) for name in RULES.keys() - LIVE)

    def to_values(self) -> dict[str, Any]:
        """Return the members of a JSON object.

        Parameters, of which most experiments have none, are one text; the table is its digest. Without a table its
        fields are left out.
        """
        values = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        parameters, is_own = values.pop("parameters"), self.table is not None
        values |= {"parameters": to_text(parameters)} if parameters else {}
        if not is_own:
            return {name: value for name, value in values.items() if name not in NO_TABLE}
        return values | {"table": self.table.digest if self.table else ""}

    def to_json(self) -> str:
        """Return the experiment as a JSON object with the members of `to_values`."""
        return json.dumps(self.to_values(), indent=2)

    @classmethod
    def from_json(cls, text: str) -> Experiment:
        """Return the experiment of a JSON text made by `to_json`; missing fields have their defaults.

        Raises
        ------
        ExperimentError
            If the text is not a JSON object, has an unknown field, or a value is invalid.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as fault:
            raise ExperimentError({"": _("this is not JSON: {fault}").format(fault=fault)}) from fault
        return cls.from_values(values)

    @classmethod
    def from_values(cls, values: Any, tables: Mapping[str, Table] | None = None) -> Experiment:
        """Return the experiment of the members of a JSON object, its table by its digest; raises as `from_json`."""
        if not isinstance(values, dict):
            raise ExperimentError({"": _("an experiment must be a JSON object with a member for each field")})
        if unknown := sorted(values.keys() - RULES.keys()):
            raise ExperimentError({"": _("an experiment has no field called {unknown}").format(unknown=unknown[0])})
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        if isinstance(text := values.get("parameters"), str):
            try:
                lists["parameters"] = from_text(text)
            except ValueError as fault:
                raise ExperimentError({"parameters": _("parameters {fault}").format(fault=fault)}) from fault
        digest = values.get("table")
        table = {"table": (tables or {}).get(digest, digest)} if isinstance(digest, str) else {}
        return cls(**(values | lists | table)).checked()


def refusal(fault: ValueError) -> str:
    """Say that an experiment cannot be run, and why."""
    return _("This experiment cannot be run: {fault}.").format(fault=fault)
