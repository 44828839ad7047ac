"""The network as a TikZ picture."""

import itertools
import re

import numpy as np
import pytest

from bpviz.session.sharing.tikz import MOST_DRAWN, network_as_tikz
from tests.session.sharing.latex_syntax import check_syntax

_COMMANDS = {
    *("documentclass", "usepackage", "definecolor", "begin", "end", "draw", "node", "vdots", "small", "scriptsize"),
}
_NUMBER = r"-?\d+\.\d{3}"
_POINT = rf"\({_NUMBER},{_NUMBER}\)"
_LINES = re.compile(
    rf"\\draw\[(positive|negative), line width=\d+\.\d{{3}}pt\] ({_POINT}) -- ({_POINT});"
    rf"|\\node(\[[^]]*\])? at ({_POINT}) \{{.*\}};"
)


def body(text: str) -> list[str]:
    return text.split("0pt, font=\\scriptsize}]\n")[1].split("\\end{tikzpicture}")[0].strip().splitlines()


@pytest.mark.parametrize("widths", [(2, 2), (2, 3, 1), (4, 25, 50, 3), (64, 10), (MOST_DRAWN, MOST_DRAWN + 1, 2)])
def test_a_picture_of_any_network_has_valid_lines(widths: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    weights = [rng.normal(size=shape) for shape in itertools.pairwise(widths)]
    text = network_as_tikz(weights, ("leaky_relu",) * len(weights))
    check_syntax(text, _COMMANDS)
    assert all(_LINES.fullmatch(line) for line in body(text))
    assert text.count(r"\vdots") == sum(width > MOST_DRAWN for width in widths)
    nodes = set(re.findall(rf"\\node\[neuron\] at ({_POINT})", text))
    ends = {end for pair in re.findall(rf"\\draw.*? ({_POINT}) -- ({_POINT})", text) for end in pair}
    assert ends == nodes
    assert len(nodes) == sum(width if width <= MOST_DRAWN else 8 for width in widths)


def test_edges_have_the_colour_of_the_sign_and_the_width_of_the_weight() -> None:
    text = network_as_tikz([np.array([[2.0, -1.0]])], ("sigmoid",))
    assert r"\draw[positive, line width=1.600pt] (0.000,0.000) -- (3.000,0.450);" in text
    assert r"\draw[negative, line width=0.800pt] (0.000,0.000) -- (3.000,-0.450);" in text


def test_weights_that_are_not_finite_or_all_zero_can_be_drawn() -> None:
    assert network_as_tikz([np.array([[np.nan, np.inf, 1.0]])], ("relu",)).count(r"\draw") == 1
    assert network_as_tikz([np.zeros((2, 2))], ("relu",)).count("line width=0.100pt") == 4


def test_layers_are_labelled_with_width_and_activation() -> None:
    text = network_as_tikz([np.ones((2, 25)), np.ones((25, 1))], ("leaky_relu", "sigmoid"))
    assert [re.search(r"\{([^{}]*)\};$", line)[1] for line in body(text)[-3:]] == [  # type: ignore[index]
        r"input\\2",
        r"layer 1\\25 leaky relu",
        r"layer 2\\1 sigmoid",
    ]
