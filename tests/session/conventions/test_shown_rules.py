"""In every combination of conventions the numbers of optimisers, penalties and clipping follow from those shown."""

import dataclasses
import re

import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.core.optimisers.rule import OPTIMISERS
from bpviz.session.conventions.conventions import Conventions
from bpviz.session.conventions.relation import code_relation
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.walkthrough.captions import caption
from bpviz.session.walkthrough.formula import formula
from bpviz.session.walkthrough.formula_context import FormulaContext
from bpviz.session.walkthrough.latex import latex
from bpviz.session.walkthrough.operands import Operand, operands
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate, as_shown
from tests.session.conventions.test_shown import ALL, NAMED
from tests.session.walkthrough.calculator import calculations
from tests.session.walkthrough.updates import SMALL, at, traced_update


def trained_with(**values: object) -> Experiment:
    return dataclasses.replace(SMALL, **values)  # type: ignore[arg-type]


RULES = {
    **{name: trained_with(optimiser=name) for name in OPTIMISERS if name != "sgd"},
    "penalties": trained_with(l1=0.003, l2=0.02),
    "clipped": trained_with(clip_norm=0.05),
    "not clipped": trained_with(clip_norm=50.0),
    "decay": trained_with(weight_decay=0.3),
    "decay of adamw": trained_with(optimiser="adamw", weight_decay=0.3),
    "all with nesterov": trained_with(optimiser="nesterov", l1=0.003, l2=0.02, clip_norm=0.05, weight_decay=0.3),
    "all with rmsprop": trained_with(optimiser="rmsprop", l1=0.003, l2=0.02, clip_norm=0.05, weight_decay=0.3),
    "a large epsilon": trained_with(optimiser="adam", epsilon=0.01),
    "cross-entropy": trained_with(optimiser="adam", l2=0.02, loss="cross_entropy"),
}
every_rule = pytest.mark.parametrize("experiment", RULES.values(), ids=RULES)
every_convention = pytest.mark.parametrize("conventions", ALL, ids=NAMED)


def stages(update: TracedUpdate) -> list[TracedUpdate]:
    """Return the update after each operation of its rule, and after each update of parameters."""
    wanted = ("penalty", "clip", "moment", "update")
    return [at(update, each) for each in update.operations if each.quantity in wanted]


# Lines of numbers


@every_rule
@every_convention
def test_every_line_evaluates_to_the_number_that_is_shown(conventions: Conventions, experiment: Experiment) -> None:
    update = as_shown(traced_update(experiment, 2), conventions)
    for here in stages(update):
        lines = [line for line in formula(here, 1, 1).numbers if not line.startswith("‖g‖")]
        found = calculations(lines)
        assert here.operation is not None
        assert found or here.operation.quantity == "clip"  # which leaves a short gradient as it is
        for calculation in found:
            for step in calculation.worked_out():
                assert step == pytest.approx(calculation.result, rel=2e-5, abs=1e-12), (here.operation, calculation)


@every_rule
@every_convention
def test_the_last_line_of_an_update_is_the_new_weight(conventions: Conventions, experiment: Experiment) -> None:
    update = as_shown(traced_update(experiment), conventions)
    for here in stages(update):
        if here.operation is not None and here.operation.quantity == "update":
            *_, last = calculations(formula(here, 0, 1, 2).numbers)
            first, second = (int(number) - conventions.first for number in re.findall(r"\d", last.name))
            change = here.layers[here.operation.layer - 1]
            source = min(2, len(change.W) - 1)
            assert (second, first) == (source, 1) if conventions.columns else (first, second) == (source, 1)
            assert last.result == pytest.approx(change.W_after[source, 1], rel=1e-8)


# Arrays


def values(made: tuple[Operand, ...]) -> list[Array]:
    return [operand.values for operand in made]


def check_penalty(update: TracedUpdate) -> None:
    gradient, W, result = values(operands(update, 0))
    assert update.learning is not None
    rule, sign = update.rule, -1.0 if update.conventions.negative else 1.0
    np.testing.assert_allclose(gradient + sign * (rule.l2 * W + rule.l1 * np.sign(W)), result, rtol=1e-12)
    symbol = operands(update, 0)[1].joined_by
    assert symbol == ("− penalty of" if update.conventions.negative else "+ penalty of")


def check_clip(update: TracedUpdate) -> None:
    gradient, factor, result = values(operands(update, 0))
    np.testing.assert_allclose(gradient * factor, result, rtol=1e-12)


def check_moment(update: TracedUpdate) -> None:
    g, *pairs = values(operands(update, 0))
    rule = update.rule
    for name, before, after in zip(rule.slots, pairs[::2], pairs[1::2], strict=True):
        expected = {
            "velocity": rule.momentum * before + g,
            "m": rule.beta1 * before + (1 - rule.beta1) * g,
            "v": before + g**2 if rule.optimiser == "adagrad" else rule.beta2 * before + (1 - rule.beta2) * g**2,
        }[name]
        np.testing.assert_allclose(expected, after, rtol=1e-12)


