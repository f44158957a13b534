"""packaging/cron: the crontab line, the wrapper run for real, and the rotation of the logs."""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import URL

import make
from server_jobs.jobs_login import ensure_jobs_login
from studio_core.config import setting_names
from studio_core.db.engine import Database
from studio_core.months import Month
from tests.books import Books

_FOLDER = make.ROOT / "packaging" / "cron"
_WRAPPER = _FOLDER / "atomic_extrato_cron.sh"
_ANY_COMMAND = _FOLDER / "studio_cron.sh"
_DIRECTIVES = {
    "monthly", "rotate", "dateext", "dateformat", "compress", "delaycompress", "missingok",
    "notifempty", "nocreate", "su",
}  # fmt: skip


class Cron:
    """Calls the wrapper as cron does: with hardly any environment, in another folder."""

    def __init__(self, folder: Path, url: URL) -> None:
        self.folder = folder
        self.logs = folder / "logs"
        (folder / "home").mkdir()
        (folder / "home" / ".env").write_text(
            f"DATABASE_URL={url.set(drivername='postgresql').render_as_string(False)}\n"
            f"BACKUP_DIR={folder / 'backups'}\n",
            encoding="utf-8",
        )
        self.command = folder / "studio-jobs"
        self.command.write_text(
            f'#!/bin/sh\nPYTHONPATH={make.ROOT} exec {sys.executable} -m server_jobs "$@"\n',
            encoding="utf-8",
        )
        self.command.chmod(0o755)

    def start(self, script: Path = _WRAPPER, *arguments: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if name == "SYSTEMROOT"}
        return subprocess.Popen(
            [str(script), *arguments],
            cwd="/",
            env=kept
            | {
                "PATH": "/usr/bin:/bin",
                "STUDIO_HOME": str(self.folder / "home"),
                "STUDIO_JOBS": str(self.command),
                "LOG_DIR": str(self.logs),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, script: Path = _WRAPPER, *arguments: str) -> tuple[int, str, str]:
        process = self.start(script, *arguments)
        out, err = process.communicate(timeout=90)
        return process.returncode, out, err

    def logged(self) -> list[dict[str, object]]:
        lines = (self.logs / "atomic_extrato_cron.log").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]


@pytest.fixture
def books(database: Database) -> Books:
    return Books(database)


@pytest.fixture
def cron(database: Database, tmp_path: Path) -> Cron:
    name = str(database.url.database)
    url = database.url.set(username=f"{name}.cron", password="cron-password")
    ensure_jobs_login(database.url, url)
    return Cron(tmp_path, url)


def crontab_lines() -> list[str]:
    lines = (_FOLDER / "crontab").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#") and "=" not in line]


@pytest.mark.parametrize(
    ("number", "command", "next_bells"),
    [
        (0, [_WRAPPER.name], [datetime(2026, 1, 1, 5, tzinfo=UTC)]),
        (
            1,
            [_ANY_COMMAND.name, "backup", "full"],
            [datetime(2025, 12, 20, 6, tzinfo=UTC), datetime(2025, 12, 21, 6, tzinfo=UTC)],
        ),
        # A Sunday.
        (2, [_ANY_COMMAND.name, "backup", "drill"], [datetime(2025, 12, 21, 7, tzinfo=UTC)]),
        (
            3,
            [_ANY_COMMAND.name, "monitor", "--report"],
            [datetime(2025, 12, 20, 9, 30, tzinfo=UTC)],
        ),
    ],
)
def test_crontab_calls_each_script_at_its_hour(
    number: int, command: list[str], next_bells: list[datetime]
) -> None:
    text = (_FOLDER / "crontab").read_text("utf-8")
    assert text.endswith("\n"), "cron ignores a last line that does not end"
    line = crontab_lines()[number]
    assert "%" not in line, "cron makes a new line of it"
    script, *arguments = line.split()[5:]
    assert [Path(script).name, *arguments] == command
    # cron's Sunday is 0, the trigger's the last day of the week.
    schedule = " ".join(line.split()[:5]).replace("* * 0", "* * sun")
    trigger = CronTrigger.from_crontab(schedule, timezone=ZoneInfo("America/Sao_Paulo"))
    now = datetime(2025, 12, 20, tzinfo=UTC)
    for bell in next_bells:
        assert trigger.get_next_fire_time(None, now) == bell
        now = bell + timedelta(minutes=1)


