"""No body is read beyond a limit, whatever its length claims to be."""

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server_jobs.api.problems import problem
from studio_core.sentences import sentence

LARGEST_BODY = 64 * 1024
"""A sign-in is a few kilobytes."""


class BodyLimit:
    """Hands small bodies over in one piece, and answers larger ones with 413."""

    def __init__(self, app: ASGIApp, *, largest: int = LARGEST_BODY) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _claimed(scope["headers"]) > self._largest:
            await self._refuse(scope, receive, send)
            return
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._largest:
                await self._refuse(scope, receive, send)
                return
        await self._app(scope, _handing_over(bytes(body), receive), send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        told = sentence("body_too_large", {"limit": self._largest})
        await problem(413, "body_too_large", told)(scope, receive, send)


def _handing_over(body: bytes, receive: Receive) -> Receive:
    handed = False

    async def next_message() -> Message:
        nonlocal handed
        if handed:
            return await receive()
        handed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return next_message


def _claimed(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """What the length is said to be; digits too many to be read are too many bytes, too."""
    for name, value in headers:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])
    return 0
