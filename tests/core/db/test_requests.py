"""A request sent twice is done once, also by two desks at the same moment."""

import threading
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from studio_core.db.engine import Database
from studio_core.db.requests import once
from studio_core.errors import RuleError


def _add_item(session: Session, name: str) -> dict[str, Any]:
    added = session.execute(
        text("INSERT INTO stock_items (name) VALUES (:name) RETURNING id"),
        {"name": name},
    )
    return {"id": added.scalar_one()}


def _items(database: Database) -> list[str]:
    with database.transaction() as session:
        return list(session.scalars(text("SELECT name FROM stock_items ORDER BY id")))


def test_second_sending_returns_the_first_result_and_does_nothing(database: Database) -> None:
    request_id = uuid4()
    results = []
    for name in ("needles", "ink"):
        with database.transaction() as session:
            results.append(once(session, request_id, "add_item", partial(_add_item, session, name)))

    assert results[0] == results[1]
    assert _items(database) == ["needles"]


def test_request_of_another_action_is_refused(database: Database) -> None:
    request_id = uuid4()
    with database.transaction() as session:
        once(session, request_id, "add_item", lambda: _add_item(session, "needles"))

    with (
        pytest.raises(RuleError, match="already used") as refused,
        database.transaction() as session,
    ):
        once(session, request_id, "drop_item", dict)

    assert refused.value.code == "request_reused"


def test_refused_work_may_be_tried_again_with_the_same_request(database: Database) -> None:
    request_id = uuid4()

    def refuse() -> dict[str, Any]:
        raise RuleError("name_required")

    with database.transaction() as session:
        with pytest.raises(RuleError):
            once(session, request_id, "add_item", refuse)
        # Even where the refusal was swallowed and the transaction went on.
        once(session, request_id, "add_item", lambda: _add_item(session, "needles"))

    assert _items(database) == ["needles"]


class _SecondDesk(threading.Thread):
    """Sends a request on a connection of its own, and keeps what it got."""

    def __init__(self, database: Database, request_id: Any) -> None:
        super().__init__()
        self._database, self._request_id = database, request_id
        self.result: dict[str, Any] | None = None

    def run(self) -> None:
        with self._database.transaction() as session:
            self.result = once(
                session, self._request_id, "add_item", lambda: _add_item(session, "second")
            )

    def wait_until_blocked(self, session: Session) -> None:
        """The database itself says when the other connection waits for this one."""
        blocked = text(
            "SELECT count(*) FROM pg_locks WHERE NOT granted"
            " AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        for _ in range(1000):
            if session.scalar(blocked):
                return
            session.execute(text("SELECT pg_sleep(0.01)"))
        pytest.fail("the second desk never waited")


def test_second_desk_waits_and_gets_the_result_of_the_first(database: Database) -> None:
    request_id = uuid4()
    with database.transaction() as session:
        first = once(session, request_id, "add_item", lambda: _add_item(session, "first"))
        desk = _SecondDesk(database, request_id)
        desk.start()
        desk.wait_until_blocked(session)
    desk.join(timeout=20)

    assert desk.result == first
    assert _items(database) == ["first"]


def test_second_desk_does_the_work_where_the_first_rolled_back(database: Database) -> None:
    request_id = uuid4()
    with pytest.raises(RuleError), database.transaction() as session:
        once(session, request_id, "add_item", lambda: _add_item(session, "first"))
        desk = _SecondDesk(database, request_id)
        desk.start()
        desk.wait_until_blocked(session)
        raise RuleError("name_required")
    desk.join(timeout=20)

    assert desk.result is not None
    assert _items(database) == ["second"]
