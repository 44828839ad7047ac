"""An experiment as a program in plain numpy, with the classes of the article's program."""

from __future__ import annotations

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.datasets import Split
from bpviz.core.losses import HUBER_DELTA
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.programs import parts
from bpviz.session.programs.main_loop import constants, main_loop
from bpviz.session.training.first_network import first_network

#: Activation -> the expressions for f(z), and for f'(z) given a = f(z).
_FUNCTIONS = {
    "none": ("z", "np.ones_like(a)"),
    "relu": ("np.maximum(z, 0)", "(a > 0) * 1.0"),
    "leaky_relu": ("np.maximum(z, LEAK * z)", "np.where(a > 0, 1, LEAK)"),
    "tanh": ("np.tanh(z)", "1 - a**2"),
    "sigmoid": ("1 / (1 + np.exp(-z))", "a * (1 - a)"),
    "elu": ("np.where(z > 0, z, np.expm1(np.minimum(z, 0)))", "np.where(a > 0, 1, a + 1)"),
    "softplus": ("np.logaddexp(0, z)", "-np.expm1(-a)"),
    "gelu": ("z * normal(z)", "normal(z) + z * np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)"),
    "silu": ("z / (1 + np.exp(-z))", "a + (1 - a) / (1 + np.exp(-z))"),
    "sin": ("np.sin(z)", "np.cos(z)"),
}
#: Loss -> the expression for its derivative by an output.
_ERRORS = {"mse": "a - y", "huber": f"np.clip(a - y, -{HUBER_DELTA}, {HUBER_DELTA})", "mae": "np.sign(a - y)"}
_NORMAL = '''
@np.vectorize
def normal(z):
    """Return the share of the normal distribution below z."""
    return 0.5 * math.erfc(-z / math.sqrt(2))
'''
_SOFTMAX = """
def softmax(z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
"""
_LAYER = '''

class Layer:
    """One fully connected layer: z = a_prev @ W + b, a = f(z)."""

    def __init__(self, W, b, f, slope):
        self.W, self.b, self.f, self.slope = W, b, f, slope

    def feed_forward(self, a_prev):
        self.a_prev = a_prev
        self.z = a_prev @ self.W + self.b
        self.a = self.f(self.z)
        return self.a


class NeuralNetwork:
    """A chain of layers."""

    def __init__(self, layers):
        self.layers = layers
'''
_BACKPROPAGATION = '''
    def feed_forward(self, X):
        for layer in self.layers:
            X = layer.feed_forward(X)
        return X

    def backpropagation(self, X, y, rate):
        """Make one update. delta is the derivative of a sample's loss by z; dW and db are means over the batch."""
        a = self.feed_forward(X)
'''
_BACKWARDS = '''\
        for number in reversed(range(len(self.layers))):
            layer = self.layers[number]
            layer.dW = layer.a_prev.T @ delta / len(X)
            layer.db = delta.mean(axis=0)
            if number > 0:
                error = delta @ layer.W.T
                before = self.layers[number - 1]
                delta = error * before.slope({slope_of_before})
        self.update(rate)

    def update(self, rate):
        """Change the parameters against their gradients."""
'''
#: Optimiser -> what it keeps for each parameter, and the lines of its step.
_STEPS = {
    "sgd": ((), "w -= rate * g"),
    "momentum": (("velocity",), "velocity[...] = MOMENTUM * velocity + g\nw -= rate * velocity"),
    "nesterov": (("velocity",), "velocity[...] = MOMENTUM * velocity + g\nw -= rate * (g + MOMENTUM * velocity)"),
    "adagrad": (("v",), "v[...] = v + g * g\nw -= rate * g / (np.sqrt(v) + EPSILON)"),
    "rmsprop": (("v",), "v[...] = BETA2 * v + (1 - BETA2) * g * g\nw -= rate * g / (np.sqrt(v) + EPSILON)"),
}
_ADAM = (
    ("m", "v"),
    "m[...] = BETA1 * m + (1 - BETA1) * g\n"
    "v[...] = BETA2 * v + (1 - BETA2) * g * g\n"
    "m_hat, v_hat = m / (1 - BETA1**self.t), v / (1 - BETA2**self.t)\n"
    "w -= rate * m_hat / (np.sqrt(v_hat) + EPSILON)",
)
_STEPS |= {"adam": _ADAM, "adamw": _ADAM}


