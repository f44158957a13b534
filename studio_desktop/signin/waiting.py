"""The sign-in card while a person is at Google's page in the browser."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button, TextButton
from studio_desktop.widgets.notice import Notice
from studio_desktop.widgets.text import label


class WaitingPart(QWidget):
    """cancelled, browser_wanted: its buttons."""

    cancelled = Signal()
    browser_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._title = label("", "strong")
        self._words = label("", "quiet", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self.no_browser = Notice(theme)
        self.no_browser.wanted.connect(self._on_copy)
        self._page_address = ""
        self.browser = Button(self.tr("Open the browser again"))
        self.browser.clicked.connect(self.browser_wanted)
        self.cancel = TextButton(self.tr("Cancel"), "Esc")
        self.cancel.clicked.connect(self.cancelled)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.browser)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self._bar)
        column.addWidget(self._words)
        column.addWidget(self.no_browser)
        column.addSpacing(4)
        column.addLayout(buttons)

    def words(self) -> str:
        return self._words.text()

    def show_preparing(self, words: str) -> None:
        """Nothing for the person to do yet."""
        self._say(self.tr("One moment…"), words)
        self.browser.hide()
        self.no_browser.hide()
        self.cancel.setFocus()

    def show_page(self, page_address: str, *, opened: bool) -> None:
        """page_address: of Google's page. opened: in the browser."""
        self._page_address = page_address
        self._say(
            self.tr("Waiting for your browser"),
            self.tr(
                "A page of Google has opened there. Choose your account on it; "
                "this window then goes on by itself."
            )
            if opened
            else "",
        )
        self.browser.show()
        if opened:
            self.no_browser.hide()
            self.browser.setFocus()
        else:
            self.no_browser.say(
                self.tr(
                    "No browser could be opened. Copy the address of Google's page "
                    "and open it on this computer."
                ),
                "warning",
                self.tr("Copy the address"),
            )
            self.no_browser.action.setFocus()

    def _say(self, title: str, words: str) -> None:
        self._title.setText(title)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._bar.setAccessibleName(title)
        self.setAccessibleName(title)

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._page_address)
