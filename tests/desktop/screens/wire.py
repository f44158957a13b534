"""A wire to the database that can be cut at the worst moment."""

import selectors
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

# Not the one in READ COMMITTED.
COMMIT = b"COMMIT\x00"


class Wire:
    """Carries bytes between a desk and its server. swallow_commit(words): the COMMIT that
    follows these words on their connection arrives and is done, its answer never comes back."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._words = b""
        self.cut = threading.Event()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def swallow_commit(self, words: str) -> None:
        self.cut.clear()
        self._words = words.encode()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._sockets:
            _end(each)
        for thread in self._threads:
            thread.join(10)
        for each in self._sockets:
            each.close()

    def _start(self, work: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                desk, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            self._sockets += [desk, server]
            self._start(self._carry, desk, server)

    def _carry(self, desk: socket.socket, server: socket.socket) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(desk, selectors.EVENT_READ)
            ready.register(server, selectors.EVENT_READ)
            said = cutting = False
            while True:
                for key, _ in ready.select():
                    source = desk if key.fileobj is desk else server
                    try:
                        data = source.recv(65536)
                    except OSError:
                        data = b""
                    if not data or (cutting and source is server):
                        _end(desk)
                        _end(server)
                        if cutting:
                            self.cut.set()
                        return
                    if source is desk and self._words and self._words in data:
                        said = True
                    if source is desk and said and COMMIT in data:
                        self._words = b""
                        cutting = True
                    try:
                        (server if source is desk else desk).sendall(data)
                    except OSError:
                        _end(source)  # The other end is gone; so is this one at the next turn.


def _end(side: socket.socket) -> None:
    try:
        side.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # It was closed by its other end.
