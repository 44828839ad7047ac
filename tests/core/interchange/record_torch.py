"""Record modules of PyTorch and their outputs: `python -m tests.core.interchange.record_torch`.

It needs PyTorch and safetensors; the tests that read the files do not need PyTorch.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import nn

DATA = Path(__file__).with_name("data")
_SETTINGS = ("negative_slope", "alpha", "approximate", "beta", "dim")
MODELS: dict[str, Callable[[], Any]] = {
    "hidden": lambda: nn.Sequential(
        nn.Linear(2, 5), nn.ReLU(), nn.Linear(5, 4, bias=False), nn.Tanh(), nn.Linear(4, 3)
    ),
    "classes": lambda: nn.Sequential(nn.Linear(2, 4), nn.LeakyReLU(), nn.Dropout(0.5), nn.Linear(4, 3), nn.Softmax(-1)),
    "nested": lambda: nn.Sequential(
        nn.Sequential(nn.Flatten(), nn.Linear(2, 3), nn.Sigmoid()), nn.Sequential(nn.Linear(3, 2), nn.Identity())
    ),
}


def _recorded(module: Any) -> dict[str, Any]:
    kind = type(module).__name__
    if kind == "Sequential":
        return {"kind": kind, "parts": [_recorded(part) for part in module]}
    arrays = {name: value.tolist() for name, value in module.named_parameters()}
    return {"kind": kind, **arrays, **{name: getattr(module, name) for name in _SETTINGS if hasattr(module, name)}}


def main() -> None:
    """Write the modules as JSON, with inputs and outputs, and one of them as PyTorch's users save it."""
    torch.manual_seed(0)
    found, inputs = {}, torch.randn(7, 2, dtype=torch.float64)
    for name, make in MODELS.items():
        module = make().double().eval()
        found[name] = {"module": _recorded(module), "outputs": module(inputs).tolist()}
        if name == "hidden":
            save_file(module.state_dict(), DATA / "hidden.safetensors")
    content = {"version": torch.__version__, "inputs": inputs.tolist(), "models": found}
    (DATA / "torch_models.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
