"""How the code of bpviz relates to other conventions, and which panels follow them."""

from __future__ import annotations

from bpviz.core.optimisers.rule import PLAIN_SGD, LearningRule
from bpviz.language import N_, _
from bpviz.session.conventions.conventions import Conventions, has_half

#: Panels that write numbers in the chosen sign and with or without the half.
WITH_SIGN = frozenset({"formula", "operands", "explain", "deltas", "network", "step"})
#: Panels that show errors, deltas or gradients as bpviz computes them.
WITHOUT_SIGN = frozenset(
    {
        "watch",
        "breakpoints",
        "check",
        "mine",
        "recording",
        "weights",
        "ledger",
        "effect",
        "comparison",
        "pictures",
        "lesson",
    }
)
#: Panels that name neurons by numbers that count from 0, whatever was chosen.
FROM_ZERO = frozenset(
    {"operations", "network", "deltas", "step", "weights", "watch", "breakpoints", "check", "hidden_space"}
    | {"comparison", "mine", "recording", "surface"}
)

_NO_HALF = {
    "cross_entropy": N_("Cross-entropy has no half that could be left out."),
    "mae": N_("Absolute error has no half that could be left out."),
    "huber": N_("Without its half the two pieces of Huber would not meet."),
}


def no_half_reason(loss: str) -> str:
    """Return why the half of a loss cannot be left out, as a sentence; "" if it can."""
    return "" if has_half(loss) else _(_NO_HALF[loss])


def code_relation(conventions: Conventions, rule: LearningRule = PLAIN_SGD) -> str:
    """Return how the names of the code relate to the chosen conventions; "" where they are the same.

    Parameters
    ----------
    conventions : Conventions
        Those that apply.
    rule : LearningRule
    """
    parts = []
    if conventions.negative or conventions.whole:
        factor = f"{conventions.factor:g} ×".replace("-1 ×", "−").replace("-", "−")
        parts.append(_("error, delta, dW and db are shown as {factor} those of the code").format(factor=factor))
        if not rule.is_plain:
            parts.append(_("so are {names}").format(names=_(", ").join(("g", *(s for s in rule.slots if s != "v")))))
    if conventions.whole:
        parts += _without_half(rule)
    if conventions.columns:
        parts.append(_("W is shown as the transpose of the code's, and rows as columns"))
    if conventions.from_one:
        parts.append(_("indices count from 0 in the code"))
    if conventions.signal:
        parts.append(_("delta is the error signal"))
    text = _("; ").join(parts)
    return _("{sentence}.").format(sentence=f"{text[:1].upper()}{text[1:]}") if parts else ""


def _without_half(rule: LearningRule) -> list[str]:
    """Return what else is larger or smaller where the half of the loss is left out."""
    if not rule.rescales:
        parts = [_("loss and learning rate: twice and half of the code's")]
    else:
        parts = [_("loss and epsilon: twice the code's"), _("v: 4 × that of the code")]
    if rule.has_penalty or rule.clip_norm:
        parts.append(_("penalties and the largest norm: twice the code's"))
    return parts


def marks(panel: str, conventions: Conventions) -> tuple[str, str]:
    """Return what the title of a panel says since it does not follow, and its tooltip; both "" where it does.

    Parameters
    ----------
    panel : str
        Its key.
    conventions : Conventions
        Those that apply.
    """
    short, long = [], []
    if panel in WITHOUT_SIGN and conventions.factor != 1.0:
        short.append(_("bpviz's sign and ½"))
        long.append(_("Errors, deltas and gradients are shown here as bpviz computes them, with its sign and half."))
    if panel in FROM_ZERO and conventions.from_one:
        short.append(_("from 0"))
        long.append(_("Neurons count from 0 here."))
    return " · ".join(short), "\n".join(long)
