"""The two settings of the slow queries: whether they are told of, and what is slow."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from studio_core.alerts.policy import SlowQueryPolicy
from studio_core.config import LONGEST_THRESHOLD_MS
from studio_core.errors import RuleError, StudioError
from studio_core.settings.values import ALERT_QUERY_MS_THRESHOLD
from studio_desktop import formats
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.buttons import Button, PrimaryButton
from studio_desktop.widgets.form import Field, Form
from studio_desktop.widgets.inputs import LineEdit
from studio_desktop.widgets.notice import Notice
from studio_desktop.widgets.text import label


class AlertSettingsForm(QWidget):
    """save_wanted: by the button, Ctrl+Enter, or Enter in the field. closing_wanted: Cancel.
    .foot goes into the panel's foot."""

    save_wanted = Signal()
    closing_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._stored = SlowQueryPolicy(True, ALERT_QUERY_MS_THRESHOLD.default)
        self.notice = Notice(theme)
        self.switch = QCheckBox(self.tr("Raise an alert for slow queries"))
        self.switch.toggled.connect(self._on_switched)
        explained = label(
            self.tr("It holds on every desk and on the server at once, without a restart."),
            "caption",
            wrap=True,
        )
        self.threshold = LineEdit("1000", max_length=12)
        self._field = Field(
            theme,
            self.tr("Limit in milliseconds"),
            self.threshold,
            self.tr("1000 are one second. A computer's own .env may set another limit."),
            required=True,
        )
        self._form = Form()
        self._form.add("threshold", self._field)
        self._form.submitted.connect(self.save_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 8, 20, 16)
        column.setSpacing(16)
        column.addWidget(self.notice)
        switch = QVBoxLayout()
        switch.setSpacing(4)
        switch.addWidget(self.switch)
        switch.addWidget(explained)
        column.addLayout(switch)
        column.addWidget(self._form)
        column.addStretch(1)
        self.foot = QWidget()
        self.save = PrimaryButton(self.tr("Save"), "Ctrl+Return")
        self.cancel = Button(self.tr("Cancel"))
        self.save.clicked.connect(self.save_wanted)
        self.cancel.clicked.connect(self.closing_wanted)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.save)
        self.fill(self._stored)

    def stored(self) -> SlowQueryPolicy:
        """What the form was filled with."""
        return self._stored

    def fill(self, settings: SlowQueryPolicy) -> None:
        self._stored = settings
        self.switch.setChecked(settings.enabled)
        self.threshold.setText(str(settings.threshold_ms))
        self._field.set_error(None)
        self.notice.hide()
        self._on_switched(settings.enabled)

    def go_on_from(self, settings: SlowQueryPolicy, sentence: str) -> None:
        """settings: what is stored now. What was typed stays."""
        self._stored = settings
        self.notice.say(sentence, "warning")

    def typed(self) -> SlowQueryPolicy | None:
        """None, with the field saying why, for what is no number of milliseconds.

        The limit of alerts that are off is not looked at and stays as it is stored.
        """
        if not self.switch.isChecked():
            self._field.set_error(None)
            return SlowQueryPolicy(False, self._stored.threshold_ms)
        text = self.threshold.value().replace(".", "").replace("\N{NO-BREAK SPACE}", "")
        if not text.isdecimal() or not 1 <= int(text) <= LONGEST_THRESHOLD_MS:
            words = self.tr("Type a whole number from 1 to {limit}.")
            self._field.set_error(words.replace("{limit}", formats.count(LONGEST_THRESHOLD_MS)))
            self.threshold.setFocus()
            return None
        self._field.set_error(None)
        return SlowQueryPolicy(True, int(text))

    def is_edited(self) -> bool:
        same = self.switch.isChecked() == self._stored.enabled
        return not same or self.threshold.value() != str(self._stored.threshold_ms)

    def error(self) -> str:
        return self._field.error()

    def set_saving(self, saving: bool) -> None:
        for part in (self.switch, self.threshold, self.save, self.cancel):
            part.setEnabled(not saving)
        if not saving:
            self._on_switched(self.switch.isChecked())

    def show_refusal(self, error: StudioError, sentence: str) -> None:
        if isinstance(error, RuleError) and error.code == "bad_setting":
            self._field.set_error(sentence)
            self.threshold.setFocus()
        else:
            self.notice.say(sentence, "danger")

    @Slot(bool)
    def _on_switched(self, on: bool) -> None:
        self.threshold.setEnabled(on)
