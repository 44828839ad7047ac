"""Which positions a film shows, and why some films cannot be made."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from bpviz.session.film.film_plan import FilmError, FilmPlan, Reach, positions_of
from bpviz.session.training.position import Position

REACH = Reach(Position(500), 40, 8, 25)
FILE = Path("a.webp")


def test_epochs_from_the_first_to_the_last() -> None:
    plan = FilmPlan(FILE, begin=Position(10), end=Position(30), every=7)
    assert positions_of(plan, REACH) == (Position(10), Position(17), Position(24), Position(30))


def test_a_whole_run_is_thinned_to_some_200_pictures() -> None:
    positions = positions_of(FilmPlan(FILE), REACH)
    assert positions[0] == Position()
    assert positions[-1] == Position(500)
    assert len(positions) == 168
    assert {after.epoch - before.epoch for before, after in pairwise(positions)} == {3, 2}


def test_samples_are_those_of_one_epoch() -> None:
    plan = FilmPlan(FILE, level="sample", begin=Position(3, 16))
    assert positions_of(plan, REACH) == (Position(3, 16), Position(3, 24), Position(3, 32))


def test_samples_of_an_epoch_in_work_end_where_training_has_come_to() -> None:
    reach = Reach(Position(3, 16), 40, 8, 25)
    plan = FilmPlan(FILE, level="sample", begin=Position(3))
    assert positions_of(plan, reach) == (Position(3), Position(3, 8), Position(3, 16))


def test_operations_are_those_of_one_update() -> None:
    positions = positions_of(FilmPlan(FILE, level="operation", begin=Position(2, 8), every=1), REACH)
    assert positions == tuple(Position(2, 8, done) for done in range(26))


def test_the_update_at_the_live_end_is_not_completed() -> None:
    positions = positions_of(FilmPlan(FILE, level="operation", begin=Position(500), every=1), REACH)
    assert positions[-1] == Position(500, 0, 24)


def test_one_picture_is_a_film_too() -> None:
    assert positions_of(FilmPlan(FILE, begin=Position(7), end=Position(7)), REACH) == (Position(7),)


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (
            FilmPlan(FILE, begin=Position(9), end=Position(8)),
            "the film ends before it begins: epoch 8 comes before epoch 9",
        ),
        (FilmPlan(FILE, end=Position(501)), "training has come to epoch 500, not to epoch 501"),
        (FilmPlan(FILE, begin=Position(900)), "training has come to epoch 500, not to epoch 900"),
        (FilmPlan(FILE, level="sample", begin=Position(501)), "training has come to epoch 500, not to epoch 501"),
        (FilmPlan(FILE, level="operation", begin=Position(501)), "training has come to epoch 500, not to epoch 501"),
        (FilmPlan(FILE, begin=Position(1, 8)), "a film of epochs begins at an epoch"),
        (FilmPlan(FILE, end=Position(1, 8)), "a film of epochs ends at an epoch"),
        (FilmPlan(FILE, level="sample", begin=Position(1, 8, 2)), "a film of samples begins between two of them"),
        (FilmPlan(FILE, level="sample", end=Position(1, 8)), "a film of samples stays within an epoch"),
        (FilmPlan(FILE, level="sample", begin=Position(1, 3)), "no update begins at epoch 1, sample 3"),
        (FilmPlan(FILE, level="sample", begin=Position(1, 40)), "no update begins at epoch 1, sample 40"),
        (
            FilmPlan(FILE, level="sample", begin=Position(1), end=Position(1, 9)),
            "no update begins at epoch 1, sample 9",
        ),
        (FilmPlan(FILE, level="operation", end=Position(0, 8)), "a film of operations stays within an update"),
        (FilmPlan(FILE, level="operation", end=Position(0, 0, 26)), "which has 25 operations"),
    ],
)
def test_a_film_that_cannot_be_made_says_why(plan: FilmPlan, sentence: str) -> None:
    with pytest.raises(FilmError) as fault:
        positions_of(plan, REACH)
    assert sentence in str(fault.value)


def test_a_film_has_at_most_5000_pictures() -> None:
    with pytest.raises(FilmError, match="5,002 pictures are too many: at most 5,000 make a film"):
        positions_of(FilmPlan(FILE, every=1), Reach(Position(5001), 40, 8, 25))


def test_an_mp4_film_has_even_sides(tmp_path: Path) -> None:
    with pytest.raises(FilmError, match="must be even"):
        FilmPlan(tmp_path / "a.mp4", size=(641, 480)).check_file()
    FilmPlan(tmp_path / "a.webp", size=(641, 481)).check_file()
