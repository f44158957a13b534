"""Notices that nobody is at the computer."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal

_SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """idle: no key, click or movement reached the program for so long. Off until set_wait()."""

    idle = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.idle)
        app = QCoreApplication.instance()
        assert app is not None, "what is watched is the running program"
        app.installEventFilter(self)

    def set_wait(self, wait_ms: int) -> None:
        """Counts from now. 0: never."""
        self._timer.stop()
        self._timer.setInterval(wait_ms)
        if wait_ms:
            self._timer.start()

    def remaining_ms(self) -> int:
        """-1 while it is off."""
        return self._timer.remainingTime()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS_OF_LIFE and self._timer.isActive():
            self._timer.start()
        return False
