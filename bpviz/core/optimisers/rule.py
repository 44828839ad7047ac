"""LearningRule: which optimiser takes the gradient, with its coefficients, penalties and gradient clipping."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.language import N_


@dataclass(frozen=True)
class Optimiser:
    """A kind of optimiser.

    Attributes
    ----------
    title : str
        Its name on screen.
    slots : tuple of str
        Names of the numbers that it keeps for each parameter from one update to the next.
    about : str
        What it does, in one sentence.
    """

    title: str
    slots: tuple[str, ...]
    about: str


OPTIMISERS: dict[str, Optimiser] = {
    "sgd": Optimiser(N_("Plain SGD"), (), N_("Each parameter moves against its gradient.")),
    "momentum": Optimiser(N_("Momentum"), ("velocity",), N_("Past gradients are added up, older ones count less.")),
    "nesterov": Optimiser(N_("Nesterov"), ("velocity",), N_("Momentum that looks one step ahead along the velocity.")),
    "adagrad": Optimiser(
        N_("Adagrad"), ("v",), N_("The gradient is divided by the root of the sum of all squared ones.")
    ),
    "rmsprop": Optimiser(
        N_("RMSprop"), ("v",), N_("The gradient is divided by the root of the mean of recent squared ones.")
    ),
    "adam": Optimiser(
        N_("Adam"), ("m", "v"), N_("Mean of recent gradients over the root of the mean of their squares.")
    ),
    "adamw": Optimiser(N_("AdamW"), ("m", "v"), N_("Adam, for use with weight decay, which it keeps out of m and v.")),
}


@dataclass(frozen=True)
class LearningRule:
    """How an update is made of a gradient. The default is plain stochastic gradient descent.

    Attributes
    ----------
    optimiser : str
        A key of `OPTIMISERS`.
    momentum : float
        Share of the velocity that an update keeps; for "momentum" and "nesterov".
    beta1, beta2 : float
        Share of the mean gradient and of the mean squared gradient that an update keeps; beta1 for Adam, beta2 for
        Adam and RMSprop.
    epsilon : float
        Added to the root by which a step is divided.
    l1, l2 : float
        Penalties: the loss that is minimised is L + l1 * sum |W| + l2 / 2 * sum W**2. Biases have no penalty.
    weight_decay : float
        Each update also multiplies W by 1 - learning_rate * weight_decay. For plain SGD this equals l2; optimisers
        that rescale the gradient rescale the penalty of l2 too, but not this. Biases do not decay.
    clip_norm : float
        Largest norm of the gradient of all parameters together; a longer one is shortened. 0 for no limit.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, sections 7.1, 8.3, 8.5 and 10.11.1.
    Loshchilov and Hutter (2019), Decoupled weight decay regularization.
    """

    optimiser: str = "sgd"
    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    l1: float = 0.0
    l2: float = 0.0
    weight_decay: float = 0.0
    clip_norm: float = 0.0

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the numbers that the optimiser keeps for each parameter."""
        return OPTIMISERS[self.optimiser].slots

    @property
    def rescales(self) -> bool:
        """Whether a step is divided by the usual size of the gradients, so that it is as large for twice of them."""
        return "v" in self.slots

    @property
    def has_penalty(self) -> bool:
        """Whether large weights are penalised, by l1 or l2."""
        return self.l1 > 0 or self.l2 > 0

    def slot_of(self, moment: str) -> int | None:
        """Return the index of the slot of "m", which stands for the velocity too, or of "v"; None if there is none."""
        names = ("m", "velocity") if moment == "m" else (moment,)
        return next((index for index, name in enumerate(self.slots) if name in names), None)

    @property
    def extra_operations(self) -> tuple[str, ...]:
        """The operations that an update has for each layer between its gradient and its change of the parameters."""
        present = {"penalty": self.has_penalty, "clip": self.clip_norm > 0, "moment": bool(self.slots)}
        return tuple(name for name, is_made in present.items() if is_made)

    @property
    def is_plain(self) -> bool:
        """Whether an update is learning_rate * gradient and nothing else."""
        return self == LearningRule(momentum=self.momentum, beta1=self.beta1, beta2=self.beta2, epsilon=self.epsilon)


PLAIN_SGD = LearningRule()
