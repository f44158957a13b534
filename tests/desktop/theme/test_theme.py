"""One tokens file; readable in both themes; no colour anywhere else."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import studio_desktop
from studio_core.resources import resource
from studio_desktop.theme.theme import Mode, Theme
from studio_desktop.theme.tokens import Colours, load_tokens

PAIRS = [
    ("text", "surface", 7.0),
    ("text", "accent_weak", 7.0),
    ("text_2", "surface_2", 4.5),
    ("text_3", "surface", 4.5),
    ("accent", "surface", 4.5),
    ("on_accent", "accent", 4.5),
    ("on_accent", "danger", 4.5),
    ("success", "success_weak", 4.5),
    ("warning", "warning_weak", 4.5),
    ("danger", "danger_weak", 4.5),
]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    "colours", [load_tokens().light, load_tokens().dark], ids=["light", "dark"]
)
def test_words_can_be_read_on_their_grounds(colours: Colours) -> None:
    for ink, ground, least in PAIRS:
        assert _contrast(colours[ink], colours[ground]) >= least, (ink, ground)
    for artist in colours.artists:
        assert _contrast(artist, colours.surface) >= 3, artist


def test_no_colour_stands_outside_of_the_tokens() -> None:
    folder = Path(studio_desktop.__file__).parent
    written = [
        f"{path.name}: {match[0]}"
        for path in [*folder.rglob("*.py"), resource("theme", "studio.qss")]
        for match in re.finditer(r"#[0-9A-Fa-f]{6}\b|\brgba?\(", path.read_text("utf-8"))
    ]
    assert written == []


def test_the_theme_changes_in_place(qtbot: QtBot, theme: Theme) -> None:
    label = QLabel("x")
    qtbot.addWidget(label)
    light = label.palette().window().color().name().upper()
    with qtbot.waitSignal(theme.changed):
        theme.set_mode("dark")
    assert light == theme.tokens.light.bg
    assert theme.colour("bg").name().upper() == theme.tokens.dark.bg


def test_every_icon_can_be_drawn(qtbot: QtBot, theme: Theme) -> None:
    for name in theme.icons.names():
        picture = theme.icons.pixmap(name, theme.colours.text, 20, 2.0).toImage()
        assert picture.width() == 40
        seen = any(picture.pixelColor(x, y).alpha() for x in range(40) for y in range(40))
        assert seen, name


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_an_icon_that_cannot_be_pressed_is_pale(qtbot: QtBot, theme: Theme, mode: Mode) -> None:
    theme.set_mode(mode)
    icon, size = theme.icon("chevron_right"), QSize(18, 18)
    strong, pale = (
        _opacity(icon.pixmap(size, 1.0, state))
        for state in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    )
    assert 0 < pale < strong / 2


def _opacity(pixmap: QPixmap) -> int:
    """That of its strongest point; Qt's own picture of a disabled icon is as strong as the icon."""
    image = pixmap.toImage()
    return max(
        image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height())
    )
