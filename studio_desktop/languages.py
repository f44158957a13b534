"""English in the source, Brazilian Portuguese in a translation; chosen by locale or by hand."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from studio_core.resources import resource

LANGUAGES = {"en": "English", "pt_BR": "Português (Brasil)"}
_LOCALES = {"en": QLocale("en_GB"), "pt_BR": QLocale("pt_BR")}


def system_language() -> str:
    """pt_BR for every Portuguese, English for everybody else."""
    portuguese = QLocale.system().language() == QLocale.Language.Portuguese
    return "pt_BR" if portuguese else "en"


class Languages:
    """Keeps the translators of the language in force. Without its .qm file a text is English."""

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self._installed: list[QTranslator] = []
        self.code = "en"

    def use(self, code: str) -> bool:
        """Whether our own translation was found; widgets made afterwards speak it."""
        self.code = code if code in LANGUAGES else "en"
        for translator in self._installed:
            self._app.removeTranslator(translator)
        self._installed.clear()
        QLocale.setDefault(_LOCALES[self.code])
        if self.code == "en":
            return True
        qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        self._install(f"qtbase_{self.code}", qt)
        return self._install(self.code, str(resource("i18n")))

    def _install(self, name: str, folder: str) -> bool:
        translator = QTranslator(self._app)
        if not translator.load(name, folder):
            return False
        self._installed.append(translator)
        return self._app.installTranslator(translator)
