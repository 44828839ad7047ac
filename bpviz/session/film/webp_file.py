"""Animated WebP, without loss: each picture is written as it comes, as what has changed since the one before.

Pillow's own animations keep all pictures in memory until the last one has come.
"""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

from PIL import Image

from bpviz.session.film.pixels import Pixels, change

# Bits of VP8X: an animation, with transparent pixels.
_ANIMATION, _ALPHA = 0x02, 0x10
_HEADER = 12  # RIFF, the length of what follows, WEBP


class WebpFile:
    """Writes an animated WebP file.

    Parameters
    ----------
    file : BinaryIO
        Open for writing, and at its start.
    size : (int, int)
        Width and height.
    """

    def __init__(self, file: BinaryIO, size: tuple[int, int]) -> None:
        self._file, self._before = file, None
        file.write(b"RIFF\0\0\0\0WEBP")
        self._chunk(b"VP8X", bytes((_ANIMATION | _ALPHA, 0, 0, 0)) + _three(size[0] - 1) + _three(size[1] - 1))
        self._chunk(b"ANIM", struct.pack("<IH", 0, 0))  # transparent ground; repeat for ever

    _before: Pixels | None

    def add(self, pixels: Pixels, milliseconds: int) -> None:
        """Write a picture that is shown for some time."""
        changed = change(self._before, pixels)
        height, width = changed.pixels.shape[:2]
        head = _three(changed.left // 2) + _three(changed.top // 2) + _three(width - 1) + _three(height - 1)
        self._chunk(b"ANMF", head + _three(milliseconds) + b"\0" + _image_chunks(Image.fromarray(changed.pixels)))
        self._before = pixels

    def finish(self) -> None:
        """Write how long the file is."""
        length = self._file.tell()
        self._file.seek(4)
        self._file.write(struct.pack("<I", length - 8))
        self._file.seek(length)

    def _chunk(self, name: bytes, content: bytes) -> None:
        self._file.write(name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2))


def _image_chunks(image: Image.Image) -> bytes:
    """Return the chunks with the pixels of an image, out of a file that Pillow makes of it alone."""
    made = io.BytesIO()
    image.save(made, "WEBP", lossless=True, quality=50, method=2)
    content, place, found = made.getvalue(), _HEADER, b""
    while place + 8 <= len(content):
        name, length = content[place : place + 4], struct.unpack_from("<I", content, place + 4)[0]
        end = place + 8 + length + length % 2
        if name in (b"ALPH", b"VP8 ", b"VP8L"):
            found += content[place:end]
        place = end
    return found


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")
