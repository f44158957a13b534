"""A real Secret Service: gnome-keyring on a message bus of its own, unlocked and empty."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest
import secretstorage

PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")
_BUS = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"]
_KEYRING = ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"]
_PATIENCE_S = 20.0


@dataclass
class SecretService:
    """Processes of this test run alone. address: of their bus."""

    folder: Path
    address: str = ""
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        runtime = self.folder / "run"
        runtime.mkdir(mode=0o700, parents=True)
        kept = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        folders = {"XDG_RUNTIME_DIR": str(runtime), "XDG_DATA_HOME": str(self.folder)}
        environment = kept | folders
        bus = self._run(_BUS, environment)
        self.address = _output(bus).readline().decode().strip()
        environment["DBUS_SESSION_BUS_ADDRESS"] = self.address
        keyring = self._run(_KEYRING, environment)
        assert keyring.stdin is not None
        keyring.stdin.write(b"the password of the computer's user\n")
        keyring.stdin.close()

    def stop(self) -> None:
        for process in reversed(self.started):
            process.terminate()
            process.wait(timeout=_PATIENCE_S)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _run(self, command: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.started.append(process)
        return process


class Keyring:
    """What stands in the service that DBUS_SESSION_BUS_ADDRESS names."""

    def labels(self) -> list[str]:
        with closing(secretstorage.dbus_init()) as bus:
            return sorted(
                item.get_label()
                for collection in secretstorage.get_all_collections(bus)
                for item in collection.get_all_items()
            )

    def secrets(self) -> list[str]:
        with closing(secretstorage.dbus_init()) as bus:
            return sorted(
                item.get_secret().decode()
                for collection in secretstorage.get_all_collections(bus)
                for item in collection.get_all_items()
            )

    def lock(self) -> None:
        """For good: nobody is here to type the password."""
        with closing(secretstorage.dbus_init()) as bus:
            secretstorage.get_default_collection(bus).lock()

    def clear(self) -> None:
        with closing(secretstorage.dbus_init()) as bus:
            for collection in secretstorage.get_all_collections(bus):
                for item in list(collection.get_all_items()):
                    item.delete()

    def wait_until_there(self) -> None:
        """The daemon takes its name on the bus when it is ready; the bus would start another."""
        give_up = time.monotonic() + _PATIENCE_S
        while True:
            with closing(secretstorage.dbus_init()) as bus:
                if _has_owner(bus):
                    assert not secretstorage.get_default_collection(bus).is_locked()
                    return
            assert time.monotonic() < give_up, "gnome-keyring-daemon did not come up"
            time.sleep(0.02)  # The bus tells those who ask, and this is asked by hand.


def require_programs() -> None:
    """Debian and Ubuntu have them as dbus and gnome-keyring. Where they could be installed, their
    absence is a failure: a keyring that nobody tested must not look tested."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if not missing:
        return
    if sys.platform.startswith("linux") and os.geteuid() == 0:
        pytest.fail(f"{', '.join(missing)} missing: apt-get install dbus gnome-keyring")
    pytest.skip(f"{', '.join(missing)} not on this computer")


def _has_owner(bus: Any) -> bool:
    from jeepney.bus_messages import message_bus
    from jeepney.io.blocking import Proxy
    from secretstorage.util import BUS_NAME

    return bool(Proxy(message_bus, bus).NameHasOwner(BUS_NAME)[0])


def _output(process: "subprocess.Popen[bytes]") -> IO[bytes]:
    assert process.stdout is not None
    return process.stdout
