"""studio-jobs demo: an invented studio to try things on."""

import threading
from pathlib import Path
from typing import Annotated

import typer

from server_jobs.cli.batches import batches
from server_jobs.cli.job import job
from server_jobs.cli.output import note, progress_bar, say, say_table
from server_jobs.cli.stopping import stop_requests
from studio_core.config import data_dir
from studio_core.demo.studio import DemoStudio, open_demo
from studio_core.extrato.runs import Progress

app = typer.Typer(name="demo", help="An invented studio to try things on.", no_args_is_help=True)

_LOOK_S = 0.2

app.command()(batches)


@app.command()
def studio(
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Default: where the desktop keeps it.")
    ] = None,
    keep_running: Annotated[
        bool, typer.Option("--keep-running", help="Leave its database running until Ctrl+C.")
    ] = False,
) -> None:
    """Make the demo studio on this computer.

    It is the one that `studio-desktop --demo` opens.
    """
    with job("demo studio", __name__):
        with progress_bar("Demo studio") as show:
            demo = open_demo(
                folder or data_dir() / "demo",
                lambda stage, done, total: show(Progress(stage, done, total)),
            )
        try:
            _say_how_to_sign_in(demo)
            if keep_running:
                address = demo.url.set(drivername="postgresql").render_as_string(
                    hide_password=False
                )
                say(f"DATABASE_URL={address}")
                say(f"BACKUP_DIR={demo.backup_dir}")
                note("Running until Ctrl+C.")
                _wait()
        finally:
            demo.close()


def _say_how_to_sign_in(demo: DemoStudio) -> None:
    say_table(
        ("Name", "E-mail", "Access"),
        [(who.name, who.email or "", who.access) for who in demo.people if who.access is not None],
    )
    say(f"Password of each: {demo.password}")


def _wait() -> None:
    """An Event's wait would keep signals back on Windows; short ones let them in everywhere."""
    never = threading.Event()
    with stop_requests() as stopped:
        while not stopped():
            never.wait(_LOOK_S)
