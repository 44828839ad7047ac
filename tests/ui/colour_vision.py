"""Contrast and difference of colours, for normal and for colour-blind vision."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array

# Machado, Oliveira and Fernandes (2009), A Physiologically-based Model for Simulation of Color Vision Deficiency,
# table 1, severity 1.0; they act on linear red, green and blue.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
PROTANOPIA = np.array(
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
)
_SRGB_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _SRGB_TO_XYZ.sum(axis=1)


def linear(rgb: Array) -> Array:
    """Convert sRGB to linear values; red, green and blue from 0 to 1 are on the last axis."""
    return np.where(rgb <= 0.04045, rgb / 12.92, ((np.clip(rgb, 0.04045, None) + 0.055) / 1.055) ** 2.4)


def luminance(rgb: Array) -> Array:
    """Return the relative luminance of WCAG 2."""
    return np.asarray(linear(rgb) @ _SRGB_TO_XYZ[1])


def contrast(one: Array, other: Array) -> float:
    """Return the contrast ratio of WCAG 2, 1 to 21."""
    darker, lighter = sorted((float(luminance(one)), float(luminance(other))))
    return (lighter + 0.05) / (darker + 0.05)


def lab(rgb: Array, cones: Array | None = None) -> Array:
    """Return L*, a* and b* of colours, optionally as seen with a colour vision deficiency."""
    seen = linear(rgb) if cones is None else np.clip(linear(rgb) @ cones.T, 0, 1)
    f = np.cbrt(np.clip(seen @ _SRGB_TO_XYZ.T / _WHITE, 0.008856, None))
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=-1)


def distance(one: Array, other: Array, cones: Array | None = None) -> float:
    """Return the difference of two colours in L*a*b*: about 2 is just visible, 10 is obvious."""
    return float(np.linalg.norm(lab(one, cones) - lab(other, cones)))
