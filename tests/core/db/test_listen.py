"""What one connection commits, another hears."""

import json
import select
from collections.abc import Iterator

import pytest
from sqlalchemy import URL, text

from studio_core.changes import CHANNEL, TableChange
from studio_core.db.engine import Database
from studio_core.db.listen import Listener
from studio_core.errors import UnavailableError


@pytest.fixture
def studio(empty_database_url: URL) -> Iterator[Database]:
    with Database(empty_database_url, application_name="tests") as own:
        yield own


@pytest.fixture
def listener(studio: Database) -> Iterator[Listener]:
    own = Listener(studio.url, application_name="tests-listener")
    yield own
    own.close()


def _heard(listener: Listener) -> list[TableChange]:
    readable, _, _ = select.select([listener], [], [], 10)
    assert readable, "nothing arrived"
    return listener.poll()


def _notify(studio: Database, *payloads: str) -> None:
    with studio.transaction() as session:
        for payload in payloads:
            session.execute(
                text("SELECT pg_notify(:channel, :payload)"),
                {"channel": CHANNEL, "payload": payload},
            )


def test_committed_changes_arrive_in_order(studio: Database, listener: Listener) -> None:
    assert listener.poll() == []
    _notify(
        studio,
        json.dumps({"table": "payments", "ids": [1, 2**40]}),
        json.dumps({"table": "clients", "ids": None}),
    )
    assert _heard(listener) == [
        TableChange("payments", (1, 2**40)),
        TableChange("clients", None),
    ]
    assert listener.poll() == []


def test_nothing_is_heard_of_a_transaction_that_rolled_back(
    studio: Database, listener: Listener
) -> None:
    with pytest.raises(ZeroDivisionError), studio.transaction() as session:
        session.execute(text(f"""NOTIFY {CHANNEL}, '{{"table"\\: "payments"}}'"""))
        raise ZeroDivisionError
    _notify(studio, '{"table": "clients", "ids": [3]}')
    assert _heard(listener) == [TableChange("clients", (3,))]


def test_payload_that_is_not_ours_is_passed_over(
    studio: Database, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    _notify(studio, "hello", '{"table": "clients", "ids": [3]}')
    assert _heard(listener) == [TableChange("clients", (3,))]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    caplog.clear()


def test_the_end_of_the_connection_is_said_and_not_waited_for(
    studio: Database, listener: Listener
) -> None:
    with studio.connection() as other:
        other.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE application_name = 'tests-listener' AND datname = current_database()"
            )
        )
    with pytest.raises(UnavailableError) as refusal:
        for _ in range(3):  # The server's last words are read before the end is.
            assert _heard(listener) == []
    assert refusal.value.code == "connection_lost"
    with pytest.raises(UnavailableError):
        listener.poll()
    listener.close()


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "[]",
        "3",
        "{}",
        '{"table": 3}',
        '{"table": "x", "ids": 3}',
        '{"table": "x", "ids": ["3"]}',
        '{"table": "x", "ids": [true]}',
    ],
)
def test_a_payload_of_another_shape_is_no_change(payload: str) -> None:
    assert TableChange.from_payload(payload) is None


def test_ids_left_out_mean_many() -> None:
    assert TableChange.from_payload('{"table": "clients"}') == TableChange("clients", None)
