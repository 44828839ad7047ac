"""Number formats with a fixed count of significant digits, so that changing numbers keep their width."""

from __future__ import annotations

import math

from bpviz.language import _

# The minus sign is as wide as a digit; the hyphen is not.
_MINUS = "−"
# Narrow, and no line is broken at it.
NARROW_SPACE = "\u202f"
# In place of a score of no samples.
_MISSING = "–"


def number(value: float, digits: int = 4) -> str:
    """Format a number with `digits` significant digits; very small and large numbers get an exponent."""
    if not math.isfinite(value):
        return _("not a number") if math.isnan(value) else ("∞" if value > 0 else _MINUS + "∞")
    if value == 0:
        return "0"
    # The exponent of the rounded number counts: 9.9996 has the exponent of 10.
    exponent = int(f"{value:.{digits - 1}e}".partition("e")[2])
    if -4 <= exponent < 6:
        text = f"{value:.{max(digits - 1 - exponent, 0)}f}"
    else:
        text = f"{value:.{digits - 1}e}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")
    return text.replace("-", _MINUS)


def exact(value: float) -> str:
    """Format a number with all digits that tell it from other floating point numbers."""
    return repr(float(value)).replace("-", _MINUS) if math.isfinite(value) else number(value)


def mse(value: float) -> str:
    """Format a mean squared error with six decimals, as the article does."""
    return _MISSING if math.isnan(value) else f"{value:.6f}"


def percent(share: float) -> str:
    """Format a fraction, 0 to 1, as a percentage."""
    return _MISSING if math.isnan(share) else f"{100 * share:.2f}{NARROW_SPACE}%"


def rate(epochs_per_second: float) -> str:
    """Format a training speed."""
    digits = 1 if epochs_per_second < 100 else 0
    return _("{epochs_per_second:,.{digits}f} epochs/s").format(epochs_per_second=epochs_per_second, digits=digits)


def count(value: int) -> str:
    """Format an integer with thousands separators."""
    return f"{value:,}"


def r2(value: float) -> str:
    """Format R² with four decimals."""
    return number(value) if not math.isfinite(value) else f"{value:.4f}".replace("-", _MINUS)
