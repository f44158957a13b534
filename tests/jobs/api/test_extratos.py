"""Asking over HTTP for a month to be closed."""

from typing import Any

import pytest

from studio_core.extrato.models import ExtratoRequest
from tests.books import Books, Reader
from tests.fakes.google import FakeGoogle
from tests.jobs.api.conftest import PASSWORD, SECRET, People
from tests.jobs.api.web import Web, is_problem
from tests.jobs.conftest import Jobs
from tests.jobs.serving import serve, wait_until

OWNER = "ana@studio.example"


def test_owner_files_a_request_in_her_own_name(web: Web, people: People) -> None:
    owner = people.with_password(OWNER)
    answer = web.post("/extrato/2025/9", {"force": True}, token=web.token(OWNER, PASSWORD))
    assert answer.status_code == 202, answer.text
    assert answer.json()["run_id"] is None
    with people.database.transaction() as session:
        filed = session.get(ExtratoRequest, answer.json()["request_id"])
        assert filed is not None
        assert (str(filed.month_start), filed.forced) == ("2025-09-01", True)
        assert (filed.requested_by, filed.status) == (owner.id, "waiting")


def test_month_that_waits_already_keeps_its_request(web: Web, people: People) -> None:
    people.with_password(OWNER)
    token = web.token(OWNER, PASSWORD)
    first = web.post("/extrato/2025/9", token=token).json()
    assert web.post("/extrato/2025/9", {"force": False}, token=token).json() == first
    assert web.post("/extrato/2025/8", {}, token=token).json() != first


@pytest.mark.parametrize("access", ["manager", "reception", "artist"])
def test_nobody_but_an_owner_may_ask(web: Web, people: People, access: str) -> None:
    people.with_password(OWNER, access)
    answer = web.post("/extrato/2025/9", {"force": True}, token=web.token(OWNER, PASSWORD))
    assert is_problem(answer, 403, "not_allowed")
    assert Reader(people.database).value("SELECT count(*) FROM extrato_requests") == 0


def test_wrong_months_and_words_are_refused(web: Web, people: People) -> None:
    people.with_password(OWNER)
    token = web.token(OWNER, PASSWORD)
    for month in ("1999/1", "2101/1", "2025/0", "2025/13", "x/y", "2025/1e1", "9" * 5000 + "/1"):
        assert is_problem(web.post(f"/extrato/{month}", {}, token=token), 422, "malformed")
    bodies: tuple[Any, ...] = ({"force": "yes"}, {"force": 1}, [], "x")
    for body in bodies:
        assert is_problem(web.post("/extrato/2025/9", body, token=token), 422, "malformed")


def test_request_is_carried_out_by_the_server_that_took_it(
    jobs: Jobs, books: Books, people: People, google: FakeGoogle
) -> None:
    """A real `studio-jobs serve`, from the password to the closed month."""
    books.pay("300")
    people.with_password(OWNER)
    served = serve(jobs, **google.environment(), JWT_SECRET_KEY=SECRET)
    web = Web(served.url)
    with web.session:
        request_id = web.post("/extrato/2025/9", {}, token=web.token(OWNER, PASSWORD)).json()
        status = "SELECT status FROM extrato_requests WHERE id = :request_id AND :run_id IS NULL"
        wait_until(lambda: books.value(status, **request_id) == "done", 30)
    served.stop()
    said = "".join(file.read_text("utf-8") for file in jobs.log_dir.iterdir())
    for secret in (PASSWORD, SECRET.partition(":")[2], OWNER, "eyJ", google.client_secret):
        assert secret not in said
