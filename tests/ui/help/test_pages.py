"""The texts of the help: every panel has one, and what they name exists."""

from __future__ import annotations

import re
import string

import pytest
from PySide6.QtGui import QKeySequence

from bpviz.assets import resource
from bpviz.ui.help.pages import SHORTCUTS, TITLES, page_text, panel_text, welcome_texts
from bpviz.ui.help.welcome_bar import STEPS
from bpviz.ui.window.actions import ACTIONS
from bpviz.ui.window.panel_docks import PanelDocks
from tests.ui.stage import Stage

KEYS = {name: info.keys for name, info in ACTIONS.items() if info.keys}
FILES = sorted(resource("help").rglob("*.md"))
PANELS = sorted(path.stem for path in resource("help", "panels").glob("*.md"))
LABELS = ["Shows", "Colours", "Click", "Try"]
# Keys that belong to a widget, not to an action of the window.
OF_A_WIDGET = {"Ctrl+C", "Ctrl+V", "F2"}


def sentences(text: str) -> list[str]:
    return [each for each in re.split(r"(?<=[.!?])\s+", text.strip()) if each]


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_panel_has_a_page_and_every_page_a_panel(stage: Stage) -> None:
    docks = PanelDocks(stage.model)
    assert sorted(dock.objectName() for dock in docks.all) == PANELS


def test_every_other_page_but_that_of_the_shortcuts_has_a_file() -> None:
    assert {path.stem for path in resource("help").glob("*.md")} == {*TITLES, "welcome"} - {SHORTCUTS}


@pytest.mark.parametrize("key", PANELS)
def test_a_panel_is_explained_in_three_to_six_sentences(key: str) -> None:
    text = page_text(f"panels/{key}", KEYS)
    assert re.findall(r"^\*\*(\w+):\*\* [\w*]", text, flags=re.MULTILINE) == LABELS
    assert 3 <= len(sentences(text)) <= 6
    assert all(len(each.split()) <= 36 for each in sentences(text))


def test_the_page_of_a_panel_has_the_title_of_the_panel() -> None:
    assert panel_text("curves", "Loss and accuracy", KEYS).startswith("# Loss and accuracy\n\n**Shows:**")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_pages_name_only_actions_with_a_shortcut(path: object) -> None:
    text = resource("help", str(path)).read_text(encoding="utf-8")
    assert names_in(text) <= KEYS.keys()
    assert any(names_in(each.read_text(encoding="utf-8")) for each in FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shortcut_of_an_action_is_never_written_out(path: object) -> None:
    """The text would be wrong after a change of the shortcut."""
    text = resource("help", str(path)).read_text(encoding="utf-8")
    written = {code for code in re.findall(r"`([^`]+)`", text) if re.fullmatch(r"(\w+\+)*(F\d+|\w)", code)}
    assert {key for key in written if QKeySequence(key).count() and key not in OF_A_WIDGET} == set()


def test_the_shortcut_of_an_action_stands_in_place_of_its_name() -> None:
    assert "`F5` runs" in page_text("start", KEYS)
    assert "`F9` runs" in page_text("start", KEYS | {"run": "F9"})


def test_the_welcome_has_a_text_for_each_step() -> None:
    texts = welcome_texts(KEYS)
    assert len(texts) == len(STEPS) == 3
    assert all(len(sentences(text)) <= 3 for text in texts)


@pytest.mark.parametrize(
    "words",
    [
        *("**L_s**", "half the sum", "**MSE**", "2 / n_outputs", "a_prev @ W + b", "Nielsen and Bishop"),
        *("negative of delta", "count from 0", "mean of L_s over a batch", "complete passes"),
    ],
)
def test_the_conventions_say(words: str) -> None:
    assert words in " ".join(page_text("conventions", KEYS).split())
