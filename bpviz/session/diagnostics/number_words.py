"""Numbers as text within sentences."""

from __future__ import annotations

import math

_MINUS = "−"
_LARGEST_COUNT = 1e6


def number(value: float, digits: int = 2) -> str:
    """Return a number with `digits` significant digits."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else _MINUS + "∞"
    mantissa, e, exponent = f"{value:.{digits}g}".partition("e")
    return f"{mantissa}{e}{int(exponent)}".replace("-", _MINUS) if e else mantissa.replace("-", _MINUS)


def times(factor: float) -> str:
    """Return a factor as text, e.g. "1.4 times", "120 times"."""
    if not factor < _LARGEST_COUNT:
        return f"{number(factor)} times"
    return f"{float(f'{factor:.2g}'):,.0f} times" if factor >= 10 else f"{factor:.1f} times"


def changed(ratio: float) -> str:
    """Return a ratio as text, e.g. "12 times smaller", "3.1 times larger"."""
    if ratio < 1:
        return f"{times(1 / ratio if ratio else math.inf)} smaller"
    return f"{times(ratio)} larger"


def per_cent(share: float) -> str:
    """Return a fraction, 0 to 1, in per cent."""
    return f"{100 * share:.0f} %" if not share < 0.01 else f"{number(100 * share, 1)} %"
