"""What other desks changed, heard as it happens: LISTEN on a socket that Qt watches."""

import enum
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Signal, Slot

from studio_core.changes import TableChange
from studio_core.errors import StudioError
from studio_core.observability import get_logger
from studio_desktop.tasks.worker import Workers

log = get_logger(__name__)

BACK_OFF_MS = (500, 1_000, 2_000, 4_000, 8_000, 15_000)


class ConnectionState(enum.Enum):
    CONNECTED = "connected"
    LOST = "lost"
    RECONNECTING = "reconnecting"


class Listening(Protocol):
    """What the bus needs of studio_core.db.listen.Listener."""

    def fileno(self) -> int: ...
    def poll(self) -> list[TableChange]: ...
    def close(self) -> None: ...


class ChangeBus(QObject):
    """changed(list[TableChange]) for every committed change, our own included.

    caught_up: listening again after a gap, so everything shown must be read anew.
    state_changed(ConnectionState). turned_away: the database does not take the login any more.
    """

    changed = Signal(object)
    caught_up = Signal()
    state_changed = Signal(object)
    turned_away = Signal()

    def __init__(self, listen: Callable[[], Listening], parent: QObject | None = None) -> None:
        """listen: opens a listener; called off the UI thread, may block."""
        super().__init__(parent)
        self._listen = listen
        self._workers = Workers(1, self)
        self._workers.turned_away.connect(self.turned_away)
        self._listener: Listening | None = None
        self._socket: QSocketNotifier | None = None
        self._state = ConnectionState.RECONNECTING
        self._tries = 0
        self._heard_before = False
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.reconnect)

    @property
    def state(self) -> ConnectionState:
        return self._state

    def start(self) -> None:
        self.reconnect()

    @Slot()
    def reconnect(self) -> None:
        """Try now; also what the banner's button does."""
        if self._closed or self._listener is not None or self._workers.pending:
            return
        self._timer.stop()
        self._set_state(ConnectionState.RECONNECTING)
        self._workers.start(self._listen, self._on_listening, self._on_refused)

    @Slot()
    def check(self) -> None:
        """Somebody else could not reach the server: look at our own connection."""
        self._on_readable()

    def close(self) -> None:
        self._closed = True
        self._timer.stop()
        self._drop()
        self._workers.close()

    @Slot(object)
    def _on_listening(self, listener: Any) -> None:
        if self._closed:
            listener.close()
            return
        self._listener = listener
        self._socket = QSocketNotifier(listener.fileno(), QSocketNotifier.Type.Read, self)
        self._socket.activated.connect(self._on_readable, Qt.ConnectionType.DirectConnection)
        self._tries = 0
        self._set_state(ConnectionState.CONNECTED)
        if self._heard_before:
            self.caught_up.emit()
        self._heard_before = True

    @Slot(object)
    def _on_refused(self, error: Any) -> None:
        wait = BACK_OFF_MS[min(self._tries, len(BACK_OFF_MS) - 1)]
        self._tries += 1
        log.info("not_listening", reason=error.code, again_in_ms=wait)
        self._set_state(ConnectionState.LOST)
        self._timer.start(wait)

    @Slot()
    def _on_readable(self) -> None:
        if self._listener is None:
            return
        try:
            changes = self._listener.poll()
        except (StudioError, OSError) as error:
            # The socket of a dead connection stays readable for ever; stop watching it at once.
            log.info("stopped_listening", reason=str(error))
            self._drop()
            self._set_state(ConnectionState.LOST)
            self._timer.start(BACK_OFF_MS[0])
            return
        if changes:
            self.changed.emit(changes)

    def _drop(self) -> None:
        if self._socket is not None:
            self._socket.setEnabled(False)
            self._socket.deleteLater()
            self._socket = None
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _set_state(self, state: ConnectionState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
