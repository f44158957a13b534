"""Files that are no Python are found from a checkout and from an installed program."""

from pathlib import Path

from studio_core import resources
from studio_core.resources import alembic_dir, resource

_TOP = Path(__file__).resolve().parents[2]


def test_checkout_has_them_at_its_top() -> None:
    assert resource("i18n") == _TOP / "resources" / "i18n"
    assert alembic_dir() == _TOP / "alembic"


def test_installed_program_carries_them_beside_the_core(tmp_path: Path) -> None:
    shipped = tmp_path / "studio_core" / "_shipped" / "resources"
    shipped.mkdir(parents=True)

    found = resources._shipped_or_checkout("resources", tmp_path / "studio_core")

    assert found == shipped
