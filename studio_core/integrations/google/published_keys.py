"""The keys that Google publishes, kept for as long as Google says, within bounds of ours."""

import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests
from google.auth import transport

from studio_core.errors import UnavailableError
from studio_core.observability import get_logger

_log = get_logger(__name__)

_MAX_AGE = re.compile(r"max-age=(\d{1,9})")
_SHORTEST_S, _LONGEST_S = 60, 24 * 3600
_NOT_AGAIN_WITHIN_S = 30.0
_CONNECT_S, _READ_S, _WHOLE_S = 3.0, 3.0, 6.0
_LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class _Kept:
    """text: as published. ids: of the keys in it. good_until_s: by the monotonic clock."""

    text: bytes
    ids: frozenset[str]
    good_until_s: float

    def is_good(self) -> bool:
        return time.monotonic() < self.good_until_s


class _Answer(transport.Response):
    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def status(self) -> int:
        return int(HTTPStatus.OK)

    @property
    def headers(self) -> Mapping[str, str]:
        return {}

    @property
    def data(self) -> bytes:
        return self._data


class PublishedKeys(transport.Request):
    """Stands in as google-auth's transport, and answers from memory.

    not_again_within_s: a made-up key id in a token makes us ask Google for new keys, but never
    more often than that.
    """

    def __init__(self, url: str, *, not_again_within_s: float = _NOT_AGAIN_WITHIN_S) -> None:
        self._url = url
        self._not_again_within_s = not_again_within_s
        self._asking = threading.Lock()
        self._asked_at_s = -not_again_within_s
        self._kept = _Kept(b"", frozenset(), 0.0)

    def require(self, kid: str) -> bool:
        """Whether there is a key of that id now; asks Google where it may have a new one.

        Raises UnavailableError("google_unreachable") when its keys cannot be had.
        """
        if not self._knows(kid):
            with self._asking:  # One asks, the others wait for its answer.
                if not self._knows(kid):
                    self._ask()
        return kid in self._kept.ids

    def __call__(self, *_: Any, **__: Any) -> _Answer:
        """For google-auth: the keys as require() left them."""
        return _Answer(self._kept.text)

    def _knows(self, kid: str) -> bool:
        return self._kept.is_good() and kid in self._kept.ids

    def _ask(self) -> None:
        good = self._kept.is_good()
        now_s = time.monotonic()
        if good and now_s - self._asked_at_s < self._not_again_within_s:
            return
        self._asked_at_s = now_s
        try:
            self._kept = _downloaded(self._url)
        except (requests.RequestException, ValueError) as error:
            _log.warning("google_keys_unreachable", reason=type(error).__name__)
            if not good:
                raise UnavailableError("google_unreachable") from error


def _downloaded(url: str) -> _Kept:
    """Raises ValueError for an answer that is no set of keys."""
    give_up_s = time.monotonic() + _WHOLE_S
    with requests.get(
        url, timeout=(_CONNECT_S, _READ_S), stream=True, allow_redirects=False
    ) as answer:
        if answer.status_code != HTTPStatus.OK:
            raise ValueError("not 200")
        text = bytearray()
        for piece in answer.iter_content(8192):
            text += piece
            if len(text) > _LARGEST or time.monotonic() > give_up_s:
                raise ValueError("too much or too slow")
        found = _MAX_AGE.search(answer.headers.get("Cache-Control", ""))
    asked_s = int(found[1]) if found else _SHORTEST_S
    good_for_s = min(max(asked_s, _SHORTEST_S), _LONGEST_S)
    return _Kept(bytes(text), _key_ids(text), time.monotonic() + good_for_s)


def _key_ids(text: bytearray) -> frozenset[str]:
    """The ids of a JSON Web Key set, or of certificates by id."""
    try:
        published = json.loads(text)
    except RecursionError as error:
        raise ValueError("not a set of keys") from error
    if not isinstance(published, dict):
        raise ValueError("not a set of keys")
    if "keys" not in published:
        return frozenset(published)
    keys = published["keys"] if isinstance(published["keys"], list) else []
    found = (key.get("kid") for key in keys if isinstance(key, dict))
    return frozenset(kid for kid in found if isinstance(kid, str))
