"""The screen Payments."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QCoreApplication

from studio_core.ledger.models import METHODS
from studio_core.ledger.queries import PaymentFilter
from studio_core.people.queries import Artist
from studio_desktop.entries.screen import EntriesScreen
from studio_desktop.labels import method_label
from studio_desktop.screens.payments.columns import payments_model
from studio_desktop.screens.payments.detail import PaymentDetail
from studio_desktop.screens.payments.form import PaymentForm
from studio_desktop.screens.screen import ScreenContext
from studio_desktop.widgets.menu_chip import MenuChip


class PaymentsView(EntriesScreen):
    """Its own parts: chips for method and artist, the form, the detail."""

    def __init__(self, context: ScreenContext, today: Callable[[], date]) -> None:
        translate = QCoreApplication.translate
        title, new = translate("PaymentsView", "Payments"), translate("PaymentsView", "New payment")
        super().__init__(context, "payments", title, new, today, payments_model())
        theme = context.theme
        methods = [(code, method_label(code)) for code in METHODS]
        self.methods = self.add_chip(
            MenuChip(theme, self.tr("Method"), [(None, self.tr("Every method")), *methods])
        )
        self.artists = self.add_chip(
            MenuChip(theme, self.tr("Artist"), [(None, self.tr("Every artist"))])
        )
        self.form = PaymentForm(theme, context.runner, today, shows_commission=self.is_office)
        self.detail = PaymentDetail(
            theme, may_write=self.may_write, shows_commission=self.is_office
        )
        self.set_panel(self.form, self.detail, self.detail.foot)
        self._named: dict[str, int] = {}
        self._awaited = ""

    def set_artists(self, artists: Sequence[Artist]) -> None:
        named = [(one.id, one.name) for one in artists]
        self.artists.set_options([(None, self.tr("Every artist")), *named])
        self._named = {name: artist_id for artist_id, name in named}
        self._choose_awaited()
        self.form.set_artists(artists)

    def show_subject(self, subject: object) -> None:
        """A PaymentFilter: a month, a method, an artist by id or by name."""
        if isinstance(subject, PaymentFilter):
            self.months.choose(subject.month)
            self.methods.choose(subject.method)
            self.artists.choose(subject.artist_id)
            self._awaited = subject.search
            self._choose_awaited()

    def _choose_awaited(self) -> None:
        """The names of the artists may come after the wish to see one."""
        if self._awaited in self._named:
            self.artists.choose(self._named[self._awaited])
            self._awaited = ""

    def search_hint(self) -> str:
        return self.tr("Search client, artist or notes…")
