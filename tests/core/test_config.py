"""Settings from the environment and from a file: defaults, precedence, and what is refused how."""

import logging
from pathlib import Path

import pytest

from studio_core.config import Settings, load_settings, setting_names
from studio_core.errors import ConfigError


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)


def _load(folder: Path, text: str) -> Settings:
    file = folder / ".env"
    file.write_text(text, encoding="utf-8")
    return load_settings(file)


def _refusal(folder: Path, text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        _load(folder, text)
    return caught.value


def test_without_any_variable_the_defaults_are_the_careful_ones() -> None:
    settings = load_settings(None)

    assert settings.studio_env == "production"
    assert settings.batch_size == 100
    assert settings.extrato_require_backup is True
    assert settings.zone.key == "America/Sao_Paulo"
    assert settings.postgres_user == "admin"
    assert settings.postgres_db == "tattoo_studio"
    assert settings.backup_dir.is_absolute()
    assert settings.log_dir.is_absolute()


def test_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCH_SIZE", "7")

    assert _load(tmp_path, "BATCH_SIZE=9\nTZ=Europe/Lisbon\n").batch_size == 7


def test_file_with_windows_mark_and_empty_value_is_read(tmp_path: Path) -> None:
    settings = _load(tmp_path, "\ufeffBATCH_SIZE=250\nTZ=\n")

    assert settings.batch_size == 250
    assert settings.tz == "America/Sao_Paulo"


def test_folder_in_the_home_folder_is_found(tmp_path: Path) -> None:
    assert _load(tmp_path, "BACKUP_DIR=~/copies\n").backup_dir == Path.home() / "copies"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("BATCH_SIZE=0", "The setting BATCH_SIZE is wrong: it must be 1 or more."),
        ("BATCH_SIZE=-5", "The setting BATCH_SIZE is wrong: it must be 1 or more."),
        ("BATCH_SIZE=abc", "The setting BATCH_SIZE is wrong: it must be a whole number."),
        ("BATCH_SIZE=1.5", "The setting BATCH_SIZE is wrong: it must be a whole number."),
        (
            f"BATCH_SIZE={'9' * 30}",
            "The setting BATCH_SIZE is wrong: it must be 2147483647 or less.",
        ),
        (
            "EXTRATO_REQUIRE_BACKUP=perhaps",
            "The setting EXTRATO_REQUIRE_BACKUP is wrong: it must be true or false.",
        ),
        (
            "STUDIO_ENV=test",
            "The setting STUDIO_ENV is wrong: it must be 'production' or 'development'.",
        ),
        (
            "TZ=Brasil/Centro",
            "The setting TZ is wrong: it must be a time zone such as America/Sao_Paulo.",
        ),
        (
            "TZ=../etc/passwd",
            "The setting TZ is wrong: it must be a time zone such as America/Sao_Paulo.",
        ),
    ],
)
def test_malformed_value_is_named_in_one_sentence(tmp_path: Path, line: str, sentence: str) -> None:
    refusal = _refusal(tmp_path, line)

    assert refusal.code == "bad_setting"
    assert str(refusal) == sentence


def test_every_malformed_value_has_its_sentence(tmp_path: Path) -> None:
    text = str(_refusal(tmp_path, "BATCH_SIZE=abc\nTZ=nowhere\n"))

    assert "BATCH_SIZE" in text
    assert "TZ" in text


@pytest.mark.parametrize("name", ["DATABASE_URL", "ADMIN_DATABASE_URL"])
@pytest.mark.parametrize("url", ["mysql://ana:topsecret@db/studio", "topsecret", "postgresql://"])
def test_refused_address_is_named_and_its_password_is_not_told(
    tmp_path: Path, name: str, url: str
) -> None:
    text = str(_refusal(tmp_path, f"{name}={url}"))

    assert name in text
    assert "topsecret" not in text


