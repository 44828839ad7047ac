"""The texts of the help: one Markdown file for each page, those of the panels named by the key of the panel."""

from __future__ import annotations

from collections.abc import Mapping

from bpviz.language import N_, localised

START, SHORTCUTS, CONVENTIONS, DRAWING, EXPORT = "start", "shortcuts", "conventions", "drawing", "export"
PRESENTATION, LESSONS = "presentation", "lessons"
#: The pages that are about no panel, in the order of the contents, with their titles.
TITLES = {
    START: N_("Start here"),
    SHORTCUTS: N_("Keyboard shortcuts"),
    DRAWING: N_("Drawing points"),
    EXPORT: N_("Taking it away"),
    PRESENTATION: N_("Presentation"),
    LESSONS: N_("Lessons of your own"),
    CONVENTIONS: N_("Conventions"),
}


def page_text(name: str, keys: Mapping[str, str]) -> str:
    """Return a page as Markdown.

    Parameters
    ----------
    name : str
        Name of the file without its suffix.
    keys : mapping of str to str
        The shortcut of each action; a page names actions in braces where it means their shortcuts.
    """
    return localised("help", f"{name}.md").read_text(encoding="utf-8").format_map(keys)


def welcome_texts(keys: Mapping[str, str]) -> list[str]:
    """Return the text of each step of the welcome as Markdown."""
    return page_text("welcome", keys).strip().split("\n\n")


def panel_text(key: str, title: str, keys: Mapping[str, str]) -> str:
    """Return the page about a panel as Markdown, under the title that the panel has on screen."""
    return f"# {title}\n\n{page_text(f'panels/{key}', keys)}"
