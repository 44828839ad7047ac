r"""Formula, numbers and caption of the operations that an update has for its rule of learning.

g is the gradient that the optimiser takes: dW, with penalties and clipped if the rule has them. eta is the learning
rate of the epoch, t the number of the update. In other conventions g is the negative gradient, or twice as large, and
the numbers are those of `traced_update.as_shown`. See `bpviz.core.optimisers.steps` for the sources.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.optimisers.rule import OPTIMISERS, LearningRule
from bpviz.language import N_, _
from bpviz.session.conventions.conventions import OWN, Conventions
from bpviz.session.walkthrough.arithmetic import bracketed, difference, product, write
from bpviz.session.walkthrough.traced_update import LearningTrace, TracedUpdate

_MOMENTS = {
    "momentum": r"v \leftarrow \mu\, v + @g",
    "nesterov": r"v \leftarrow \mu\, v + @g",
    "adagrad": r"v \leftarrow v + @g^{2}",
    "rmsprop": r"v \leftarrow \beta_{2}\, v + (1 - \beta_{2})\, @g^{2}",
    "adam": r"m \leftarrow \beta_{1}\, m + (1 - \beta_{1})\, @g, \quad "
    r"v \leftarrow \beta_{2}\, v + (1 - \beta_{2})\, @g^{2}",
}
_STEPS = {
    "sgd": r"@rate\, @g",
    "momentum": r"@rate\, v",
    "nesterov": r"@rate \left(@g + \mu\, v\right)",
    "adagrad": r"@rate\, \frac{@g}{\sqrt{v} + @small}",
    "rmsprop": r"@rate\, \frac{@g}{\sqrt{v} + @small}",
    "adam": r"@rate\, \frac{m / (1 - \beta_{1}^{t})}{\sqrt{v / (1 - \beta_{2}^{t})} + @small}",
}
_VELOCITY = N_("The velocity of layer {layer} keeps a share of itself and takes up the gradient.")
_TAKEN = {
    "momentum": _VELOCITY,
    "nesterov": _VELOCITY,
    "adagrad": N_("Layer {layer} adds the square of each gradient to the sum of all squares so far."),
    "rmsprop": N_("Layer {layer} takes the square of each gradient into the mean of recent squares."),
    "adam": N_("Layer {layer} takes each gradient into the mean of recent ones, and its square into that of squares."),
}
_MOVES = {
    "sgd": N_("{what} move against their gradient."),
    "momentum": N_("{what} move along their velocity."),
    "nesterov": N_("{what} move along the gradient and their new velocity."),
    "adagrad": N_("{what} move against their gradient, the less, the larger it has been so far."),
    "rmsprop": N_("{what} move against their gradient, divided by its usual size."),
    "adam": N_("{what} move against their mean gradient, divided by its usual size."),
}
#: Where the gradient is shown with the other sign.
_MOVES_DOWNHILL = {
    "sgd": N_("{what} move along their negative gradient."),
    "momentum": N_("{what} move along their velocity."),
    "nesterov": N_("{what} move along the negative gradient and their new velocity."),
    "adagrad": N_("{what} move along their negative gradient, the less, the larger it has been so far."),
    "rmsprop": N_("{what} move along their negative gradient, divided by its usual size."),
    "adam": N_("{what} move along their mean negative gradient, divided by its usual size."),
}
#: By whether weights decay, and whether biases are trained.
_WHAT_MOVES = {
    (False, False): N_("The weights of layer {layer}"),
    (False, True): N_("The weights and biases of layer {layer}"),
    (True, False): N_("The weights of layer {layer} decay a little; then the weights"),
    (True, True): N_("The weights of layer {layer} decay a little; then the weights and biases"),
}
_SIGNS = {"velocity": "v"}
_MINUS = "−"


def _kind(rule: LearningRule) -> str:
    return "adam" if rule.optimiser == "adamw" else rule.optimiser


def rule_latex(quantity: str, rule: LearningRule, conventions: Conventions = OWN, *, trains_biases: bool) -> str:
    """Return the formula of "penalty", "clip", "moment", or of "update" if the rule is not plain SGD."""
    twice = r"2\, " if conventions.whole else ""
    if quantity == "penalty":
        l2, l1 = rf"{twice}\lambda_{{2}}\, W^{{(@)}}", rf"{twice}\lambda_{{1}}\, \mathrm{{sign}}\, W^{{(@)}}"
        parts = [r"g = \mathrm{d}W^{(@)}", *[l2] * (rule.l2 > 0), *[l1] * (rule.l1 > 0)]
        return (" - " if conventions.negative else " + ").join(parts)
    if quantity == "clip":
        limit = twice + "c"
        return rf"g \leftarrow g\, \frac{{{limit}}}{{\max\left({limit},\, \left\Vert g \right\Vert\right)}}"
    g = "g" if rule.has_penalty or rule.clip_norm else r"\mathrm{d}W^{(@)}"
    if quantity == "moment":
        return _MOMENTS[_kind(rule)].replace("@g", g)
    kept = r"\left(1 - \eta\, \lambda\right) W^{(@)}" if rule.weight_decay else "W^{(@)}"
    sign = "+" if conventions.negative else "-"
    rate = r"\frac{\eta}{2}" if conventions.whole and not rule.rescales else r"\eta"
    step = _STEPS[_kind(rule)].replace("@g", g).replace("@rate", rate).replace("@small", twice + r"\epsilon")
    with_b = trains_biases and rule.optimiser == "sgd"
    biases = rf",\quad b^{{(@)}} \leftarrow b^{{(@)}} {sign} {rate}\, " + g.replace("W", "b") if with_b else ""
    return rf"W^{{(@)}} \leftarrow {kept} {sign} {step}{biases}"


def rule_caption(
    quantity: str, rule: LearningRule, layer: int, *, trains_biases: bool, is_negative: bool = False
) -> str:
    """Return a sentence about such an operation; `is_negative` if the gradient is shown with the other sign."""
    if quantity == "penalty" and is_negative:
        text = _(
            "The penalty is taken off the negative gradients of layer {layer}: large weights are to become smaller."
        )
    elif quantity == "penalty":
        text = _("The penalty adds to the gradients of layer {layer}: large weights are to become smaller.")
    elif quantity == "clip":
        text = _(
            "If the gradient of all layers is longer than {limit:g}, all of it is shortened, "
            "here that of layer {layer}."
        )
    elif quantity == "moment":
        text = _(_TAKEN[_kind(rule)])
    else:
        what = _(_WHAT_MOVES[rule.weight_decay > 0, trains_biases]).format(layer=layer)
        return _((_MOVES_DOWNHILL if is_negative else _MOVES)[_kind(rule)]).format(what=what)
    return text.format(layer=layer, limit=rule.clip_norm)


@dataclass(frozen=True)
class RuleNumbers:
    """The numbers of one weight in an update.

    Attributes
    ----------
    update : TracedUpdate
        One whose rule is not plain SGD.
    layer, source, neuron : int
        The weight into `neuron` of the layer from `source` of the layer before.
    """

    update: TracedUpdate
    layer: int
    source: int
    neuron: int

    def lines(self, quantity: str) -> list[str]:
        """Return the calculation of an operation for this weight."""
        made: list[str] = getattr(self, f"_{quantity}")()
        return made

    @property
    def _learning(self) -> LearningTrace:
        assert self.update.learning is not None
        return self.update.learning

    @property
    def _rule(self) -> LearningRule:
        return self._learning.rule

    def _of(self, packed: Array) -> float:
        return float(self.update.weights_of(packed, self.layer)[self.source, self.neuron])

    def _slot(self, name: str, *, before: bool = False) -> float:
        slots = self._learning.slots_before if before else self._learning.slots
        return self._of(slots[self._rule.slots.index(name)])

    def _named(self, symbol: str) -> str:
        conventions = self.update.conventions
        indices = [each + conventions.first for each in (self.source, self.neuron)]
        first, second = reversed(indices) if conventions.columns else indices
        return f"{symbol}<sub>{first},{second}</sub>"

    @property
    def _weight(self) -> float:
        return float(self.update.layers[self.layer - 1].W[self.source, self.neuron])

    def _penalty(self) -> list[str]:
        gradient = float(self.update.trace.layers[self.layer - 1].dW[self.source, self.neuron])
        rule, parts = self._rule, [write(gradient)]
        if rule.l2:
            parts.append(product(rule.l2, self._weight))
        if rule.l1:
            parts.append(product(rule.l1, float(np.sign(self._weight))))
        sign = f" {_MINUS} " if self.update.conventions.negative else " + "
        return [f"{self._named('g')} = {sign.join(parts)}", f"= {write(self._of(self._learning.penalised))}"]

    def _clip(self) -> list[str]:
        learning, before = self._learning, self._of(self._learning.penalised)
        after, limit = write(self._of(learning.taken)), write(self._rule.clip_norm)
        norm = _("‖g‖ = {norm}, over the parameters of all layers").format(norm=write(learning.norm))
        if learning.norm <= self._rule.clip_norm:
            stays = _("It is not above {limit}: {g} stays {value}.")
            return [norm, stays.format(limit=limit, g=self._named("g"), value=after)]
        return [
            norm,
            f"{self._named('g')} ← {bracketed(write(before))} × {limit} / {write(learning.norm)}",
            f"= {after}",
        ]

    def _moment(self) -> list[str]:
        g, rule, lines = self._of(self._learning.taken), self._rule, []
        for name in rule.slots:
            before, after = self._slot(name, before=True), self._slot(name)
            lines.append(f"{self._named(_SIGNS.get(name, name))} ← {self._taken_up(name, before, g)} = {write(after)}")
        return [f"{self._named('g')} = {write(g)}", *lines, *self._which()]

    def _taken_up(self, name: str, before: float, g: float) -> str:
        rule, square = self._rule, f"{bracketed(write(g))}<sup>2</sup>"
        if name == "velocity":
            return f"{product(rule.momentum, before)} + {bracketed(write(g))}"
        if rule.optimiser == "adagrad":
            return f"{write(before)} + {square}"
        kept = rule.beta1 if name == "m" else rule.beta2
        taken = bracketed(write(g)) if name == "m" else square
        return f"{product(kept, before)} + ({difference(1.0, kept)}) × {taken}"

    def _update(self) -> list[str]:
        change, rule, name = self.update.layers[self.layer - 1], self._rule, self._named("W")
        before, after = self._weight, float(change.W_after[self.source, self.neuron])
        lines = []
        if rule.weight_decay:
            rate, decay = write(self.update.rate_of_decay), write(rule.weight_decay)
            kept = before * (1.0 - self.update.rate_of_decay * rule.weight_decay)
            lines.append(f"{name} ← {bracketed(write(before))} × (1 − {rate} × {decay}) = {write(kept)}")
            before = kept
        sign, rate = (
            "+" if self.update.conventions.negative else _MINUS,
            bracketed(write(abs(self.update.learning_rate))),
        )
        lines.append(f"{name} ← {write(before)} {sign} {rate} × {self._step()}")
        return [*lines, f"= {write(after)}", *self._which()]

    def _step(self) -> str:
        """Return what is multiplied by the learning rate."""
        kind, g = _kind(self._rule), bracketed(write(self._of(self._learning.taken)))
        if kind == "sgd":
            return g
        if kind == "momentum":
            return bracketed(write(self._slot("velocity")))
        if kind == "nesterov":
            return f"({g} + {product(self._rule.momentum, self._slot('velocity'))})"
        epsilon = write(self._rule.epsilon)
        if kind != "adam":
            return f"{g} / (√{write(self._slot('v'))} + {epsilon})"
        t, rule = self._learning.number, self._rule
        m_hat = f"({write(self._slot('m'))} / (1 − {write(rule.beta1)}<sup>{t}</sup>))"
        return f"{m_hat} / (√({write(self._slot('v'))} / (1 − {write(rule.beta2)}<sup>{t}</sup>)) + {epsilon})"

    def _which(self) -> list[str]:
        title = _(OPTIMISERS[self._rule.optimiser].title)
        return [
            _("{optimiser}, update {number:,} since the start.").format(optimiser=title, number=self._learning.number)
        ]
