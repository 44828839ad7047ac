"""Numbers in the middle of a sentence: short, and plain where they are none."""

from __future__ import annotations

import math

_MINUS = "−"
_LARGEST_COUNT = 1e6
_NEARLY_SAME = 1.05


def number(value: float, digits: int = 2) -> str:
    """Write a number with about so many significant digits."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else _MINUS + "∞"
    mantissa, e, exponent = f"{value:.{digits}g}".partition("e")
    return f"{mantissa}{e}{int(exponent)}".replace("-", _MINUS) if e else mantissa.replace("-", _MINUS)


def factor(ratio: float) -> str:
    """Write by what factor a size changed that was multiplied by `ratio`, up or down: "12" for 12 and for 1/12."""
    if ratio < 1:
        ratio = 1 / ratio if ratio else math.inf
    if not ratio < _LARGEST_COUNT:
        return number(ratio)
    rounded = float(f"{ratio:.2g}")  # first, since 9.96 is "10" and not "10.0"
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:.1f}"


def times(ratio: float) -> str:
    """Write the same as "1.4 times", "120 times"."""
    return f"{factor(ratio)} times"


def changed(ratio: float) -> str:
    """Write how a size changed that was multiplied by `ratio`: "12 times smaller", "3.1 times larger"."""
    return f"{times(ratio)} {'smaller' if ratio < 1 else 'larger'}"


def compared(ratio: float) -> str:
    """Begin a comparison with another size: "about as large as", "12 times smaller than"."""
    return "about as large as" if is_nearly_one(ratio) else f"{changed(ratio)} than"


def is_nearly_one(ratio: float) -> bool:
    """Whether a size that was multiplied by `ratio` stayed about as large."""
    return 1 / _NEARLY_SAME < ratio < _NEARLY_SAME


def per_cent(share: float) -> str:
    """Write a share, 0 to 1."""
    return f"{100 * share:.0f} %" if not share < 0.01 else f"{number(100 * share, 1)} %"
