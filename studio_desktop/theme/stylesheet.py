"""The style sheet: resources/theme/studio.qss with every @token filled in."""

import re
from pathlib import Path

from studio_core.resources import resource
from studio_desktop.theme.icons import IconLoader
from studio_desktop.theme.tokens import Colours, Tokens

_PLACEHOLDER = re.compile(r"@([a-z][a-z0-9_]*)")
_PICTURE = re.compile(r"icon\(([a-z_]+), ([a-z0-9_]+)\)")


def stylesheet(tokens: Tokens, colours: Colours, icons: IconLoader, picture_folder: str) -> str:
    """Raises KeyError for a placeholder that is no token."""
    template = resource("theme", "studio.qss").read_text(encoding="utf-8")

    def picture(match: re.Match[str]) -> str:
        name, token = match.groups()
        colour = colours[token]
        path = Path(picture_folder) / f"{name}_{colour.removeprefix('#')}.svg"
        if not path.exists():
            path.write_text(icons.source(name, colour), encoding="utf-8")
        return f'url("{path.as_posix()}")'

    values = _values(tokens, colours)
    return _PLACEHOLDER.sub(lambda match: values[match.group(1)], _PICTURE.sub(picture, template))


def _values(tokens: Tokens, colours: Colours) -> dict[str, str]:
    values = {name: value for name, value in vars(colours).items() if isinstance(value, str)}
    values |= {f"radius_{name}": f"{px}px" for name, px in tokens.radius.items()}
    values |= {f"type_{name}": f"{px}px" for name, px in tokens.type_px.items()}
    # The border of 1 px stands outside of what a style sheet calls the height.
    values["control_inner"] = f"{tokens.control_height - 2}px"
    return values
