"""What is worth an alert, the list of alerts, and the panel."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from studio_core.alerts.policy import SlowQueryPolicy
from studio_desktop import formats
from studio_desktop.screens.administration.alerts.columns import alerts_model
from studio_desktop.screens.administration.alerts.detail import AlertDetail
from studio_desktop.screens.administration.alerts.settings_form import AlertSettingsForm
from studio_desktop.screens.administration.listing import ListSection
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button, TextButton
from studio_desktop.widgets.chips import ChipRow
from studio_desktop.widgets.text import label

ICON = 18


class SettingsLine(QWidget):
    """What holds now, in one sentence, and the way to change it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._picture = QLabel()
        self._picture.setFixedSize(QSize(ICON, ICON))
        self.words = label("", "quiet")
        self.change = TextButton(self.tr("Change"), "Ctrl+E")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.words)
        row.addWidget(self.change)
        theme.changed.connect(self._redraw)
        self._redraw()

    def show_settings(self, settings: SlowQueryPolicy) -> None:
        words = self.tr("Slow queries raise no alert.")
        if settings.enabled:
            words = self.tr("Queries that take longer than {n} ms raise an alert.")
            words = words.replace("{n}", formats.count(settings.threshold_ms))
        self.words.setText(words)

    @Slot()
    def _redraw(self) -> None:
        self._picture.setPixmap(self._theme.pixmap("clock", "text_2", ICON, self))


class AlertsSection(ListSection):
    """all_seen_wanted, undo_wanted: by button or key. settings_wanted: show the form."""

    all_seen_wanted = Signal()
    undo_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        name = QCoreApplication.translate("AlertsSection", "Alerts")
        super().__init__(theme, name, "check_circle", alerts_model(zone))
        self.see_all = Button(self.tr("Mark all as seen"), "Ctrl+Shift+A")
        self.see_all.clicked.connect(self.all_seen_wanted)
        self.buttons = (self.see_all,)
        self.settings_line = SettingsLine(theme)
        self.settings_line.change.clicked.connect(self.settings_wanted)
        self.chips = ChipRow(
            self.tr("Which alerts"),
            ((False, self.tr("All")), (True, self.tr("Unseen"))),
        )
        self.chips.chosen.connect(self.filters_changed)
        self.add_filter(self.chips)
        self._filters.addWidget(self.settings_line)
        self.detail = AlertDetail(theme, zone)
        self.form = AlertSettingsForm(theme)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.activated.connect(self.undo_wanted)

    def show_detail(self, title: str) -> None:
        self.show_in_panel(title, self.detail, self.detail.foot)

    def show_form(self) -> None:
        self.show_in_panel(self.tr("Slow queries"), self.form, self.form.foot)
        self.form.threshold.setFocus()

    def has_unsaved(self) -> bool:
        return self.form.is_edited()
