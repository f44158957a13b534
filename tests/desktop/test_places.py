"""Where the studio's data is: asked once."""

from pathlib import Path

import pytest

from studio_core.errors import ConfigError
from studio_desktop.places import Place, given, known_place, remember


def test_a_choice_is_remembered(tmp_path: Path) -> None:
    file = tmp_path / "new" / "desktop.toml"
    assert known_place({}, (file,)) is None
    remember(Place("local"), file)
    assert known_place({}, (file,)) == Place("local")


def test_it_comes_before_a_file_and_loses_its_password(tmp_path: Path) -> None:
    file = tmp_path / "desktop.toml"
    remember(Place("demo"), file)
    place = known_place({"DATABASE_URL": "postgres://ana:secret@localhost/tattoo_studio"}, (file,))
    assert place == Place("server", "postgresql://localhost:5432/tattoo_studio")


def test_the_persons_file_comes_before_the_computers(tmp_path: Path) -> None:
    own, site = tmp_path / "own.toml", tmp_path / "site.toml"
    remember(Place("demo"), site)
    assert known_place({}, (own, site)) == Place("demo")
    remember(Place("local"), own)
    assert known_place({}, (own, site)) == Place("local")


def test_a_spoilt_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "desktop.toml"
    file.write_text("place = [", encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        known_place({}, (file,))
    assert refused.value.params["path"] == file


def test_other_values_stand_beside_the_place(tmp_path: Path) -> None:
    own, site = tmp_path / "own.toml", tmp_path / "site.toml"
    remember(Place("demo"), own)
    site.write_text('place = "local"\ngoogle_client_id = " c "\nnumber = 3\n', encoding="utf-8")

    assert given("google_client_id", (own, site)) == "c"
    assert given("number", (own, site)) is None
    assert given("google_client_secret", (own, site, tmp_path / "none.toml")) is None
