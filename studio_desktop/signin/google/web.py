"""HTTP as the sign-in uses it: time-outs always, no redirects, and failures as refusals."""

import ssl
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from studio_core.db.address import is_loopback
from studio_core.errors import UnavailableError

TIMEOUT_S = (5.0, 20.0)
"""To connect, and to wait for each part of the answer."""


def post(
    address: str,
    *,
    unreachable: str,
    json: Mapping[str, object] | None = None,
    data: Mapping[str, str] | None = None,
    authority: str | None = None,
) -> requests.Response:
    """Whatever is answered.

    authority: a file with a certificate to trust besides the well-known ones.
    Raises UnavailableError(unreachable, host=…), also where nobody may be trusted.
    """
    host = host_of(address)
    try:
        with requests.Session() as session:
            session.trust_env = uses_environment(address)
            if authority is not None:
                session.mount("https://", _Trusting(authority))
            answer = session.post(
                address, json=json, data=data, timeout=TIMEOUT_S, allow_redirects=False
            )
    except requests.exceptions.SSLError as error:
        raise UnavailableError("server_certificate_unknown", host=host) from error
    except requests.RequestException as error:
        raise UnavailableError(unreachable, host=host) from error
    return answer


def is_failing(answer: requests.Response) -> bool:
    """Whether the server has trouble of its own, so that the same may be asked again later."""
    return answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR


def uses_environment(address: str) -> bool:
    """Whether proxies and certificates of the environment count: what goes to this very computer
    is shown to no proxy."""
    return not is_loopback(urlsplit(address).hostname or "")


def host_of(address: str) -> str:
    return urlsplit(address).hostname or address


def json_object(answer: requests.Response) -> dict[str, object]:
    """Empty where the answer is no JSON object."""
    try:
        content = answer.json()
    except requests.exceptions.JSONDecodeError:
        return {}
    return content if isinstance(content, dict) else {}


class _Trusting(HTTPAdapter):
    """Trusts the studio's own authority as well."""

    def __init__(self, authority: str) -> None:
        self._context = ssl.create_default_context()
        try:
            self._context.load_verify_locations(authority)
        except OSError as error:  # An SSLError is one.
            raise requests.exceptions.SSLError(str(error)) from error
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named, ssl_context=self._context)
