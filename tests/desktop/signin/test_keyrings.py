"""What is kept between starts: in a real keyring of the system, or nowhere."""

import gc
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from keyring.backends.SecretService import Keyring as SecretServiceBackend

from studio_desktop.signin.kept_logins import GoogleLogin, KeptLogins
from studio_desktop.signin.keyrings import find_keyring
from tests.secret_service import Keyring, SecretService, require_programs

HERE, ANA = "studio.example/tattoo_studio", "ana@estudio.example"


LOGIN = GoogleLogin(
    email=ANA,
    role="studio.abc",
    password="p" * 43,
    refresh_token="1//0g" + "r" * 100,
    issued_at=datetime(2026, 9, 12, 10, 0, tzinfo=UTC),
    expires_at=datetime(2026, 9, 12, 20, 0, tzinfo=UTC),
)


def test_what_is_kept_comes_back(keyring: Keyring) -> None:
    kept = KeptLogins()

    saved = kept.save(HERE, LOGIN)

    assert saved.kept
    assert KeptLogins().load(HERE, " Ana@Estudio.example") == saved
    assert "r" * 100 not in repr(saved)
    assert "p" * 43 not in repr(saved)


def test_each_studio_and_each_person_has_one_entry(keyring: Keyring) -> None:
    kept = KeptLogins()
    for studio in (HERE, "other.example/tattoo_studio"):
        for email in (ANA, "bento@estudio.example"):
            kept.save(studio, replace(LOGIN, email=email))
            kept.save(studio, replace(LOGIN, email=email, role="newer"))
    assert len(keyring.labels()) == 4

    kept.forget(HERE, ANA)
    kept.forget(HERE, ANA)

    assert len(keyring.labels()) == 3
    assert kept.load(HERE, ANA) is None
    found = kept.load(HERE, "bento@estudio.example")
    assert found is not None
    assert found.role == "newer"


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"v":2}', '{"v":1,"role":"r"}', "%"])
def test_an_entry_that_somebody_else_wrote_is_as_none(
    keyring: Keyring, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    backend = find_keyring()
    assert backend is not None
    backend.set_password(f"tattoo-studio {HERE}", ANA, text)

    assert KeptLogins().load(HERE, ANA) is None


# keyring 25 leaves the connection open on which it found the keyring locked.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_keyring_that_stays_locked_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    require_programs()
    service, keyring, kept = SecretService(tmp_path / "home"), Keyring(), KeptLogins()
    service.start()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", service.address)
    keyring.wait_until_there()
    kept.save(HERE, LOGIN)

    keyring.lock()

    assert kept.load(HERE, ANA) is None
    assert not kept.save(HERE, LOGIN).kept
    kept.forget(HERE, ANA)
    assert "keyring_not_emptied" in caplog.text
    service.stop()
    gc.collect()


def test_without_a_keyring_nothing_is_kept_and_nothing_fails() -> None:
    kept = KeptLogins()

    assert not kept.available
    assert not kept.save(HERE, LOGIN).kept
    assert kept.load(HERE, ANA) is None
    kept.forget(HERE, ANA)


def test_a_keyring_that_went_away_keeps_nothing(
    keyring: Keyring, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kept = KeptLogins()
    assert kept.available
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")

    assert not kept.save(HERE, LOGIN).kept
    assert kept.load(HERE, ANA) is None


def test_an_entry_too_large_for_some_system_is_not_kept(keyring: Keyring) -> None:
    assert not KeptLogins().save(HERE, replace(LOGIN, refresh_token="r" * 2000)).kept
    assert keyring.labels() == []


def test_no_file_and_no_variable_chooses_another_backend(
    keyring: Keyring, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """keyring itself would take the backend that these name, such as one that writes plain text."""
    (tmp_path / "python_keyring").mkdir()
    (tmp_path / "python_keyring" / "keyringrc.cfg").write_text(
        "[backend]\ndefault-keyring=keyring.backends.null.Keyring\n", encoding="utf-8"
    )
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")

    assert isinstance(find_keyring(), SecretServiceBackend)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    assert find_keyring() is None
