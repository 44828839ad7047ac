"""The report in words, as a table and as JSON; pairs of mistakes; mistakes that do not show."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import bpviz
from bpviz.core.diagnosis.report import Report
from bpviz.core.mistakes.mistake import Planted
from bpviz.core.mistakes.planted import plant
from tests.core.diagnosis.networks import programs, report_on, setups
from tests.core.diagnosis.test_conventions import problem
from tests.core.diagnosis.true_program import numbers_of

NETWORK = "squares of sigmoid"


def reported(*names_and_layers: tuple[str, int], quantities: tuple[str, ...] | None = None, samples: int = 5) -> Report:
    (setup,) = setups(NETWORK)[:1]
    setup = type(setup)(setup.network, setup.x[:samples], setup.y[:samples], setup.learning_rate)
    planted: list[Planted] = [plant(setup.network, name, layer) for name, layer in names_and_layers]
    return report_on(programs([setup], planted), quantities)


def test_the_sentence_says_where_what_and_what_to_do() -> None:
    report = reported(("weights_not_transposed", 1), quantities=("delta", "dW", "db"))
    sentence = str(report)
    assert sentence.startswith("The first wrong number is delta of layer 1 at (0, 0): it is ")
    assert sentence.endswith(
        " In layer 1 the weights of the next layer are not transposed when delta is sent back. "
        "Compute error = delta_next @ W_next.T. Only a square W hides this by its shape."
    )
    with pytest.raises(AssertionError) as raised:
        report.raise_if_wrong()
    assert str(raised.value) == report.sentence


def test_what_is_right_is_said_with_the_tolerance_and_raises_nothing() -> None:
    report = reported()
    report.raise_if_wrong()
    assert str(report).startswith("Right: all 335 numbers are those of backpropagation (tolerance ")
    assert "float64" in str(report)
    assert 1e-16 < report.tolerance < 1e-12
    assert report.as_dict() == {
        "ok": True,
        "first": None,
        "causes": [],
        "sentence": report.sentence,
        "conventions": [],
        "invisible": list(report.invisible),
        "tolerance": report.tolerance,
    }


def test_the_report_can_be_written_as_json() -> None:
    report = reported(("slope_left_out", 2))
    said = json.loads(json.dumps(report.as_dict()))
    assert said["ok"] is False
    assert said["causes"] == list(report.causes)
    assert (said["first"]["quantity"], said["first"]["layer"], said["first"]["index"]) == ("delta", 2, [0, 0])
    assert said["first"]["yours"] != said["first"]["right"]


def test_the_table_of_a_notebook_marks_the_first_wrong_number() -> None:
    table = reported(("slope_left_out", 2), quantities=("delta", "dW"))._repr_html_()
    assert "<tr><td>delta of layer 3</td><td>none</td></tr>" in table
    assert "<tr><td>delta of layer 2</td><td><b>20 of 20, the first at (0, 0)</b></td></tr>" in table
    assert "<tr><td>dW of layer 1</td><td>8 of 8</td></tr>" in table


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("slope_left_out", 2), ("bias_not_updated", 1)),
        (("slope_left_out", 3), ("slope_left_out", 1)),
        (("weights_not_transposed", 1), ("learning_rate_squared", 3)),
        (("bias_left_out", 1), ("gradient_transposed", 2)),
        (("slope_of_z", 2), ("divided_by_samples_twice", 2)),
        (("z_instead_of_a", 3), ("weights_already_updated", 1)),
    ],
)
def test_two_mistakes_together_are_found(one: tuple[str, int], other: tuple[str, int]) -> None:
    report = reported(one, other)
    assert sorted(report.explanations[0].names) == sorted([one[0], other[0]])
    assert {one[0], other[0]} <= set(report.causes)
    assert " And: " in report.sentence


def test_two_mistakes_that_meet_in_the_first_wrong_array_are_found() -> None:
    report = reported(("slope_left_out", 3), ("divided_by_samples_twice", 3), quantities=("dW", "db"))
    assert set(report.causes[:2]) == {"slope_left_out", "divided_by_samples_twice"}


def test_a_factor_that_looks_like_a_convention_is_found_beside_another_mistake() -> None:
    (setup,) = setups(NETWORK)[:1]
    sign, factor = (plant(setup.network, "sign_flipped", 1, way=5), plant(setup.network, "factor_of_two", 3, way=2))
    assert (list(sign.way.rules), list(factor.way.rules)) == (["error"], ["dW"])
    report = report_on(programs([setup], [sign, factor]))
    assert report.causes[:2] == ("sign_flipped", "factor_of_two")
    assert report.first is not None
    assert report.first[:2] == ("error", 1)


def test_several_mistakes_that_fit_are_all_named_with_what_would_tell_them_apart() -> None:
    report = reported(("slope_left_out", 3), quantities=("delta",))
    assert report.causes == ("slope_left_out", "cross_entropy_delta_with_mse")
    assert "The same numbers come out if: In layer 3 delta of the output is that of cross-entropy" in report.sentence
    assert report.sentence.endswith("In this network they are the same program.")


def test_another_quantity_that_would_tell_mistakes_apart_is_asked_for() -> None:
    report = reported(("slope_left_out", 1), quantities=("dW", "db"))
    assert report.causes == ("slope_left_out", "error_instead_of_delta")
    assert report.sentence.endswith("Give delta of layer 1 too: it would tell them apart.")


def test_a_batch_that_would_tell_mistakes_apart_is_asked_for() -> None:
    report = reported(("one_sample_of_the_batch", 1), ("slope_left_out", 1), quantities=("db",), samples=1)
    assert "slope_left_out" in report.causes
    assert "A batch of two or more samples would tell them apart." not in reported().sentence


def test_mistakes_that_change_nothing_here_are_called_invisible() -> None:
    report = reported(quantities=("delta", "dW", "db"), samples=1)
    assert "sum_instead_of_mean" in report.invisible
    assert "Invisible with these numbers: " in str(report)
    assert str(report).endswith("With one sample, sum and mean are the same: give two or more.")
    assert "sum_instead_of_mean" not in reported(quantities=("delta", "dW", "db")).invisible


def test_a_symmetric_w_hides_that_it_is_not_transposed() -> None:
    (setup,) = setups(NETWORK)[:1]
    W = setup.network.layers[1].weights
    W[...] = W + W.T
    report = report_on(programs([setup], [plant(setup.network, "weights_not_transposed", 1)]))
    assert report.ok
    assert report.invisible["weights_not_transposed"] == (1,)


def test_a_learning_rate_of_one_hides_that_it_is_left_out() -> None:
    numbers = numbers_of(problem())
    numbers |= {"learning_rate": 1.0}
    for after, before, gradient in (("W_after", "W", "dW"), ("b_after", "b", "db")):
        numbers[after] = [old - step for old, step in zip(numbers[before], numbers[gradient], strict=True)]
    report = bpviz.check(**numbers)
    assert report.ok
    assert {"learning_rate_left_out", "learning_rate_squared"} <= report.invisible.keys()


def test_a_number_that_no_mistake_gives_is_named_with_both_numbers() -> None:
    numbers: dict[str, Any] = numbers_of(problem())
    numbers["a"][1][3, 2] = 0.125
    true = float(numbers_of(problem())["a"][1][3, 2])
    report = bpviz.check(**numbers)
    assert (report.first, report.causes) == (("a", 2, (3, 2)), ())
    assert report.sentence.startswith(
        f"The first wrong number is a of layer 2 at (3, 2): it is 0.125 and should be {true:.6g}"
    )
    assert report.sentence.endswith(
        "No known mistake, nor two together, gives these numbers: look at how it is computed."
    )


def test_the_cells_of_every_array_are_right_or_wrong() -> None:
    report = reported(("slope_left_out", 2))
    wrong = {key for _, key in report.comparison.given() if report.cells(*key).any()}
    assert wrong == {
        *((name, layer) for name in ("delta", "dW", "db", "W_after", "b_after") for layer in (1, 2)),
        ("error", 1),
    }
    assert np.array_equal(report.cells("dW", 1), np.ones((2, 4), dtype=bool))
