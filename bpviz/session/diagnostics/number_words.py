"""Numbers as text within sentences."""

from __future__ import annotations

import math

from bpviz.language import _

_MINUS = "−"
_LARGEST_COUNT = 1e6
_NEARLY_SAME = 1.05


def number(value: float, digits: int = 2) -> str:
    """Return a number with `digits` significant digits."""
    if math.isnan(value):
        return _("not a number")
    if math.isinf(value):
        return "∞" if value > 0 else _MINUS + "∞"
    mantissa, e, exponent = f"{value:.{digits}g}".partition("e")
    return f"{mantissa}{e}{int(exponent)}".replace("-", _MINUS) if e else mantissa.replace("-", _MINUS)


def factor(ratio: float) -> str:
    """Return a ratio, or its reciprocal if it is below 1, as text: "12" for both 12 and 1/12."""
    if ratio < 1:
        ratio = 1 / ratio if ratio else math.inf
    if not ratio < _LARGEST_COUNT:
        return number(ratio)
    rounded = float(f"{ratio:.2g}")  # rounded before it is compared, since 9.96 is "10" and not "10.0"
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:.1f}"


def changed(ratio: float) -> str:
    """Return a ratio as text, e.g. "12 times smaller", "3.1 times larger"."""
    text = _("{factor} times smaller") if ratio < 1 else _("{factor} times larger")
    return text.format(factor=factor(ratio))


def compared(ratio: float, other: str) -> str:
    """Return a comparison with something else: "about as large as the output", "12 times smaller than the output"."""
    text = _("about as large as {other}") if is_nearly_one(ratio) else _("{changed} than {other}")
    return text.format(changed=changed(ratio), other=other)


def is_nearly_one(ratio: float) -> bool:
    """Return whether a ratio is so close to 1 that both sizes count as equal."""
    return 1 / _NEARLY_SAME < ratio < _NEARLY_SAME


def per_cent(share: float) -> str:
    """Return a fraction, 0 to 1, in per cent."""
    return f"{100 * share:.0f} %" if not share < 0.01 else f"{number(100 * share, 1)} %"