def test_settings_never_show_a_secret(tmp_path: Path) -> None:
    settings = _load(
        tmp_path, "DATABASE_URL=postgres://ana:topsecret@db/studio\nPOSTGRES_PASSWORD=topsecret\n"
    )

    assert "topsecret" not in repr(settings)
    assert "topsecret" not in str(settings)
    assert settings.required_database_url() == "postgres://ana:topsecret@db/studio"


def test_administrator_is_the_everyday_login_where_that_alone_is_set(tmp_path: Path) -> None:
    alone = _load(tmp_path, "DATABASE_URL=postgresql://one@db/studio\n")
    both = _load(
        tmp_path,
        "DATABASE_URL=postgresql://one@db/studio\nADMIN_DATABASE_URL=postgresql://two@db/studio\n",
    )

    assert alone.required_admin_url() == "postgresql://one@db/studio"
    assert both.required_admin_url() == "postgresql://two@db/studio"


def test_missing_address_says_which_and_where_to_set_it() -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(None).required_database_url()

    assert caught.value.code == "setting_missing"
    assert "DATABASE_URL" in str(caught.value)


def test_unknown_name_is_warned_about_with_the_likely_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="studio_core.config"):
        settings = _load(tmp_path, "BATCH_SIZ=7\nCOLOUR=blue\nbatch_size=8\n")

    assert settings.batch_size == 8
    assert [record.getMessage().partition(": ")[2] for record in caplog.records] == [
        "BATCH_SIZ is not a setting of this program and is ignored. Did you mean BATCH_SIZE?",
        "COLOUR is not a setting of this program and is ignored.",
    ]


def test_missing_file_is_no_error(tmp_path: Path) -> None:
    assert load_settings(tmp_path / ".env").batch_size == 100


def test_unreadable_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"STUDIO_ENV=\xff\xfe\n")

    with pytest.raises(ConfigError) as caught:
        load_settings(file)

    assert str(file) in str(caught.value)


@pytest.mark.parametrize("name", ["OAUTHLIB_INSECURE_TRANSPORT", "OAUTHLIB_RELAX_TOKEN_SCOPE"])
@pytest.mark.parametrize("value", ["1", "true", "0"])  # oauthlib takes any of them for a yes.
def test_loosened_oauth_is_refused_outside_development(
    tmp_path: Path, name: str, value: str
) -> None:
    refusal = _refusal(tmp_path, f"{name}={value}")

    assert str(refusal) == (
        f"The setting {name} is wrong: it may only be set with STUDIO_ENV=development."
    )
    _load(tmp_path, f"STUDIO_ENV=development\n{name}={value}\n")


@pytest.mark.parametrize(
    "name",
    [
        "STUDIO_SERVER_URL",
        "GOOGLE_AUTH_URL",
        "GOOGLE_TOKEN_URL",
        "GOOGLE_REVOKE_URL",
        "GOOGLE_CERTS_URL",
        "GOOGLE_ISSUER",
    ],
)
@pytest.mark.parametrize(
    "address", ["http://studio.example", "http://127.0.0.1.example/", "ftp://127.0.0.1", "studio"]
)
def test_plain_http_is_for_this_computer_alone(tmp_path: Path, name: str, address: str) -> None:
    assert name in str(_refusal(tmp_path, f"{name}={address}"))
    for good in ("http://127.0.0.1:5000", "http://localhost:5000", "https://studio.example"):
        assert getattr(_load(tmp_path, f"{name}={good}/"), name.lower()) == good


def test_trusted_proxies_are_addresses_and_networks(tmp_path: Path) -> None:
    settings = _load(tmp_path, "TRUSTED_PROXIES=127.0.0.1, 10.0.0.0/8,fd00::/8\n")

    assert [str(network) for network in settings.trusted_networks] == [
        "127.0.0.1/32",
        "10.0.0.0/8",
        "fd00::/8",
    ]
    assert load_settings(None).trusted_networks == ()
    assert "TRUSTED_PROXIES" in str(_refusal(tmp_path, "TRUSTED_PROXIES=proxy.example"))
