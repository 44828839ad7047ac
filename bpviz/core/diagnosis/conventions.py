"""Sentences on what differs from bpviz and is no mistake: signs, factors, rows and columns, rounding."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bpviz.core.diagnosis.agreement import Comparison, Factors
from bpviz.core.diagnosis.factors import DELTA, GRADIENT, LOSS, OUTPUT_ERROR, UPDATE, bases
from bpviz.core.diagnosis.layouts import Layout
from bpviz.language import N_, _

_NAMES = {
    DELTA: N_("delta"),
    OUTPUT_ERROR: N_("the output's error"),
    GRADIENT: N_("dW and db"),
    LOSS: N_("the loss"),
    UPDATE: N_("the update"),
}


def conventions_of(comparison: Comparison, layout: Layout, factors: Factors) -> tuple[str, ...]:
    """Return one sentence for each convention in somebody's numbers that is not bpviz's."""
    return (*_layout_sentences(comparison, layout), *_factor_sentences(comparison, factors), *_roundings(comparison))


def _layout_sentences(comparison: Comparison, layout: Layout) -> Iterable[str]:
    quantities = {key[0] for update in comparison.updates for key in update.numbers}
    if layout.columns:
        yield _("Samples are columns (in bpviz they are rows).")
    if layout.weights_transposed:
        yield _("W is stored with shape (n_out, n_in) (in bpviz (n_in, n_out)).")
    if layout.gradients_transposed and "dW" in quantities:
        yield _("dW is stored as the transpose of W's shape.")


def _factor_sentences(comparison: Comparison, factors: Factors) -> Iterable[str]:
    setup = comparison.updates[0].setup
    count, n_outputs = len(setup.x), setup.width(setup.n_layers)
    signs = [_(_NAMES[group]) for group in (OUTPUT_ERROR, DELTA, GRADIENT) if factors.get(group, (1.0,))[0] < 0.0]
    if signs:
        yield _(
            "Opposite in sign: {listed} (y - a in place of a - y, as in the article's program, which adds "
            "where bpviz subtracts)."
        ).format(listed=_listed(signs))
    said: dict[str, list[str]] = {}
    for group in (LOSS, OUTPUT_ERROR, DELTA, GRADIENT, UPDATE):
        factor = abs(factors.get(group, (1.0,))[0])
        for sentence in _explained(group, factor, count, n_outputs):
            said.setdefault(sentence, []).append(_(_NAMES[group]))
    for sentence, names in said.items():
        yield f"{_capital(_listed(names))}: {sentence}."


def _explained(group: str, factor: float, count: int, n_outputs: int) -> Iterable[str]:
    """Return what a factor means: that of the loss, and that of the batch."""
    of_batch = {GRADIENT: float(count), UPDATE: float(count), LOSS: float(count)}.get(group, 1.0 / count)
    if factor in bases(n_outputs):
        base, is_of_batch = factor, False
    else:
        base, is_of_batch = factor / of_batch, True
    if not np.isclose(base, 1.0):
        yield _base_sentence(base, n_outputs)
    if is_of_batch:
        if group in (GRADIENT, UPDATE, LOSS):
            yield _("summed over the batch (in bpviz the mean)")
        else:
            yield _("of the mean loss of the batch, so 1/n_samples of bpviz's, which are of one sample's loss")


def _base_sentence(base: float, n_outputs: int) -> str:
    if np.isclose(base, 2.0):
        return _("twice bpviz's, since the loss has no factor 1/2")
    if np.isclose(base, 2.0 / n_outputs):
        return _("2/n_outputs times bpviz's, since the loss is the mean of squares over the outputs")
    if np.isclose(base, 1.0 / n_outputs):
        return _("1/n_outputs times bpviz's, since the loss is a mean over the outputs")
    return _("half of bpviz's, the same up to a factor of 2")


def _roundings(comparison: Comparison) -> Iterable[str]:
    said = {str(rounding) for rounding in comparison.roundings.values()}
    if said:
        yield _("Numbers are taken as rounded to {listed}.").format(listed=_listed(sorted(said)))


def _listed(words: list[str]) -> str:
    *most, last = words
    return _("{most} and {last}").format(most=", ".join(most), last=last) if most else last


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
