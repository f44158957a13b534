"""Rules of how this code reads that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import make

_PROGRAMS = ("studio_core", "studio_desktop", "server_jobs")
_NAMES_THAT_SAY_NOTHING = {"utils.py", "util.py", "common.py", "helpers.py", "misc.py"}
_A_TIME = re.compile(r"(^|_)(s|ms|seconds|started|deadline)$")
_EXCEPTION_TO_A_CHECK = re.compile(r"#\s*(noqa|type:\s*ignore)\b(?P<rest>.*)")
_WITH_CODE_AND_REASON = re.compile(r"^(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|\[[a-z, -]+\])\W+[^\W\d]")


def _sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((make.ROOT / folder).rglob("*.py"))


def _uses_of_float(source: str) -> list[int]:
    """Lines that speak of floats, but for values whose name says that they are a time."""
    tree = ast.parse(source)
    times = {
        id(part)
        for annotated in ast.walk(tree)
        if (isinstance(annotated, ast.arg) and _A_TIME.search(annotated.arg))
        or (isinstance(annotated, ast.AnnAssign) and _A_TIME.search(ast.unparse(annotated.target)))
        # A time may also be none: float | None.
        for part in ast.walk(annotated.annotation or annotated)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if id(node) not in times
        and (
            (isinstance(node, ast.Name) and node.id in ("float", "Float"))
            or (
                isinstance(node, ast.Attribute)
                and node.attr in ("Float", "REAL", "DOUBLE_PRECISION")
            )
        )
    ]


def test_search_for_floats_finds_them_but_not_a_time() -> None:
    source = "amount: float\nother = sa.Float()\nthird = float('1')\ntimeout_s: float = 3\n"

    assert _uses_of_float(source) == [1, 2, 3]


def test_core_counts_money_without_floats() -> None:
    found = {
        str(path.relative_to(make.ROOT)): lines
        for path in _sources("studio_core", "server_jobs")
        # The bench counts seconds and ratios of seconds, and no money.
        if "bench" not in path.parts
        if (lines := _uses_of_float(path.read_text(encoding="utf-8")))
    }

    assert found == {}


def test_modules_are_named_after_what_they_are_about() -> None:
    names = {path.name for path in _sources(*_PROGRAMS)}

    assert not names & _NAMES_THAT_SAY_NOTHING


def test_folder_of_revisions_does_not_hide_the_library() -> None:
    assert not (make.ROOT / "alembic" / "__init__.py").exists()


@pytest.mark.parametrize("folder", [*_PROGRAMS, "tests"])
def test_every_exception_to_a_check_carries_its_reason(folder: str) -> None:
    bare = []
    for path in _sources(folder):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            found = _EXCEPTION_TO_A_CHECK.search(line)
            if (
                found
                and "_EXCEPTION" not in line
                and not _WITH_CODE_AND_REASON.match(found["rest"])
            ):
                bare.append(f"{path.relative_to(make.ROOT)}:{number}: {line.strip()}")

    assert bare == []


def test_connections_are_opened_in_one_place_which_measures_them() -> None:
    opening = re.compile(r"\b(psycopg2\.connect|create_engine)\(")
    found = {
        path.relative_to(make.ROOT).as_posix()
        for path in _sources(*_PROGRAMS)
        if opening.search(path.read_text(encoding="utf-8"))
    }

    assert found == {"studio_core/db/engine.py", "studio_core/db/probe.py"}
