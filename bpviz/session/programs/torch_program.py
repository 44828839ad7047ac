"""An experiment as a program for PyTorch."""

from __future__ import annotations

from bpviz.core.datasets import Split
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.programs import parts
from bpviz.session.programs.main_loop import constants, main_loop
from bpviz.session.training.first_network import first_network

_MODULES = {
    "none": "nn.Identity()",
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(LEAK)",
    "elu": "nn.ELU()",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
    "tanh": "nn.Tanh()",
    "softplus": "nn.Softplus(threshold=40)",  # above the threshold it returns z: by default from 20 on
    "sin": "Sin()",
    "sigmoid": "nn.Sigmoid()",
    "softmax": "nn.Softmax(dim=1)",
}
_OPTIMISERS = {
    "sgd": "SGD(trained, LEARNING_RATE)",
    "momentum": "SGD(trained, LEARNING_RATE, momentum=MOMENTUM)",
    "nesterov": "SGD(trained, LEARNING_RATE, momentum=MOMENTUM, nesterov=True)",
    "adagrad": "Adagrad(trained, LEARNING_RATE, eps=EPSILON)",
    "rmsprop": "RMSprop(trained, LEARNING_RATE, alpha=BETA2, eps=EPSILON)",
    "adam": "Adam(trained, LEARNING_RATE, betas=(BETA1, BETA2), eps=EPSILON)",
}
_OPTIMISERS |= {"adamw": _OPTIMISERS["adam"]}  # the weight decay, which leaves biases alone, is made before the step
_SIN = '''
class Sin(nn.Module):
    """a = sin z, which PyTorch has no module for."""

    def forward(self, z):
        return torch.sin(z)
'''
_MAKE = '''
def make_network():
    """Return the network; its output layer's activation follows apart, as the loss is computed from z."""
    modules, activations = [], [
{activations}    ]
    for (W, b), activation in zip(first_parameters(), activations):
        linear = nn.Linear(*W.shape, dtype=torch.float64)
        linear.weight.data, linear.bias.data = torch.tensor(W.T.copy()), torch.tensor(b)
        modules += [linear, activation]
    return nn.Sequential(*modules[:-1]), modules[-1]
'''
_UPDATE_HEAD = '''
def update(network, output, optimiser, x, y, rate):
    """Make one update with a batch."""
    z = network(x)
'''
_LOSSES = {
    "mse": "    loss = 0.5 * ((output(z) - y) ** 2).sum(dim=1).mean()\n",
    "huber": "    loss = nn.functional.huber_loss(output(z), y, reduction='none').sum(dim=1).mean()\n",
    "mae": "    loss = (output(z) - y).abs().sum(dim=1).mean()\n",
    "sigmoid": "    loss = nn.functional.binary_cross_entropy_with_logits(z, y, reduction='none').sum(dim=1).mean()\n",
    "softmax": "    loss = -(y * torch.log_softmax(z, dim=1)).sum(dim=1).mean()\n",
}
_CLIP = """\
    gradients = [w.grad for group in optimiser.param_groups for w in group["params"]]
    norm = torch.sqrt(sum((g * g).sum() for g in gradients))
    for g in gradients:
        g *= CLIP_NORM / max(norm, CLIP_NORM)
"""
_DECAY = """\
    with torch.no_grad():
        for W in weights:
            W *= 1 - rate * WEIGHT_DECAY
"""


def torch_program(experiment: Experiment, split: Split) -> str:
    """Return the text of the program.

    Raises
    ------
    ProgramError
        If a part of the experiment is too large to stand in a text.
    """
    trained = "network.parameters()" if experiment.train_biases else "[w for w in network.parameters() if w.ndim == 2]"
    make = f"network, output = make_network()\ntrained = {trained}\n"
    make += f"optimiser = torch.optim.{_OPTIMISERS[experiment.optimiser]}\n"
    make += "x, y = torch.tensor(X_train), torch.tensor(y_train)"
    prepare = 'for group in optimiser.param_groups:\n    group["lr"] = rate' if parts.learning_rate(experiment) else ""
    activations = "".join(
        f"        {_MODULES[name].replace('LEAK', repr(experiment.leak))},\n" for name in experiment.activations
    )
    sections = (
        parts.imports(experiment, split, "import torch", "from torch import nn"),
        constants(experiment),
        _SIN if "sin" in experiment.activations else "",
        _MAKE.format(activations=activations),
        _update(experiment),
        _OUTPUTS,
        parts.embedding(experiment, split),
        parts.data(experiment, split),
        parts.parameters(experiment, first_network(experiment).parameters),
        parts.learning_rate(experiment),
        main_loop(
            experiment,
            make,
            "update(network, output, optimiser, x[chosen], y[chosen], rate)",
            "outputs_of(network, output, {0})",
            prepare,
        ),
    )
    return parts.joined(sections)


_OUTPUTS = '''
def outputs_of(network, output, X):
    """Return the outputs as an array of numpy."""
    with torch.no_grad():
        return output(network(torch.tensor(X))).numpy()
'''


def _update(experiment: Experiment) -> str:
    rule = experiment.rule
    text = _UPDATE_HEAD + _LOSSES[experiment.activations[-1] if experiment.loss == "cross_entropy" else experiment.loss]
    if rule.has_penalty or rule.weight_decay:
        text += "    weights = [w for w in network.parameters() if w.ndim == 2]\n"
    terms = ["L1 * W.abs().sum()"] * (rule.l1 > 0) + ["0.5 * L2 * (W * W).sum()"] * (rule.l2 > 0)
    if terms:
        text += f"    loss = loss + sum({' + '.join(terms)} for W in weights)\n"
    text += "    optimiser.zero_grad()\n    loss.backward()\n"
    return text + _CLIP * bool(rule.clip_norm) + _DECAY * bool(rule.weight_decay) + "    optimiser.step()\n"
