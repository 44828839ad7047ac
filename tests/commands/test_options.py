import dataclasses
from argparse import Namespace
from typing import Any

import pytest

from bpviz.commands.options import DATA, NETWORK, TRAINING, add_options, add_switches, experiment_from
from bpviz.commands.parser import Parser, add_preset
from bpviz.session.experiment.experiment import Experiment, ExperimentError
from bpviz.session.experiment.presets import load_preset, preset_names

MOONS, BLOBS = load_preset("moons").experiment, load_preset("blobs").experiment


def parse(*argv: str) -> Namespace:
    parser = Parser("test", "test", "", "")
    add_preset(parser)
    add_options(parser, "options", (*DATA, *NETWORK, *TRAINING))
    add_switches(parser)
    return parser.parse_args(argv)


def experiment(*argv: str) -> Experiment:
    return experiment_from(parse(*argv))


def refusal(*argv: str) -> str:
    with pytest.raises(ExperimentError) as fault:
        experiment(*argv)
    return str(fault.value)


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_alone_is_taken_as_it_is(name: str) -> None:
    assert experiment("--preset", name) == load_preset(name).experiment


@pytest.mark.parametrize(
    ("argv", "field", "value"),
    [
        ("--dataset circles", "dataset", "circles"),
        ("--samples 500", "samples", 500),
        ("--noise 0.35", "noise", 0.35),
        ("--noise 0", "noise", 0),
        ("--seed 7", "seed", 7),
        ("--loss cross_entropy", "loss", "cross_entropy"),
        ("--init he", "initializer", "he"),
        ("--epochs 3", "epochs", 3),
        ("--learning-rate 1e-3", "learning_rate", 0.001),
        ("--batch-size 32", "batch_size", 32),
        ("--shuffle", "shuffle", True),
        ("--freeze-biases", "train_biases", False),
        ("--layers 3,4,5", "hidden", (3, 4, 5)),
    ],
)
def test_an_option_overrides_its_field_and_no_other(argv: str, field: str, value: Any) -> None:
    assert experiment(*argv.split()) == dataclasses.replace(MOONS, **{field: value})


def test_what_a_preset_turns_on_can_be_turned_off() -> None:
    assert not experiment("--preset", "blobs", "--no-shuffle").shuffle
    assert experiment("--preset", "article", "--no-freeze-biases").train_biases


@pytest.mark.parametrize(
    ("argv", "hidden", "activations"),
    [
        (["--activation", "relu"], (25, 50, 25), ("relu", "relu", "relu", "sigmoid")),
        (["--activation", "relu,tanh,none,softmax"], (25, 50, 25), ("relu", "tanh", "none", "softmax")),
        (["--layers", "5"], (5,), ("sigmoid", "sigmoid")),
        (["--layers", "5, 6"], (5, 6), ("sigmoid", "sigmoid", "sigmoid")),
        (["--layers", "5", "--activation", "tanh"], (5,), ("tanh", "sigmoid")),
        (["--layers", "5", "--activation", "tanh,softmax"], (5,), ("tanh", "softmax")),
        (["--layers", ""], (), ("sigmoid",)),
        (["--layers", "", "--activation", "softmax"], (), ("softmax",)),
        (["--preset", "spirals", "--layers", "9,9,9"], (9, 9, 9), ("tanh", "tanh", "tanh", "softmax")),
        (["--preset", "circles", "--layers", "2,3"], (2, 3), ("tanh", "tanh", "sigmoid")),
        (["--preset", "linear", "--layers", "4,4"], (4, 4), ("sigmoid", "sigmoid", "sigmoid")),
        (["--preset", "blobs", "--activation", "tanh"], (16,), ("tanh", "softmax")),
    ],
)
def test_activations_follow_the_layers(argv: list[str], hidden: tuple[int, ...], activations: tuple[str, ...]) -> None:
    made = experiment(*argv)
    assert (made.hidden, made.activations) == (hidden, activations)


def test_another_dataset_takes_as_many_classes_as_it_has() -> None:
    assert experiment("--preset", "blobs", "--dataset", "moons").classes == 2
    assert experiment("--preset", "blobs", "--classes", "5").classes == 5
    assert experiment("--preset", "blobs", "--dataset", "blobs").classes == BLOBS.classes
    assert experiment("--dataset", "blobs", "--classes", "3").classes == 3
    assert "classes must be 2 for moons, not 3 (--classes)" in refusal("--dataset", "moons", "--classes", "3")


