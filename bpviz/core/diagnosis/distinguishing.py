"""What would tell apart several mistakes that give the same numbers: more samples, another sample, another quantity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.diagnosis.agreement import Comparison
from bpviz.core.diagnosis.layouts import words
from bpviz.core.diagnosis.search import Explanation
from bpviz.core.mistakes.mistake import hooks_of
from bpviz.core.mistakes.program import Key, Program, Setup, keys_in_order
from bpviz.language import _

_MORE = 5


def advice(comparison: Comparison, explanations: Sequence[Explanation]) -> str:
    """Return a sentence on what to give in order to tell the first two explanations apart; none if there is one."""
    if len(explanations) < 2:
        return ""
    setup = comparison.updates[0].setup
    given = [key for _, key in comparison.given()]
    one, other = explanations[:2]
    if len(setup.x) == 1 and _differ(one, other, _drawn(setup, _MORE), given):
        return _("A batch of two or more samples would tell them apart.")
    if _differ(one, other, _drawn(setup, len(setup.x)), given):
        return _("Other samples would tell them apart.")
    missing = [key for key in keys_in_order(setup.n_layers) if key not in given]
    for key in missing:
        if _differ(one, other, setup, [key]):
            return _("Give {key} too: it would tell them apart.").format(key=words(key))
    return _("In this network they are the same program.")


def _drawn(setup: Setup, count: int) -> Setup:
    """Return the setup with other samples, drawn like those that were given."""
    rng = np.random.RandomState(0)
    spread = max(float(np.std(setup.x)), 0.1)
    n_outputs = setup.width(setup.n_layers)
    x = rng.normal(float(np.mean(setup.x)), spread, (count, setup.width(0)))
    classes = rng.randint(max(n_outputs, 2), size=count)
    y = np.eye(n_outputs)[classes] if n_outputs > 1 else classes[:, None].astype(np.float64)
    return replace(setup, x=x, y=y)


def _differ(one: Explanation, other: Explanation, setup: Setup, keys: Sequence[Key]) -> bool:
    first, second = (_values(each, setup, keys) for each in (one, other))
    return not all(np.allclose(mine, yours, rtol=1e-9, atol=1e-300) for mine, yours in zip(first, second, strict=True))


def _values(explanation: Explanation, setup: Setup, keys: Sequence[Key]) -> list[Array]:
    program = Program(setup, hooks_of(explanation.planted))
    computed: Callable[[Key], Array] = lambda key: program.value(*key)  # noqa: E731
    with np.errstate(all="ignore"):
        return [computed(key) for key in keys if setup.learning_rate is not None or not key[0].endswith("_after")]
