"""Python's search for cycles, on the UI thread only.

It starts in whichever thread happens to allocate. In a worker it would destroy widgets and timers
that belong to the UI thread, which ends the process: seen as "QBasicTimer::stop: Failed. Possibly
trying to stop from a different thread" and a crash after it.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 1_000


class Collector(QObject):
    """While it lives, cycles are looked for by a timer of the thread that made it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """As far as Python itself would have gone by now: the youngest objects most often."""
        counts, limits = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > limits[generation] > 0:
                gc.collect(generation)
                return
