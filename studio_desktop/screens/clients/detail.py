"""One client to look at, in the side panel."""

from collections.abc import Callable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_core.clients.queries import ClientDetail, HistoryLine
from studio_core.clients.rules import phone_shown
from studio_desktop import formats
from studio_desktop.screens.clients.flags import FlagSection
from studio_desktop.screens.clients.history import HistoryLines
from studio_desktop.screens.clients.typed import instagram_shown
from studio_desktop.screens.clients.words import age_words, field_label, session_count
from studio_desktop.theme.theme import Theme
from studio_desktop.widgets.avatar import Avatar
from studio_desktop.widgets.badge import BadgeLabel
from studio_desktop.widgets.buttons import Button
from studio_desktop.widgets.facts import Facts
from studio_desktop.widgets.text import label, line


class ClientPanel(QWidget):
    """edit_wanted: of the client shown. .foot goes below, into the panel's own."""

    edit_wanted = Signal()

    def __init__(
        self, theme: Theme, zone: ZoneInfo, today: Callable[[], date], *, may_write: bool
    ) -> None:
        super().__init__()
        self._zone, self._today = zone, today
        self._detail: ClientDetail | None = None
        self._avatar = Avatar(theme)
        self._known_as = label("", wrap=True)
        self._since = label("", "caption")
        self._whatsapp = BadgeLabel(theme)
        self._facts = Facts()
        self.flags = FlagSection(theme, may_write=may_write)
        self._sums = label("", "caption")
        self._nothing = label(self.tr("Nothing yet."), "quiet")
        self.history = HistoryLines(theme)
        self.foot = QWidget()
        self.edit = Button(self.tr("Edit"), "Ctrl+E")
        self.edit.clicked.connect(self.edit_wanted)
        buttons = QHBoxLayout(self.foot)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.addWidget(self.edit)
        buttons.addStretch(1)
        self._lay_out()

    def detail(self) -> ClientDetail | None:
        return self._detail

    def show_detail(self, detail: ClientDetail) -> None:
        if self._detail is None or self._detail.id != detail.id:
            self.flags.close_form()
        self._detail = detail
        self._avatar.show_name(detail.shown_name)
        self._known_as.setText(self._legal_name(detail))
        self._known_as.setVisible(bool(detail.social_name))
        self._since.setText(self._since_words(detail))
        opted_in = self.tr("WhatsApp allowed") if detail.whatsapp_opt_in else ""
        self._whatsapp.set_badge(opted_in, "success")
        self._facts.show_facts(self._facts_of(detail))
        self.flags.show_flags(detail.flags)
        total = formats.money(detail.total) if detail.total is not None else ""
        self._sums.setText(formats.summary((session_count(detail.sessions), total)))

    def show_history(self, lines: Sequence[HistoryLine]) -> None:
        self.history.show_lines(lines)
        self._nothing.setVisible(not lines)

    def facts(self) -> tuple[tuple[str, str], ...]:
        return self._facts.facts()

    def _facts_of(self, detail: ClientDetail) -> tuple[tuple[str, str], ...]:
        born = detail.birth_date
        age = age_words(born, self._today()) if born is not None else ""
        day = formats.day(born) if born is not None else ""
        return (
            (field_label("phone"), phone_shown(detail.phone) if detail.phone else ""),
            (field_label("email"), detail.email or ""),
            (field_label("cpf"), _covered(detail.cpf) if detail.cpf else ""),
            (field_label("birth_date"), formats.summary((day, age))),
            (
                field_label("instagram"),
                instagram_shown(detail.instagram) if detail.instagram else "",
            ),
            (field_label("address"), detail.address or ""),
            (field_label("notes"), detail.notes or ""),
        )

    def _legal_name(self, detail: ClientDetail) -> str:
        return self.tr("Registered as {name}").replace("{name}", detail.name)

    def _since_words(self, detail: ClientDetail) -> str:
        entered = detail.created_at.astimezone(self._zone)
        month = formats.month(entered.year, entered.month)
        return self.tr("client since {month}").replace("{month}", month)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._known_as)
        words.addWidget(self._since)
        words.addWidget(self._whatsapp, 0, Qt.AlignmentFlag.AlignLeft)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        history_head = QHBoxLayout()
        history_head.addWidget(label(self.tr("History"), "strong"), 1)
        history_head.addWidget(self._sums)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 4, 20, 16)
        column.setSpacing(16)
        column.addLayout(head)
        column.addWidget(self.flags)
        column.addWidget(line())
        column.addWidget(self._facts)
        column.addWidget(line())
        past = QVBoxLayout()
        past.setSpacing(8)
        past.addLayout(history_head)
        past.addWidget(self._nothing)
        past.addWidget(self.history)
        column.addLayout(past)
        column.addStretch(1)


def _covered(cpf: str) -> str:
    """Only the check digits: the panel stands open on a desk that clients see."""
    return f"•••.•••.•••-{cpf[9:]}"
