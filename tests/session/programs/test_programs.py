"""Programs that bpviz writes print, to all six digits, what `bpviz train` prints."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.training.article import regression_line, report_line
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.files.safe_write import ExportError
from bpviz.session.programs.export import PROGRAMS, program, write_program
from bpviz.session.training.strokes import Stroke, split_after
from bpviz.session.training.training import Training
from tests.session.helpers import SMALL

ARTICLE = load_preset("article").experiment
BASE = dataclasses.replace(SMALL, samples=90, epochs=31, learning_rate=0.05)
CASES = {
    "article": dataclasses.replace(ARTICLE, samples=200, epochs=11),
    "biases": BASE,
    "batches": dataclasses.replace(BASE, batch_size=8, shuffle=True, learning_rate=0.5, optimiser="momentum"),
    "adam": dataclasses.replace(
        BASE,
        batch_size=8,
        shuffle=True,
        optimiser="adam",
        l2=0.01,
        clip_norm=0.5,
        schedule="cosine",
        schedule_epochs=20,
    ),
    "relu": dataclasses.replace(
        BASE, activations=("relu", "leaky_relu", "softmax"), loss="cross_entropy", initializer="he", dataset="circles"
    ),
    "entropy": dataclasses.replace(BASE, loss="cross_entropy", schedule="step", schedule_epochs=5, warm_up=3),
    "softmax": dataclasses.replace(BASE, activations=("tanh", "none", "softmax"), initializer="xavier", dataset="xor"),
    "adamw": dataclasses.replace(
        BASE, optimiser="adamw", weight_decay=0.1, l1=1e-5, initializer="lecun", learning_rate=0.01
    ),
    "nesterov": dataclasses.replace(BASE, optimiser="nesterov", schedule="exponential", schedule_factor=0.9),
    "rmsprop": dataclasses.replace(BASE, optimiser="rmsprop", train_biases=False, clip_norm=0.1, learning_rate=0.01),
    "adagrad": dataclasses.replace(BASE, optimiser="adagrad", dataset="blobs", classes=4, noise=0.3),
    "plateau": dataclasses.replace(BASE, schedule="plateau", schedule_epochs=2, batch_size=63, learning_rate=3.0),
    "patience": dataclasses.replace(BASE, patience=2, learning_rate=1.0, initializer="uniform"),
    "huber": dataclasses.replace(
        BASE, activations=("elu", "leaky_relu", "sigmoid"), loss="huber", leak=0.2, scale="standard", batch_size=5
    ),
    "absolute error": dataclasses.replace(BASE, loss="mae", activations=("elu", "tanh", "softmax"), epochs=21),
    "smooth": dataclasses.replace(BASE, activations=("gelu", "silu", "sigmoid"), batch_size=4, learning_rate=0.5),
    "sine": dataclasses.replace(BASE, dataset="sine", activations=("sin", "softplus", "none"), initializer="xavier"),
    "plane": dataclasses.replace(
        BASE, dataset="plane", activations=("tanh", "gelu", "none"), loss="huber", scale="standard", batch_size=5
    ),
    "diabetes": dataclasses.replace(
        BASE,
        dataset="diabetes",
        activations=("silu", "tanh", "none"),
        scale="minmax",
        optimiser="adam",
        l1=1e-4,
        learning_rate=0.005,
    ),
    "absolute errors": dataclasses.replace(
        BASE, dataset="gauss", activations=("elu", "sin", "sin"), loss="mae", schedule="plateau", schedule_epochs=2
    ),
    "regression with patience": dataclasses.replace(
        BASE, dataset="line", hidden=(), activations=("none",), patience=2, learning_rate=0.5, epochs=41
    ),
    "spirals": dataclasses.replace(BASE, dataset="spirals", hidden=(), activations=("sigmoid",)),
}


def trained(experiment: Experiment) -> list[str]:
    """Return the lines that `bpviz train` prints; with patience, of as many epochs as are trained."""
    from bpviz.session.training.early_stopping import EarlyStopping
    from bpviz.session.training.epochs import EpochTable

    training, table, lines = Training(experiment), EpochTable(), []
    for epoch in range(experiment.epochs):
        record = training.run_epoch()
        table.extend([record])
        if epoch % 10 == 0:
            scores = record.regression
            lines.append(
                regression_line(epoch, record.mse_train, scores.mae_test, scores.r2_test)
                if scores
                else report_line(epoch, record.mse_train, record.accuracy_test)
            )
        if EarlyStopping().is_due(table.column("mse_test"), experiment.patience):
            break
    return lines


def printed(text: str) -> list[str]:
    """Run a program and return its lines."""
    code, output = compile(text, "program", "exec"), io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(code, {"__name__": "__main__"})
    return output.getvalue().splitlines()


@pytest.mark.parametrize("name", CASES)
def test_the_numpy_program_prints_the_same_numbers(name: str) -> None:
    experiment = CASES[name].checked()
    lines = trained(experiment)
    assert len(lines) >= 1
    assert printed(program(experiment, Training(experiment).split)) == lines


@pytest.mark.parametrize("name", CASES)
def test_the_program_for_pytorch_prints_the_same_numbers(name: str) -> None:
    experiment = CASES[name].checked()
    text = program(experiment, Training(experiment).split, "torch")
    ast.parse(text)
    pytest.importorskip("torch")
    assert printed(text) == trained(experiment)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_there_is_a_program_for_every_activation(name: str) -> None:
    hidden = name if name != "softmax" else "tanh"
    experiment = dataclasses.replace(BASE, activations=(hidden, hidden, name), epochs=1, batch_size=10)
    split = Training(experiment).split
    assert printed(program(experiment, split)) == trained(experiment)
    ast.parse(program(experiment, split, "torch"))


def test_a_regression_with_drawn_and_erased_points_is_written_with_them() -> None:
    experiment = dataclasses.replace(CASES["plane"], scale="none", epochs=1)
    split = split_after(Training(experiment).split, Stroke(((0.5, 0.25, 1.0),), erased=(0, 3), erased_test=(0, 1)))
    names: dict[str, Any] = {"__name__": "no main"}
    exec(program(experiment, split), names)
    made, expected = names["load_data"](), (split.X_train, split.X_test, split.y_train, split.y_test)
    assert all(np.array_equal(*pair) for pair in zip(made, expected, strict=True))


def test_test_targets_without_spread_have_no_r2() -> None:
    experiment = dataclasses.replace(CASES["plane"], scale="none", epochs=1)
    split = split_after(Training(experiment).split, Stroke(erased_test=(1, 27)))
    assert len(split.X_test) == 1
    assert printed(program(experiment, split))[0].endswith("R2: nan")


def test_given_parameters_stand_in_the_program() -> None:
    drawn = Training(BASE)
    given = dataclasses.replace(BASE, initializer="given", parameters=tuple(drawn.network.parameters.tolist()))
    assert printed(program(given, drawn.split)) == trained(BASE)


def test_published_samples_and_parameters_stand_in_the_program() -> None:
    experiment = dataclasses.replace(load_preset("mazur").experiment, epochs=21)
    assert printed(program(experiment, Training(experiment).split)) == trained(experiment)


@pytest.mark.parametrize("kind", PROGRAMS)
@pytest.mark.parametrize("name", CASES)
def test_a_program_is_readable(kind: str, name: str) -> None:
    text = program(CASES[name], Training(CASES[name]).split, kind)
    assert max(map(len, text.splitlines())) <= 120
    tree = ast.parse(text)
    defined = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    assert {each for each in defined - used if each.isupper()} == set()  # no constant that nothing reads
    assert "\n\n\n\n" not in text


@pytest.mark.slow
def test_a_written_program_runs_by_itself(tmp_path: Path) -> None:
    write_program(tmp_path / "mine.py", BASE, Training(BASE).split)
    done = subprocess.run([sys.executable, "mine.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout.splitlines(), done.stderr) == (trained(BASE), "")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"mistakes": ("sign_flipped",)}, "a mistake is planted"),
        ({"dataset": "xor", "samples": 30_000}, "the samples are too many"),
    ],
)
def test_what_cannot_be_written_is_said(values: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    experiment = dataclasses.replace(BASE, **values)
    with pytest.raises(ExportError, match=sentence):
        write_program(tmp_path / "mine.py", experiment, Training(experiment).split)
    assert not (tmp_path / "mine.py").exists()


@pytest.mark.parametrize("stroke", [Stroke(((0.5, 0.25, 1.0),)), Stroke(erased=(0, 3)), Stroke(erased_test=(0, 1))])
def test_points_that_were_drawn_or_erased_stand_in_the_program(stroke: Stroke) -> None:
    training = Training(BASE)
    split = split_after(training.split, stroke)
    names: dict[str, Any] = {"__name__": "no main"}
    exec(program(BASE, split), names)
    expected = split.X_train, split.X_test, split.y_train, split.y_test
    assert all(np.array_equal(made, wanted) for made, wanted in zip(names["load_data"](), expected, strict=True))
    assert "make_moons" not in program(BASE, split)
    assert "make_moons" in program(BASE, training.split)
