"""Formulas as LaTeX."""

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest

from bpviz.core.activations import ACTIVATIONS, HIDDEN_ACTIVATIONS
from bpviz.core.losses import LOSSES, fits
from bpviz.core.optimisers.rule import OPTIMISERS
from bpviz.session.sharing.formula_latex import formula_as_latex, numbers_as_latex, update_as_latex
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.formula import formula
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_update
from tests.session.helpers import SMALL
from tests.session.sharing.latex_syntax import check_syntax

_COMMANDS = {
    *("parbox", "linewidth", "raggedright"),
    *("documentclass", "usepackage", "begin", "end", "section", "subsection", "text", "mathrm", "left", "right"),
    *("sum", "frac", "tfrac", "sqrt", "ln", "exp", "max", "min", "tanh", "sin", "cos", "cdot", "times", "leftarrow"),
    *("delta", "Phi", "varphi", "sigma", "pi", "lambda", "eta", "epsilon", "beta", "mu", "gamma", "alpha", "infty"),
    *(
        "partial",
        "odot",
        "quad",
        "Vert",
        "vert",
        "lambda",
        "approx",
        "le",
        "leq",
        "geq",
        "ge",
        "dots",
        "top",
        "textbackslash",
    ),
    *("begin", "end", "bar", "hat", "quad", "varepsilon", "textasciicircum", "lvert", "rvert", "text", "neq", "cases"),
}


def update_of(**changes: Any) -> TracedUpdate:
    training = Training(dataclasses.replace(SMALL, **changes))
    return trace_update(training, np.array([0, 1, 2]), UpdateKind.INSPECTED, index=1)


@pytest.mark.parametrize("hidden", HIDDEN_ACTIVATIONS)
def test_an_update_with_any_hidden_activation_is_valid(hidden: str) -> None:
    check_syntax(update_as_latex(update_of(hidden=(3,), activations=(hidden, "sigmoid")), 0), _COMMANDS)


@pytest.mark.parametrize(
    ("output", "loss"), [pair for pair in itertools.product(ACTIVATIONS, LOSSES) if fits(pair[1], pair[0])]
)
def test_an_update_with_any_output_and_loss_is_valid(output: str, loss: str) -> None:
    update = update_of(hidden=(3,), activations=("tanh", output), loss=loss)
    check_syntax(update_as_latex(update, 0), _COMMANDS)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_an_update_with_any_optimiser_is_valid(optimiser: str) -> None:
    update = update_of(hidden=(3,), activations=("sigmoid",) * 2, optimiser=optimiser, l1=0.1, l2=0.01, clip_norm=0.5)
    check_syntax(update_as_latex(update, 0), _COMMANDS)


def test_a_document_has_every_operation_with_the_selected_neuron() -> None:
    update = update_of(hidden=(3,), activations=("sigmoid",) * 2)
    text = update_as_latex(update, 0, (1, 2))
    assert text.count(r"\subsection*") == len(update.operations) == text.count(r"\begin{aligned}")
    assert text.index("subsection*{z of layer 1}") < text.index("subsection*{Loss}")
    assert "z_{2} &= " in text
    assert r"\mathrm{d}W_{0,2}" not in text.split("subsection*{dW of layer 2}")[1]


def test_a_formula_has_symbols_and_numbers() -> None:
    text = formula_as_latex(formula(update_of(), 0))
    assert text.startswith("\\[\n\\begin{aligned}\nz^{(1)}_{j} &= \\sum")
    assert "z_{0} &= " in text
    assert text.endswith("\\end{aligned}\n\\]")


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("z<sub>3</sub> = 0.5 × (−2) + 1", "z_{3} = 0.5 \\times (-2) + 1"),
        ("a<sub>0</sub> = 1 / (1 + e<sup>−2.5</sup>)", "a_{0} = 1 / (1 + e^{-2.5})"),
        ("√(4 / (1 − 0.9)) + 1", r"\sqrt{4 / (1 - 0.9)} + 1"),
        ("dW<sub>0,1</sub> = max(0, 2,500)", r"\mathrm{d}W_{0,1} = \max (0, 2{,}500)"),
        (
            "Adam, update 1 since e<sup>z</sup>: 5 %.",
            r"\parbox[t]{0.85\linewidth}{\raggedright Adam, update 1 since e$^{z}$: 5 \%.}",
        ),
    ],
)
def test_a_line_of_a_calculation_is_written_as_a_formula_and_a_sentence_as_text(line: str, written: str) -> None:
    assert numbers_as_latex(line) == written


LONG = "dW<sub>0,1</sub> = (" + " + ".join(["0.6578351 × (−0.0004414804)"] * 9) + " + 4 smaller terms) / 13"


def test_a_long_calculation_is_broken_before_a_sign_and_keeps_every_term() -> None:
    shown = dataclasses.replace(formula(update_of(), 0), numbers=(LONG,))
    first, *others = formula_as_latex(shown).splitlines()[3:-2]
    assert len(others) == 3
    for line in (first, *others):
        assert len(line.replace(r"\times", "×")) < 110
    assert all(line.startswith(r"& \quad + ") for line in others)
    together = " ".join(line.removesuffix(r" \\").replace(r"& \quad ", "") for line in (first, *others))
    assert together.replace("&", "") == numbers_as_latex(LONG)


def test_words_in_a_calculation_are_text_and_keep_their_blanks() -> None:
    line = "= −0.17 + 0.12 − 0.36 (21 smaller terms)"
    assert numbers_as_latex(line) == r"= -0.17 + 0.12 - 0.36\ (21\text{ smaller terms})"


def test_brackets_inside_of_brackets_are_not_broken() -> None:
    inner = "(1 − 0.9 + " + " + ".join(["0.123456789"] * 12) + ")"
    shown = dataclasses.replace(formula(update_of(), 0), numbers=(f"= 2 + (3 / {inner})",))
    assert formula_as_latex(shown).count(r"\quad") == 1
