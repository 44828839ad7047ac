import dataclasses
import json
import math
import re
from typing import Any

import pytest

from bpviz.session.experiment.experiment import LIVE, RULES, Experiment, ExperimentError
from bpviz.session.experiment.labels import label
from bpviz.session.experiment.own_data import NO_TABLE

OTHER = Experiment(
    dataset="blobs",
    samples=600,
    noise=0.3,
    classes=4,
    data_seed=1,
    test_share=0.25,
    split_seed=2,
    scale="minmax",
    hidden=(7, 5),
    activations=("relu", "tanh", "softmax"),
    initializer="he",
    seed=3,
    loss="cross_entropy",
    learning_rate=0.125,
    batch_size=8,
    shuffle=True,
    train_biases=False,
    epochs=12,
    optimiser="adam",
    momentum=0.5,
    beta1=0.8,
    beta2=0.99,
    epsilon=1e-6,
    l1=0.001,
    l2=0.002,
    weight_decay=0.01,
    clip_norm=3.0,
    schedule="step",
    schedule_epochs=7,
    schedule_factor=0.25,
    warm_up=2,
    patience=9,
    leak=0.2,
)
# Those of a user's table are in test_own_table.
FIELDS = [field.name for field in dataclasses.fields(Experiment) if field.name not in NO_TABLE]
SWITCHES = ("shuffle", "train_biases")
NUMBERS = [name for name in FIELDS if isinstance(getattr(OTHER, name), int | float) and name not in SWITCHES]
# Zero samples, classes or steps make no sense; zero noise and a seed of zero do.
MAY_BE_ZERO = ("noise", "data_seed", "split_seed", "seed", "momentum", "beta1", "beta2", "l1", "l2", "weight_decay")
OFF_AT_ZERO = ("clip_norm", "warm_up", "patience")
NEVER_ZERO = [name for name in NUMBERS if name not in MAY_BE_ZERO + OFF_AT_ZERO]


def with_field(name: str, value: Any) -> Experiment:
    return dataclasses.replace(OTHER, **{name: value})


def problems_of(name: str, value: Any) -> list[str]:
    return list(with_field(name, value).problems())


def test_the_defaults_are_an_experiment_that_can_be_run() -> None:
    assert Experiment().checked().sizes == (2, 25, 50, 25, 2)


def test_every_field_has_a_rule_and_every_rule_a_field() -> None:
    assert list(RULES) == [field.name for field in dataclasses.fields(Experiment)]


def test_every_field_can_differ_from_its_default() -> None:
    alone = ("mistakes", "parameters")  # which forbid some values of other fields
    assert all(getattr(OTHER, name) != getattr(Experiment(), name) for name in FIELDS if name not in alone)
    assert OTHER.problems() == {}


def test_mistakes_are_planted_in_plain_sgd_only() -> None:
    assert problems_of("mistakes", ("sign_flipped",)) == ["mistakes"]
    assert Experiment(mistakes=("sign_flipped",)).problems() == {}


@pytest.mark.parametrize(
    "experiment", [Experiment(), OTHER, dataclasses.replace(OTHER, hidden=(), activations=("softmax",))]
)
def test_an_experiment_comes_back_from_json_as_it_was(experiment: Experiment) -> None:
    assert Experiment.from_json(experiment.to_json()) == experiment


def test_fields_that_are_not_in_the_json_keep_their_defaults() -> None:
    assert Experiment.from_json('{"seed": 9}') == Experiment(seed=9)


@pytest.mark.parametrize("value", [None, "text", "", math.nan, math.inf, {}, 10**400])
@pytest.mark.parametrize("name", FIELDS)
def test_a_value_that_fits_no_field_is_refused_by_name(name: str, value: Any) -> None:
    assert problems_of(name, value) == [name]


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize("name", [name for name in FIELDS if name not in SWITCHES])
def test_booleans_are_neither_numbers_nor_words(name: str, value: bool) -> None:
    assert problems_of(name, value) == [name]


@pytest.mark.parametrize("value", [-1, -0.5, 1e300])
@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_out_of_range_is_refused(name: str, value: float) -> None:
    assert problems_of(name, value) == [name]


@pytest.mark.parametrize("name", NEVER_ZERO)
def test_zero_is_refused_if_it_must_be_positive(name: str) -> None:
    assert problems_of(name, 0) == [name]


@pytest.mark.parametrize("value", [0, 1, "yes"])
@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_takes_no_number_and_no_word(name: str, value: Any) -> None:
    assert problems_of(name, value) == [name]


@pytest.mark.parametrize("hidden", [(0,), (-3,), (5, 1025), (2.0,), ("5",), (None,), (True,), (math.nan,), (1,) * 9])
def test_a_wrong_width_of_a_layer_is_refused(hidden: Any) -> None:
    assert problems_of("hidden", hidden) == ["hidden"]


