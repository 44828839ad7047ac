"""MP4 video by PyAV, which is an extra: it brings codecs of many megabytes along."""

from __future__ import annotations

from fractions import Fraction
from typing import BinaryIO

from bpviz.language import _
from bpviz.session.film.film_plan import FilmError
from bpviz.session.film.pixels import Pixels

# Milliseconds are the unit of time.
_TICK = Fraction(1, 1000)
# Quality of x264: hardly to be told from the original.
_CRF = "18"


def check_video() -> None:
    """Check that videos can be made.

    Raises
    ------
    FilmError
        If PyAV is not installed.
    """
    try:
        import av  # noqa: F401 - an extra
    except ImportError as fault:
        sentence = _(
            "an MP4 film needs PyAV, the extra video: pip install 'bpviz[video]'; WebP and GIF need nothing more"
        )
        raise FilmError(sentence) from fault


class VideoFile:
    """Writes an MP4 file; parameters and methods are those of `WebpFile`."""

    def __init__(self, file: BinaryIO, size: tuple[int, int]) -> None:
        check_video()
        import av

        self._container = av.open(file, "w", format="mp4")
        self._stream = self._container.add_stream("libx264", options={"crf": _CRF, "preset": "medium"})
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"  # the only one that every player knows
        self._stream.time_base = self._stream.codec_context.time_base = _TICK
        self._at = 0
        self._last: Pixels | None = None

    def add(self, pixels: Pixels, milliseconds: int) -> None:
        """Write a picture that is shown for some time."""
        self._encode(pixels, self._at)
        self._at += milliseconds
        self._last = pixels

    def finish(self) -> None:
        """Write what the encoder still holds; the last picture once more, or it would be shown for no time."""
        if self._last is not None:
            self._encode(self._last, self._at - 1)
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def _encode(self, pixels: Pixels, at: int) -> None:
        import av

        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts, frame.time_base = at, _TICK
        self._container.mux(self._stream.encode(frame))
