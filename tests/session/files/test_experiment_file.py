"""Writing and reading of experiment files."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.core.metrics.metric import AGGREGATIONS, QUANTITIES, Metric
from bpviz.core.metrics.scan import COMPARISONS
from bpviz.session.debugging.breakpoints import MOST_CONDITIONS, READY_MADE, Breakpoint, Condition
from bpviz.session.debugging.watches import Watch
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.experiment_file import (
    ExperimentFile,
    ExperimentFileError,
    read_experiment_file,
    write_experiment_file,
)
from bpviz.session.files.safe_write import ExportError

SETUP = ExperimentFile(Experiment(seed=3), tuple(READY_MADE.values()), (Watch(Metric("loss"), 12),))
NUMBERS = st.integers(0, 1_000_000)


@st.composite
def metrics(draw: st.DrawFn) -> Metric:
    quantity = draw(st.sampled_from(sorted(QUANTITIES)))
    kind = QUANTITIES[quantity].kind
    neuron = draw(st.none() | NUMBERS) if kind in ("neurons", "weights") else None
    source = draw(st.none() | NUMBERS) if kind == "weights" and neuron is not None else None
    layer = draw(st.integers(1, 1_000_000)) if kind != "sample" else 0
    return Metric(quantity, layer, draw(st.sampled_from(AGGREGATIONS)), neuron, source)


CONDITIONS = st.builds(
    Condition, metrics(), st.sampled_from(COMPARISONS), st.floats(allow_nan=False, allow_infinity=False)
)
BREAKPOINTS = st.builds(
    Breakpoint,
    st.lists(CONDITIONS, min_size=1, max_size=MOST_CONDITIONS).map(tuple),
    enabled=st.booleans(),
    log_only=st.booleans(),
)
EXPERIMENTS = st.builds(
    Experiment,
    samples=st.integers(10, 500_000),
    noise=st.floats(0, 10),
    data_seed=st.integers(0, 2**32 - 1),
    hidden=st.tuples(*(st.integers(1, 1024) for _ in range(3))),
    learning_rate=st.floats(0, 1e6, exclude_min=True),
    shuffle=st.booleans(),
)
SETUPS = st.builds(
    ExperimentFile,
    EXPERIMENTS,
    st.lists(BREAKPOINTS, max_size=4).map(tuple),
    st.lists(st.builds(Watch, metrics(), st.none() | NUMBERS), max_size=4).map(tuple),
)


@given(SETUPS)
def test_any_experiment_file_survives_a_round_trip_through_json(experiment_file: ExperimentFile) -> None:
    assert ExperimentFile.from_json(experiment_file.to_json()) == experiment_file


@pytest.mark.slow
@given(st.text(max_size=40) | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_any_other_text_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ExperimentFileError):
        ExperimentFile.from_json(text)


def test_an_experiment_file_survives_a_round_trip_through_a_file(tmp_path: Path) -> None:
    write_experiment_file(tmp_path / "mine.json", SETUP)
    assert read_experiment_file(tmp_path / "mine.json") == SETUP


def test_a_bare_experiment_is_a_setup_without_breakpoints_and_watches() -> None:
    assert ExperimentFile.from_json(SETUP.experiment.to_json()) == ExperimentFile(SETUP.experiment)


def test_breakpoints_and_watches_may_be_left_out() -> None:
    assert ExperimentFile.from_json('{"experiment": {"seed": 3}}') == ExperimentFile(Experiment(seed=3))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "this is not JSON: "),
        ("[" * 100_000, "this is not an experiment: the JSON is nested too deeply"),
        ("[]", "an experiment must be a JSON object"),
        ('{"seed": -1}', "seed must be a whole number"),
        ('{"experiment": {"noise": NaN}}', "noise must be a number"),
        ('{"experiment": {}, "colour": 1}', "colour is not a member of an experiment file"),
        ('{"breakpoints": []}', "an experiment has no field called breakpoints"),
        ('{"experiment": {}, "breakpoints": {}}', "breakpoints must be a list"),
        ('{"experiment": {}, "watches": [1]}', "watch 1: it must be a JSON object"),
    ],
)
def test_an_invalid_text_is_refused_with_a_message(text: str, sentence: str) -> None:
    with pytest.raises(ExperimentFileError) as fault:
        ExperimentFile.from_json(text)
    assert str(fault.value).startswith(sentence)


def refusal(path: Path) -> str:
    with pytest.raises(ExperimentFileError) as fault:
        read_experiment_file(path)
    sentence = str(fault.value)
    assert sentence.startswith(f"{path} cannot be read: ")
    assert "\n" not in sentence
    return sentence.removeprefix(f"{path} cannot be read: ")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing.json") == "no such file or directory"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "that is a folder, not a file"


def test_a_pipe_without_a_writer_is_refused_at_once(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no named pipes here")
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe") == "that is not a regular file"


def test_a_file_that_is_too_large_is_refused_before_it_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    path.write_bytes(b" " * 37_000_001)
    assert refusal(path) == "it is larger than 37 MB, which no experiment file is"
    path.write_bytes(b" " * 37_000_000)
    assert refusal(path).startswith("this is not JSON")


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "picture.json").write_bytes(b"\x89PNG\xff\xfe")
    assert refusal(tmp_path / "picture.json") == "it is not text in UTF-8"


def test_a_text_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "marked.json"
    path.write_text(SETUP.to_json(), encoding="utf-8-sig")
    assert read_experiment_file(path) == SETUP


def test_a_failed_write_raises_a_message_and_keeps_the_existing_file(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="that is a folder"):
        write_experiment_file(tmp_path, SETUP)


def test_a_file_of_very_many_lists_is_refused_before_it_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "lists.json"
    path.write_bytes(b"[" + b"[]," * 300_000 + b"[]]")
    assert refusal(path) == "the file holds more than bpviz would ever write"
