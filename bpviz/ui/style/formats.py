"""Numbers as they are shown: a fixed count of significant digits, so that they do not dance."""

from __future__ import annotations

import math

_MINUS = "−"
_THIN_SPACE = "\u2009"


def number(value: float, digits: int = 4) -> str:
    """Write a number with `digits` significant digits, with a power of ten where it is very small or large."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("∞" if value > 0 else _MINUS + "∞")
    if value == 0:
        return "0"
    # Read off the rounded number: 9.9996 has the exponent of 10.
    exponent = int(f"{value:.{digits - 1}e}".partition("e")[2])
    if -4 <= exponent < 6:
        text = f"{value:.{max(digits - 1 - exponent, 0)}f}"
    else:
        text = f"{value:.{digits - 1}e}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")
    return text.replace("-", _MINUS)


def mse(value: float) -> str:
    """Write a mean squared error as the article does, with six decimals."""
    return f"{value:.6f}"


def percent(share: float) -> str:
    """Write a share, 0 to 1, in per cent."""
    return f"{100 * share:.2f}{_THIN_SPACE}%"


def rate(epochs_per_second: float) -> str:
    """Write a speed."""
    digits = 1 if epochs_per_second < 100 else 0
    return f"{epochs_per_second:,.{digits}f} epochs/s"


def count(value: int) -> str:
    """Write a whole number with separated thousands."""
    return f"{value:,}"
