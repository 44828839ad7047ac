"""Conventions: their words, and which of them apply."""

import dataclasses

import pytest

from bpviz.session.conventions.conventions import NAMES, OWN, Conventions

EVERY = Conventions(*(True,) * len(NAMES))


def test_they_are_kept_as_words_and_words_that_are_none_are_left_out() -> None:
    assert OWN.to_text() == ""
    assert EVERY.to_text() == "negative whole columns from_one signal"
    assert Conventions.from_text("columns sideways negative") == Conventions(negative=True, columns=True)
    for text in ("", "whole", EVERY.to_text()):
        assert Conventions.from_text(text).to_text() == text


def test_the_half_belongs_to_squared_error_and_everything_else_to_all_losses() -> None:
    assert EVERY.applying("mse") == EVERY
    for loss in ("cross_entropy", "huber", "mae"):
        assert EVERY.applying(loss) == dataclasses.replace(EVERY, whole=False)


def test_the_learning_rate_follows_the_size_of_gradients_unless_steps_are_divided_by_it() -> None:
    assert EVERY.rate_factor(rescales=False) == -2.0
    assert EVERY.rate_factor(rescales=True) == -1.0
    assert Conventions(whole=True).rate_factor(rescales=True) == 1.0


@pytest.mark.parametrize(
    ("negative", "whole", "factors"),
    [(False, False, (1.0, 1.0)), (True, False, (-1.0, 1.0)), (False, True, (2.0, 2.0)), (True, True, (-2.0, 2.0))],
)
def test_gradients_change_sign_and_size_and_the_loss_only_its_size(
    negative: bool, whole: bool, factors: tuple[float, float]
) -> None:
    conventions = Conventions(negative=negative, whole=whole)
    assert (conventions.factor, conventions.loss_factor) == factors


def test_delta_has_another_name_in_every_text() -> None:
    text = "Deltas of layer 2: delta is 0.1, its deltas small."
    assert OWN.worded(text) == text
    said = Conventions(signal=True).worded(text)
    assert said == "Error signals of layer 2: error signal is 0.1, its error signals small."
