"""Fixtures of the core's tests."""

from collections.abc import Iterator

import numpy as np
import pytest

from bpviz.core.datasets import Split, make_split


@pytest.fixture(scope="session")
def moons() -> Split:
    """The article's data: 1400 training and 600 test samples."""
    return make_split("moons", samples=2000, noise=0.2, seed=100)


@pytest.fixture
def global_stream() -> Iterator[None]:
    """Restore numpy's global random state after a test that seeds it."""
    state = np.random.get_state()
    yield
    np.random.set_state(state)
