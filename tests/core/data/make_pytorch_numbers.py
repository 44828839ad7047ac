"""Write pytorch.json: values and gradients of PyTorch's activations and losses, the oracle of test_pytorch_oracle.

Run it where PyTorch is installed: ``python tests/core/data/make_pytorch_numbers.py``. The tests need only the file.
"""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional

torch.set_default_dtype(torch.float64)
LEAKS = (0.01, 0.2, 1.0)
Z = [-800.0, -40.0, -12.0, -6.0, -3.0, -2.0, -1.5, -1.0, -0.75, -0.3, -1e-3, 0.0]
Z = [*Z, *(-z for z in Z[:-1])]
ROWS = [[0.3, -1.2, 2.0], [4.0, 0.5, -0.7], [1.0, 1.0, 1.0], [-30.0, 2.0, 25.0], [0.9, 0.1, -0.2]]
TARGETS = [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "none": lambda z: 1.0 * z,
    "relu": functional.relu,
    **{f"leaky_relu {leak}": partial(functional.leaky_relu, negative_slope=leak) for leak in LEAKS},
    "elu": functional.elu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    # PyTorch gives z itself for z above a threshold, by default 20: there it is off by 2e-9.
    "softplus": lambda z: functional.softplus(z, threshold=700.0),
    "sin": torch.sin,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}


def loss(z: Any, y: Any, name: str, output: str) -> Any:
    """Return L_s of each row of z, as PyTorch computes it."""
    if name == "cross_entropy":
        if output == "softmax":
            return functional.cross_entropy(z, y, reduction="none")
        return functional.binary_cross_entropy_with_logits(z, y, reduction="none").sum(dim=1)
    a = (
        torch.softmax(z, dim=1)
        if output == "softmax"
        else ACTIVATIONS[output.replace("leaky_relu", "leaky_relu 0.01")](z)
    )
    each = {
        "mse": lambda: 0.5 * functional.mse_loss(a, y, reduction="none"),
        "huber": lambda: functional.huber_loss(a, y, reduction="none", delta=1.0),
        "mae": lambda: functional.l1_loss(a, y, reduction="none"),
    }[name]()
    return each.sum(dim=1)


def with_gradient(values: list[Any], f: Callable[[Any], Any]) -> tuple[list[Any], list[Any]]:
    """Return f and its gradient, summed over its values."""
    z = torch.tensor(values, requires_grad=True)
    found = f(z)
    found.sum().backward()
    return found.tolist(), z.grad.tolist()


def main() -> None:
    """Write the file beside this one."""
    names = [name for name in ACTIVATIONS if " " not in name]
    outputs = [*names, "leaky_relu", "softmax"]
    y = torch.tensor(TARGETS)
    pairs = [(name, output) for name in ("mse", "huber", "mae") for output in outputs]
    pairs += [("cross_entropy", "sigmoid"), ("cross_entropy", "softmax")]
    recorded = {
        "torch": torch.__version__,
        "z": Z,
        "activations": {name: with_gradient(Z, f) for name, f in ACTIVATIONS.items()},
        "rows": ROWS,
        "targets": TARGETS,
        "losses": {f"{n} {o}": with_gradient(ROWS, partial(loss, y=y, name=n, output=o)) for n, o in pairs},
    }
    path = Path(__file__).with_name("pytorch.json")
    path.write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
