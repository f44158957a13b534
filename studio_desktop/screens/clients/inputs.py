"""Fields of the form that write out what was typed when they are left."""

from collections.abc import Callable

from PySide6.QtGui import QFocusEvent

from studio_core.errors import RuleError
from studio_desktop.widgets.inputs import LineEdit


class WrittenOut(LineEdit):
    """Phone, CPF, Instagram: typed any way, shown one way; what cannot be read stays as it is."""

    def __init__(
        self,
        read: Callable[[str], str],
        show: Callable[[str], str],
        placeholder: str = "",
        max_length: int = 40,
    ) -> None:
        """read: from what is typed to what is kept, raises RuleError. show: the way back."""
        super().__init__(placeholder, max_length)
        self._read, self._show = read, show

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.write_out()
        super().focusOutEvent(event)

    def write_out(self) -> None:
        if not self.value():
            return
        try:
            shown = self._show(self._read(self.value()))
        except RuleError:
            return
        if shown != self.text():
            self.setText(shown)
