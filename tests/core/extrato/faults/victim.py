"""A program that halts at one step of its work, to be killed or frozen there.

    python -m tests.core.extrato.faults.victim < what.json

Says "halted" when it has come to that step.
"""

import json
import signal
import subprocess
import sys
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import URL

from studio_core.db.engine import Database
from studio_core.errors import StudioError
from studio_core.extrato import runs
from studio_core.extrato.backup import create_backup
from studio_core.extrato.closing import ClosingOptions, close_month
from studio_core.extrato.runs import Progress
from studio_core.ledger.actions import record_payment
from studio_core.ledger.rules import PaymentDraft
from tests.books import DAY, MONTH

TABLES = ("payments", "commissions", "expenses", "sessions")
_ROOT = Path(__file__).parents[4]


class Victim:
    """The program, started and not yet killed. halt_at: a stage; None: nowhere.

    work: close or backup; in a table's stage a closing halts when some of its rows have moved.
    Or payment: a desk that halts with a payment typed and not committed, and goes on, saying how
    it went, when it is told to.
    """

    def __init__(self, url: URL, folder: Path, *, halt_at: str | None, work: str = "close") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )
        asked = {
            "url": url.render_as_string(hide_password=False),
            "folder": str(folder),
            "halt_at": halt_at,
            "work": work,
        }
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()

    def wait_until_halted(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "halted\n"

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> str:
        """Wakes it; what it says in the end."""
        self.process.send_signal(signal.SIGCONT)
        said, _ = self.process.communicate("go on\n", timeout=60)
        return said.strip()

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.communicate()
        assert self.process.returncode == -9


def _main() -> None:
    asked: dict[str, Any] = json.loads(sys.stdin.readline())
    runs._EVERY_S = 0.0  # Every batch is reported, so that it can halt after the first.
    stages: list[str] = []

    def tell(progress: Progress) -> None:
        stages.append(progress.stage)
        moving = asked["work"] == "close" and progress.stage in TABLES
        if progress.stage == asked["halt_at"] and stages.count(progress.stage) == 1 + moving:
            _say("halted")
            threading.Event().wait()

    with Database(asked["url"], application_name="victim") as database:
        folder = Path(asked["folder"])
        if asked["work"] == "payment":
            _pay(database, asked["halt_at"])
            return
        if asked["work"] == "backup":
            create_backup(database, month=MONTH, directory=folder, on_progress=tell)
            return
        close_month(
            database,
            month=MONTH,
            options=ClosingOptions(backup_dir=folder, batch_size=10),
            on_progress=tell,
        )


def _pay(database: Database, request_id: str) -> None:
    draft = PaymentDraft(paid_on=DAY, amount=Decimal("77.00"), method="pix", artist_id=1)
    try:
        with database.transaction() as session:
            record_payment(session, request_id=UUID(request_id), draft=draft)
            _say("halted")
            sys.stdin.readline()
    except StudioError as error:
        _say(error.code)
    else:
        _say("booked")


def _say(what: str) -> None:
    sys.stdout.write(what + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _main()
