"""JSON lines in rotating files.

app.log gets everything; atomic_extrato.log the closing, backup_process.log the backups; a run
that no person watches writes everything to atomic_extrato_cron.log as well.
"""

import logging
import os
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any, cast

import structlog
from structlog.typing import Processor

from studio_core.errors import ConfigError
from studio_core.observability.correlation import correlation_id
from studio_core.observability.redaction import redacted
from studio_core.observability.rotation import SharedRotatingFileHandler
from studio_core.observability.tracebacks import told_traceback

APP_LOG = "app.log"
EXTRATO_LOG = "atomic_extrato.log"
CRON_LOG = "atomic_extrato_cron.log"
BACKUP_LOG = "backup_process.log"

_EXTRATO_LOGGERS = ("studio_core.extrato", "server_jobs.cli.extrato", "server_jobs.jobs")
_BACKUP_LOGGERS = (
    "studio_core.extrato.backup",
    "studio_core.backups",
    "server_jobs.cli.backup",
    "server_jobs.cli.full_backup",
    "server_jobs.jobs.full_backup",
)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for `__name__`: log.info("month_closed", month="2025-09", rows=1200).

    The event is a name in snake_case, what varies goes into keywords. It works before
    configure_logging too: warnings then go to stderr, as with any Python library.
    """
    return cast(
        structlog.stdlib.BoundLogger,
        structlog.wrap_logger(
            logging.getLogger(name),
            processors=[
                structlog.stdlib.filter_by_level,
                *_SHARED,
                structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
            ],
            wrapper_class=structlog.stdlib.BoundLogger,
        ),
    )


def configure_logging(
    log_dir: Path, *, program: str, level: int = logging.INFO, scheduled: bool = False
) -> None:
    """Send everything this process logs to files in log_dir, which is created when missing.

    program: stands in every line. scheduled: started by cron rather than by a person.
    Calling it again replaces the files of the first call. Raises ConfigError("bad_setting").
    """
    try:
        log_dir.mkdir(parents=True, exist_ok=True)
        handlers = [_handler(log_dir / APP_LOG, program)]
        handlers.append(_handler(log_dir / EXTRATO_LOG, program, only=_is_closing))
        handlers.append(_handler(log_dir / BACKUP_LOG, program, only=_is_backup))
        if scheduled:
            handlers.append(_handler(log_dir / CRON_LOG, program))
    except OSError as error:
        reason = f"nothing can be written to {log_dir} ({error.strerror})"
        raise ConfigError("bad_setting", name="LOG_DIR", reason=reason) from error
    stop_logging()
    # It tells of every look at the schema's revision.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    root = logging.getLogger()
    root.setLevel(level)
    for handler in handlers:
        root.addHandler(handler)


def stop_logging() -> None:
    """Close the files of configure_logging; later records go where Python sends them."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, SharedRotatingFileHandler)]:
        root.removeHandler(handler)
        handler.close()


def _handler(
    path: Path, program: str, only: Callable[[logging.LogRecord], bool] | None = None
) -> logging.Handler:
    handler = SharedRotatingFileHandler(path)
    handler.setFormatter(_formatter(program))
    if only is not None:
        handler.addFilter(only)
    return handler


def _formatter(program: str) -> logging.Formatter:
    def with_program(
        _logger: Any, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        return {**event, "program": program, "pid": os.getpid()}

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_SHARED, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            with_program,
            structlog.processors.ExceptionRenderer(told_traceback),
            _without_secrets,
            structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
        ],
    )


def _is_closing(record: logging.LogRecord) -> bool:
    return _belongs(record, _EXTRATO_LOGGERS) and not _is_backup(record)


def _is_backup(record: logging.LogRecord) -> bool:
    return _belongs(record, _BACKUP_LOGGERS)


def _belongs(record: logging.LogRecord, loggers: tuple[str, ...]) -> bool:
    return any(record.name == logger or record.name.startswith(f"{logger}.") for logger in loggers)


def _with_correlation_id(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    the_id = correlation_id()
    if the_id is not None:
        event.setdefault("correlation_id", the_id)
    return event


def _without_secrets(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return cast(MutableMapping[str, Any], redacted(event))


_SHARED: tuple[Processor, ...] = (
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    structlog.contextvars.merge_contextvars,
    _with_correlation_id,
)
