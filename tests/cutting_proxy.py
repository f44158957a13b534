"""A TCP proxy on loopback between a program and the database, which cuts at a chosen COMMIT."""

import contextlib
import socket
import struct
import threading
from types import TracebackType
from typing import Literal, Self

from sqlalchemy import URL

# A message of the simple protocol: its kind, its length, its text, a zero byte.
_COMMIT = b"Q" + struct.pack("!i", 11) + b"COMMIT\0"

Moment = Literal["before", "in", "after"]


class CuttingProxy:
    """url: of the database through it. In the transaction that sends a statement with the given
    words, every connection is cut (by RST, as a router that restarts does)

    before: its COMMIT reaches the server;
    in: its COMMIT, once the server has it and the test says cut();
    after: the server has answered, and before the program has the answer.

    New connections are let through afterwards.
    """

    def __init__(self, upstream: URL, *, words: str, moment: Moment) -> None:
        self._upstream = (str(upstream.host), int(upstream.port or 5432))
        self._words = words.encode()
        self._moment = moment
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self.cuts = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = upstream.set(host="127.0.0.1", port=self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        with self._lock:
            ended, self._open = self._open, []
        self.cuts += 1
        for end in ended:
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                # A pump may be reading it, which keeps it open past close().
                end.shutdown(socket.SHUT_RD)
            end.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(self._upstream)
            with self._lock:
                self._open += [client, server]
            link = _Link(self, client, server)
            for pump in (link.to_server, link.to_client):
                threading.Thread(target=pump, daemon=True).start()

    def _armed_by(self, data: bytes) -> bool:
        return self.cuts == 0 and self._words in data


class _Link:
    """One connection: what the program says, and what the server answers."""

    def __init__(self, proxy: CuttingProxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._armed = False
        self._committing = False

    def to_server(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._client.recv(1 << 16):
                self._armed = self._armed or self._proxy._armed_by(data)
                self._committing = self._armed and _COMMIT in data
                if self._committing and self._proxy._moment == "before":
                    self._proxy.cut()
                    return
                self._server.sendall(data)
        self._ended(self._server)

    def to_client(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._server.recv(1 << 16):
                if self._committing and self._proxy._moment == "after":
                    self._proxy.cut()
                    return
                self._client.sendall(data)
        self._ended(self._client)

    @staticmethod
    def _ended(other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)
