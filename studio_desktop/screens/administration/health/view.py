"""The verdict as a headline, then what was found of each subject."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from studio_core.extrato.health import SUBJECTS, Condition, Level, worst
from studio_core.extrato.health_reports import Report
from studio_desktop.models.columns import Tone
from studio_desktop.screens.administration.health.timeline import Timeline
from studio_desktop.screens.administration.health.words import (
    ICONS,
    TONES,
    condition_words,
    is_old,
    level_badge,
    looked_words,
    subject_words,
    verdict_words,
)
from studio_desktop.screens.administration.section import Section
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.badge import BadgeLabel
from studio_desktop.widgets.buttons import PrimaryButton
from studio_desktop.widgets.card import Card
from studio_desktop.widgets.empty import EmptyState
from studio_desktop.widgets.notice import Notice
from studio_desktop.widgets.text import label, line

ICON, SMALL_ICON = 32, 16
NAME_WIDTH = 200
_REPORT, _BLANK = 1, 2
"""Pages of the section; nothing is shown until somebody answered."""


class _Picture(QLabel):
    """The sign of a level, in its colour whatever the theme."""

    def __init__(self, theme: Theme, level: Level, size: int) -> None:
        super().__init__()
        self._theme, self._level, self._size = theme, level, size
        self.setFixedSize(size, size)
        theme.changed.connect(self._redraw)
        self._redraw()

    def set_level(self, level: Level) -> None:
        self._level = level
        self._redraw()

    @Slot()
    def _redraw(self) -> None:
        token = TONES[self._level]
        self.setPixmap(self._theme.pixmap(ICONS[self._level], token, self._size, self))


class VerdictCard(Card):
    """One look at a glance, and the looks before it."""

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__(padding=20, spacing=12)
        self._zone = zone
        self._picture = _Picture(theme, "ok", ICON)
        self.headline = label("", "title")
        self.looked = label("", "quiet", wrap=True)
        self._timeline = Timeline(theme, zone)
        self._busy = QProgressBar()
        self._busy.setTextVisible(False)
        self._busy.setFixedHeight(6)
        self._busy.setRange(0, 0)
        self._busy.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.headline)
        words.addWidget(self.looked)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self._timeline, 0, Qt.AlignmentFlag.AlignVCenter)
        self.column.addLayout(row)
        self.column.addWidget(self._busy)

    def show_reports(self, reports: Sequence[Report]) -> None:
        """reports: newest first, at least one."""
        newest = reports[0]
        self._picture.set_level(newest.level)
        self.headline.setText(verdict_words(newest))
        self.looked.setText(looked_words(newest, self._zone))
        self.setAccessibleName(f"{self.headline.text()}. {self.looked.text()}")
        self._timeline.show_reports(reports)

    def set_busy(self, words: str) -> None:
        """words: who is looking now; empty for nobody."""
        self._busy.setVisible(bool(words))
        self._busy.setAccessibleName(words)
        if words:
            self.looked.setText(words)


class SubjectsCard(Card):
    """A line a subject: its name, what was found, and how it is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(padding=0, spacing=0)
        self._theme = theme
        self._shown: int | None = None

    def show_report(self, report: Report) -> None:
        if report.id == self._shown:
            return
        self._shown = report.id
        while (item := self.column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        found = [(subject, report.of_subject(subject)) for subject in SUBJECTS]
        present = [(subject, conditions) for subject, conditions in found if conditions]
        for number, (subject, conditions) in enumerate(present):
            if number:
                self.column.addWidget(line())
            self.column.addWidget(self._subject(subject, conditions))

    def _subject(self, subject: str, conditions: Sequence[Condition]) -> QWidget:
        made = QWidget()
        name = label(subject_words(subject), "strong")
        name.setFixedWidth(NAME_WIDTH)
        badge = level_badge(worst(conditions))
        sentences = QVBoxLayout()
        sentences.setSpacing(6)
        # What needs somebody comes before what is well.
        order = {"bad": 0, "warning": 1, "ok": 2}
        told = sorted(conditions, key=lambda condition: order[condition.level])
        for condition in told:
            sentences.addLayout(self._sentence(condition))
        row = QHBoxLayout(made)
        row.setContentsMargins(20, 14, 20, 14)
        row.setSpacing(16)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(name, 0, top)
        row.addLayout(sentences, 1)
        row.addWidget(BadgeLabel(self._theme, badge.text, badge.tone), 0, top)
        spoken = " ".join(condition_words(condition) for condition in told)
        made.setAccessibleName(f"{subject_words(subject)}: {badge.text}. {spoken}")
        return made

    def _sentence(self, condition: Condition) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        picture = _Picture(self._theme, condition.level, SMALL_ICON)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        words = label(
            condition_words(condition), "quiet" if condition.level == "ok" else "body", wrap=True
        )
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(words, 1)
        return row


class HealthSection(Section):
    """look_wanted: the button, or the one under an empty section."""

    look_wanted = Signal()

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self.look_button = PrimaryButton(self.tr("Look again"), "Ctrl+R")
        self.look_button.clicked.connect(self.look_wanted)
        self.buttons = (self.look_button,)
        self.verdict = VerdictCard(theme, zone)
        self.notice = Notice(theme)
        self.subjects = SubjectsCard(theme)
        self.empty = EmptyState(theme, "shield")
        self.empty.wanted.connect(self.look_wanted)
        self._busy = ""
        self._said: tuple[str, Tone] | None = None
        self._reports: tuple[Report, ...] = ()
        page = QWidget()
        page.setProperty("look", "page")
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(16)
        for part in (self.verdict, self.notice, self.subjects):
            inside.addWidget(part)
        inside.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName(self.tr("Health"))
        self._area.viewport().setAutoFillBackground(False)
        self._area.setWidget(page)
        blank = Card()
        blank.column.addWidget(self.empty)
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        for page_shown in (QWidget(), self._area, blank):
            self._pages.addWidget(page_shown)

    def show_reports(self, reports: Sequence[Report], now: datetime) -> None:
        """reports: newest first."""
        self._reports = tuple(reports)
        self._pages.setCurrentIndex(_REPORT if reports else _BLANK)
        if not reports:
            self._show_nothing()
            return
        self.verdict.show_reports(reports)
        self.subjects.show_report(reports[0])
        self.verdict.set_busy(self._busy)
        if self._said is not None:
            self.notice.say(*self._said)
        elif is_old(reports[0], now) and not self._busy:
            self.notice.say(
                self.tr(
                    "Nobody has looked for more than a day. Is studio-jobs serve running on the "
                    "server?"
                ),
                "warning",
            )
        else:
            self.notice.hide()

    def reports(self) -> tuple[Report, ...]:
        return self._reports

    def set_busy(self, words: str) -> None:
        """words: who is looking now, or being waited for; empty for nobody."""
        self._busy = words
        self.look_button.setEnabled(not words)
        if words:
            self._said = None
            self.notice.hide()
        if self._reports:
            self.verdict.show_reports(self._reports)
            self.verdict.set_busy(words)
        else:
            self._show_nothing()

    def say(self, sentence: str, tone: Tone) -> None:
        """Why nothing new came; stays until somebody looks again."""
        self._said = sentence, tone
        if self._reports:
            self.notice.say(sentence, tone)
        else:
            self._pages.setCurrentIndex(_BLANK)
            self._show_nothing()

    def focus_list(self) -> None:
        self._area.setFocus()

    def _show_nothing(self) -> None:
        if self._busy:
            self.empty.set_words(self._busy, None, "shield")
        elif self._said is not None:
            self.empty.set_words(self._said[0], self.tr("Look again"), "alert")
        else:
            words = self.tr("Nobody has looked at the studio's health yet.")
            self.empty.set_words(words, self.tr("Look now"), "shield")
