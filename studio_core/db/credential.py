"""Who a program signs in to the database as: a login that may be renewed while it is used."""

import threading


class Credential:
    """A login role and its password. Safe across threads.

    A connection that is open stays what it is; every later one is opened with what replace() was
    last told.
    """

    def __init__(self, role: str, password: str) -> None:
        self._lock = threading.Lock()
        self._role, self._password = role, password

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.role!r})"

    @property
    def role(self) -> str:
        return self.login()[0]

    def login(self) -> tuple[str, str]:
        """Role and password that belong together."""
        with self._lock:
            return self._role, self._password

    def replace(self, role: str, password: str) -> None:
        with self._lock:
            self._role, self._password = role, password
