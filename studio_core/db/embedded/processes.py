"""What a process number stands for now."""

import subprocess
import sys
from pathlib import Path
from typing import Literal

NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""For subprocess: a program of ours opens no console on Windows."""


def process_state(process_id: int) -> Literal["server", "other", "gone"]:
    """ "server": a running postgres. "other": another program, or a dead one not yet collected."""
    if sys.platform == "linux":
        try:
            told = Path(f"/proc/{process_id}/stat").read_text("utf-8", errors="replace")
        except OSError:
            return "gone"
        name = told[told.index("(") + 1 : told.rindex(")")]
        dead = told[told.rindex(")") + 1 :].split()[0] in {"Z", "X"}
    elif sys.platform == "win32":
        name = _said_by("tasklist", "/FI", f"PID eq {process_id}", "/NH", "/FO", "CSV")
        if str(process_id) not in name:
            return "gone"
        dead = False
    else:
        state, _, name = _said_by("ps", "-o", "stat=,comm=", "-p", str(process_id)).partition(" ")
        if not state:
            return "gone"
        dead = state.startswith("Z")
    return "other" if dead or "postgres" not in name else "server"


def _said_by(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
