"""The number of this computer user's desk: passwords that Google's sign-in gives are for one."""

import hashlib
import os
import platform
from pathlib import Path
from uuid import UUID, uuid4

from studio_core.config import data_dir
from studio_core.observability import get_logger

log = get_logger(__name__)


def device_id(folder: Path | None = None) -> UUID:
    """The same at every start. Where nothing can be written, one for this run.

    A home folder may be shared by several computers, so the file bears this one's name.
    """
    name = hashlib.sha256(platform.node().encode()).hexdigest()[:12]
    path = (folder or data_dir() / "desk") / f"device-{name}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _kept(path) or _made(path)
    except OSError as error:
        log.warning("device_not_kept", path=str(path), reason=str(error))
        return uuid4()


def _kept(path: Path) -> UUID | None:
    try:
        return UUID(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except ValueError:
        # Cut off by a full disk, say; the desk gets another number.
        path.unlink()
        return None


def _made(path: Path) -> UUID:
    """Whole or not at all; of two programs that start at once, the later one's is kept."""
    number = uuid4()
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as new:
        new.write(str(number))
    beside.replace(path)
    return number
