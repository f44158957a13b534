"""The HTTP application in this process: answers, problems, time-outs, metrics, description."""

import asyncio
import logging
import re
import socket
import time
from collections.abc import Iterator

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import URL

from server_jobs.api.app import create_app
from server_jobs.api.around import CORRELATION_HEADER
from server_jobs.api.problems import PROBLEM_TYPE
from server_jobs.clock import Clock
from studio_core.db.engine import Database
from studio_core.db.migrations import head_revision
from studio_core.errors import ConflictError, RuleError
from studio_core.extrato.closing import ClosingOptions, close_month
from studio_core.months import Month
from tests.books import Books
from tests.jobs.conftest import Jobs

PATHS = ("/health", "/ready", "/ready/extrato", "/db-test", "/metrics")
SIGN_IN_PATHS = (
    "/auth/login",
    "/auth/logout",
    "/auth/google",
    "/auth/google/nonce",
    "/clients/api/list",
    "/extrato/{year}/{month}",
)


@pytest.fixture
def as_jobs(jobs: Jobs) -> Iterator[Database]:
    with Database(jobs.environment["DATABASE_URL"], application_name="tests") as database:
        yield database


@pytest.fixture
def app(as_jobs: Database) -> FastAPI:
    return create_app(as_jobs, Clock())


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


def client_of(url: URL | str) -> TestClient:
    return TestClient(create_app(Database(url, application_name="tests")))


def is_problem(answer: httpx2.Response, status: int, code: str) -> bool:
    told = answer.json()
    assert answer.headers["content-type"] == PROBLEM_TYPE
    assert answer.headers[CORRELATION_HEADER] == told["correlation_id"]
    assert told["title"]
    assert told["detail"]
    return (answer.status_code, told["status"], told["code"]) == (status, status, code)


def test_healthy_studio_answers_every_question(client: TestClient) -> None:
    for path in PATHS:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.headers[CORRELATION_HEADER]


def test_db_test_says_latency_version_and_revision_and_no_names(
    client: TestClient, as_jobs: Database
) -> None:
    answer = client.get("/db-test")
    told = answer.json()
    assert 0 < told["latency_ms"] < 1000
    assert re.fullmatch(r"\d+\.\d+", told["server_version"])
    assert told["revision"] == told["expected_revision"] == head_revision()
    for name in (as_jobs.url.username, as_jobs.url.host, as_jobs.url.database, "er@pw"):
        assert str(name) not in answer.text


@pytest.mark.usefixtures("caplog")  # The answers 503 are in the log.
def test_database_that_is_not_migrated_is_not_ready(empty_database_url: URL) -> None:
    client = client_of(empty_database_url)
    assert is_problem(client.get("/ready"), 503, "not_migrated")
    assert is_problem(client.get("/ready/extrato"), 503, "not_migrated")
    assert client.get("/db-test").json()["revision"] is None
    assert "studio_database_up 0.0" in client.get("/metrics").text


