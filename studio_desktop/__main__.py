"""The composition root of studio-desktop: reads the command line, builds everything, runs it."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from studio_core import __version__
from studio_core.config import SettingsFile
from studio_core.errors import ConfigError
from studio_core.observability import configure_logging

NO_DISPLAY = (
    "studio-desktop needs a display. Without one, render its pictures with: "
    "studio-desktop --tour DIR"
)


@dataclass(frozen=True)
class Options:
    """The command line."""

    demo: bool
    tour: Path | None
    self_check: bool
    language: str | None
    theme: str | None


def parse(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(
        prog="studio-desktop", description="The studio's front desk: clients, money and extratos."
    )
    parser.add_argument(
        "--demo", action="store_true", help="open the demo studio, kept on this computer"
    )
    parser.add_argument(
        "--tour",
        type=Path,
        metavar="DIR",
        help="write a picture of every screen into DIR, with demo data; needs no display",
    )
    parser.add_argument(
        "--self-check", action="store_true", help="say what works on this computer, and end"
    )
    parser.add_argument("--version", action="version", version=f"studio-desktop {__version__}")
    parser.add_argument("--lang", choices=("en", "pt_BR"), help="speak this language now")
    parser.add_argument("--theme", choices=("light", "dark", "system"), help="look like this now")
    given = parser.parse_args(list(arguments))
    return Options(given.demo, given.tour, given.self_check, given.lang, given.theme)


def has_display() -> bool:
    """Whether a window can be shown; Qt itself would end the process with a long message."""
    if os.environ.get("QT_QPA_PLATFORM"):
        return True
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes: 0 done, 1 the tour or the self-check failed, 2 usage, settings, no display."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    if not has_display():
        if options.tour is None and not options.self_check:
            sys.stderr.write(f"{NO_DISPLAY}\n")
            return 2
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    file = SettingsFile()
    try:
        settings = file.load()
        if options.tour is None and not options.self_check:
            configure_logging(settings.log_dir, program="studio-desktop")
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    # Qt is loaded only now: --help, --version and a missing display need none of it.
    from studio_desktop.program import Program

    program = Program(
        options.language, options.theme, settings, file, remembers=options.tour is None
    )
    sys.excepthook = program.report_bug
    if options.self_check:
        from studio_desktop.self_check import run_self_check

        return run_self_check(program.theme, sys.stdout)
    if options.tour is not None:
        return program.tour(options.tour)
    return program.run(demo=options.demo)


if __name__ == "__main__":
    sys.exit(main())
