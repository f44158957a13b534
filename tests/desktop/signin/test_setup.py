"""Where signing in with Google is set up: the environment, or the file that IT brings."""

from pathlib import Path

import pytest

from studio_core.config import Settings
from studio_core.errors import ConfigError
from studio_desktop.signin.google.setup import google_setup, tell_oauthlib

SITE = """
place = "server"
database_url = "postgresql://studio.example/tattoo_studio"
studio_server_url = "https://studio.example:5000/"
google_client_id = "client.apps.googleusercontent.example"
google_client_secret = "of-an-installed-client"
"""


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    file = tmp_path / "desktop.toml"
    file.write_text(SITE, encoding="utf-8")
    return file


def _settings(**values: str) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]  # as an environment has them


def test_without_server_or_client_there_is_no_google() -> None:
    assert google_setup(_settings(), ()) is None
    assert google_setup(_settings(google_client_id="c"), ()) is None
    assert google_setup(_settings(studio_server_url="https://studio.example"), ()) is None


def test_the_site_file_is_enough(site_file: Path) -> None:
    setup = google_setup(_settings(), (site_file,))

    assert setup is not None
    assert setup.server_url == "https://studio.example:5000"
    assert setup.client_id == "client.apps.googleusercontent.example"
    assert setup.client_secret == "of-an-installed-client"
    assert setup.token_url == "https://oauth2.googleapis.com/token"
    assert "of-an-installed-client" not in repr(setup)


def test_the_environment_comes_before_the_file(site_file: Path) -> None:
    changed = _settings(studio_server_url="http://127.0.0.1:5000", google_client_secret="other")
    setup = google_setup(changed, (site_file,))

    assert setup is not None
    assert (setup.server_url, setup.client_secret) == ("http://127.0.0.1:5000", "other")


def test_what_leaves_the_computer_is_encrypted(tmp_path: Path) -> None:
    file = tmp_path / "desktop.toml"
    file.write_text(SITE.replace("https://studio", "http://studio"), encoding="utf-8")

    with pytest.raises(ConfigError) as refused:
        google_setup(_settings(), (file,))
    assert refused.value.params["name"] == "STUDIO_SERVER_URL"


@pytest.mark.parametrize("name", ["google_auth_url", "google_token_url", "google_revoke_url"])
def test_tokens_go_over_plain_http_in_development_alone(site_file: Path, name: str) -> None:
    plain = {name: "http://127.0.0.1:9/"}
    with pytest.raises(ConfigError) as refused:
        google_setup(_settings(**plain), (site_file,))
    assert refused.value.params["name"] == name.upper()

    allowed = plain | {"studio_env": "development", "oauthlib_insecure_transport": "1"}
    assert google_setup(_settings(**allowed), (site_file,)) is not None


def test_the_library_hears_what_the_settings_say() -> None:
    """It reads the environment alone, and takes "false" for yes."""
    environment = {"OAUTHLIB_INSECURE_TRANSPORT": "false", "OAUTHLIB_RELAX_TOKEN_SCOPE": "0"}
    tell_oauthlib(_settings(), environment)
    assert environment == {}

    loose = _settings(studio_env="development", oauthlib_relax_token_scope="true")
    tell_oauthlib(loose, environment)
    assert environment == {"OAUTHLIB_RELAX_TOKEN_SCOPE": "1"}


def test_a_spoilt_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "desktop.toml"
    file.write_text("studio_server_url = ", encoding="utf-8")

    with pytest.raises(ConfigError) as refused:
        google_setup(_settings(), (file,))
    assert refused.value.params["path"] == file
