"""What an installed program is made of: the files that are no Python travel along."""

import subprocess
import sys
import zipfile
from pathlib import Path

import make


def _committed_kind(folder: str) -> set[str]:
    """Files below a folder of the checkout, without what Python leaves behind."""
    top = make.ROOT / folder
    return {
        path.relative_to(make.ROOT).as_posix()
        for path in top.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name[0] != "."
    }


def test_wheel_carries_programs_migrations_and_resources(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run(
        [*build, "--directory", str(tmp_path)], cwd=make.ROOT, check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}

    programs = {
        name
        for package in ("studio_core", "studio_desktop", "server_jobs")
        for name in _committed_kind(package)
    }
    shipped = {
        f"studio_core/_shipped/{name}"
        for folder in ("alembic", "resources")
        for name in _committed_kind(folder)
    }
    assert packed == programs | shipped
