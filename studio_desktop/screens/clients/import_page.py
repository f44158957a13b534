"""What a file of clients would bring, in the side panel, before anything is imported."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_core.clients.csv_import import CsvLine, CsvPreview
from studio_core.errors import RuleError
from studio_desktop import formats
from studio_desktop.screens.clients.words import field_label
from studio_desktop.sentences import sentence_of
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button, PrimaryButton
from studio_desktop.widgets.facts import Facts
from studio_desktop.widgets.notice import Notice
from studio_desktop.widgets.text import label, line

SHOWN_LINES = 50


class ImportPage(QWidget):
    """import_wanted, other_wanted: its buttons, which go into the panel's foot as .foot."""

    import_wanted = Signal()
    other_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._preview: CsvPreview | None = None
        self.notice = Notice(theme)
        self._facts = Facts()
        self._rule = line()
        self._wrong = label("", "strong")
        self._lines = label("", wrap=True)
        self.foot = QWidget()
        self.other = Button(self.tr("Choose another file"))
        self.save = PrimaryButton("")
        self.other.clicked.connect(self.other_wanted)
        self.save.clicked.connect(self._on_save)
        buttons = QHBoxLayout(self.foot)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(8)
        buttons.addWidget(self.other)
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 8, 20, 16)
        column.setSpacing(16)
        for part in (self.notice, self._facts, self._rule, self._wrong, self._lines):
            column.addWidget(part)
        column.addStretch(1)

    def preview(self) -> CsvPreview | None:
        return self._preview

    def show_reading(self, name: str) -> None:
        """While the file is read."""
        self._preview = None
        self._facts.show_facts(((self.tr("File"), name),))
        self._show_wrong("", "")
        self.notice.hide()
        self.set_locked(True)
        self.save.set_words(self.tr("Reading…"))

    def show_preview(self, preview: CsvPreview) -> None:
        self._preview = preview
        good, bad = len(preview.good), preview.bad
        unused = [column for column, field in preview.columns if field is None]
        used = [field_label(field) for _, field in preview.columns if field is not None]
        self._facts.show_facts(
            (
                (self.tr("File"), preview.name),
                (self.tr("New clients"), formats.count(good)),
                (self.tr("Columns"), ", ".join(used)),
                (self.tr("Not imported"), ", ".join(unused)),
            )
        )
        shown = "\n".join(self._words(one) for one in bad[:SHOWN_LINES])
        more = len(bad) - SHOWN_LINES
        if more > 0:
            rest = self.tr("… and {count} more").replace("{count}", formats.count(more))
            shown = f"{shown}\n{rest}"
        self._show_wrong(self._count_words(len(bad)), shown)
        self.set_locked(False)
        self.save.setEnabled(good > 0)
        self.save.set_words(self._action_words(good, left_out=bool(bad)))

    def show_problem(self, sentence: str) -> None:
        self.notice.say(sentence, "danger")
        self.set_locked(False)
        self.save.setEnabled(self._preview is not None)
        if self._preview is None:
            self.save.set_words(self.tr("Import"))

    def set_locked(self, locked: bool) -> None:
        for button in (self.other, self.save):
            button.setEnabled(not locked)

    def lines(self) -> str:
        """What is wrong, a line each."""
        return self._lines.text()

    def _show_wrong(self, title: str, lines: str) -> None:
        self._wrong.setText(title)
        self._lines.setText(lines)
        for part in (self._rule, self._wrong, self._lines):
            part.setVisible(bool(lines))

    def _words(self, one: CsvLine) -> str:
        found = "; ".join(
            sentence_of(RuleError(finding.code, **finding.params)) for finding in one.findings
        )
        words = self.tr("Line {number}: {findings}")
        return words.replace("{number}", str(one.number)).replace("{findings}", found)

    def _count_words(self, bad: int) -> str:
        if bad == 1:
            return self.tr("1 line is left out")
        return self.tr("{count} lines are left out").replace("{count}", formats.count(bad))

    def _action_words(self, good: int, *, left_out: bool) -> str:
        words = self.tr("Import the other {count}") if left_out else self.tr("Import {count}")
        return words.replace("{count}", formats.count(good))

    @Slot()
    def _on_save(self) -> None:
        if self._preview is not None:
            self.import_wanted.emit()
