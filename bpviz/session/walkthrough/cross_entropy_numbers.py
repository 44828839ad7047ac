"""The numbers of cross-entropy, as it is computed: from z, with powers of e that do not overflow."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array
from bpviz.language import _
from bpviz.session.walkthrough.arithmetic import Sum, difference, product, write, write_to

#: Beyond this the exponential function overflows on pocket calculators.
_LARGE = 200.0
#: Below this a calculator's 1 + r has lost digits of r.
_VANISHING = 1e-6


def binary(name: str, z: Array, y: Array, result: float, first: int = 0) -> list[str]:
    """Return the lines of the sum of ln(1 + e^z) - y z over the outputs of a sample, which count from `first`."""

    def written(index: int, digits: int) -> str:
        return _softplus_less(float(z[index]), float(y[index]), digits)

    terms = np.maximum(z, 0.0) - y * z + np.log1p(np.exp(-np.abs(z)))
    lines = Sum(name, terms, written, result, source=lambda k: k + first, sources=_("outputs {numbers}")).lines()
    if (y == 1).any():
        lines.append(_("Where the target is 1, ln(1 + e<sup>z</sup>) − z is ln(1 + e<sup>−z</sup>)."))
    return [*lines, *_vanishing(terms[terms > 0])]


def categorical(name: str, z: Array, y: Array, result: float, first: int = 0) -> list[str]:
    """Return the lines of the sum of y (ln(sum of e^z) - z) over the outputs of a sample."""
    winner = int(np.argmax(z))
    others = np.delete(np.arange(len(z)), winner)
    powers, largest = np.exp(z[others] - z[winner]), float(z[winner])
    rest = float(powers.sum())
    # The terms with target 0 are 0.
    chosen = np.flatnonzero(y) if y.any() else np.arange(len(y))

    def power(index: int, digits: int) -> str:
        return f"e<sup>{_exponent(float(z[others[index]]) - largest, digits)}</sup>"

    def written(index: int, digits: int) -> str:
        return _share(float(z[chosen[index]]), float(y[chosen[index]]), largest, rest, digits)

    terms = y[chosen] * (largest - z[chosen] + np.log1p(rest))
    output = winner + first
    text = _("The largest z is that of output {output}: ln of the sum of e<sup>z</sup> is {largest} + ln(1 + r).")
    return [
        text.format(output=output, largest=write(largest)),
        *Sum("r", powers, power, rest, source=lambda k: others[k] + first, sources=_("outputs {numbers}")).lines(),
        *Sum(name, terms, written, result, source=lambda k: chosen[k] + first, sources=_("outputs {numbers}")).lines(),
        *_vanishing(np.array([rest])),
    ]


def _softplus_less(z: float, y: float, digits: int) -> str:
    """Return ln(1 + e^z) - y z as text; for y = 1 as ln(1 + e^-z), which is the same and does not cancel."""
    power = -z if y == 1 else z
    text = f"ln(1 + e<sup>{_exponent(power, digits)}</sup>)"
    if power > _LARGE:
        text = f"{write(power, digits)} + ln(1 + e<sup>{_exponent(-power, digits)}</sup>)"
    return text if y in (0.0, 1.0) else f"{text} − {product(y, z, digits=digits)}"


def _share(z: float, y: float, largest: float, rest: float, digits: int) -> str:
    """Return y (largest - z + ln(1 + rest)) as text."""
    logarithm = f"ln(1 + {write(rest, digits)})"
    whole = logarithm if z == largest else f"{difference(largest, z, digits)} + {logarithm}"
    return whole if y == 1 else f"{write(y)} × ({whole})"


def _exponent(value: float, digits: int) -> str:
    # e^x has as many correct digits as x has decimals.
    return write_to(-digits)(value)


def _vanishing(sizes: Array) -> list[str]:
    if not (sizes < _VANISHING).any():
        return []
    return [_("If a calculator gives 0 for ln(1 + r): for so small an r it is r itself.")]
