"""Files appear whole or not at all, and what a killed program left is cleared away."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

import make
from studio_core.errors import StudioError
from studio_core.whole_files import whole_file
from tests.full_disks import files_no_larger_than

# Writes half a file, says so and waits to be killed.
_HALF = """
import sys
from pathlib import Path
from studio_core.whole_files import whole_file
with whole_file(Path(sys.argv[1]), kin="*.kept") as file:
    file.write(b"half")
    file.flush()
    print("half", flush=True)
    sys.stdin.read()
"""


def test_a_file_appears_when_it_is_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.kept"
    with whole_file(path, kin="*.kept") as file:
        file.write(b"all of it")
        assert not path.exists()
    assert path.read_bytes() == b"all of it"
    assert path.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]


def test_what_fails_takes_its_half_with_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a bug"), whole_file(tmp_path / "a.kept", kin="*") as file:
        file.write(b"half")
        raise ValueError("a bug")
    with (
        pytest.raises(StudioError) as refused,
        files_no_larger_than(100),
        whole_file(tmp_path / "a.kept", kin="*") as file,
    ):
        file.write(b"x" * 1000)
    assert refused.value.code == "disk_full"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a half file is cleared there when it is free")
def test_the_half_of_a_killed_program_is_cleared_and_that_of_a_living_one_is_not(
    tmp_path: Path,
) -> None:
    writers = {name: _half(tmp_path / name) for name in ("dead.kept", "alive.kept")}
    (tmp_path / "of others.partial").touch()
    try:
        writers["dead.kept"].send_signal(signal.SIGKILL)
        writers["dead.kept"].wait()
        with whole_file(tmp_path / "a.kept", kin="*.kept"):
            pass
        assert sorted(file.name for file in tmp_path.iterdir()) == [
            "a.kept",
            "alive.kept.partial",
            "of others.partial",
        ]
    finally:
        for writer in writers.values():
            writer.kill()
            writer.communicate()


def _half(path: Path) -> "subprocess.Popen[str]":
    writer = subprocess.Popen(
        [sys.executable, "-c", _HALF, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=make.ROOT,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "half\n"
    return writer
