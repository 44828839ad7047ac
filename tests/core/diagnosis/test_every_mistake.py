"""Every mistake, in every layer where it can be made, is found at its first number and called by its name."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.core.mistakes.catalogue import MISTAKES
from bpviz.core.mistakes.mistake import Planted, sites
from tests.core.diagnosis.networks import NETWORKS, first_difference, keys_of, programs, report_on, setups

NAMES = tuple(NETWORKS)
# In the output, or in every layer, these are conventions: "the same up to a factor" is never wrong.
CONVENTIONS = ("factor_of_two", "sum_instead_of_mean", "averaged_over_neurons", "divided_by_samples_twice")


def check_planted(network: str, planted: Planted) -> str:
    """Check the report on a mistake; return what became of it."""
    updates = setups(network)[: 2 if planted.way.needs_before else 1]
    wrong, right = programs(updates, [planted]), programs(updates)
    first = first_difference(wrong, right)
    if not all(np.isfinite(program.value(*key)).all() for program in wrong for key in keys_of(program)):
        return "overflow"
    report, told = report_on(wrong), f"{planted.mistake.name} in {planted.layers}: {planted.way.rules.keys()}"
    if first is None:
        assert report.ok, told
        return "invisible"
    if report.ok:
        assert planted.mistake.name in CONVENTIONS, told
        assert report.conventions, told
        return "convention"
    assert planted.mistake.name in report.causes, (told, report.causes)
    assert report.first is not None
    assert report.wrong is not None
    found = (report.wrong.update, report.wrong.key, report.wrong.index)
    if planted.mistake.name == "sign_flipped" and found != first:
        # All of delta, or all gradients, have the other sign, which is a convention: what is wrong is the update.
        assert report.first[0] == "W_after", told
    else:
        assert found == first, told
    return "found"


def rotating(name: str) -> str:
    """Return the network on which a mistake is tried in all its ways: the first in which it can be made."""
    start = list(MISTAKES).index(name)
    turned = [NAMES[(start + step) % len(NAMES)] for step in range(len(NAMES))]
    return next(network for network in turned if sites(MISTAKES[name], setups(network)[0], has_before=True))


def one_for_each_place(planted: list[Planted]) -> list[Planted]:
    """Return one way for each choice of layers, another way at each."""
    at: dict[tuple[int, ...], list[Planted]] = {}
    for each in planted:
        at.setdefault(each.layers, []).append(each)
    return [ways[number % len(ways)] for number, ways in enumerate(at.values())]


@pytest.mark.slow
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_in_every_way_and_layer_of_a_network(name: str) -> None:
    planted = sites(MISTAKES[name], setups(rotating(name))[0], has_before=True)
    assert "found" in [check_planted(rotating(name), each) for each in planted]


@pytest.mark.slow
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_in_every_layer_of_two_other_networks(name: str) -> None:
    start = NAMES.index(rotating(name))
    for network in (NAMES[(start + step) % len(NAMES)] for step in (1, 2)):
        for planted in one_for_each_place(sites(MISTAKES[name], setups(network)[0], has_before=True)):
            check_planted(network, planted)


@pytest.mark.parametrize("network", NETWORKS)
def test_the_true_program_is_right(network: str) -> None:
    report = report_on(programs(setups(network)))
    assert report.ok
    assert (report.first, report.causes, report.conventions) == (None, (), ())
