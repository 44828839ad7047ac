"""Withheld: what the window must not show while a prediction is asked, since it would give the answer away."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.core.metrics.metric import QUANTITIES, Metric
from bpviz.session.lessons.measures import EpochMeasure, UpdateMeasure
from bpviz.session.lessons.questions import Question
from bpviz.session.lessons.situation import Situation
from bpviz.session.walkthrough.traced_update import TracedUpdate

#: Panels that show no number of a session, for any question. A panel that is in no list is covered.
_WITHOUT_NUMBERS = frozenset({"lesson", "experiment", "find_bug"})
#: Panels that show the operations of an update which are done, and no others.
_OF_DONE_OPERATIONS = frozenset({"formula", "code", "operations"})
#: Panels that show neither MSE nor accuracy of an epoch.
_WITHOUT_SCORES = frozenset(
    {"formula", "code", "operations", "operands", "network", "deltas", "weights"}
    | {"surface", "hidden_space", "pictures", "check", "mine"}
)


@dataclass(frozen=True)
class Withheld:
    """What is withheld while a question is open.

    Attributes
    ----------
    epochs : bool
        The question is about records of epochs.
    update : bool
        It is about numbers of the current update.
    is_computed : bool
        An operation that the question is about is done, so that the formula shows its result.
    named : frozenset of str
        Panels that the lesson covers itself.
    """

    epochs: bool = False
    update: bool = False
    is_computed: bool = False
    named: frozenset[str] = frozenset()

    @property
    def has_numbers(self) -> bool:
        """Whether numbers on screen, or exported ones, could be the answer."""
        return self.epochs or self.update or bool(self.named)

    def hides(self, panel: str) -> bool:
        """Return whether a panel must be covered, by its key."""
        if panel in self.named:
            return True
        if panel in _WITHOUT_NUMBERS:
            return False
        if self.epochs and panel not in _WITHOUT_SCORES:
            return True
        return self.update and (self.is_computed or panel not in _OF_DONE_OPERATIONS)


#: While nothing is asked.
NOTHING = Withheld()


def withheld_for(question: Question, situation: Situation) -> Withheld:
    """Return what must not be shown while a question is open, as far as the session has come."""
    of_updates = [each for each in question.measures if isinstance(each, UpdateMeasure)]
    metrics = [metric for each in of_updates for metric in (each.metric, each.over) if metric is not None]
    return Withheld(
        any(isinstance(each, EpochMeasure) for each in question.measures),
        bool(metrics),
        any(_is_computed(metric, situation.update) for metric in metrics),
        frozenset(question.hide),
    )


def _is_computed(metric: Metric, update: TracedUpdate | None) -> bool:
    """Return whether an operation is done that a metric is read off; what is known before the first counts as done."""
    needed = QUANTITIES[metric.quantity].operation
    if update is None:
        return False
    if not needed:
        return True
    done = {each.layer for each in update.operations[: update.index] if each.quantity == needed}
    return metric.layer in done if metric.layer else bool(done)