@pytest.mark.parametrize("value", ["text", "-1", "0", "nan", "inf", "1e300", "", "None", "True", "1" + "0" * 400])
@pytest.mark.parametrize("flag", ["--samples", "--classes", "--layers", "--epochs", "--learning-rate", "--batch-size"])
def test_a_wrong_number_is_refused_with_its_option(flag: str, value: str) -> None:
    if (flag, value) != ("--layers", ""):
        assert refusal(flag, value).endswith(f"({flag})")


@pytest.mark.parametrize("value", ["text", "-1", "nan", "inf", "1e300", "", "None", "1" + "0" * 400])
@pytest.mark.parametrize("flag", ["--noise", "--seed"])
def test_a_wrong_number_is_refused_where_zero_is_right(flag: str, value: str) -> None:
    assert refusal(flag, value).endswith(f"({flag})")


@pytest.mark.parametrize("value", ["text", "", "0", "nan", "MOONS", "relu;tanh"])
@pytest.mark.parametrize("flag", ["--dataset", "--loss", "--init", "--activation"])
def test_a_wrong_name_is_refused_with_its_option(flag: str, value: str) -> None:
    if (flag, value) != ("--activation", ""):
        assert refusal(flag, value).endswith(f"({flag})")


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["--layers", "25,,5"], "hidden entry 2: must be a whole number from 1 to 1,024, not nothing (--layers)"),
        (["--layers", "1,2,3,4,5,6,7,8,9"], "hidden may have at most 8 entries, not 9 (--layers)"),
        (["--activation", "relu,tanh"], "activations must name 4, one for each layer, not 2 (--activation)"),
        (["--activation", "softmax"], "activations may hold softmax for the output layer only (--activation)"),
        (
            ["--activation", "relu,relu,relu,tanh", "--loss", "cross_entropy"],
            "loss cross_entropy needs sigmoid or softmax in the output layer, not tanh (--loss)",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_would_be_right(argv: list[str], sentence: str) -> None:
    assert refusal(*argv) == sentence


def test_published_weights_are_refused_for_another_network() -> None:
    sentence = "initializer mazur needs the network 2-2-2 that it was published for, not 2-25-50-25-2 (--init)"
    assert refusal("--init", "mazur") == sentence
    assert refusal("--preset", "mazur", "--layers", "3").startswith("initializer mazur needs the network 2-2-2 ")


@pytest.mark.parametrize(("flag", "value"), [("--samples", "500"), ("--noise", "0.1")])
def test_options_without_effect_for_published_samples_are_refused(flag: str, value: str) -> None:
    sentence = f"{flag[2:]} has no effect for mazur, which has published samples: leave it out ({flag})"
    assert refusal("--preset", "mazur", flag, value) == sentence
    assert refusal("--dataset", "mazur", flag, value) == sentence
    assert getattr(experiment("--preset", "mazur", "--dataset", "xor", flag, value), flag[2:]) == float(value)


def test_every_wrong_option_is_named_at_once() -> None:
    sentences = refusal("--epochs", "x", "--batch-size", "0", "--dataset", "suns").split("; ")
    assert [sentence.rpartition(" ")[2] for sentence in sentences] == ["(--dataset)", "(--batch-size)", "(--epochs)"]


def test_what_follows_from_a_wrong_option_is_not_blamed() -> None:
    assert "--activation" not in refusal("--layers", ",".join("1" * 20))


def test_a_contradiction_with_the_preset_is_told() -> None:
    made = refusal("--preset", "blobs", "--activation", "relu,none")
    assert made.startswith("loss cross_entropy needs sigmoid or softmax in the output layer, not none")


def test_an_unknown_preset_is_refused_with_a_list_of_presets() -> None:
    assert refusal("--preset", "suns").startswith("no preset is called suns; choose one of moons, article")


def test_a_regression_takes_a_linear_output_and_squared_error_unless_told_otherwise() -> None:
    found = experiment("--preset", "blobs", "--dataset", "sine", "--layers", "10")
    assert (found.sizes, found.loss, found.activations[-1]) == ((1, 10, 2), "mse", "none")
    assert (
        experiment("--dataset", "sine", "--layers", "10", "--activation", "tanh,sigmoid").activations[-1] == "sigmoid"
    )


def test_samples_that_are_not_split_are_not_scaled() -> None:
    assert experiment("--dataset", "wine", "--scale", "standard").scale == "standard"
    with pytest.raises(ExperimentError, match=r"scale must be none for mazur.*\(--scale\)"):
        experiment("--preset", "mazur", "--scale", "standard")


def test_a_number_of_classes_is_refused_where_the_dataset_says_it() -> None:
    with pytest.raises(ExperimentError, match=r"classes has no effect for iris: leave it out \(--classes\)"):
        experiment("--dataset", "iris", "--classes", "3")
