"""A lesson inside of a session file."""

import dataclasses
import json
import zipfile
from pathlib import Path

import pytest

from bpviz.session.experiment.presets import load_preset
from bpviz.session.files.lesson_member import LESSON, lesson_bytes, lesson_problem
from bpviz.session.files.session_data import SavedSession
from bpviz.session.files.session_file import SessionFileError, read_session, write_session
from bpviz.session.files.session_summary import describe
from bpviz.session.lessons.lesson import Lesson, LessonStep, Scene
from bpviz.session.lessons.lesson_json import MOST_BYTES
from bpviz.session.lessons.measures import EpochMeasure
from bpviz.session.lessons.questions import Question
from bpviz.session.lessons.tasks import SampleSelected, Task
from tests.session.files.damage import members, packed
from tests.session.files.saved_sessions import same, trained_session

SCENE = Scene(load_preset("mazur").experiment, "mazur")
QUESTION = Question("How large is the MSE?", (), "number", (EpochMeasure("mse_train", 3),), why="{0}")
OWN = Lesson("误差项 δ", "", (LessonStep("Look", "Text", SCENE, Task("Select it.", SampleSelected(0)), QUESTION),))


@pytest.fixture
def session() -> SavedSession:
    return dataclasses.replace(trained_session(), lesson=OWN)


@pytest.fixture
def path(tmp_path: Path, session: SavedSession) -> Path:
    write_session(tmp_path / "a.bpviz", session)
    return tmp_path / "a.bpviz"


def format_in(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return int(json.loads(archive.read("session.json"))["format"])


def test_the_lesson_of_a_session_comes_back_with_it(path: Path, session: SavedSession) -> None:
    found = read_session(path)
    assert found.lesson == OWN
    assert found.left_out == ""
    assert same(dataclasses.replace(found, lesson=None), dataclasses.replace(session, lesson=None))
    assert "lesson “误差项 δ” of 1 step" in describe(found)


def test_only_a_file_with_a_lesson_needs_this_version(path: Path, tmp_path: Path) -> None:
    assert format_in(path) == 6
    plain = tmp_path / "plain.bpviz"
    write_session(plain, trained_session())
    assert format_in(plain) == 5
    assert LESSON not in members(plain.read_bytes())
    assert read_session(plain).lesson is None


def flipped(content: bytes) -> bytes:
    """Return a file in which one letter of the lesson is another, so that its checksum is wrong."""
    return content.replace(b'"heading": "Look"', b'"heading": "Lock"')


DAMAGED = {
    "a wrong checksum": (flipped, "it is damaged"),
    "no JSON": (lambda content: packed(members(content) | {LESSON: b"{"}), "this is not JSON"),
    "no lesson": (lambda content: packed(members(content) | {LESSON: b"[]"}), "the lesson: it must be"),
    "no steps": (lambda content: packed(members(content) | {LESSON: b'{"title": "t", "steps": []}'}), "has no steps"),
    "no UTF-8": (lambda content: packed(members(content) | {LESSON: b"\xff"}), "not text in UTF-8"),
    "too large": (lambda content: packed(members(content) | {LESSON: b" " * (MOST_BYTES + 1)}), "larger than"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_lesson_is_left_out_in_a_sentence_and_the_session_opens(
    name: str, path: Path, session: SavedSession
) -> None:
    damage, said = DAMAGED[name]
    path.write_bytes(damage(path.read_bytes()))
    found = read_session(path)
    assert found.lesson is None
    assert found.left_out.startswith("its lesson was left out: ")
    assert said in found.left_out
    assert found.left_out in describe(found)
    assert same(dataclasses.replace(found, left_out=""), dataclasses.replace(session, lesson=None))


def test_a_lesson_that_claims_a_wrong_size_does_not_lose_the_session(path: Path) -> None:
    content = path.read_bytes()
    place = content.rindex(LESSON.encode()) - 46  # of its entry in the directory at the end of the archive
    assert content[place : place + 4] == b"PK\1\2"
    path.write_bytes(content[: place + 20] + b"\xff\xff\xff\x0f" * 2 + content[place + 28 :])
    assert "claims to be larger" in read_session(path).left_out


def test_an_unknown_member_is_refused_as_before(path: Path) -> None:
    path.write_bytes(packed(members(path.read_bytes()) | {"lesson.js": b""}))
    with pytest.raises(SessionFileError, match=r"unexpected member called lesson\.js"):
        read_session(path)


def test_a_lesson_that_could_not_be_read_again_does_not_prevent_saving(tmp_path: Path, session: SavedSession) -> None:
    (step,) = OWN.steps
    large = dataclasses.replace(OWN, steps=(dataclasses.replace(step, text="δ" * 3999),) * 99)
    large = dataclasses.replace(large, steps=tuple(dataclasses.replace(each, task=None) for each in large.steps))
    assert lesson_problem(large) is None
    assert len(lesson_bytes(large)) < MOST_BYTES
    impossible = dataclasses.replace(OWN, steps=(dataclasses.replace(step, scene=dataclasses.replace(SCENE, layer=9)),))
    (note,) = write_session(tmp_path / "b.bpviz", dataclasses.replace(session, lesson=impossible))
    assert note.startswith("the lesson was left out: step 1, scene: ")
    assert read_session(tmp_path / "b.bpviz").lesson is None
