"""Which pages a handout has, and its file in HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from bpviz.session.film.film_plan import PANELS
from bpviz.session.handout.html_file import HtmlPage, html_file
from bpviz.session.handout.pages import bookmark_handout, lesson_handout, update_handout
from bpviz.session.lessons.shipped import NAMES, load_lesson
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.position import Position


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_has_a_page_for_each_step_whose_panels_do_not_tell_the_answer(name: str) -> None:
    lesson = load_lesson(name)
    handout = lesson_handout(lesson)
    assert handout.title == lesson.title
    assert len(handout.pages) == len(lesson.steps)
    for page, step in zip(handout.pages, lesson.steps, strict=True):
        assert page.heading.endswith(f". {step.heading}")
        assert page.panels
        assert set(page.panels) <= set(PANELS)
        assert step.question is None or not set(page.panels) & set(step.question.hide)


def test_tasks_and_choices_are_written_down() -> None:
    lesson = load_lesson("vanishing")
    pages = dict(zip(lesson.steps, lesson_handout(lesson).pages, strict=True))
    task = next(step for step in lesson.steps if step.task)
    assert pages[task].paragraphs[-1].startswith("<b>Task.</b> Press ")
    asked = next(
        step for step in lesson.steps if step.question and step.question.choices == ("Layer 1", "Layer 4", "Layer 7")
    )
    assert pages[asked].paragraphs[-3:] == ("☐ Layer 1", "☐ Layer 4", "☐ Layer 7")


def test_a_bookmark_within_an_update_shows_that_operation() -> None:
    bookmarks = (Bookmark(Position(3), "flat"), Bookmark(Position(4, 8, 2), "here", 2))
    one, other = bookmark_handout("Moons", bookmarks).pages
    assert (one.heading, one.panels, one.branch) == ("flat", ("surface", "curves", "deltas"), 0)
    assert (other.heading, other.panels, other.branch) == ("here", ("network", "formula", "operands"), 2)


def test_an_update_has_a_page_for_each_operation() -> None:
    pages = update_handout("Moons", Position(4, 8), 3, ("code",)).pages
    assert [page.position for page in pages] == [Position(4, 8, 1), Position(4, 8, 2), Position(4, 8, 3)]
    assert {page.panels for page in pages} == {("code",)}


class Reader(HTMLParser):
    """Notes tags, attributes and text, and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_an_html_handout_is_well_formed_and_refers_to_nothing_outside() -> None:
    pages = [HtmlPage("One < two", ("<b>bold</b> a &amp; b",), b"\x89PNG", 'the "panel"'), HtmlPage("Answers", ())]
    content = html_file("A & B", pages).decode()
    reader = Reader()
    reader.feed(content)
    assert reader.open == []
    assert "One < two" in reader.text
    assert "bold a & b" in reader.text
    images = [attributes for tag, attributes in reader.tags if tag == "img"]
    assert images == [{"alt": 'the "panel"', "src": "data:image/png;base64,iVBORw=="}]
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in reader.tags}
    assert "http" not in content
    assert "url(" not in content
    assert "@import" not in content
