"""Record what PyTorch makes of the cases, in `torch_numbers.json`: `python -m tests.core.optimisers.record_torch`.

It needs PyTorch; the tests that read the file do not.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch

from tests.core.optimisers.cases import CASES, LOSSES, N_EPOCHS, N_SAMPLES, N_UPDATES, SCHEDULES, SIZES, Case
from tests.core.optimisers.cases import samples as make_samples
from tests.core.optimisers.cases import start as make_start

NUMBERS = Path(__file__).with_name("torch_numbers.json")


def _network() -> list[tuple[Any, Any]]:
    """Return W, shape (n_in, n_out), and b of every layer, as tensors with gradients."""
    packed, layers = torch.tensor(make_start()), []
    for n_in, n_out in pairwise(SIZES):
        W, b, packed = packed[: n_in * n_out], packed[n_in * n_out :][:n_out], packed[(n_in + 1) * n_out :]
        layers.append((W.reshape(n_in, n_out).clone().requires_grad_(), b.clone().requires_grad_()))
    return layers


def _loss(layers: list[tuple[Any, Any]], x: Any, y: Any, case: Case) -> Any:
    (W1, b1), (W2, b2), (W3, b3) = layers
    a = torch.sigmoid(torch.sigmoid(torch.tanh(x @ W1 + b1) @ W2 + b2) @ W3 + b3)
    loss = 0.5 * torch.sum((a - y) ** 2, dim=1).mean()
    for W, _ in layers:
        loss = loss + case.rule.l1 * W.abs().sum() + 0.5 * case.rule.l2 * (W * W).sum()
    return loss


def _optimiser(layers: list[tuple[Any, Any]], case: Case) -> Any:
    rule, rate = case.rule, case.learning_rate
    weights, biases = [W for W, _ in layers], [b for _, b in layers]
    groups = [{"params": weights, "weight_decay": rule.weight_decay}, {"params": biases, "weight_decay": 0.0}]
    plain = [{"params": weights}, {"params": biases}]
    betas = (rule.beta1, rule.beta2)
    return {
        "sgd": lambda: torch.optim.SGD(plain, lr=rate),
        "momentum": lambda: torch.optim.SGD(plain, lr=rate, momentum=rule.momentum),
        "nesterov": lambda: torch.optim.SGD(plain, lr=rate, momentum=rule.momentum, nesterov=True),
        "adagrad": lambda: torch.optim.Adagrad(plain, lr=rate, eps=rule.epsilon),
        "rmsprop": lambda: torch.optim.RMSprop(plain, lr=rate, alpha=rule.beta2, eps=rule.epsilon),
        "adam": lambda: torch.optim.Adam(plain, lr=rate, betas=betas, eps=rule.epsilon),
        "adamw": lambda: torch.optim.AdamW(groups, lr=rate, betas=betas, eps=rule.epsilon),
    }[rule.optimiser]()


def _trained(case: Case) -> list[float]:
    layers, (X, Y) = _network(), (torch.tensor(each) for each in make_samples())
    optimiser, parameters = _optimiser(layers, case), [each for layer in layers for each in layer]
    for number in range(N_UPDATES):
        first = number * case.batch_size % N_SAMPLES
        rows = slice(first, first + case.batch_size)
        optimiser.zero_grad()
        _loss(layers, X[rows], Y[rows], case).backward()
        if case.rule.clip_norm:
            norm = torch.linalg.vector_norm(torch.cat([each.grad.ravel() for each in parameters]))
            for each in parameters:
                each.grad *= min(1.0, case.rule.clip_norm / float(norm))
        if case.rule.weight_decay and case.rule.optimiser != "adamw":  # of the optimisers, only AdamW does it itself
            with torch.no_grad():
                for W, _ in layers:
                    W *= 1.0 - case.learning_rate * case.rule.weight_decay
        optimiser.step()
    return torch.cat([each.detach().ravel() for each in parameters]).tolist()  # type: ignore[no-any-return]


def _factors(name: str) -> list[float]:
    schedule, optimiser = SCHEDULES[name], torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = torch.optim.lr_scheduler
    made = {
        "step": lambda: scheduler.StepLR(optimiser, schedule.epochs, schedule.factor),
        "exponential": lambda: scheduler.ExponentialLR(optimiser, schedule.factor),
        "cosine": lambda: scheduler.CosineAnnealingLR(optimiser, schedule.epochs),
        "plateau": lambda: scheduler.ReduceLROnPlateau(optimiser, factor=schedule.factor, patience=schedule.epochs),
        "warm-up": lambda: scheduler.LinearLR(optimiser, 1 / schedule.warm_up, total_iters=schedule.warm_up - 1),
    }[name]()
    factors = []
    for epoch in range(N_EPOCHS):
        factors.append(float(optimiser.param_groups[0]["lr"]))
        optimiser.step()
        made.step(LOSSES[epoch]) if name == "plateau" else made.step()
    return factors


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    numbers = {
        "version": torch.__version__,
        "parameters": {name: _trained(case) for name, case in CASES.items()},
        "factors": {name: _factors(name) for name in SCHEDULES},
    }
    NUMBERS.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
