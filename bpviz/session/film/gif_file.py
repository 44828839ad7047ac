"""Animated GIF with a palette of its own for each picture; each is written as it comes, as what has changed."""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

import numpy as np
from PIL import Image

from bpviz.session.film.pixels import Pixels, change

_CLEAR = 255  # the index of transparent pixels; the others are for colours
_KEEP, _HAS_CLEAR = 1 << 2, 1
_FOR_EVER = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
_END = b"\x3b"
# Of a GIF file: signature and screen; of an image in it: separator, place, size and flags.
_HEADER, _DESCRIPTOR = 13, 10


class GifFile:
    """Writes an animated GIF file; parameters and methods are those of `WebpFile`.

    A time is rounded to hundredths of a second, which GIF counts in.
    """

    def __init__(self, file: BinaryIO, size: tuple[int, int]) -> None:
        self._file, self._before = file, None
        self._told = self._meant = 0  # hundredths of a second so far, and milliseconds
        file.write(b"GIF89a" + struct.pack("<HH", *size) + b"\0\0\0" + _FOR_EVER)

    _before: Pixels | None

    def add(self, pixels: Pixels, milliseconds: int) -> None:
        """Write a picture that is shown for some time."""
        self._meant += milliseconds
        hundredths = max(round(self._meant / 10) - self._told, 1)
        self._told += hundredths
        changed = change(self._before, pixels)
        colours, body = _image(changed.pixels)
        height, width = changed.pixels.shape[:2]
        self._file.write(b"\x21\xf9\x04" + struct.pack("<BHBB", _KEEP | _HAS_CLEAR, hundredths, _CLEAR, 0))
        self._file.write(b"\x2c" + struct.pack("<HHHHB", changed.left, changed.top, width, height, 0x80 | 7))
        self._file.write(colours + body)
        self._before = pixels

    def finish(self) -> None:
        """Write the end of the file."""
        self._file.write(_END)


def _image(pixels: Pixels) -> tuple[bytes, bytes]:
    """Return a palette of 256 colours, and the compressed indices, out of a file that Pillow makes of a picture."""
    opaque = pixels[..., 3] > 0
    reduced = Image.fromarray(np.ascontiguousarray(pixels[..., :3])).quantize(_CLEAR, dither=Image.Dither.NONE)
    indices = np.where(opaque, np.asarray(reduced), _CLEAR).astype(np.uint8)
    palette = bytes(reduced.getpalette() or ()).ljust(3 * 256, b"\0")[: 3 * 256]
    image = Image.fromarray(indices)
    image.putpalette(palette)
    made = io.BytesIO()
    image.save(made, "GIF", optimize=False, interlace=False)
    content = made.getvalue()
    place = _HEADER + 3 * 256
    while content[place : place + 1] == b"\x21":  # extensions, each of some blocks
        place += 2
        while length := content[place]:
            place += length + 1
        place += 1
    return content[_HEADER : _HEADER + 3 * 256], content[place + _DESCRIPTOR : -1]
