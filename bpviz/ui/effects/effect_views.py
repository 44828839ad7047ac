"""What the panel *Effect of a step* shows of something that was measured or predicted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from bpviz.core.arrays import Array, Indices
from bpviz.core.data.split import Split
from bpviz.language import _
from bpviz.session.effects.effect import Effect, Movers
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.ui.effects.effect_points import Rows
from bpviz.ui.effects.effect_table import EffectRow, extremes, of_class
from bpviz.ui.style import formats

_MOST_NAMED = 3
_NO_ROWS: Rows = np.empty(0, dtype=np.intp)


def _says_nothing(row: int) -> str:
    return ""


@dataclass(frozen=True)
class EffectView:
    """The contents of the panel.

    Attributes
    ----------
    changes : ndarray of shape (n_shown,)
        The change of each sample that is shown, NaN for none.
    sentence : str
    step : ndarray of int
        Rows of the samples that the step is made with.
    rows : tuple of EffectRow
    describe : callable
        ``describe(row)`` -> a sentence about the sample in a row of `changes`; "" keeps `sentence`.
    """

    changes: Array
    sentence: str
    step: Rows = field(default_factory=lambda: _NO_ROWS)
    rows: tuple[EffectRow, ...] = ()
    describe: Callable[[int], str] = _says_nothing


@dataclass(frozen=True)
class ShownLabels:
    """The training samples that are shown, and the names of the classes of all training samples.

    A regression has no classes: they are "".
    """

    samples: Indices
    classes: tuple[str, ...]

    @classmethod
    def of(cls, samples: Indices, split: Split) -> ShownLabels:
        """Return the labels of some training samples."""
        names = split.class_names or ("",)
        return cls(samples, tuple(names[label] for label in split.labels_train.tolist()))

    def row_of(self, sample: int | None) -> int | None:
        """Return the row of a training sample, None if it is not shown."""
        found = np.flatnonzero(self.samples == sample) if sample is not None else _NO_ROWS
        return int(found[0]) if len(found) else None

    def name(self, row: int) -> str:
        """Return number and class of the sample in a row."""
        sample = int(self.samples[row])
        return _("sample {count}{of_class}").format(
            count=formats.count(sample), of_class=of_class(self.classes[sample])
        )

    def rows(self, changes: Array) -> tuple[EffectRow, ...]:
        """Return the rows of the table for changes of all samples that are shown."""
        return tuple(
            EffectRow(
                row,
                rank,
                formats.count(int(self.samples[row])),
                self.classes[int(self.samples[row])],
                float(changes[row]),
            )
            for rank, row in extremes(changes)
        )


def nothing(n_shown: int, hint: str) -> EffectView:
    """Return the view of samples that nothing is known of, with a hint what to do."""
    return EffectView(np.zeros(n_shown), hint)


def view_of_effect(effect: Effect, shown: ShownLabels, current: TracedUpdate | None) -> EffectView:
    """Return the view of what an update or an epoch did.

    Parameters
    ----------
    effect : Effect
    shown : ShownLabels
    current : TracedUpdate or None
        The update on screen: that of the effect, with the operations that are done by now.
    """
    changes = effect.change

    def describe(row: int) -> str:
        before, after = (formats.number(float(each[row])) for each in (effect.before, effect.after))
        name = shown.name(row)
        return _("{name}: loss {before} → {after}, change {signed}").format(
            name=name[0].upper() + name[1:], before=before, after=after, signed=_signed(changes[row])
        )

    trained = effect.update.samples if effect.update else _NO_ROWS
    return EffectView(
        changes,
        _("{cause}: {counts}, {signed} on average").format(
            cause=_cause(effect, current), counts=_counts(changes), signed=_signed(_mean(changes))
        ),
        np.flatnonzero(np.isin(shown.samples, trained)),
        shown.rows(changes),
        describe,
    )


def view_of_step(row: int, changes: Array, shown: ShownLabels) -> EffectView:
    """Return the view of what a step on the sample in a row would do."""
    name = _("A step on sample {count}, to first order").format(count=formats.count(int(shown.samples[row])))
    sentence = _("{name}: {counts}, {signed} on average").format(
        name=name, counts=_counts(changes), signed=_signed(_mean(changes))
    )
    return EffectView(changes, sentence, np.array([row], dtype=np.intp), shown.rows(changes))


def view_of_movers(movers: Movers, shown: ShownLabels) -> EffectView:
    """Return the view of which updates moved a sample: each sample has the colour of what its own update did."""
    by_sample = np.full(len(shown.classes), np.nan)
    for trained, change in zip(movers.trained, movers.change, strict=True):
        by_sample[trained] = change
    changes, target = by_sample[shown.samples], formats.count(movers.sample)

    def describe(row: int) -> str:
        return _("The update with {name} changed the loss of sample {target} by {signed}").format(
            name=shown.name(row), target=target, signed=_signed(changes[row])
        )

    with np.errstate(all="ignore"):
        total = _signed(float(np.sum(movers.change)))
    sentence = _("Sample {target}, {span}: {counts}, {total} in all").format(
        target=target, span=_span(movers), counts=_counts(movers.change), total=total
    )
    return EffectView(changes, sentence, rows=_mover_rows(movers, shown.classes), describe=describe)


def _mover_rows(movers: Movers, classes: tuple[str, ...]) -> tuple[EffectRow, ...]:
    return tuple(
        EffectRow(
            number,
            rank,
            samples_text(movers.trained[number]),
            classes[movers.trained[number][0]] if len(movers.trained[number]) == 1 else "",
            float(movers.change[number]),
        )
        for rank, number in extremes(movers.change)
    )


def samples_text(samples: Indices) -> str:
    """Return the numbers of a few samples."""
    names = ", ".join(formats.count(sample) for sample in samples[:_MOST_NAMED].tolist())
    return f"{names} …" if len(samples) > _MOST_NAMED else names


def _cause(effect: Effect, current: TracedUpdate | None) -> str:
    if effect.epoch is not None:
        return _("Epoch {first} to {last}").format(
            first=formats.count(effect.epoch), last=formats.count(effect.epoch + 1)
        )
    update = current or effect.update
    assert update is not None
    count = len(update.samples)
    samples = update.sample_name(0) if count == 1 else _("{count} samples").format(count=formats.count(count))
    return _("Update with {samples}{not_made}").format(samples=samples, not_made=_not_made(update))


def _not_made(update: TracedUpdate) -> str:
    if update.kind is UpdateKind.INSPECTED:
        return _(" (inspected, not made)")
    return "" if update.index == len(update.operations) else _(" (not made yet)")


def _span(movers: Movers) -> str:
    span = _("epoch {first} to {last}").format(first=formats.count(movers.epoch), last=formats.count(movers.epoch + 1))
    if len(movers.trained) == movers.n_updates:
        return span
    return _("first {shown} of {total} updates of {span}").format(
        shown=formats.count(len(movers.trained)), total=formats.count(movers.n_updates), span=span
    )


def _counts(changes: Array) -> str:
    return _("{helped} helped, {hurt} hurt").format(
        helped=formats.count(int(np.sum(changes < 0))), hurt=formats.count(int(np.sum(changes > 0)))
    )


def _mean(changes: Array) -> float:
    with np.errstate(all="ignore"):
        return float(np.mean(changes))


def _signed(change: float) -> str:
    return f"+{formats.number(float(change), 3)}" if change > 0 else formats.number(float(change), 3)
