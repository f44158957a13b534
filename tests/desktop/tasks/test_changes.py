"""What other desks changed, and a connection that goes and comes back."""

from functools import partial

from pytestqt.qtbot import QtBot
from sqlalchemy import URL, text

from studio_core.changes import TableChange
from studio_core.db.engine import Database
from studio_core.db.listen import Listener
from studio_desktop.tasks.changes import ChangeBus, ConnectionState

NOTIFY = text("""SELECT pg_notify('studio_changes', '{"table": "clients", "ids": [3000000000]}')""")


def test_a_committed_change_is_heard(qtbot: QtBot, database: Database, database_url: URL) -> None:
    bus = ChangeBus(partial(Listener, database_url))
    with qtbot.waitSignal(bus.state_changed):
        bus.start()
    with qtbot.waitSignal(bus.changed) as heard, database.transaction() as session:
        session.execute(NOTIFY)
    assert heard.args == [[TableChange("clients", (3_000_000_000,))]]
    bus.close()


def test_a_lost_connection_is_told_and_caught_up(
    qtbot: QtBot, database: Database, database_url: URL
) -> None:
    bus = ChangeBus(partial(Listener, database_url, application_name="to be ended"))
    states: list[object] = []
    with qtbot.waitSignal(bus.state_changed):
        bus.start()
    bus.state_changed.connect(states.append)
    with qtbot.waitSignal(bus.caught_up, timeout=10_000), database.transaction() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'to be ended'"
            )
        )
    assert states == [
        ConnectionState.LOST,
        ConnectionState.RECONNECTING,
        ConnectionState.CONNECTED,
    ]
    bus.close()
