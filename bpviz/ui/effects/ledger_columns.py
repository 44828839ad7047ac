"""The columns of a ledger: their titles, what they are sorted by, and their texts."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.data.split import Split
from bpviz.language import _
from bpviz.session.effects.ledger import Ledger
from bpviz.ui.style import formats
from bpviz.ui.widgets.cell_table import SortedColumn

_MOST_NAMED = 4


def ledger_columns(ledger: Ledger, split: Split) -> tuple[SortedColumn, ...]:
    """Return the columns of a ledger, those about the whole update first, then one for each layer.

    Parameters
    ----------
    ledger : Ledger
    split : Split
        Its training samples.
    """
    has_batches = bool((ledger.sizes > 1).any())
    before, after = _("Loss of its sample before the update"), _("Loss of its sample after the update")
    if has_batches:
        before = _("Loss of its samples, their mean, before the update")
        after = _("Loss of its samples, their mean, after the update")
    scored = _("all training samples") if ledger.n_scored == ledger.n_training else _some(ledger)
    return (
        _order(ledger),
        _samples(ledger, has_batches),
        *((_class(ledger, split),) if split.is_classification and not has_batches else ()),
        *((_right(ledger, has_batches),) if split.is_classification else ()),
        _number(
            _("MSE moved"),
            _("Change of the MSE over {scored}").format(scored=scored),
            ledger.mse_change,
            is_signed=True,
        ),
        _number(_("Loss before"), before, ledger.loss_before),
        _number(_("Loss after"), after, ledger.loss_after),
        _number(_("Change"), _("Loss after, less loss before"), ledger.loss_change, is_signed=True),
        _number(_("Update"), _("Euclidean norm of the change of all weights and biases"), ledger.update_norm),
        *(
            _number(
                _("Delta {number}").format(number=number),
                _("RMS delta of layer {number}, over its neurons{and_samples}").format(
                    number=number, and_samples=_and_samples(has_batches)
                ),
                rms,
            )
            for number, rms in enumerate(ledger.delta_rms.T, start=1)
        ),
    )


def _number(title: str, tip: str, values: Array, *, is_signed: bool = False) -> SortedColumn:
    return SortedColumn(title, tip, values, lambda row: formats.number(float(values[row])), is_signed=is_signed)


def _order(ledger: Ledger) -> SortedColumn:
    order = np.arange(1, ledger.n_rows + 1)
    tip = _("Number of the update in this epoch")
    return SortedColumn(_("No."), tip, order, lambda row: formats.count(row + 1), widest="10,000")


def _samples(ledger: Ledger, has_batches: bool) -> SortedColumn:
    def text(row: int) -> str:
        names = [formats.count(sample) for sample in ledger.samples[row][:_MOST_NAMED].tolist()]
        return ", ".join(names) + (" …" if len(ledger.samples[row]) > _MOST_NAMED else "")

    first = np.array([samples[0] for samples in ledger.samples], dtype=np.intp)
    title, tip = (
        (_("Samples"), _("The samples of its batch")) if has_batches else (_("Sample"), _("Its training sample"))
    )
    return SortedColumn(title, tip, first, text, widest="1,234, 1,234, 1,234 …" if has_batches else "100,000")


def _class(ledger: Ledger, split: Split) -> SortedColumn:
    classes, names = split.labels_train[[samples[0] for samples in ledger.samples]], split.class_names
    widest = max(names, key=len)
    return SortedColumn(_("Class"), _("Class of the sample"), classes, lambda row: names[classes[row]], widest=widest)


def _right(ledger: Ledger, has_batches: bool) -> SortedColumn:
    words = _("wrong"), _("right")

    def text(row: int) -> str:
        right, size = int(ledger.n_right[row]), len(ledger.samples[row])
        return _("{right} of {size}").format(right=right, size=size) if has_batches else words[right]

    tip = (
        _("How many were classified rightly before it")
        if has_batches
        else _("Whether it was classified rightly before it")
    )
    widest = _("1,000 of 1,000") if has_batches else max(words, key=len)
    return SortedColumn(_("Right"), tip, ledger.n_right / np.maximum(ledger.sizes, 1), text, widest=widest)


def _some(ledger: Ledger) -> str:
    counts = formats.count(ledger.n_scored), formats.count(ledger.n_training)
    return _("{part} of {whole} training samples, evenly spaced").format(part=counts[0], whole=counts[1])


def _and_samples(has_batches: bool) -> str:
    return _(" and the samples of the batch") if has_batches else ""
