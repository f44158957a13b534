"""What is written where: files, fields, correlation ids, and nothing secret."""

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studio_core.errors import ConfigError
from studio_core.observability import configure_logging, correlation, correlation_id, get_logger
from studio_core.observability.logs import (
    APP_LOG,
    BACKUP_LOG,
    CRON_LOG,
    EXTRATO_LOG,
    stop_logging,
)


@pytest.fixture
def log_dir(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Path]:
    level = logging.getLogger().level
    yield tmp_path / "logs"
    stop_logging()
    logging.getLogger().setLevel(level)


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _events(file: Path) -> list[str]:
    return [line["event"] for line in _lines(file)]


def test_each_line_is_json_that_says_when_who_and_what(log_dir: Path) -> None:
    configure_logging(log_dir, program="studio-jobs")
    get_logger("studio_core.ledger").info("payment_recorded", payment_id=7, artist="João")

    (line,) = _lines(log_dir / APP_LOG)

    assert line["event"] == "payment_recorded"
    assert line["payment_id"] == 7
    assert line["artist"] == "João"
    assert line["level"] == "info"
    assert line["logger"] == "studio_core.ledger"
    assert line["program"] == "studio-jobs"
    assert line["time"].endswith("Z")
    assert "correlation_id" not in line


def test_closing_and_backup_have_files_of_their_own(log_dir: Path) -> None:
    configure_logging(log_dir, program="studio-jobs")
    get_logger("studio_core.extrato.closing").info("month_closed")
    get_logger("studio_core.extrato.backup").info("backup_created")
    get_logger("studio_core.extratos").info("not_the_closing")

    assert _events(log_dir / APP_LOG) == ["month_closed", "backup_created", "not_the_closing"]
    assert _events(log_dir / EXTRATO_LOG) == ["month_closed"]
    assert _events(log_dir / BACKUP_LOG) == ["backup_created"]
    assert not (log_dir / CRON_LOG).exists()


def test_scheduled_run_writes_everything_to_the_cron_file_too(log_dir: Path) -> None:
    configure_logging(log_dir, program="studio-jobs", scheduled=True)
    get_logger("studio_core.extrato.closing").info("month_closed")
    get_logger("server_jobs.cli").warning("late")

    assert _events(log_dir / CRON_LOG) == ["month_closed", "late"]


def test_configuring_again_writes_each_line_once(log_dir: Path) -> None:
    configure_logging(log_dir / "first", program="one")
    configure_logging(log_dir, program="two")
    get_logger("studio_core").info("once")

    assert _events(log_dir / APP_LOG) == ["once"]
    assert _events(log_dir / "first" / APP_LOG) == []


def test_records_of_libraries_come_in_the_same_shape(log_dir: Path) -> None:
    configure_logging(log_dir, program="studio-jobs")
    logging.getLogger("alembic.runtime").warning("Running %s", "0001", extra={"step": 1})

    (line,) = _lines(log_dir / APP_LOG)

    assert line["event"] == "Running 0001"
    assert line["logger"] == "alembic.runtime"
    assert line["step"] == 1


def test_correlation_id_is_in_every_line_of_an_action_and_ends_with_it(log_dir: Path) -> None:
    configure_logging(log_dir, program="studio-desktop")
    log = get_logger("studio_desktop")
    with correlation() as outer:
        log.info("asked")
        with correlation("of-another-job") as inner:
            log.info("inside")
        logging.getLogger("library").info("answered")
    log.info("idle")

    assert [line.get("correlation_id") for line in _lines(log_dir / APP_LOG)] == [
        outer,
        inner,
        outer,
        None,
    ]
    assert inner == "of-another-job"


def test_thread_starts_without_an_id_and_takes_the_one_it_is_handed() -> None:
    seen: list[str | None] = []

    def work(handed: str) -> None:
        seen.append(correlation_id())
        with correlation(handed):
            seen.append(correlation_id())

    with correlation() as the_id:
        thread = threading.Thread(target=work, args=(the_id,))
        thread.start()
        thread.join()

    assert seen == [None, the_id]


def test_traceback_of_a_bug_is_in_the_line(log_dir: Path) -> None:
    configure_logging(log_dir, program="studio-desktop")
    try:
        raise ZeroDivisionError("of the drawer")
    except ZeroDivisionError:
        get_logger("studio_desktop").exception("bug")

    (line,) = _lines(log_dir / APP_LOG)

    assert "Traceback" in line["exception"]
    assert "of the drawer" in line["exception"]


def test_no_secret_reaches_a_file(log_dir: Path) -> None:
    configure_logging(log_dir, program="studio-jobs")
    log = get_logger("studio_core")
    log.info(
        "connecting",
        url="postgresql://ana:top@secret@db:5432/studio",
        options={"password": "topsecret", "hosts": ["postgres://ana:topsecret@a/b"]},
        jwt_secret_key="topsecret",
        dsn="host=db password='top secret' dbname=studio",
    )
    try:
        raise RuntimeError("could not reach postgresql://ana:topsecret@db/studio")
    except RuntimeError:
        log.exception("bug")
    logging.getLogger("library").info("using %s", "postgresql://ana:topsecret@db/studio")

    text = (log_dir / APP_LOG).read_text(encoding="utf-8")

    assert "secret@" not in text
    assert "topsecret" not in text
    assert "top secret" not in text
    assert "ana:***@db:5432/studio" in text


def test_level_is_kept(log_dir: Path) -> None:
    configure_logging(log_dir, program="studio-jobs", level=logging.WARNING)
    get_logger("studio_core").info("too_small")
    get_logger("studio_core").warning("large_enough")

    assert _events(log_dir / APP_LOG) == ["large_enough"]


def test_folder_that_cannot_be_written_is_refused_in_a_sentence(tmp_path: Path) -> None:
    in_the_way = tmp_path / "logs"
    in_the_way.write_text("a file", encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        configure_logging(in_the_way, program="studio-jobs")

    assert caught.value.params["name"] == "LOG_DIR"
    assert str(in_the_way) in str(caught.value)
