"""One sans family, in the sizes and weights of the tokens, with figures of one width."""

from typing import Literal

from PySide6.QtGui import QFont, QFontDatabase

from studio_desktop.theme.tokens import Tokens

TextStyle = Literal["caption", "body", "strong", "section", "title", "figure"]

_WEIGHTS = {
    "caption": QFont.Weight.Normal,
    "body": QFont.Weight.Normal,
    "strong": QFont.Weight.DemiBold,
    "section": QFont.Weight.DemiBold,
    "title": QFont.Weight.DemiBold,
    "figure": QFont.Weight.DemiBold,
}
_TABULAR = QFont.Tag("tnum")


def family() -> str:
    """Inter where it is installed, else the family of the desktop."""
    if "Inter" in QFontDatabase.families():
        return "Inter"
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


def font_of(tokens: Tokens, style: TextStyle, *, strong: bool = False) -> QFont:
    """strong: semibold, whatever the style's own weight."""
    font = QFont(family())
    font.setPixelSize(tokens.type_px[style])
    font.setWeight(QFont.Weight.DemiBold if strong else _WEIGHTS[style])
    font.setFeature(_TABULAR, 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
