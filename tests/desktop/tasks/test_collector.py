"""What Python throws away is thrown away on the UI thread."""

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from studio_desktop.tasks.collector import Collector


class Knot:
    """A cycle that holds a QObject, as a screen and its controller do."""

    def __init__(self) -> None:
        self.me = self
        self.thing = QObject()


def _allocate(gone: "weakref.ref[Knot]", seen: list[bool]) -> None:
    kept: list[list[int]] = [[] for _ in range(50_000)]
    seen.append(gone() is None and bool(kept))


def test_a_worker_never_collects_what_the_ui_thread_made(
    qtbot: QtBot, collector: Collector
) -> None:
    # Enough of them for Python to want to collect by itself.
    gone, *_others = [weakref.ref(Knot()) for _ in range(2_000)]
    seen: list[bool] = []
    worker = threading.Thread(target=_allocate, args=(gone, seen))
    worker.start()
    worker.join()
    assert seen == [False]
    assert not gc.isenabled()
    qtbot.waitUntil(lambda: _collected(collector, gone))


def _collected(collector: Collector, gone: "weakref.ref[Knot]") -> bool:
    collector.collect()
    return gone() is None
