"""Films are read again by Pillow, and compared with the pictures that were written."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from bpviz.session.film.film_writing import FilmWriting, WritingNews
from bpviz.session.film.pixels import Pixels, change

SIZE = (61, 43)


def pictures(count: int = 5) -> list[Pixels]:
    """Return pictures of few colours: a bar moves over a ground, and the fourth is like the third."""
    made = []
    for index in range(count):
        picture = np.full((SIZE[1], SIZE[0], 3), 250, dtype=np.uint8)
        at = 7 * (index - (index > 2))
        picture[5:20, at : at + 9] = (122, 90, 248)
        picture[40:, :, 0] = 10 * (index > 0)
        made.append(picture)
    return made


def written(path: Path, shown: list[Pixels], rate: float = 8.0) -> list[WritingNews]:
    news: list[WritingNews] = []
    size = (shown[0].shape[1], shown[0].shape[0])
    writing = FilmWriting(path, size, rate, news.append)
    for each in shown:
        writing.take(each)
    writing.finish()
    writing.wait()
    return news


def decoded(path: Path) -> tuple[list[Pixels], list[int]]:
    """Return the pictures of a film and their milliseconds, as Pillow reads them."""
    with Image.open(path) as film:
        frames = [(np.asarray(frame.convert("RGB")), frame.info["duration"]) for frame in ImageSequence.Iterator(film)]
    return [pixels for pixels, _ in frames], [duration for _, duration in frames]


@pytest.mark.parametrize("suffix", [".webp", ".gif"])
def test_a_film_has_every_picture_as_it_was(tmp_path: Path, suffix: str) -> None:
    shown = pictures()
    news = written(tmp_path / f"a{suffix}", shown)
    assert [each.n_written for each in news] == [1, 2, 3, 4, 5, 5]
    assert news[-1].is_done
    found, _ = decoded(tmp_path / f"a{suffix}")
    assert len(found) == len(shown)
    for made, read in zip(shown, found, strict=True):
        np.testing.assert_array_equal(made, read)
    assert [path.name for path in tmp_path.iterdir()] == [f"a{suffix}"]


@pytest.mark.parametrize(
    ("suffix", "expected"), [(".webp", [167, 166, 167, 167, 166]), (".gif", [170, 160, 170, 170, 160])]
)
def test_rounded_times_do_not_add_up(tmp_path: Path, suffix: str, expected: list[int]) -> None:
    written(tmp_path / f"a{suffix}", pictures(), rate=6.0)
    assert decoded(tmp_path / f"a{suffix}")[1] == expected


def test_webp_loses_nothing_of_pictures_with_many_colours(tmp_path: Path) -> None:
    noise = np.random.RandomState(0)
    shown = [noise.randint(0, 256, (30, 40, 3)).astype(np.uint8) for _ in range(3)]
    written(tmp_path / "a.webp", shown)
    for made, read in zip(shown, decoded(tmp_path / "a.webp")[0], strict=True):
        np.testing.assert_array_equal(made, read)


def test_gif_comes_near_to_pictures_with_many_colours(tmp_path: Path) -> None:
    across, up = np.meshgrid(np.linspace(0, 255, 200), np.linspace(0, 255, 100))
    shown = [np.stack((across, up, np.full_like(up, level)), axis=2).astype(np.uint8) for level in (0, 90)]
    written(tmp_path / "a.gif", shown)
    for made, read in zip(shown, decoded(tmp_path / "a.gif")[0], strict=True):
        assert np.abs(made.astype(int) - read.astype(int)).mean() < 8


def test_only_what_has_changed_takes_room(tmp_path: Path) -> None:
    noise = np.random.RandomState(0).randint(0, 256, (120, 160, 3)).astype(np.uint8)
    other = noise.copy()
    other[50:60, 50:60] = 0
    written(tmp_path / "one.webp", [noise])
    written(tmp_path / "ten.webp", [noise, other] * 5)
    assert (tmp_path / "ten.webp").stat().st_size < 1.2 * (tmp_path / "one.webp").stat().st_size


def test_a_change_is_the_smallest_rectangle_from_an_even_place() -> None:
    before = np.zeros((20, 20, 3), dtype=np.uint8)
    now = before.copy()
    now[7, 5], now[11, 12] = 9, 9
    left, top, pixels = change(before, now)
    assert (left, top, pixels.shape) == (4, 6, (6, 9, 4))
    assert pixels[..., 3].sum() == 2 * 255


def test_a_cancelled_film_leaves_no_file_and_no_thread(tmp_path: Path) -> None:
    news: list[WritingNews] = []
    writing = FilmWriting(tmp_path / "a.webp", SIZE, 5.0, news.append)
    for picture in pictures():
        writing.take(picture)
    writing.cancel()
    assert list(tmp_path.iterdir()) == []
    assert not any(each.is_done for each in news)
    assert "film" not in [thread.name for thread in threading.enumerate()]


def test_a_film_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    news = written(tmp_path / "nowhere" / "a.webp", pictures())
    assert news[-1].problem.startswith(f"{tmp_path / 'nowhere' / 'a.webp'} cannot be written: no such file")
    assert not news[-1].is_done


def test_an_older_file_stays_until_the_film_is_complete(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(b"older")
    writing = FilmWriting(tmp_path / "a.gif", SIZE, 5.0, lambda news: None)
    writing.take(pictures()[0])
    writing.cancel()
    assert (tmp_path / "a.gif").read_bytes() == b"older"


def test_a_video_has_the_pictures_and_their_times(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    shown = [np.full((48, 64, 3), 40 * index, dtype=np.uint8) for index in range(5)]
    written(tmp_path / "a.mp4", shown, rate=4.0)
    with av.open(tmp_path / "a.mp4") as film:
        frames = [(frame.to_ndarray(format="rgb24"), frame.time) for frame in film.decode(video=0)]
        seconds = film.duration / 1_000_000
    assert [time for _, time in frames][:5] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert seconds == pytest.approx(1.25, abs=0.05)
    for made, (read, _) in zip(shown, frames, strict=False):
        assert np.abs(made.astype(int) - read.astype(int)).mean() < 6
