"""A studio's own authority, made by the script that studios use."""

import subprocess
from pathlib import Path

import make

SCRIPT = make.ROOT / "packaging" / "tls" / "studio_ca.sh"


def make_certificates(folder: Path, *names: str) -> Path:
    """Fills the folder with studio-ca.crt, server.crt and their keys; the folder again."""
    made = run_script(str(folder), *names)
    assert made.returncode == 0, made.stderr
    return folder


def run_script(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(SCRIPT), *arguments], capture_output=True, text=True, check=False, timeout=60
    )
