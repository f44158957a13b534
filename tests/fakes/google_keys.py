"""Signing keys of a fake Google: RSA, published as a key set and as certificates, replaceable."""

import base64
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from jwt.algorithms import RSAAlgorithm


@dataclass(frozen=True)
class SigningKey:
    """One RSA key with the id that tokens name it by."""

    kid: str
    private: rsa.RSAPrivateKey

    @classmethod
    def made(cls, kid: str) -> "SigningKey":
        """One that nobody else has."""
        return cls(kid, _new_private_key())

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.private, algorithm="RS256", headers={"kid": self.kid})

    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def published(self) -> dict[str, Any]:
        """As one entry of a JSON Web Key set."""
        numbers = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        return {"kid": self.kid, "use": "sig", "alg": "RS256"} | {
            name: numbers[name] for name in ("kty", "n", "e")
        }

    def certificate(self) -> str:
        """As Google's older address publishes it: a certificate that the key signed itself."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "fake-google")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=14))
            .sign(self.private, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM).decode()


class KeyRing:
    """The newest key signs; older ones stay published until they are withdrawn.

    All rings of a process have the same keys: making one takes longer than most tests.
    """

    def __init__(self) -> None:
        self._made = 0
        self.keys: list[SigningKey] = []
        self.rotate()

    @property
    def current(self) -> SigningKey:
        return self.keys[-1]

    def rotate(self) -> SigningKey:
        self._made += 1
        self.keys.append(SigningKey(f"key-{self._made}", _shared_private_key(self._made)))
        return self.current

    def withdraw_old(self) -> None:
        del self.keys[:-1]

    def key_set(self) -> dict[str, Any]:
        return {"keys": [key.published() for key in self.keys]}

    def certificates(self) -> dict[str, str]:
        return {key.kid: key.certificate() for key in self.keys}


def _new_private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def _shared_private_key(_number: int) -> rsa.RSAPrivateKey:
    return _new_private_key()


def unsigned(claims: dict[str, Any], *, alg: str = "none") -> str:
    """A token that nobody signed, whatever its header says."""
    parts = ({"alg": alg, "typ": "JWT"}, claims)
    return ".".join(_encoded(json.dumps(part).encode()) for part in parts) + "."


def now() -> int:
    return int(time.time())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
