"""A scheduler in a process of its own, which says "look" each time it looks for what is due.

python -m tests.jobs.scheduler.clockwork < address of the database; ends with its input
"""

import sys
from pathlib import Path

from server_jobs.jobs.work import Chore, Work
from server_jobs.scheduler import Scheduler
from studio_core.config import Settings
from studio_core.db.engine import Database


def _look(_work: Work) -> str | None:
    sys.stdout.write("look\n")
    sys.stdout.flush()
    return None


def _main() -> None:
    watching = Chore(
        "watching", "chore_health", "watching_failed", {"hour": 3}, _look, lambda _work: None
    )
    with Database(sys.stdin.readline().strip(), application_name="clockwork") as database:
        work = Work(database, Settings(backup_dir=Path(), log_dir=Path()))
        scheduler = Scheduler(work, [watching], look_every_s=1)
        scheduler.start()
        sys.stdin.read()
        work.stopping.set()
        scheduler.stop()
        scheduler.join(10)


if __name__ == "__main__":
    _main()
