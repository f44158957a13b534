"""The command `studio-jobs`."""

from server_jobs.cli.app import main

__all__ = ["main"]
