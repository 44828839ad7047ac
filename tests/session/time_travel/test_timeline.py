import pytest

from bpviz.session.time_travel.timeline import BranchInfo, Timeline
from bpviz.session.training.position import Position
from tests.session.helpers import SMALL


def branch(number: int, parent: int | None) -> BranchInfo:
    return BranchInfo(number, f"branch {number}", SMALL, parent, Position(), (), Position(), None)


@pytest.mark.parametrize(
    ("branches", "active", "closest"),
    [
        ({0: None}, 0, None),
        ({0: None, 1: 0}, 1, 0),
        ({0: None, 1: 0, 2: 1}, 0, 2),
        ({0: None, 1: 0, 2: 1}, 2, 1),
        ({1: 0, 2: 0}, 2, 1),  # the parent was deleted
    ],
)
def test_a_branch_is_compared_with_its_parent_or_else_the_latest_fork(
    branches: dict[int, int | None], active: int, closest: int | None
) -> None:
    made = tuple(branch(number, parent) for number, parent in branches.items())
    assert Timeline(made, active, None, (), "", "").closest() == closest
