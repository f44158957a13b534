"""Slack's incoming webhook on loopback: takes messages, or fails in every way the real one can."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeSlack:
    """status: of the next answers; 0 for none at all, as long as it lives.

    messages: the texts that were taken. requests: every body that came, taken or not.
    """

    def __init__(self, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.status = status
        self.headers = headers or {}
        self.messages: list[str] = []
        self.requests: list[str] = []
        self._gone = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                fake.requests.append(body)
                if not fake.status:
                    fake._gone.wait()
                    return
                if fake.status == 200:
                    fake.messages.append(json.loads(body)["text"])
                self.send_response(fake.status)
                for name, value in fake.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: Any) -> None:
                """It would write to stderr."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/T000/B000/very-secret-path"

    def close(self) -> None:
        """From now on the port refuses."""
        self._gone.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> "FakeSlack":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def refused_port() -> int:
    """A port of this computer on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
