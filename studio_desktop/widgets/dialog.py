"""Dialogs, only for checkout, money and health: opened, never waited for."""

from typing import Literal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio_desktop.widgets.buttons import Button, DangerButton, PrimaryButton
from studio_desktop.widgets.form import Field
from studio_desktop.widgets.text import label


class ConfirmDialog(QDialog):
    """A title, a sentence, what .content holds, and two buttons. Show it with open().

    confirmed: the action was chosen; the dialog stays open until accept(), so that a refusal can
    be shown in it.
    """

    confirmed = Signal()

    def __init__(
        self,
        parent: QWidget,
        title: str,
        sentence: str,
        action: str,
        kind: Literal["primary", "danger"] = "primary",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        self.content = QVBoxLayout()
        self.content.setSpacing(16)
        self._error = label("", "error", wrap=True)
        self._error.hide()
        self.action = DangerButton(action) if kind == "danger" else PrimaryButton(action)
        self.action.clicked.connect(self._on_action)
        self.cancel = Button(self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.action)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(16)
        column.addWidget(label(title, "section"))
        self._sentence = label(sentence, "quiet", wrap=True)
        self._sentence.setVisible(bool(sentence))
        column.addWidget(self._sentence)
        column.addLayout(self.content)
        column.addWidget(self._error)
        column.addLayout(buttons)

    def show_error(self, sentence: str) -> None:
        """A refusal, in the dialog; both buttons work again."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.set_busy(False)

    def set_busy(self, busy: bool) -> None:
        """While the answer is awaited, nothing can be pressed twice."""
        self.action.setEnabled(not busy)
        self.cancel.setEnabled(not busy)

    def showEvent(self, event: QShowEvent) -> None:
        """The cursor goes to what must be typed, else to the button that does no harm."""
        super().showEvent(event)
        for position in range(self.content.count()):
            item = self.content.itemAt(position)
            widget = item.widget() if item is not None else None
            control = widget.control if isinstance(widget, Field) else widget
            if control is not None and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
                control.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
            and self.action.isEnabled()
        ):
            self._on_action()
            return
        super().keyPressEvent(event)

    @Slot()
    def _on_action(self) -> None:
        self._error.hide()
        self.confirmed.emit()
