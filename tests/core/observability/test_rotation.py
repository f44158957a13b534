"""Log files shared by several programs: full, renamed by another, impossible to write."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio_core.observability.rotation import SharedRotatingFileHandler


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "app.log"


@pytest.fixture
def handler(file: Path) -> Iterator[SharedRotatingFileHandler]:
    made = SharedRotatingFileHandler(file, max_bytes=200, kept_files=2)
    yield made
    made.close()


def _record(text: str) -> logging.LogRecord:
    return logging.LogRecord("studio", logging.INFO, __file__, 1, text, None, None)


def test_full_file_makes_room_and_only_so_many_are_kept(
    file: Path, handler: SharedRotatingFileHandler
) -> None:
    for number in range(40):
        handler.emit(_record(f"line number {number}"))

    assert sorted(each.name for each in file.parent.iterdir()) == [
        "app.log",
        "app.log.1",
        "app.log.2",
    ]
    assert "line number 39" in file.read_text(encoding="utf-8")
    assert all(each.stat().st_size <= 200 for each in file.parent.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not rename an open file")
def test_file_renamed_by_another_program_is_followed(
    file: Path, handler: SharedRotatingFileHandler
) -> None:
    handler.emit(_record("before"))
    file.rename(file.with_name("app.log.1"))
    handler.emit(_record("after"))

    assert file.read_text(encoding="utf-8") == "after\n"


def test_line_is_kept_when_the_file_cannot_be_renamed(
    file: Path, handler: SharedRotatingFileHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_source: str, _target: str) -> None:
        raise PermissionError("another program has it open")

    monkeypatch.setattr(handler, "rotate", refuse)
    for number in range(20):
        handler.emit(_record(f"line number {number}"))

    assert len(file.read_text(encoding="utf-8").splitlines()) == 20


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's full disk")
def test_full_disk_is_said_once_and_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    handler = SharedRotatingFileHandler(Path("/dev/full"), max_bytes=0)
    handler.emit(_record("one"))
    handler.emit(_record("two"))
    handler.close()

    assert capsys.readouterr().err.count("Cannot write to /dev/full") == 1