@pytest.mark.skipif(shutil.which("crontab") is None, reason="no crontab on this computer")
def test_crontab_is_taken_by_cron_itself(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("0 2 1 * nonsense\n", encoding="utf-8")
    assert _cron_takes(_FOLDER / "crontab")
    assert not _cron_takes(broken)


def _cron_takes(file: Path) -> bool:
    """Checked without installing it: cronie does that by -T, Debian's cron by -n."""
    for option in ("-T", "-n"):
        checked = subprocess.run(
            ["crontab", option, str(file)], capture_output=True, text=True, check=False
        )
        if "invalid option" not in checked.stderr:
            return checked.returncode == 0
    pytest.skip("this crontab checks no files")


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
@pytest.mark.parametrize("script", [_WRAPPER, _ANY_COMMAND], ids=lambda script: script.name)
def test_wrapper_is_a_plain_shell_script_that_may_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert script.read_text("utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["/bin/sh", "-n", str(script)], check=True)


@pytest.mark.skipif(shutil.which("flock") is None, reason="no flock on this computer")
def test_wrapper_backs_up_closes_and_keeps_quiet(cron: Cron, books: Books) -> None:
    last_month = Month.of(books.value("SELECT studio.today()")).previous()
    books.pay("10", paid_on=last_month.first_day)
    assert cron() == (0, "", "")
    assert books.value("SELECT count(*) FROM extratos") == 1
    assert len(list((cron.folder / "backups").iterdir())) == 1
    events = [line["event"] for line in cron.logged()]
    assert events[0] == "cron_started"
    assert "extrato_run_done" in events
    assert events[-1] == "cron_ended"
    assert cron.logged()[-1]["code"] == 0
    code, out, err = cron()
    assert (code, out) == (4, "")
    assert "already closed" in err
    assert cron.logged()[-1]["code"] == 4


@pytest.mark.skipif(shutil.which("flock") is None, reason="no flock on this computer")
def test_second_wrapper_at_once_ends_with_75(cron: Cron, books: Books) -> None:
    cron.logs.mkdir()
    with (cron.logs / ".studio_cron_extrato_run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, out, err = cron()
    assert (code, out) == (75, "")
    assert "still running" in err
    assert [line["event"] for line in cron.logged()] == ["cron_already_running"]
    two = [cron.start(), cron.start()]
    ended = [process.communicate(timeout=90) for process in two]
    assert sorted(process.returncode for process in two) == [0, 75], ended
    assert books.value("SELECT count(*) FROM extratos") == 1


@pytest.mark.skipif(shutil.which("flock") is None, reason="no flock on this computer")
def test_everything_is_backed_up_and_tried_out_beside_a_closing(cron: Cron, books: Books) -> None:
    cron.logs.mkdir()
    with (cron.logs / ".studio_cron_extrato_run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert cron(_ANY_COMMAND, "backup", "full") == (0, "", "")
    assert cron(_ANY_COMMAND, "backup", "drill") == (0, "", "")
    assert books.rows("SELECT drilled_at IS NOT NULL, drill_message FROM full_backups") == [
        (True, None)
    ]
    assert cron(_ANY_COMMAND, "monitor", "--report") == (0, "", "")
    (backup,) = (cron.folder / "backups").glob("*.full.zip")
    backup.write_bytes(b"damaged")
    code, out, err = cron(_ANY_COMMAND, "monitor", "--report")
    assert (code, out) == (1, "")
    assert backup.name in err
    code, out, err = cron(_ANY_COMMAND, "backup", "drill")
    assert (code, out) == (1, "")
    assert "not a whole file" in err
    ended = [line for line in cron.logged() if line["event"] == "cron_ended"]
    assert [(line["job"], line["code"]) for line in ended] == [
        ("backup_full", 0),
        ("backup_drill", 0),
        ("monitor___report", 0),
        ("monitor___report", 1),
        ("backup_drill", 1),
    ]


@pytest.mark.skipif(shutil.which("flock") is None, reason="no flock on this computer")
def test_without_a_command_it_says_what_to_name(cron: Cron) -> None:
    code, out, err = cron(_ANY_COMMAND)
    assert (code, out) == (2, "")
    assert "studio_cron.sh backup full" in err


@pytest.mark.skipif(shutil.which("flock") is None, reason="no flock on this computer")
def test_wrapper_passes_on_what_is_wrong_with_the_settings(cron: Cron) -> None:
    (cron.folder / "home" / ".env").write_text("DATABASE_URL=nonsense\n", encoding="utf-8")
    code, out, err = cron()
    assert (code, out) == (2, "")
    assert "DATABASE_URL" in err
    assert cron.logged()[-1]["code"] == 2


def test_wrapper_names_settings_that_exist() -> None:
    named = set(re.findall(r"^#   ([A-Z_]+)", _ANY_COMMAND.read_text("utf-8"), flags=re.MULTILINE))
    assert named - {"STUDIO_HOME", "STUDIO_JOBS"} <= set(setting_names())


def test_rotation_keeps_clear_of_the_programs_own() -> None:
    text = re.sub(r"^#.*\n", "", (_FOLDER / "logrotate").read_text("utf-8"), flags=re.MULTILINE)
    found = re.fullmatch(r"(?P<files>\S+) \{\n(?P<body>(?:    [^{}\n]+\n)+)\}\n", text.lstrip())
    assert found is not None
    assert found["files"].endswith("/*.log")
    directives = [line.split()[0] for line in found["body"].splitlines()]
    assert set(directives) == _DIRECTIVES
    assert len(directives) == len(set(directives))
    assert "copytruncate" not in directives, "lines written meanwhile would be lost"


@pytest.mark.skipif(shutil.which("logrotate") is None, reason="no logrotate on this computer")
def test_logrotate_takes_the_file(tmp_path: Path) -> None:
    text = (_FOLDER / "logrotate").read_text("utf-8")
    here = tmp_path / "logrotate"
    here.write_text(
        text.replace("/var/log/tattoo-studio", str(tmp_path)).replace("    su studio studio\n", ""),
        encoding="utf-8",
    )
    here.chmod(0o644)
    (tmp_path / "app.log").write_text("{}\n", encoding="utf-8")
    program = shutil.which("logrotate")
    assert program is not None
    state = tmp_path / "state"
    tried = subprocess.run(
        [program, "--debug", "--state", str(state), str(here)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tried.returncode == 0, tried.stderr
    assert "error" not in tried.stderr.lower()
    subprocess.run([program, "--force", "--state", str(state), str(here)], check=True)
    assert not (tmp_path / "app.log").exists()
    (rotated,) = tmp_path.glob("app.log-*")
    assert rotated.read_text("utf-8") == "{}\n"
