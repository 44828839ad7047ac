import random

from bpviz.session.training.position import Position


def test_positions_are_ordered_by_epoch_then_sample_then_operation() -> None:
    in_order = [
        Position(epoch, sample, operation) for epoch in range(3) for sample in range(3) for operation in range(3)
    ]
    shuffled = random.Random(0).sample(in_order, len(in_order))
    assert sorted(shuffled) == in_order


def test_training_begins_before_the_first_operation() -> None:
    assert Position() == Position(0, 0, 0)