def test_database_of_a_newer_program_is_not_ready(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert is_problem(client.get("/ready"), 503, "schema_too_new")


def test_newer_program_asked_for_is_not_ready(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO settings (key, value) VALUES ('min_program_version', '\"99.0\"')"
        )
    assert is_problem(client.get("/ready"), 503, "program_too_old")


@pytest.mark.usefixtures("caplog")  # The answers 503 are in the log.
def test_database_that_is_away_is_told_without_its_address() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    client = client_of(f"postgresql://somebody:secret@127.0.0.1:{port}/nowhere")
    for path in ("/ready", "/ready/extrato", "/db-test"):
        answer = client.get(path)
        assert is_problem(answer, 503, "database_unreachable")
        assert answer.headers["retry-after"]
        for name in ("somebody", "secret", "nowhere", str(port), "127.0.0.1"):
            assert name not in answer.text
    assert client.get("/health").status_code == 200
    assert client.get("/metrics").status_code == 200


def test_refused_login_is_told_without_its_name(jobs: Jobs) -> None:
    client = client_of(jobs.environment["DATABASE_URL"].replace("rk-er", "rong"))
    answer = client.get("/ready")
    assert is_problem(answer, 503, "database_login_refused")
    assert ".jobs" not in answer.text


@pytest.mark.usefixtures("caplog")  # The answers 503 are in the log.
@pytest.mark.parametrize("path", ["/ready", "/ready/extrato", "/db-test"])
def test_database_that_hangs_is_answered_within_three_seconds(path: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # It accepts, and never says a word.
        port = silent.getsockname()[1]
        client = client_of(f"postgresql://somebody:secret@127.0.0.1:{port}/nowhere")
        started = time.monotonic()
        answer = client.get(path)
        assert time.monotonic() - started < 3
    assert is_problem(answer, 503, "database_no_answer")


def test_locked_tables_are_answered_within_three_seconds(
    client: TestClient, database: Database
) -> None:
    with database.transaction() as session:
        session.connection().exec_driver_sql("LOCK TABLE alembic_version, extratos")
        for path in ("/ready", "/metrics"):
            started = time.monotonic()
            answer = client.get(path)
            assert time.monotonic() - started < 3
            assert answer.status_code == (503 if path == "/ready" else 200)
    assert client.get("/ready").status_code == 200


def test_month_that_should_be_closed_is_told_until_it_is(
    client: TestClient, jobs: Jobs, books: Books
) -> None:
    last = Month.of(books.value("SELECT studio.today()")).previous()
    assert client.get("/ready/extrato").status_code == 200
    books.pay("10", paid_on=last.first_day)
    answer = client.get("/ready/extrato")
    assert is_problem(answer, 503, "extrato_overdue")
    assert last.label in answer.json()["detail"]
    assert "studio_extrato_overdue 1.0" in client.get("/metrics").text
    options = ClosingOptions(jobs.backup_dir, require_backup=False)
    close_month(books.database, month=last, options=options)
    assert client.get("/ready/extrato").status_code == 200


def test_unknown_path_and_wrong_method_are_problems(client: TestClient) -> None:
    assert is_problem(client.get("/nowhere"), 404, "not_found")
    answer = client.post("/health")
    assert is_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"


def test_head_is_a_get_without_its_body(client: TestClient) -> None:
    assert client.head("/health").status_code == 200


def test_what_a_route_raises_becomes_a_problem(
    app: FastAPI, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/rule")
    def rule() -> None:
        raise RuleError("month_closed", month="2025-09")

    @app.get("/conflict")
    def conflict() -> None:
        raise ConflictError

    @app.get("/number/{number}")
    def number(number: int) -> int:
        return number

    @app.get("/bug")
    def bug() -> None:
        raise ZeroDivisionError("a secret value")

    assert is_problem(client.get("/rule"), 422, "month_closed")
    assert is_problem(client.get("/conflict"), 409, "changed_elsewhere")
    malformed = client.get("/number/topsecret")
    assert is_problem(malformed, 422, "malformed")
    assert "topsecret" not in malformed.text
    with caplog.at_level(logging.ERROR):
        broken = client.get("/bug")
    assert is_problem(broken, 500, "unexpected")
    assert "secret" not in broken.text
    assert broken.json()["correlation_id"] in broken.json()["detail"]
    assert any(record.exc_info for record in caplog.records)


def test_slow_answer_ends_with_a_problem(app: FastAPI) -> None:
    @app.get("/slow")
    async def slow() -> None:
        await asyncio.sleep(30)

    for middleware in app.user_middleware:
        if "limit_s" in middleware.kwargs:
            middleware.kwargs["limit_s"] = 0.2
    client = TestClient(app, raise_server_exceptions=False)
    assert is_problem(client.get("/slow"), 503, "took_too_long")


@pytest.mark.parametrize(
    ("given", "kept"),
    [("desk-7.a", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ("<script>", False)],
)
def test_callers_correlation_id_is_kept_when_it_may_stand_in_a_log(
    client: TestClient, given: str, kept: bool
) -> None:
    answer = client.get("/health", headers={CORRELATION_HEADER: given})
    assert (answer.headers[CORRELATION_HEADER] == given) is kept


def test_metrics_tell_of_runs_backups_alerts_and_http(
    client: TestClient, books: Books, jobs: Jobs
) -> None:
    books.pay("10")
    assert jobs("extrato", "run", "--year=2025", "--month=9", "--with-backup").code == 0
    with books.database.transaction() as session:
        session.connection().exec_driver_sql("SELECT studio.raise_alert('x', 'danger', 'told')")
    client.get("/health")
    client.get("/made-up-by-a-caller")
    text = client.get("/metrics").text
    values = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert values["studio_closing_runs_total", "done"] == 1
    assert values["studio_alerts_unseen", "danger"] == 1
    assert values["studio_alerts_unseen", "info"] == 0
    assert 0 <= values["studio_month_backup_age_seconds",] < 60
    assert abs(values["studio_last_closing_timestamp_seconds",] - time.time()) < 60
    assert values["studio_database_up",] == 1
    assert values["studio_http_requests_total", "/health", "200", "GET"] == 1
    assert "made-up" not in text


def test_description_names_every_path_and_its_problems(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {*PATHS, *SIGN_IN_PATHS}
    for path in ("/ready", "/ready/extrato", "/db-test"):
        answers = described["paths"][path]["get"]["responses"]
        assert PROBLEM_TYPE in answers["503"]["content"]
    for path in SIGN_IN_PATHS:
        ((method, asked),) = described["paths"][path].items()
        for status, answer in asked["responses"].items():
            if not status.startswith("2"):
                assert list(answer["content"]) == [PROBLEM_TYPE], (path, method, status)
        protected = path in ("/auth/logout", "/clients/api/list", "/extrato/{year}/{month}")
        assert ("security" in asked) is protected
