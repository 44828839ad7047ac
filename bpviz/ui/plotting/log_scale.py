"""Logarithmic scales: symmetric about zero, of powers of ten, and their ticks."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array
from bpviz.ui.plotting.heat_column import _BULK, _DECADES, Image
from bpviz.ui.style import formats

_MOST_DECADES, _LEAST_DECADES = 8, 2
_TOO_WIDE = 2


class Decades:
    """The decades that a log scale spans; the range grows when needed and shrinks only when much too wide."""

    def __init__(self) -> None:
        self.low, self.high = 0, 0

    def release(self) -> None:
        """Reset the range."""
        self.low = self.high = 0

    def fit(self, values: list[float]) -> None:
        """Fit the range to all positive finite values."""
        powers = [math.log10(value) for value in values if value > 0 and math.isfinite(value)]
        if not powers:
            return
        high = math.ceil(max(powers))
        low = max(min(math.floor(min(powers)), high - _LEAST_DECADES), high - _MOST_DECADES)
        is_new, fits = self.low == self.high, self.low <= low and high <= self.high
        too_wide = fits and (self.high - self.low) - (high - low) > _TOO_WIDE
        if is_new or too_wide:
            self.low, self.high = low, high
        elif not fits:
            self.high = max(self.high, high)
            self.low = max(min(self.low, low), self.high - _MOST_DECADES)

    def share(self, value: float | None) -> float:
        """Return the length of a bar as a fraction of the scale, 0 to 1."""
        if value is None or math.isnan(value) or value <= 0 or self.high == self.low:
            return 0.0
        power = math.log10(value) if math.isfinite(value) else self.high
        return min(max((power - self.low) / (self.high - self.low), 0.0), 1.0)


def bulk(values: Image) -> float:
    """Return the 98th percentile of the magnitudes, so that a few outliers do not fade all other colours."""
    if not values.size:
        return 0.0
    rank = math.ceil(_BULK * (values.size - 1))
    return float(np.partition(np.abs(values), rank, axis=None)[rank])


def symmetric_log(values: Image, top: float) -> Image:
    """Map -top..top to -1..1: logarithmic on both sides of zero, and linear close to it."""
    knee = top * 10.0**-_DECADES
    bent = np.log1p(np.abs(values) / np.float32(knee)) / np.float32(math.log1p(top / knee))
    return np.copysign(bent, values).astype(np.float32)


def symmetric_log_ticks(top: float) -> list[tuple[float, str]]:
    """Return (position, text) of zero and of every second power of ten below the top, on both sides."""
    values = [top * 10.0**-power for power in range(0, _DECADES, 2)]
    signed = np.array([*(-np.array(values)), 0.0, *values[::-1]], dtype=np.float32)
    return [(float(at), formats.number(float(v), 2)) for at, v in zip(symmetric_log(signed, top), signed, strict=True)]


#: Exponents of the lower and the upper end of the scale of relative errors.
LOWEST, HIGHEST = -12, 0


def power_of_ten(power: int) -> str:
    """Format 10**power in the same way on all scales of a gradient check."""
    return f"1e−{-power}" if power < 0 else f"{10**power}"


def scale_ticks(step: int = 3) -> list[tuple[float, str]]:
    """Return (position from 0 to 1, text) of the ticks of the scale."""
    return [((power - LOWEST) / (HIGHEST - LOWEST), power_of_ten(power)) for power in range(LOWEST, HIGHEST + 1, step)]


def on_scale(errors: npt.NDArray[np.float64]) -> Image:
    """Map relative errors to 0..1 on a log scale; NaN becomes 1, the worst."""
    with np.errstate(divide="ignore"):
        powers = np.log10(np.nan_to_num(errors, nan=np.inf))
    return np.clip((powers - LOWEST) / (HIGHEST - LOWEST), 0.0, 1.0).astype(np.float32)


# The plot must get finite numbers; ratios outside these bounds are clipped.
_SMALLEST, _LARGEST = 1e-12, 1e6


def _powers(ratios: npt.NDArray[np.float32]) -> Array:
    """Return log10 of ratios, clipped to the ends of the scale; NaN stays NaN."""
    return np.asarray(np.log10(np.clip(ratios.astype(np.float64), _SMALLEST, _LARGEST)))


def _power_of_ten(power: int) -> str:
    return f"1e−{-power}" if power < 0 else f"{10**power:,}"
