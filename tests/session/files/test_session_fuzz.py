"""Hundreds of damaged, foreign and malicious files: each is refused with a message, or is harmless."""

import dataclasses
import tracemalloc
from pathlib import Path

import pytest

from bpviz.session.experiment.json_fields import check_amount
from bpviz.session.files.session_file import SessionFileError, read_session, write_session
from bpviz.session.files.session_json import FORMAT, MOST_INTERVENTIONS, MOST_JSON_BYTES, to_json
from bpviz.session.time_travel.timeline import MOST_BRANCHES
from tests.session.files.damage import bombs, damaged, members, packed
from tests.session.files.saved_sessions import same, trained_session

_MOST_BYTES = 64 * 2**20


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("good") / "a.bpviz"
    write_session(path, trained_session())
    return path.read_bytes()


@pytest.fixture(scope="module")
def cases(good: bytes) -> dict[str, bytes]:
    return dict(damaged(good, seed=5))


def is_refused(path: Path) -> bool:
    """Read a file; fail if an error message or the session read is invalid."""
    try:
        session = read_session(path)
    except SessionFileError as fault:
        sentence = str(fault)
        assert sentence.startswith(f"{path} cannot be opened: ")
        assert sentence.isprintable()
        assert len(sentence) < 500 + len(str(path))
        return True
    write_session(path, session)
    assert same(read_session(path), session)
    return False


@pytest.mark.slow
def test_damaged_files_are_refused_in_a_sentence_or_harmless(cases: dict[str, bytes], tmp_path: Path) -> None:
    path, refused = tmp_path / "a.bpviz", []
    for what, content in cases.items():
        path.write_bytes(content)
        try:
            refused.append(is_refused(path))
        except BaseException as fault:
            raise AssertionError(f"{what}: {fault!r}") from fault
    assert len(refused) > 500
    assert sum(refused) > 0.8 * len(refused)


@pytest.mark.slow
def test_small_files_that_claim_to_be_large_take_little_memory(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.bpviz"
    for what, content in bombs(good):
        path.write_bytes(content)
        tracemalloc.start()
        assert is_refused(path), what
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < _MOST_BYTES, what


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [b"[],", b"{},", b'{"a":{}},', b"[", b"12345,", b'"a",', b'"a":1,', b"x" * 1000, "\N{SNOWMAN}\U0001f40d".encode()],
    ids=lambda piece: piece[:8].decode(errors="ignore"),
)
def test_a_large_member_is_refused_without_building_what_it_holds(piece: bytes, good: bytes, tmp_path: Path) -> None:
    path, size = tmp_path / "a.bpviz", 20_000_000
    before, after = (b'"', b'"') if piece[:1] in b"x\xe2" else (b"[", b"0]")
    path.write_bytes(packed(members(good) | {"session.json": before + piece * (size // len(piece)) + after}))
    tracemalloc.start()
    with pytest.raises(SessionFileError, match=r"session\.json holds more than bpviz would ever write"):
        read_session(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2.5 * size


@pytest.mark.slow
def test_the_most_interventions_are_not_too_many() -> None:
    session = trained_session()
    branch = session.branches[0]
    changes = branch.interventions[:1] * MOST_INTERVENTIONS
    branches = (dataclasses.replace(branch, interventions=changes),)
    content = to_json(dataclasses.replace(session, branches=branches))
    check_amount(content, "session.json", 3 * MOST_INTERVENTIONS + 1000)
    assert len(content) * MOST_BRANCHES < MOST_JSON_BYTES


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("empty", "it is not a bpviz session; choose another file"),
        ("a picture", "it is not a bpviz session; choose another file"),
        ("another archive", "its member session.json is missing; use another copy"),
        ("a newer format", f"it was written by a newer bpviz (format {FORMAT + 1}); update bpviz"),
        ("compressed", "its member session.json is compressed; use another copy"),
        ("without branch-3.npz", "its member branch-3.npz is missing; use another copy"),
        ("with 'readme.txt'", "it has an unexpected member called readme.txt; use another copy"),
        ("two members of one name", "two of its members have the same name; use another copy"),
        ("parameters.npy of nan", "branch 0: it has a checkpoint with numbers that are not finite; use another copy"),
        ("parameters.npy of objects", "branch 0: its array parameters has a wrong type or shape"),
        ("numbers.npy of one row less", "branch 0: its array numbers has a wrong type or shape"),
        ("five branches", "there are 5 branches; at most 4 are allowed; use another copy"),
        ("n_epochs is huge", "branch 0: its array numbers has a wrong type or shape"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_do(
    cases: dict[str, bytes], tmp_path: Path, what: str, sentence: str
) -> None:
    path = tmp_path / "a.bpviz"
    path.write_bytes(cases[what])
    with pytest.raises(SessionFileError) as fault:
        read_session(path)
    assert str(fault.value).startswith(f"{path} cannot be opened: {sentence}")
