"""Conventions: their words, and which of them apply."""

import pytest

from bpviz.session.conventions.conventions import NAMES, OWN, Conventions

EVERY = Conventions(*(True,) * len(NAMES))


def test_they_are_kept_as_words_and_words_that_are_none_are_left_out() -> None:
    assert OWN.to_text() == ""
    assert EVERY.to_text() == "negative whole columns from_one signal"
    assert Conventions.from_text("columns sideways negative") == Conventions(negative=True, columns=True)
    for text in ("", "whole", EVERY.to_text()):
        assert Conventions.from_text(text).to_text() == text


def test_the_half_belongs_to_squared_error_and_the_sign_to_plain_sgd() -> None:
    assert EVERY.applying("mse", is_plain=True) == EVERY
    assert [EVERY.applying(loss, is_plain=True).whole for loss in ("mse", "cross_entropy", "huber", "mae")] == [
        *(True, False, False, False),
    ]
    held = EVERY.applying("mse", is_plain=False)
    assert (held.negative, held.whole, held.columns, held.from_one, held.signal) == (False, False, True, True, True)


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
