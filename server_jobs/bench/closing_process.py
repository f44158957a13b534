"""One closing in a process of its own, so that its memory can be told apart.

Reads what to do as JSON from its input, where the database's password is safer than among the
arguments; prints {"seconds": …, "peak_rss_mb": …, "digest": …}.
"""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from studio_core.db.engine import Database
from studio_core.extrato.closing import ClosingOptions, close_month
from studio_core.months import Month


@dataclass(frozen=True, slots=True)
class MeasuredClosing:
    """peak_rss_mb: of the whole process, program and libraries included."""

    seconds: float
    peak_rss_mb: float
    digest: str


def close_in_own_process(
    url: URL, month: Month, *, batch_size: int, backup_dir: Path
) -> MeasuredClosing:
    """Closes a month behind its backup. Raises RuntimeError with what the process said."""
    asked = {
        "url": url.render_as_string(hide_password=False),
        "month": month.label,
        "batch_size": batch_size,
        "backup_dir": str(backup_dir),
    }
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip()[-2000:])
    return MeasuredClosing(**json.loads(done.stdout))


def _close(asked: dict[str, Any]) -> MeasuredClosing:
    options = ClosingOptions(
        backup_dir=Path(asked["backup_dir"]), batch_size=int(asked["batch_size"])
    )
    with Database(asked["url"], application_name="studio bench", pool_size=2) as database:
        database.check()
        started = time.perf_counter()
        result = close_month(database, month=Month.parse(asked["month"]), options=options)
        seconds = time.perf_counter() - started
    return MeasuredClosing(seconds, _peak_rss_mb(), result.statement.digest or "")


def _peak_rss_mb() -> float:
    """Linux keeps the peak since the program began; elsewhere what the system says it was."""
    try:
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    if sys.platform == "win32":
        return 0.0
    import resource  # Not on Windows.

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _main() -> None:
    measured = _close(json.load(sys.stdin))
    sys.stdout.write(
        json.dumps(
            {
                "seconds": measured.seconds,
                "peak_rss_mb": measured.peak_rss_mb,
                "digest": measured.digest,
            }
        )
    )


if __name__ == "__main__":
    _main()
