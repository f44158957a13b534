"""As whom the server's processes run: PostgreSQL refuses to run as root."""

import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio_core.errors import ConfigError

_ACCOUNTS = ("postgres", "nobody")
# Only what a server needs to run; PG… variables of the user must not reach it.
_KEPT = ("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "SYSTEMDRIVE", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Account:
    """How to run a server's program, and who owns its files.

    owner: user and group number for the data folder; None leaves it to whoever makes it.
    """

    owner: tuple[int, int] | None = None
    prefix: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def own(self, path: Path) -> None:
        """Gives a file or a folder with all that is in it to the server's user."""
        if sys.platform == "win32" or self.owner is None:
            return
        if path.stat().st_uid == self.owner[0]:
            return
        for folder, folders, files in os.walk(path):
            for name in (*folders, *files):
                os.chown(Path(folder) / name, *self.owner, follow_symlinks=False)
        # Last, since its owner is what says that all of it was done.
        os.chown(path, *self.owner)


def environment() -> dict[str, str]:
    """The environment of a server's programs: not the user's own, but for what they need."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # macOS starts threads while it looks up a locale that is not set, which postgres refuses.
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def account_for(data_dir: Path, binaries: Path) -> Account:
    """Ourselves, or as root an account without rights that reaches the data and the binaries.

    Where a parent folder is private (a home of root's), the server runs in a user namespace of
    its own instead: root outside, an ordinary user inside.
    Raises ConfigError("server_folder_private") naming the folder that stands in the way.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return Account()
    import pwd  # Not on Windows.

    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = next((known[name] for name in _ACCOUNTS if name in known), None)
    if user is None:
        raise ConfigError("server_no_account", users=", ".join(_ACCOUNTS))
    private = _private_parent(data_dir) or _private_parent(binaries)
    if private is None:
        dropped = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        return Account(owner=(user.pw_uid, user.pw_gid), options=dropped)
    unshare = shutil.which("unshare")
    if unshare is not None:
        prefix = (
            unshare,
            "--user",
            f"--map-user={user.pw_uid}",
            f"--map-group={user.pw_gid}",
        )
        probe = subprocess.run([*prefix, "true"], capture_output=True, check=False)
        if probe.returncode == 0:
            return Account(owner=(0, 0), prefix=prefix)
    raise ConfigError("server_folder_private", folder=private, user=user.pw_name)


def _private_parent(path: Path) -> Path | None:
    """The outermost folder on the way that other users may not pass through."""
    for folder in (*reversed(path.parents), path):
        if folder.exists() and not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None
