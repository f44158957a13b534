"""studio-jobs serve."""

from typing import Annotated

import typer

from server_jobs.cli.job import job


def serve(
    host: Annotated[str | None, typer.Option(help="Default: SERVE_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Default: SERVE_PORT.", min=0, max=65535)] = None,
) -> None:
    """Answer over HTTP and close each month by itself, until stopped.

    Several may run on one database: one of them closes.
    """
    # Nobody who asks for another command waits for a web server to be read in.
    from server_jobs.serving import run_server

    with job("serve", "server_jobs.serving", unwatched=True) as running:
        settings = running.settings
        run_server(
            running,
            host or settings.serve_host,
            settings.serve_port if port is None else port,
        )
