""".env.example and docker-compose.yml speak of the settings that exist, and of all of them."""

import re

import pytest

import make
from studio_core.config import load_settings, setting_names

_EXAMPLE = (make.ROOT / ".env.example").read_text(encoding="utf-8")
_COMPOSE = (make.ROOT / "docker-compose.yml").read_text(encoding="utf-8")
_HBA = (make.ROOT / "packaging" / "docker" / "pg_hba.conf").read_text(encoding="utf-8")
_DOCKERFILE = (make.ROOT / "packaging" / "docker" / "Dockerfile").read_text(encoding="utf-8")

# What the postgres image reads and the programs do not.
_OF_THE_IMAGE = {"POSTGRES_INITDB_ARGS"}


def test_example_has_every_setting_once_and_no_other() -> None:
    names = re.findall(r"^#?([A-Z][A-Z0-9_]*)=", _EXAMPLE, flags=re.MULTILINE)

    assert sorted(names) == sorted(setting_names())


def test_every_setting_of_the_example_is_explained_above_it() -> None:
    lines = _EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"#?[A-Z][A-Z0-9_]*=", line):
            above = lines[number - 1]
            assert above.startswith(("# ", "#POSTGRES_", "POSTGRES_")), line


def test_copied_example_is_a_valid_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)

    assert load_settings(make.ROOT / ".env.example") == load_settings(None)


def test_values_shown_in_the_example_are_valid(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)
    shown = tmp_path_factory.mktemp("example") / ".env"
    shown.write_text(re.sub(r"^#(?=[A-Z_]+=)", "", _EXAMPLE, flags=re.M), encoding="utf-8")

    settings = load_settings(shown)

    defaults = load_settings(None)
    for name in ("studio_env", "tz", "batch_size", "extrato_require_backup", "postgres_db"):
        assert getattr(settings, name) == getattr(defaults, name)


def test_compose_file_uses_known_variables_alone() -> None:
    interpolated = set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", _COMPOSE))
    given = set(re.findall(r"^ {6}([A-Z][A-Z0-9_]*):", _COMPOSE, flags=re.MULTILINE))

    assert interpolated <= set(setting_names())
    assert given <= set(setting_names()) | _OF_THE_IMAGE


def test_compose_file_listens_on_this_computer_alone() -> None:
    listening = re.findall(r"^ +- host_ip: (.*)$", _COMPOSE, flags=re.MULTILINE)
    published = re.findall(r'^ +published: "(\d+)"$', _COMPOSE, flags=re.MULTILINE)

    assert published == ["5432", "5000"]
    assert listening == ["${STUDIO_LISTEN:-127.0.0.1}"] * len(published)
    assert not re.search(r'^ +- "[^"]*\d:\d+"$', _COMPOSE, flags=re.MULTILINE)


def test_compose_file_admits_nobody_from_outside_without_tls() -> None:
    rules = [line.split() for line in _HBA.splitlines() if line and not line.startswith("#")]
    outside = [rule for rule in rules if rule[0].startswith("host") and "/" not in rule[3]]

    assert "ssl=on" in _COMPOSE
    assert {rule[-1] for rule in rules} == {"scram-sha-256"}
    assert [rule[0] for rule in outside] == ["hostssl"]


def test_image_installs_by_hash_and_runs_without_root() -> None:
    assert _DOCKERFILE.count("--require-hashes") == 2
    assert re.search(r"^USER (?!0|root)", _DOCKERFILE, flags=re.MULTILINE)
    assert "studio_desktop" not in _DOCKERFILE
    variables = re.findall(r"^ +([A-Z_]+_DIR)=", _DOCKERFILE, flags=re.MULTILINE)
    assert set(variables) <= set(setting_names())


def test_image_and_compose_agree_on_where_backups_go() -> None:
    """Copies into the second place, and a trial's server onto a disk: /tmp is memory there."""
    assert re.search(r"TMPDIR=/var/lib/tattoo-studio/scratch$", _DOCKERFILE, flags=re.MULTILINE)
    for service in ("serve", "jobs"):
        body = re.split(
            r"^  (?=\w)", _COMPOSE.partition(f"\n  {service}:\n")[2], flags=re.MULTILINE
        )[0]
        assert "- scratch:/var/lib/tattoo-studio/scratch\n" in body
        assert "- ${BACKUP_COPY_DIR:-copies}:/var/lib/tattoo-studio/copies\n" in body
        assert "BACKUP_COPY_DIR: ${BACKUP_COPY_DIR:+/var/lib/tattoo-studio/copies}\n" in body
    for folder in ("backups", "copies", "scratch"):
        assert f" /var/lib/tattoo-studio/{folder}" in _DOCKERFILE.partition("--mode=0750")[2]
