"""Being asked to stop: Ctrl+C, or SIGTERM from cron's host, a container or an operator."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def end_on_sigterm() -> None:
    """SIGTERM becomes what Ctrl+C is, so that files and transactions are left in order."""
    signal.signal(signal.SIGTERM, _interrupt)


@contextmanager
def stop_requests() -> Iterator[Callable[[], bool]]:
    """While the body runs, a signal only sets what the yielded question answers.

    For work that looks at it between its steps. A second signal interrupts at once.
    """
    asked = False

    def on_signal(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            _interrupt(number, frame)
        asked = True

    before = {number: signal.signal(number, on_signal) for number in _SIGNALS}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
