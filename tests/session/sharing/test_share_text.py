"""Experiments and positions as lines: there and back, and what is wrong with other texts."""

import dataclasses
import random
from typing import Any

import pytest

from bpviz.core.activations import HIDDEN_ACTIVATIONS
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset, preset_names
from bpviz.session.sharing.share_text import (
    Shared,
    ShareError,
    as_command,
    as_text,
    read_position,
    read_shared,
    with_shared,
)
from bpviz.session.training.position import Position


def random_experiment(rng: random.Random) -> Experiment:
    """Return a preset with some values drawn at random, of every kind that there is."""
    base = load_preset(rng.choice(["moons", "spirals", "blobs", "circles", "article"])).experiment
    hidden = tuple(rng.randint(1, 60) for _ in range(rng.randint(0, 5)))
    drawn: dict[str, Any] = {
        "samples": rng.randint(10, 5000),
        "noise": rng.uniform(0, 2),
        "seed": rng.randint(0, 2**32 - 1),
        "learning_rate": 10 ** rng.uniform(-8, 3),
        "batch_size": rng.randint(1, 64),
        "shuffle": rng.random() < 0.5,
        "train_biases": rng.random() < 0.5,
        "optimiser": rng.choice(["sgd", "adam", "momentum"]),
        "l2": rng.choice([0.0, 1e-4, 0.3]),
        "test_share": rng.uniform(0.05, 0.95),
        "epochs": rng.randint(1, 10**6),
    }
    chosen = {name: value for name, value in drawn.items() if rng.random() < 0.5}
    activations = (*(rng.choice(HIDDEN_ACTIVATIONS) for _ in hidden), base.activations[-1])
    return dataclasses.replace(base, hidden=hidden, activations=activations, initializer="xavier", **chosen).checked()


@pytest.mark.parametrize("name", preset_names())
@pytest.mark.parametrize("write", [as_command, as_text])
def test_every_preset_comes_back(name: str, write: Any) -> None:
    preset = load_preset(name)
    shared = Shared(preset.experiment)
    assert read_shared(write(shared)) == shared
    if preset.against:
        assert read_shared(write(Shared(preset.against[1]))).experiment == preset.against[1]


@pytest.mark.parametrize("write", [as_command, as_text])
def test_random_experiments_and_positions_come_back(write: Any) -> None:
    rng = random.Random(7)
    for _ in range(200):
        position = Position(rng.randint(0, 300), rng.choice([0, 5]), rng.choice([0, 3]))
        shared = Shared(random_experiment(rng), rng.choice([None, position]))
        assert read_shared(write(shared)) == shared


def test_the_line_has_only_what_differs() -> None:
    moons = load_preset("moons").experiment
    assert as_command(Shared(moons)) == "bpviz --preset moons"
    changed = dataclasses.replace(moons, seed=3, shuffle=True)
    line = as_command(Shared(changed, Position(12, 30)))
    assert line == "bpviz --preset moons --share 'seed=3 shuffle=on' --go-to 12,30"
    assert as_text(Shared(changed)) == "bpviz experiment\npreset: moons\nseed: 3\nshuffle: on\n"
    assert with_shared(moons, "seed=3 shuffle=on") == changed


def test_a_quoted_answer_to_an_e_mail_and_a_prompt_are_understood() -> None:
    moons = load_preset("moons").experiment
    assert read_shared("> bpviz experiment\n>\n> preset: moons\n> seed: 3\n").experiment.seed == 3
    assert read_shared("$ bin/bpviz --preset=moons").experiment == moons


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This is no experiment"),
        ("hello\nthere", "This is no experiment"),
        ("x" * 20_000, "This is no experiment"),
        ("bpviz train", "This is no experiment"),
        ("bpviz --preset 'moons", "not closed"),
        ("bpviz --preset moon", "no preset is called moon"),
        ("bpviz --preset moons --run yes", "“--run” cannot be pasted"),
        ("bpviz --share seed", "“seed” is not a field"),
        ("bpviz --share 'seed=1 seed=2'", "each field once"),
        ("bpviz --share sede=1", "no field called sede"),
        ("bpviz --share mistakes=x", "no field called mistakes"),
        ("bpviz --share learning_rate=fast", "learning rate must be"),
        ("bpviz --share shuffle=maybe", "shuffle must be"),
        ("bpviz --share hidden=3", "activations must name 2"),
        ("bpviz --go-to now", "a position must be like 12"),
        ("bpviz --go-to 1,2,3,4", "a position must be like 12"),
    ],
)
def test_a_wrong_text_is_refused_with_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ShareError, match=sentence):
        read_shared(text)


def test_parameters_of_one_s_own_cannot_be_shared() -> None:
    experiment = dataclasses.replace(load_preset("moons").experiment, parameters=(1.0,))
    with pytest.raises(ShareError, match="do not fit into a line"):
        as_command(Shared(experiment))


def test_a_position_has_one_to_three_numbers() -> None:
    assert [read_position(text) for text in ("4", "4,0,2")] == [Position(4), Position(4, 0, 2)]
