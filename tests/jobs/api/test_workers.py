"""Waiting for the database holds up neither the health checks nor whoever comes too many."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from server_jobs.api.app import create_app
from server_jobs.api.sign_in import Doors
from server_jobs.api.workers import Workers
from studio_core.db.engine import Database
from studio_core.errors import UnavailableError
from studio_core.observability import correlation, correlation_id
from tests.jobs.api.conftest import PASSWORD, People
from tests.jobs.api.web import Web, is_problem, serving
from tests.jobs.serving import free_port

ANA = "ana@studio.example"


async def _soon(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.005)  # The threads tell nobody.


def test_who_comes_too_many_is_told_to_come_again() -> None:
    go = threading.Event()

    async def crowd() -> None:
        workers = Workers(at_once=1, waiting=1)
        first = asyncio.create_task(workers.run(go.wait))
        second = asyncio.create_task(workers.run(lambda: "second"))
        await asyncio.sleep(0)
        with pytest.raises(UnavailableError) as refused:
            await workers.run(lambda: "third")
        assert refused.value.code == "server_busy"
        go.set()
        assert await first
        assert await second == "second"
        assert await workers.run(lambda: "third") == "third"

    asyncio.run(crowd())


def test_who_was_given_up_on_is_not_done_afterwards() -> None:
    go, done = threading.Event(), []

    async def crowd() -> None:
        workers = Workers(at_once=1, waiting=1)
        first = asyncio.create_task(workers.run(go.wait))
        second = asyncio.create_task(workers.run(lambda: done.append("second")))
        await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        go.set()
        await first
        await workers.run(lambda: done.append("third"))

    asyncio.run(crowd())
    assert done == ["third"]


def test_work_keeps_the_id_of_its_request() -> None:
    async def ask() -> str | None:
        with correlation("request-77"):
            return await Workers().run(correlation_id)

    assert asyncio.run(ask()) == "request-77"


def test_health_answers_while_every_worker_waits_for_a_lock(
    web: Web, people: People, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    people.with_password(ANA)
    token = web.token(ANA, PASSWORD)
    answers = []

    def ask() -> None:
        with Web(web.url).session as session:
            headers = {"Authorization": f"Bearer {token}"}
            answers.append(session.get(web.url + "/clients/api/list", headers=headers, timeout=60))

    askers = [threading.Thread(target=ask) for _ in range(8)]
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'clients'::regclass"
    with database.transaction() as session:
        session.connection().exec_driver_sql("LOCK TABLE clients IN ACCESS EXCLUSIVE MODE")
        for asker in askers:
            asker.start()
        asyncio.run(_soon(lambda: session.connection().exec_driver_sql(waiting).scalar_one() >= 1))
        assert web.get("/health").status_code == 200
        assert web.get("/ready").status_code == 200
        for asker in askers:
            asker.join(timeout=60)
    assert {answer.status_code for answer in answers} == {503}
    assert is_problem(answers[0], 503, answers[0].json()["code"])
    assert answers[0].headers["Retry-After"]
    assert web.get("/clients/api/list", token).status_code == 200


def test_database_that_is_away_is_told_without_its_names(
    doors: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    url = f"postgresql://somebody:secret@127.0.0.1:{port}/nowhere"
    with (
        Database(url, application_name="tests") as away,
        serving(create_app(away, doors=doors)) as web,
    ):
        for answer in (web.log_in(ANA, PASSWORD), web.post("/auth/google/nonce", {})):
            assert is_problem(answer, 503, "database_unreachable")
            assert answer.headers["Retry-After"]
            for name in ("somebody", "secret", "nowhere", str(port), ANA):
                assert name not in answer.text


def test_refused_login_of_the_server_itself_is_no_refusal_of_the_person(
    jobs_database: Database, doors: Doors, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    people.with_password(ANA)
    url = jobs_database.url.set(password="another")
    with (
        Database(url, application_name="tests") as wrong,
        serving(create_app(wrong, doors=doors)) as web,
    ):
        assert is_problem(web.log_in(ANA, PASSWORD), 503, "database_login_refused")
