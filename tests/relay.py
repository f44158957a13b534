"""A wire between a program and its database that counts what goes over it."""

import select
import socket
import threading
from dataclasses import dataclass
from typing import Self


@dataclass
class Counted:
    """One connection: bytes sent to the database and received from it."""

    sent: int = 0
    received: int = 0


class Relay:
    """Listens on a port of its own and passes everything on. A context manager."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.connections: list[Counted] = []
        """In the order in which they were opened."""

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def totals(self) -> list[tuple[int, int]]:
        return [(each.sent, each.received) for each in self.connections]

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:  # Closed: the test is over.
                return
            counted = Counted()
            self.connections.append(counted)
            far = socket.create_connection(self._to)
            threading.Thread(target=_pass_on, args=(near, far, counted), daemon=True).start()


def _pass_on(near: socket.socket, far: socket.socket, counted: Counted) -> None:
    """Until either end goes. What is passed on was counted before."""
    with near, far:
        try:
            while True:
                for source in select.select([near, far], [], [])[0]:
                    piece = source.recv(65536)
                    if not piece:
                        return
                    if source is near:
                        counted.sent += len(piece)
                        far.sendall(piece)
                    else:
                        counted.received += len(piece)
                        near.sendall(piece)
        except OSError:
            return