def numpy_program(experiment: Experiment, split: Split) -> str:
    """Return the text of the program.

    Raises
    ------
    ProgramError
        If a part of the experiment is too large to stand in a text.
    """
    first = first_network(experiment).parameters
    make = "activations = [\n" + "".join(f"    ({f}, {slope}),\n" for f, slope in _names(experiment)) + "]\n"
    make += "network = NeuralNetwork([Layer(W, b, *pair) for (W, b), pair in zip(first_parameters(), activations)])"
    update = "network.backpropagation(X_train[chosen], y_train[chosen], rate)"
    sections = (
        parts.imports(experiment, split, *["import math"] * ("gelu" in experiment.activations)),
        constants(experiment),
        _functions(experiment),
        _network(experiment),
        parts.embedding(experiment, split),
        parts.data(experiment, split),
        parts.parameters(experiment, first),
        parts.learning_rate(experiment),
        main_loop(experiment, make, update, "network.feed_forward({0})"),
    )
    return parts.joined(sections)


def _names(experiment: Experiment) -> list[tuple[str, str]]:
    """Return the names of f and of its slope, for each layer."""
    return [(_named(name), "None" if name == "softmax" else f"{_named(name)}_slope") for name in experiment.activations]


def _named(activation: str) -> str:
    return "identity" if activation == "none" else activation


def _functions(experiment: Experiment) -> str:
    """Return the definitions of the activations in use."""
    text = []
    for name in dict.fromkeys(experiment.activations):
        if name == "softmax":
            text.append(_SOFTMAX)
            continue
        f, slope = (each.replace("LEAK", repr(experiment.leak)) for each in _FUNCTIONS[name])
        text.append(f"\ndef {_named(name)}(z):\n    return {f}\n")
        text.append(f"\ndef {_named(name)}_slope({_arguments(experiment)}):\n    return {slope}\n")
    return parts.joined([_NORMAL, *text] if "gelu" in experiment.activations else text)


def _arguments(experiment: Experiment, layer: str = "") -> str:
    """Return what the slopes are computed from, of a layer: a, and z too where an activation needs it."""
    needs_z = any(ACTIVATIONS[name].needs_z for name in experiment.activations)
    return f"{layer}z, {layer}a" if needs_z else f"{layer}a"


def _network(experiment: Experiment) -> str:
    slots, step = _STEPS[experiment.optimiser]
    biases = ", layer.b" if experiment.train_biases else ""
    made = ""
    if slots:
        zeros = ", ".join(["np.zeros_like(w)"] * len(slots))
        made = f"        self.state = [[{zeros}] for w in self.parameters()]\n"
        made += "        self.t = 0\n" if "self.t" in step else ""
    trained = f"[w for layer in self.layers for w in (layer.W{biases},)]"
    return (
        f"{_LAYER}{made}\n    def parameters(self):\n        return {trained.replace(',)', ')' if biases else ',)')}\n"
        f"{_BACKPROPAGATION}{_output_delta(experiment)}"
        f"{_BACKWARDS.format(slope_of_before=_arguments(experiment, 'before.'))}{_update(experiment, slots, step)}"
    )


def _output_delta(experiment: Experiment) -> str:
    if experiment.loss == "cross_entropy":
        return "        delta = a - y  # cross-entropy: the slope of the output cancels\n"
    error = f"        error = {_ERRORS[experiment.loss]}\n"
    if experiment.activations[-1] == "softmax":
        return (
            f"{error}"
            "        delta = a * (error - np.sum(error * a, axis=1, keepdims=True))  # softmax: by its whole Jacobian\n"
        )
    last = "        last = self.layers[-1]\n"
    return f"{error}{last}        delta = error * last.slope({_arguments(experiment, 'last.')})\n"


def _update(experiment: Experiment, slots: tuple[str, ...], step: str) -> str:
    rule = experiment.rule
    lines = ["self.t += 1"] if "self.t" in step else []
    terms = [" + L2 * layer.W"] * (rule.l2 > 0) + [" + L1 * np.sign(layer.W)"] * (rule.l1 > 0)
    if terms:
        lines += ["for layer in self.layers:", f"    layer.dW = layer.dW{''.join(terms)}"]
    trained = "layer.dW, layer.db" if experiment.train_biases else "layer.dW,"
    lines += [f"gradients = [g for layer in self.layers for g in ({trained})]"]
    if rule.clip_norm:
        lines += ["norm = np.sqrt(sum(np.sum(g * g) for g in gradients))"]
        lines += ["gradients = [g * (CLIP_NORM / max(norm, CLIP_NORM)) for g in gradients]"]
    if rule.weight_decay:
        lines += ["for layer in self.layers:", "    layer.W *= 1 - rate * WEIGHT_DECAY"]
    state = f", [{', '.join(slots)}]" if slots else ""
    lines += [f"for w, g{state} in zip(self.parameters(), gradients{', self.state' if slots else ''}):"]
    lines += [f"    {line}" for line in step.splitlines()]
    return "".join(f"        {line}\n" for line in lines)