def check_update(update: TracedUpdate) -> None:
    W, *remembered, result = values(operands(update, 0))
    assert update.learning is not None
    rule, t = update.rule, update.learning.number
    kept = W * (1 - update.rate_of_decay * rule.weight_decay)
    if rule.optimiser in ("adam", "adamw"):
        m, v = remembered
        step = m / (1 - rule.beta1**t) / (np.sqrt(v / (1 - rule.beta2**t)) + rule.epsilon)
    elif rule.optimiser in ("adagrad", "rmsprop"):
        g, v = remembered
        step = g / (np.sqrt(v) + rule.epsilon)
    elif rule.optimiser == "sgd":
        (step,) = remembered
    else:
        g, velocity = remembered
        step = velocity if rule.optimiser == "momentum" else g + rule.momentum * velocity
    np.testing.assert_allclose(kept - update.learning_rate * step, result, rtol=1e-12)


_CHECKS = {"penalty": check_penalty, "clip": check_clip, "moment": check_moment, "update": check_update}


@every_rule
@every_convention
def test_every_array_follows_from_the_arrays_beside_it(conventions: Conventions, experiment: Experiment) -> None:
    update = as_shown(traced_update(experiment, 2), conventions)
    for here in stages(update):
        assert here.operation is not None
        _CHECKS[here.operation.quantity](here)


@every_rule
def test_the_arrays_have_the_sign_and_the_size_that_was_chosen(experiment: Experiment) -> None:
    raw = traced_update(experiment)
    shown = as_shown(raw, Conventions(negative=True, whole=True))
    by = -2.0 if experiment.loss == "mse" else -1.0
    assert raw.learning is not None
    assert shown.learning is not None
    np.testing.assert_array_equal(shown.learning.taken, by * raw.learning.taken)
    assert shown.learning.norm == abs(by) * raw.learning.norm
    for name, ours, theirs in zip(raw.rule.slots, raw.learning.slots, shown.learning.slots, strict=True):
        np.testing.assert_array_equal(theirs, (by**2 if name == "v" else by) * ours)
    assert shown.layers is raw.layers  # nothing that is trained


# Symbols and words


def written(quantity: str, experiment: Experiment, conventions: Conventions) -> str:
    return latex(Operation(quantity, 1), FormulaContext.of_experiment(experiment, conventions))


def test_formulas_of_rules_follow_sign_and_half() -> None:
    both = Conventions(negative=True, whole=True)
    penalty = written("penalty", RULES["penalties"], both)
    assert penalty == r"g = \mathrm{d}W^{(1)} - 2\, \lambda_{2}\, W^{(1)} - 2\, \lambda_{1}\, \mathrm{sign}\, W^{(1)}"
    assert r"\frac{2\, c}{\max\left(2\, c,\, " in written("clip", RULES["clipped"], both)
    assert r"W^{(1)} + \frac{\eta}{2}\, v" in written("update", RULES["momentum"], both)
    assert r"W^{(1)} + \eta\, \frac{\mathrm{d}W^{(1)}}{\sqrt{v} + 2\, \epsilon}" in written(
        "update", RULES["rmsprop"], both
    )
    adam = written("update", RULES["adam"], both)
    assert r"W^{(1)} + \eta\, " in adam
    assert r"+ 2\, \epsilon}" in adam
    decay = written("update", RULES["decay"], both)
    assert decay.startswith(r"W^{(1)} \leftarrow \left(1 - \eta\, \lambda\right) W^{(1)} + \frac{\eta}{2}\, ")
    assert r"b^{(1)} + \frac{\eta}{2}\, \mathrm{d}b^{(1)}" in decay


@every_rule
def test_formulas_without_a_convention_have_neither_sign_nor_factor(experiment: Experiment) -> None:
    for quantity in (*experiment.rule.extra_operations, "update"):
        text = written(quantity, experiment, Conventions())
        assert "2\\," not in text
        assert r"\frac{\eta}{2}" not in text


@pytest.mark.parametrize("name", [name for name in RULES if name not in ("momentum", "clipped", "not clipped")])
def test_captions_of_rules_follow_the_sign(name: str) -> None:
    raw = traced_update(RULES[name])
    last = raw.operations[-1]
    plain, negative = caption(at(raw, last), 0), caption(as_shown(at(raw, last), Conventions(negative=True)), 0)
    assert "negative" in negative
    assert "negative" not in plain


def test_the_penalty_is_taken_off_a_negative_gradient() -> None:
    raw = at(traced_update(RULES["penalties"]), Operation("penalty", 1))
    assert "adds to the gradients" in caption(raw, 0)
    assert "is taken off the negative gradients" in caption(as_shown(raw, Conventions(negative=True)), 0)


def test_the_limit_of_the_norm_is_the_one_that_fits_the_numbers() -> None:
    raw = at(traced_update(RULES["clipped"]), Operation("clip", 1))
    assert "longer than 0.05," in caption(raw, 0)
    assert "longer than 0.1," in caption(as_shown(raw, Conventions(whole=True)), 0)


def test_the_code_panel_says_how_an_optimiser_s_names_relate() -> None:
    both = Conventions(negative=True, whole=True)
    adam = code_relation(both, RULES["all with rmsprop"].rule)
    assert "so are g; loss and epsilon: twice the code's; v: 4 × that of the code; penalties" in adam
    momentum = code_relation(both, RULES["momentum"].rule)
    assert "so are g, velocity; loss and learning rate: twice and half of the code's." in momentum
    assert "so are" not in code_relation(both)
