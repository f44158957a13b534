"""Surfaces: a card, and a card that holds one figure."""

from PySide6.QtWidgets import QFrame, QVBoxLayout

from studio_desktop.widgets.text import ElidedLabel, label


class Card(QFrame):
    """A framed surface; .column is its layout."""

    def __init__(self, padding: int = 16, spacing: int = 8) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(padding, padding, padding, padding)
        self.column.setSpacing(spacing)


class FigureCard(Card):
    """What it is, the figure, and a line below: "Receita bruta / R$ 84.423,92 / 326 pagamentos"."""

    def __init__(self, title: str) -> None:
        super().__init__(padding=20, spacing=4)
        self._title = label(title, "caption")
        self._figure = label("–", "figure")
        self._note = ElidedLabel("", "caption")
        for part in (self._title, self._figure, self._note):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self._speak()

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self._speak()

    def set_figure(self, figure: str, note: str = "") -> None:
        self._figure.setText(figure)
        self._note.set_whole(note)
        self._speak()

    def figure(self) -> str:
        return self._figure.text()

    def note(self) -> str:
        return self._note.whole()

    def _speak(self) -> None:
        words = (self._title.text(), self._figure.text(), self._note.whole())
        self.setAccessibleName(", ".join(word for word in words if word))
