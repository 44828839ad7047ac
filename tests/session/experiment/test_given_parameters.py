"""Experiments that start from parameters of their own."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import numpy as np
import pytest

from bpviz.session.experiment.difference import differences, is_another
from bpviz.session.experiment.experiment import Experiment, ExperimentError
from bpviz.session.experiment.given_parameters import MOST_PARAMETERS, from_text, to_text
from bpviz.session.files.session_file import read_session, write_session
from bpviz.session.files.session_summary import describe_experiment
from bpviz.session.files.snapshot import restored, single_branch_session
from bpviz.session.time_travel.history import History
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.training import Training
from tests.session.helpers import SMALL

N = SMALL.n_parameters
NUMBERS = tuple(np.random.RandomState(5).randn(N).tolist())
GIVEN = dataclasses.replace(SMALL, initializer="given", parameters=NUMBERS)


def problems(**values: Any) -> dict[str, str]:
    return dataclasses.replace(GIVEN, **values).problems()


def test_training_starts_from_them() -> None:
    training = Training(GIVEN)
    assert training.network.parameters.tolist() == list(NUMBERS)
    training.run_epoch()
    assert training.network.parameters.tolist() != list(NUMBERS)
    assert Training(training.experiment).network.parameters.tolist() == list(NUMBERS)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"parameters": NUMBERS[1:]}, "initializer", f"given has {N - 1} numbers, but 2-4-3-2 needs {N}"),
        ({"hidden": (4, 4)}, "initializer", f"given has {N} numbers, but 2-4-4-2 needs {N + 7}"),
        ({"parameters": ()}, "initializer", "given is for the parameters of a network that is opened from a file"),
        ({"initializer": "he"}, "initializer", "he draws the parameters"),
        ({"parameters": (*NUMBERS[1:], math.nan)}, "parameters", "must be finite"),
        ({"parameters": (*NUMBERS[1:], 10**400)}, "parameters", "must be finite"),
        ({"parameters": (*NUMBERS[1:], True)}, "parameters", "must be a list of numbers"),
        ({"parameters": (*NUMBERS[1:], "1")}, "parameters", "must be a list of numbers"),
        ({"parameters": 5}, "parameters", "must be a list of numbers"),
        ({"parameters": (0.0,) * (MOST_PARAMETERS + 1)}, "parameters", "may have at most 300,000 entries"),
    ],
)
def test_parameters_that_do_not_fit_are_refused_in_a_sentence(
    values: dict[str, Any], field: str, sentence: str
) -> None:
    found = problems(**values)
    assert list(found) == [field]
    assert sentence in found[field]


def test_json_keeps_every_digit() -> None:
    assert Experiment.from_json(GIVEN.to_json()) == GIVEN
    assert isinstance(json.loads(GIVEN.to_json())["parameters"], str)


def test_json_may_also_list_them() -> None:
    assert Experiment.from_values(GIVEN.to_values() | {"parameters": list(NUMBERS)}) == GIVEN


@pytest.mark.parametrize("text", ["!", "AAAA", "A" * 13, "=" * 8, "A" * 4_000_000])
def test_a_text_that_is_none_of_numbers_is_refused(text: str) -> None:
    with pytest.raises(ExperimentError, match="parameters m"):
        Experiment.from_values(GIVEN.to_values() | {"parameters": text})


def test_the_longest_list_can_be_written_and_read() -> None:
    numbers = tuple(np.random.RandomState(0).randn(MOST_PARAMETERS).tolist())
    assert from_text(to_text(numbers)) == numbers


def test_a_session_file_keeps_them(tmp_path: Any) -> None:
    history = History(Training(GIVEN))
    history.advance(7)
    write_session(tmp_path / "a.bpviz", single_branch_session(history, GIVEN, EpochTable()))
    saved = read_session(tmp_path / "a.bpviz")
    assert saved.branches[0].first == GIVEN
    training = restored(saved)[0].active.stepper.training
    assert training.network.parameters.tolist() == list(NUMBERS)


def test_the_largest_network_fits_into_files(tmp_path: Any) -> None:
    hidden = (1024, 282)
    large = dataclasses.replace(SMALL, hidden=hidden, initializer="given")
    large = dataclasses.replace(large, parameters=tuple(np.full(large.n_parameters, 0.001).tolist()))
    assert MOST_PARAMETERS - 10_000 < large.n_parameters <= MOST_PARAMETERS
    path = tmp_path / "large.bpviz"
    assert write_session(path, single_branch_session(History(Training(large)), large, EpochTable())) == ()
    assert read_session(path).branches[0].first == large


def test_differences_name_them_by_a_checksum() -> None:
    other = dataclasses.replace(GIVEN, parameters=(0.5, *NUMBERS[1:]))
    (found,) = differences(GIVEN, other)
    assert (found.field, len(found.first), found.first == found.second) == ("parameters", 8, False)
    assert is_another(GIVEN, other)
    assert "given parameters;" in describe_experiment(GIVEN)
    assert repr(NUMBERS[0]) not in repr(GIVEN)
