"""Where the files that are no Python stand: icons, themes, translations, migrations.

An installed wheel and a PyInstaller bundle carry them in `_shipped` beside this module; a checkout
has them at its top.
"""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Path of something below resources/, for example resource("i18n", "pt_BR.qm")."""
    return _shipped_or_checkout("resources", _HERE).joinpath(*parts)


def alembic_dir() -> Path:
    """The folder with env.py and versions/."""
    return _shipped_or_checkout("alembic", _HERE)


def _shipped_or_checkout(name: str, here: Path) -> Path:
    shipped = here / "_shipped" / name
    return shipped if shipped.is_dir() else here.parent / name
