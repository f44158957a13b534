"""packaging/tls: the script that makes a studio's authority and its server's certificate."""

import stat
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from tests.certificates import make_certificates, run_script

_FILES = {"studio-ca.crt", "studio-ca.key", "server.crt", "server.key"}


def _names(folder: Path) -> list[str]:
    certificate = x509.load_pem_x509_certificate((folder / "server.crt").read_bytes())
    found = certificate.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
    assert isinstance(found.value, x509.SubjectAlternativeName)
    return [str(name.value) for name in found.value]


def test_certificate_is_of_the_authority_and_for_every_name(tmp_path: Path) -> None:
    folder = make_certificates(tmp_path / "tls", "studio.example", "192.168.0.10", "fd00::7")

    assert _names(folder) == ["studio.example", "192.168.0.10", "fd00::7"]
    verified = subprocess.run(
        ["openssl", "verify", "-CAfile", folder / "studio-ca.crt", folder / "server.crt"],
        capture_output=True,
        check=False,
    )
    assert verified.returncode == 0


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    folder = make_certificates(tmp_path / "tls", "studio.example")

    assert {path.name for path in folder.iterdir()} == _FILES
    for name in ("studio-ca.key", "server.key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_second_call_renews_the_server_and_keeps_the_authority(tmp_path: Path) -> None:
    folder = make_certificates(tmp_path / "tls", "studio.example")
    authority = (folder / "studio-ca.crt").read_bytes()
    before = (folder / "server.crt").read_bytes()

    make_certificates(folder, "studio.example", "new.example")

    assert (folder / "studio-ca.crt").read_bytes() == authority
    assert (folder / "server.crt").read_bytes() != before
    assert _names(folder) == ["studio.example", "new.example"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "Usage"),
        (("two words",), "neither a host name nor an address"),
        (("a.example,DNS:evil.example",), "neither a host name nor an address"),
        (("999.1.1.1",), "not understood"),
    ],
)
def test_wrong_names_change_nothing(tmp_path: Path, names: tuple[str, ...], said: str) -> None:
    folder = make_certificates(tmp_path / "tls", "studio.example")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    refused = run_script(str(folder), *names)

    assert refused.returncode == 2
    assert said in refused.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_half_an_authority_is_never_replaced(tmp_path: Path) -> None:
    folder = make_certificates(tmp_path / "tls", "studio.example")
    (folder / "studio-ca.key").unlink()

    refused = run_script(str(folder), "studio.example")

    assert refused.returncode == 2
    assert "half an authority" in refused.stderr
