"""What one person of this computer likes, kept between starts. Nothing secret."""

from PySide6.QtCore import QByteArray, QSettings

from studio_desktop.theme.theme import Mode, as_mode

ORGANISATION, APPLICATION = "tattoo-studio", "studio-desktop"


class Preferences:
    """Every value has a sensible answer when nothing was kept."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, ORGANISATION, APPLICATION
        )

    @property
    def theme(self) -> Mode:
        return as_mode(self._store.value("theme"))

    @theme.setter
    def theme(self, mode: Mode) -> None:
        self._store.setValue("theme", mode)

    @property
    def language(self) -> str | None:
        """A code of languages.LANGUAGES, or None to follow the system."""
        value = self._store.value("language")
        return value if isinstance(value, str) and value else None

    @language.setter
    def language(self, code: str) -> None:
        self._store.setValue("language", code)

    @property
    def rail_folded(self) -> bool:
        return self._store.value("rail_folded") in (True, "true")

    @rail_folded.setter
    def rail_folded(self, folded: bool) -> None:
        self._store.setValue("rail_folded", folded)

    @property
    def last_email(self) -> str:
        value = self._store.value("last_email")
        return value if isinstance(value, str) else ""

    @last_email.setter
    def last_email(self, email: str) -> None:
        self._store.setValue("last_email", email)

    @property
    def signs_in_with_google(self) -> bool:
        """How whoever was here last came in."""
        return self._store.value("signs_in_with_google") in (True, "true")

    @signs_in_with_google.setter
    def signs_in_with_google(self, with_google: bool) -> None:
        self._store.setValue("signs_in_with_google", with_google)

    @property
    def geometry(self) -> QByteArray | None:
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("geometry", geometry)
