"""The tokens file, read once: colours of both themes and the measures."""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from studio_core.resources import resource


@dataclass(frozen=True)
class Colours:
    """One theme. Every value is #RRGGBB; LOOKS says what each is for."""

    bg: str
    surface: str
    surface_2: str
    border: str
    text: str
    text_2: str
    text_3: str
    accent: str
    on_accent: str
    accent_weak: str
    success: str
    success_weak: str
    warning: str
    warning_weak: str
    danger: str
    danger_weak: str
    focus: str
    shadow: str
    artists: tuple[str, ...]

    def __getitem__(self, token: str) -> str:
        """The colour of a token named at run time, such as a badge's tone."""
        value: str = getattr(self, token)
        return value


@dataclass(frozen=True)
class Tokens:
    """Everything a widget may measure or colour itself with. Lengths are logical pixels."""

    light: Colours
    dark: Colours
    space: tuple[int, ...]
    radius: dict[str, int]
    type_px: dict[str, int]
    control_height: int
    row_height: int
    compact_row_height: int
    header_height: int
    rail_width: int
    rail_collapsed: int
    rail_item_height: int
    top_bar_height: int
    panel_width: int


def load_tokens(path: Path | None = None) -> Tokens:
    """Raises KeyError or TypeError on a file that misses a token."""
    source = path or resource("theme", "tokens.json")
    content: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    rest = {field.name: content[field.name] for field in fields(Tokens)}
    rest["light"], rest["dark"] = _colours(content["light"]), _colours(content["dark"])
    rest["space"] = tuple(content["space"])
    return Tokens(**rest)


def _colours(content: dict[str, Any]) -> Colours:
    return Colours(**{**content, "artists": tuple(content["artists"])})
