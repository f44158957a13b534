"""Threads for what waits for the database or for Google, apart from those of the health checks."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from studio_core.errors import UnavailableError

T = TypeVar("T")

_AT_ONCE = 8
_WAITING = 64


class Workers:
    """So many at once, so many in the queue, and whoever comes then is told to come again."""

    def __init__(self, at_once: int = _AT_ONCE, waiting: int = _WAITING) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="studio-http")
        self._room = threading.BoundedSemaphore(at_once + waiting)

    async def run(self, work: Callable[[], T]) -> T:
        """What work returns or raises. Raises UnavailableError("server_busy").

        A caller that is given up on leaves the queue; what has begun ends by its own time limits.
        """
        if not self._room.acquire(blocking=False):
            raise UnavailableError("server_busy")
        begun = self._threads.submit(copy_context().run, work)
        begun.add_done_callback(lambda _: self._room.release())
        return await asyncio.wrap_future(begun)
