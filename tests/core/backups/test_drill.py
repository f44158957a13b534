"""Trial restores: what passes, what fails and why, and that nothing of a trial is left."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import make
from studio_core.backups.drill import Drilled, drill
from studio_core.backups.records import full_backups
from studio_core.errors import ConfigError, RuleError, StudioError
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, close_month
from tests.books import MONTH
from tests.core.backups.conftest import Studio, run_as_admin


@pytest.fixture(autouse=True)
def own_folder_for_temporary_files(
    run_root: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """In which nothing is left at the end of any test."""
    # pytest makes its own when it is first asked for, and must not make it in here.
    tmp_path_factory.getbasetemp()
    folder = run_root / f"temporary-{os.getpid()}-{abs(hash(request.node.nodeid))}"
    folder.mkdir()
    folder.chmod(0o711)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def tried(studio: Studio, path: Path | None = None) -> Drilled:
    return drill(studio.jobs, places=[studio.folder], path=path)


def noted(studio: Studio) -> list[tuple[bool, str | None]]:
    with studio.books.database.transaction() as session:
        return [(row.drilled_at is not None, row.drill_message) for row in full_backups(session)]


def test_the_newest_backup_is_restored_whole_and_that_is_noted(studio: Studio) -> None:
    create_backup(studio.jobs, month=MONTH, directory=studio.folder)
    options = ClosingOptions(backup_dir=studio.folder)
    close_month(studio.jobs, month=MONTH, options=options)
    studio.back_up()
    newest = studio.back_up()
    drilled = tried(studio)
    assert drilled.path == studio.path(newest)
    assert drilled.restored.people == 2
    assert drilled.restored.manifest.tables["archive.payments"].rows == 30
    assert drilled.restored.manifest.newest_extrato == studio.books.value(
        "SELECT digest FROM extratos"
    )
    assert noted(studio) == [(True, None), (False, None)]


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def lose(path: Path) -> None:
    path.unlink()


def spoil_the_dump(path: Path) -> None:
    """As a forger would: a whole zip, with another dump in it."""
    copy = path.with_suffix(".forged")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[:-100] if name == "database.dump" else content)
    copy.replace(path)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (truncate, "cannot be read: not a whole file"),
        (flip_a_byte, "is damaged (database.dump)"),
        (spoil_the_dump, "is damaged (database.dump)"),
        (lose, "no such file"),
    ],
)
def test_a_damaged_backup_fails_with_the_reason_noted(
    studio: Studio, damage: Callable[[Path], None], reason: str
) -> None:
    row = studio.back_up()
    damage(studio.path(row))
    with pytest.raises(StudioError) as refused:
        tried(studio)
    assert refused.value.code == "drill_failed"
    assert reason in str(refused.value)
    ((drilled, message),) = noted(studio)
    assert drilled
    assert message is not None
    assert reason in message


def test_a_swapped_backup_is_told_by_its_record(studio: Studio) -> None:
    older, newer = studio.back_up(), studio.back_up()
    shutil.copy(studio.path(older), studio.path(newer))
    with pytest.raises(StudioError, match="not the file on record"):
        tried(studio)
    tried(studio, studio.path(older))
    assert [message is None for _, message in noted(studio)] == [False, True]


def test_a_file_that_is_on_no_record_is_tried_all_the_same(studio: Studio, tmp_path: Path) -> None:
    elsewhere = tmp_path / "brought.full.zip"
    shutil.copy(studio.path(studio.back_up()), elsewhere)
    assert tried(studio, elsewhere).on_record is False
    assert noted(studio) == [(False, None)]
    with pytest.raises(StudioError, match="no such file"):
        tried(studio, tmp_path / "nowhere.full.zip")


def test_what_was_tampered_with_before_the_backup_is_named(studio: Studio) -> None:
    create_backup(studio.jobs, month=MONTH, directory=studio.folder)
    close_month(studio.jobs, month=MONTH, options=ClosingOptions(backup_dir=studio.folder))
    run_as_admin(
        studio,
        "SET session_replication_role = replica;"
        "UPDATE archive.payments SET amount = amount + 1 WHERE id = 7",
    )
    studio.back_up()
    with pytest.raises(StudioError, match="payments, row 7"):
        tried(studio)


def test_without_any_backup_there_is_nothing_to_try(studio: Studio) -> None:
    with pytest.raises(RuleError) as refused:
        tried(studio)
    assert refused.value.code == "full_backup_none"


def test_what_is_wrong_with_the_computer_is_not_noted_of_the_backup(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.back_up()

    def nothing_here(*_: object, **__: object) -> None:
        raise ConfigError("server_of_major_missing", major=18, variable="X")

    monkeypatch.setattr("studio_core.backups.drill.find_server", nothing_here)
    with pytest.raises(ConfigError):
        tried(studio)
    assert noted(studio) == [(False, None)]


# Tries the newest backup and waits in the middle of it to be killed.
_KILLED = """
import sys
from pathlib import Path
from studio_core.backups.drill import drill
from studio_core.db.engine import Database

def tell(progress):
    if progress.stage == "counting":
        print("counting", flush=True)
        sys.stdin.read()

url = sys.stdin.readline().strip()
drill(Database(url, application_name="killed"), places=[Path(sys.argv[1])], on_progress=tell)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_what_a_killed_trial_leaves_goes_with_the_next(
    studio: Studio, own_folder_for_temporary_files: Path
) -> None:
    studio.back_up()
    temporary = own_folder_for_temporary_files
    killed = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(studio.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=make.ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    assert killed.stdin is not None
    assert killed.stdout is not None
    killed.stdin.write(studio.jobs.url.render_as_string(hide_password=False) + "\n")
    killed.stdin.flush()
    assert killed.stdout.readline() == "counting\n"
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    (left,) = temporary.iterdir()
    server = int((left / "server" / "cluster" / "postmaster.pid").read_text().split()[0])
    (temporary / "studio-drill-of-somebody").mkdir()
    assert noted(studio) == [(False, None)]
    tried(studio)
    assert noted(studio) == [(True, None)]
    assert not Path(f"/proc/{server}").exists()
    # One that has no lock yet may be another trial that is just beginning.
    (temporary / "studio-drill-of-somebody").rmdir()
