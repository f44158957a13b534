"""The real program, put together as it is started: whether it offers Google."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import make
from studio_core.config import setting_names

_STARTED = """
import os
from pathlib import Path
from studio_core.config import SettingsFile
from studio_desktop.program import Program

file = SettingsFile(Path("no settings here"))
program = Program("en", None, file.load(), file, remembers=False)
print(program.google is not None)
print(os.environ.get("OAUTHLIB_INSECURE_TRANSPORT"))
print(*program.notifier.texts())
"""
_HTTPS = {"STUDIO_SERVER_URL": "https://studio.example:5000", "GOOGLE_CLIENT_ID": "client"}


def _start(folder: Path, **settings: str) -> list[str]:
    kept = {name: value for name, value in os.environ.items() if name not in setting_names()}
    homes = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_DIRS": str(folder / "site")}
    done = subprocess.run(
        [sys.executable, "-c", _STARTED],
        cwd=make.ROOT,
        env=kept | homes | settings | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("settings", "offered"),
    [({}, "False"), (_HTTPS, "True"), ({"GOOGLE_CLIENT_ID": "client"}, "False")],
)
def test_google_is_offered_where_it_is_set_up(
    tmp_path: Path, settings: dict[str, str], offered: str
) -> None:
    assert _start(tmp_path, **settings) == [offered, "None", ""]


def test_a_mistake_in_the_site_file_is_told_and_the_local_way_in_stays(tmp_path: Path) -> None:
    site = tmp_path / "site" / "tattoo-studio"
    site.mkdir(parents=True)
    (site / "desktop.toml").write_text(
        'studio_server_url = "http://studio.example"\ngoogle_client_id = "client"\n',
        encoding="utf-8",
    )

    offered, _, said = _start(tmp_path)

    assert offered == "False"
    assert said == "The setting STUDIO_SERVER_URL is wrong: it must start with https://."