@pytest.mark.parametrize("activations", [("relu", "tanh", "swish"), ("relu", None, "softmax"), ("tanh",) * 10])
def test_a_wrong_activation_is_refused(activations: Any) -> None:
    assert problems_of("activations", activations) == ["activations"]


def test_every_wrong_field_is_named_in_words() -> None:
    wrong = dataclasses.replace(OTHER, learning_rate=-1.0, batch_size=0, loss="hinge")
    assert list(wrong.problems()) == ["loss", "learning_rate", "batch_size"]
    assert wrong.problems()["learning_rate"].startswith(f"{label('learning_rate')} must be ")
    with pytest.raises(ExperimentError, match=r"loss must be .*; learning rate must be .*; batch size must be "):
        wrong.checked()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"initializer": "mazur"},
            "initializer",
            "initializer mazur needs the network 2-2-2 that it was published for, not 2-7-5-4",
        ),
        ({"dataset": "moons"}, "classes", "classes must be 2 for moons, not 4"),
        (
            {"dataset": "mazur", "classes": 2},
            "scale",
            "scale must be none for mazur, whose numbers are taken as they were published",
        ),
        (
            {"dataset": "sine", "activations": ("relu", "tanh", "sigmoid")},
            "loss",
            "loss cross_entropy is for classes, and sine has numbers as targets: take mse",
        ),
        ({"hidden": (7,)}, "activations", "activations must name 2, one for each layer, not 3"),
        ({"activations": ()}, "activations", "activations must name 3, one for each layer, not 0"),
        ({"activations": ("softmax", "relu", "softmax")}, "activations", "activations may hold softmax for the output"),
        (
            {"activations": ("relu", "relu", "tanh")},
            "loss",
            "loss cross_entropy needs sigmoid or softmax in the output",
        ),
    ],
)
def test_fields_that_contradict_each_other_are_refused(changes: dict[str, Any], field: str, sentence: str) -> None:
    problems = dataclasses.replace(OTHER, **changes).problems()
    assert list(problems) == [field]
    assert problems[field].startswith(sentence)


@pytest.mark.parametrize(
    ("dataset", "ends"),
    [("iris", (4, 3)), ("digits", (64, 10)), ("sine", (1, 2)), ("gauss", (2, 1)), ("blobs", (2, 4))],
)
def test_a_dataset_says_the_width_of_the_first_and_the_last_layer(dataset: str, ends: tuple[int, int]) -> None:
    experiment = dataclasses.replace(OTHER, dataset=dataset, loss="mse").checked()
    assert experiment.sizes == (ends[0], 7, 5, ends[1])
    assert experiment.is_classification == (dataset not in ("sine", "gauss"))


def test_a_regression_may_have_any_output_layer() -> None:
    for output in ("none", "sigmoid", "relu"):
        assert dataclasses.replace(OTHER, dataset="line", loss="mse", activations=("relu", "tanh", output)).checked()


def test_every_contradiction_is_named() -> None:
    wrong = dataclasses.replace(OTHER, dataset="moons", activations=("relu", "tanh"))
    assert list(wrong.problems()) == ["classes", "activations", "loss"]


@pytest.mark.parametrize("name", FIELDS)
def test_a_new_network_is_needed_for_all_but_the_live_fields(name: str) -> None:
    other = dataclasses.replace(OTHER, mistakes=("sign_flipped",), parameters=(0.5,))
    changed = dataclasses.replace(Experiment(), **{name: getattr(other, name)})
    assert Experiment().needs_new_network(changed) == (name not in LIVE)
    assert not OTHER.needs_new_network(OTHER)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "this is not JSON"),
        ("{", "this is not JSON"),
        ("[" * 100_000, "this is not JSON"),
        ('{"seed": ' + "9" * 5000 + "}", "this is not JSON"),
        ("[]", "an experiment must be a JSON object"),
        ("null", "an experiment must be a JSON object"),
        ('{"colour": 1}', "an experiment has no field called colour"),
        ('{"noise": NaN}', "noise must be a number from 0 to 10, not nan"),
        ('{"noise": 1' + "0" * 400 + "}", "noise must be a number from 0 to 10, not 1000"),
        ('{"hidden": 5}', "hidden must be a list, not 5"),
        ('{"hidden": [[5]]}', "hidden entry 1: must be a whole number"),
    ],
)
def test_text_that_describes_no_experiment_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ExperimentError, match=re.escape(sentence)):
        Experiment.from_json(text)


def test_the_json_has_a_member_for_each_field_but_parameters_that_are_not_given() -> None:
    assert [*json.loads(OTHER.to_json()), "parameters"] == FIELDS


def test_the_order_of_samples_is_drawn_only_where_it_is_shuffled() -> None:
    assert OTHER.shuffle_seed == OTHER.seed
    assert dataclasses.replace(OTHER, shuffle=False).shuffle_seed is None
