"""Posting to one incoming webhook. Its address is a secret: whoever knows it can write there."""

import socket
from collections.abc import Iterator

import requests
from pydantic import SecretStr
from requests.exceptions import RequestException, SSLError, Timeout

from studio_core.errors import UnavailableError

CONNECT_S, ANSWER_S = 3.05, 5.0


class Webhook:
    """One address. Every post is a connection of its own; minutes pass between them."""

    def __init__(
        self, address: SecretStr, *, connect_s: float = CONNECT_S, answer_s: float = ANSWER_S
    ) -> None:
        self._address = address
        self._timeouts = (connect_s, answer_s)

    def post(self, text: str) -> None:
        """Returns once Slack took it.

        text: in Slack's own markup, already escaped. Raises UnavailableError, which never tells the
        address: webhook_timeout, webhook_refused, webhook_dns, webhook_tls, webhook_unreachable, or
        webhook_3xx, webhook_4xx and webhook_5xx with status and retry_after_s (0: not said).
        """
        try:
            with requests.post(
                self._address.get_secret_value(),
                json={"text": text},
                timeout=self._timeouts,
                # It would lead the alert to an address that nobody configured.
                allow_redirects=False,
                stream=True,
            ) as answer:
                status, wait = answer.status_code, answer.headers.get("Retry-After", "")
        except RequestException as error:
            # The driver's own words hold the address.
            raise UnavailableError(_code(error)) from None
        if status >= 300:
            wait_s = int(wait) if wait.isascii() and wait.isdigit() else 0
            raise UnavailableError(
                _BY_STATUS.get(status // 100, "webhook_5xx"),
                status=status,
                retry_after_s=min(wait_s, 3600),
            )


_BY_STATUS = {3: "webhook_3xx", 4: "webhook_4xx", 5: "webhook_5xx"}


def _code(error: RequestException) -> str:
    if isinstance(error, Timeout):
        return "webhook_timeout"
    if isinstance(error, SSLError):
        return "webhook_tls"
    causes = list(_causes(error))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "webhook_dns"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "webhook_refused"
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return "webhook_timeout"
    return "webhook_unreachable"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """All that led to it. The libraries hand the cause on as an argument or an attribute."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
