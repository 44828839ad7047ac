import random

import pytest

from bpviz.session.training.position import Position, position_text


def test_positions_are_ordered_by_epoch_then_sample_then_operation() -> None:
    in_order = [
        Position(epoch, sample, operation) for epoch in range(3) for sample in range(3) for operation in range(3)
    ]
    shuffled = random.Random(0).sample(in_order, len(in_order))
    assert sorted(shuffled) == in_order


def test_training_begins_before_the_first_operation() -> None:
    assert Position() == Position(0, 0, 0)


@pytest.mark.parametrize(
    ("position", "text"),
    [
        (Position(40), "epoch 40"),
        (Position(1234, 5678), "epoch 1,234, sample 5,678"),
        (Position(40, 12, 3), "epoch 40, sample 12, operation 3"),
        (Position(40, 0, 3), "epoch 40, sample 0, operation 3"),
    ],
)
def test_the_text_of_a_position_omits_zeros_at_its_end(position: Position, text: str) -> None:
    assert position_text(position) == text
