"""A bug's traceback says where it went wrong, and nothing of what a person typed."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from studio_core.db.engine import Database
from studio_core.errors import RuleError
from studio_core.observability import configure_logging, get_logger
from studio_core.observability.logs import APP_LOG, stop_logging
from studio_core.observability.tracebacks import told_refusal


@pytest.fixture
def log_dir(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Path]:
    level = logging.getLogger().level
    configure_logging(tmp_path, program="tests")
    yield tmp_path
    stop_logging()
    logging.getLogger().setLevel(level)


def logged(log_dir: Path) -> str:
    line = (log_dir / APP_LOG).read_text("utf-8").splitlines()[-1]
    return str(json.loads(line)["exception"])


@pytest.mark.parametrize(
    ("statement", "state", "names"),
    [
        ("INSERT INTO clients (name, cpf) VALUES (:note, '52998224725')", "23505", "uq_clients_"),
        ("INSERT INTO clients (name) VALUES (:note), (NULL)", "23502", "column name"),
        ("SELECT CAST(:note AS integer)", "22P02", "SQLSTATE"),
        ("SELECT CAST(:note AS text) FROM nowhere", "42P01", 'relation "nowhere" does not exist'),
        ("SELECT CAST(:note AS text) WHERE WHERE", "42601", "SQLSTATE"),
    ],
)
def test_refused_statement_is_told_by_state_and_names(
    database: Database, log_dir: Path, statement: str, state: str, names: str
) -> None:
    secret = "alergia a lidocaína"
    try:
        with database.engine.begin() as connection:
            connection.execute(text("INSERT INTO clients (name, cpf) VALUES ('A', '52998224725')"))
            connection.execute(text(statement), {"note": secret})
    except SQLAlchemyError:
        get_logger("tests").exception("bug")

    told = logged(log_dir)

    assert f"SQLSTATE {state}" in told
    assert names in told
    assert "Traceback (most recent call last):" in told
    assert "in execute" in told
    assert "direct cause of the following exception" in told
    assert "lidoca" not in told
    assert "52998224725" not in told


def test_chain_of_python_errors_is_told_as_python_does(log_dir: Path) -> None:
    try:
        try:
            raise KeyError("drawer")
        except KeyError as error:
            raise ExceptionGroup(
                "several", [ValueError("one"), RuleError("cpf_invalid", text="123")]
            ) from error
    except ExceptionGroup:
        get_logger("tests").exception("bug")

    told = logged(log_dir)

    assert told.index("KeyError: 'drawer'") < told.index("ExceptionGroup: several")
    assert "ValueError: one" in told
    assert "cpf_invalid: “…” is not a valid CPF." in told


def test_error_that_circles_ends(log_dir: Path) -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    get_logger("tests").error("bug", exc_info=(ValueError, first, None))

    assert logged(log_dir).endswith("ValueError: first")


def test_refusal_is_told_without_what_was_typed() -> None:
    assert told_refusal(RuleError("email_invalid", text="ana@")) == "“…” is not an e-mail address."
    assert "2025-09" in told_refusal(RuleError("month_closed", month="2025-09"))
