"""Random events on the real window, in a process of their own, so that a crash fails one test and no other."""

from __future__ import annotations

import pytest

from tests.ui.random_events import shorten
from tests.ui.random_events.shorten import Found, run_apart, shortest


def check(seed: int, events: int) -> None:
    found = run_apart(seed, tuple(range(events)), seconds=1800.0)
    if found.kind:
        pytest.fail(f"{found.kind}\n{shortest(seed, found)}", pytrace=False)
    assert found.made == events


@pytest.mark.slow
def test_many_random_events_do_no_harm() -> None:
    check(seed=1, events=2000)  # about a minute and a half


def test_a_failing_run_is_shortened_to_the_events_that_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    def fake(seed: int, numbers: tuple[int, ...], **_: object) -> Found:
        return Found("a fault" if {3, 77} <= set(numbers) else "", numbers, "", "")

    monkeypatch.setattr(shorten, "run_apart", fake)
    assert shortest(0, fake(0, tuple(range(100)))).numbers == (3, 77)
