"""A day at the studio through both programs, after which no log knows whom it was about.

Everything a person typed carries a mark. Afterwards every file that was written on the way is
searched for them, and so are the alerts, what Slack was told, and the names of connections.
"""

import io
import json
import logging
import subprocess
import sys
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from sqlalchemy import URL, insert, text
from sqlalchemy.orm import Session

from server_jobs.cli import main
from studio_core.alerts.reporting import SlowQueryReporter
from studio_core.clients.actions import add_client, add_flag
from studio_core.clients.models import Client
from studio_core.clients.queries import page_of_clients
from studio_core.clients.rules import ClientDraft
from studio_core.config import SettingsFile, setting_names
from studio_core.db.embedded import EmbeddedServer
from studio_core.db.engine import Database
from studio_core.errors import StudioError
from studio_core.ledger.actions import record_payment, void_payment
from studio_core.ledger.queries import studio_today
from studio_core.ledger.rules import PaymentDraft
from studio_core.observability import configure_logging
from studio_core.observability.logs import stop_logging
from studio_core.people.models import User
from studio_desktop.signin.session import SignedIn, sign_in
from studio_desktop.tasks.changes import ChangeBus
from studio_desktop.tasks.runner import Runner
from studio_desktop.tasks.slow_queries import SlowQueries
from studio_desktop.tasks.worker import Workers
from tests.books import Reader
from tests.fakes.slack import FakeSlack
from tests.jobs.serving import free_port, wait_until

OWNER, PASSWORD = "dona.marcada@segredo.example", "senha-marcada-81"
WORKER = "operario-marcado-33"
CPF, PHONE, EMAIL = "529.982.247-25", "(11) 98765-0011", "cliente.marcada@segredo.example"
NAME, NOTE = "Zuleica Marcadinha", "alergia-marcada a lidocaína"
WRONG_CPF, WRONG_EMAIL = "529.982.247-26", "errada.marcada@segredo"
TOKEN = "ficha-marcada-55"
MARKS = (
    "segredo", "senha-marcada", "senha-errada", "operario-marcado", "529.982.247", "52998224725",
    "52998224726", "987650011", "98765-0011", "marcadinha", "alergia-marcada", "ficha-marcada",
    "motivo-marcado",
)  # fmt: skip
TYPED = Callable[[Session], object]


class Screen(QObject):
    """Asks the runner for what a person wants, and waits for how it ends."""

    def __init__(self, runner: Runner, qtbot: QtBot) -> None:
        super().__init__()
        self._runner, self._qtbot = runner, qtbot
        self.ended: list[object] = []

    def act(self, action: TYPED) -> Any:
        before = len(self.ended)
        self._runner.act(self, action, self._on_ended, self._on_ended)
        self._qtbot.waitUntil(lambda: len(self.ended) > before, timeout=20_000)
        return self.ended[-1]

    def _on_ended(self, result: object) -> None:
        self.ended.append(result)


class Day:
    """The studio's server, its folders, and everything that was heard or shown on the way."""

    def __init__(
        self, admin: URL, folder: Path, slack: FakeSlack, patch: pytest.MonkeyPatch
    ) -> None:
        self.admin, self.folder, self.slack, self.patch = admin, folder, slack, patch
        self.logs, self.env = folder / "logs", folder / ".env"
        self.jobs_url = admin.set(username=f"{admin.database}.jobs", password=WORKER)
        self.names: set[str] = set()
        self.shown: list[str] = []
        self.port = free_port()
        patch.chdir(folder)
        for name in setting_names():
            patch.delenv(name, raising=False)
        lines = {
            "ADMIN_DATABASE_URL": _written(admin),
            "DATABASE_URL": _written(self.jobs_url),
            "LOG_DIR": str(self.logs),
            "BACKUP_DIR": str(folder / "backups"),
            "SERVE_PORT": str(self.port),
            # By a clock of ten years ago nothing is due, so that only the commands close.
            "STUDIO_ENV": "development",
            "STUDIO_CLOCK_OFFSET_S": str(-10 * 365 * 24 * 3600),
            "ALERT_QUERY_MS_THRESHOLD": "1",
            "ALERT_SLACK_WEBHOOK_URL": slack.url.replace("very-secret-path", TOKEN),
        }
        self.env.write_text("".join(f"{name}={value}\n" for name, value in lines.items()), "utf-8")

    def command(self, *arguments: str, stdin: str = "") -> int:
        """In this process, which is quicker; it has a log of its own."""
        self.patch.setattr("sys.stdin", io.StringIO(stdin))
        try:
            return main(arguments)
        finally:
            stop_logging()

    @contextmanager
    def serving(self) -> Iterator[None]:
        process = subprocess.Popen(
            [sys.executable, "-m", "server_jobs", "serve"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        try:
            wait_until(lambda: self.get("/health") == 200)
            yield
        finally:
            process.terminate()
            self.shown.append(process.communicate(timeout=60)[0])

    def get(self, path: str, **headers: str) -> int:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return int(error.code)
        except OSError:
            return 0


@pytest.fixture
def day(
    durable_server: EmbeddedServer,
    tmp_path: Path,
    worker_name: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Day]:
    level = logging.getLogger().level
    durable_server.start()
    name = f"day_{worker_name}"
    with (
        Database(durable_server.url, application_name="tests") as maintenance,
        maintenance.connection() as connection,
    ):
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    with FakeSlack() as slack:
        yield Day(durable_server.url.set(database=name), tmp_path, slack, monkeypatch)
    logging.getLogger().setLevel(level)


def test_day_leaves_no_trace_of_whom_it_was_about(
    day: Day, durable_server: EmbeddedServer, qtbot: QtBot
) -> None:
    assert day.command("migrate") == 0
    asked = ("setup", "--name", "Dona", "--email", OWNER, "--password-stdin")
    assert day.command(*asked, stdin=PASSWORD) == 0
    with day.serving(), _connections_watched(day):
        _at_the_desk(day, qtbot)
        _over_http(day)
        _on_the_server(day)
        wait_until(lambda: day.slack.messages)

    log = (day.logs / "app.log").read_text("utf-8")
    slow = [line for line in map(json.loads, log.splitlines()) if line["event"] == "slow_query"]
    programs = {(line["program"], line.get("route")) for line in slow}
    assert ("studio-desktop", "tests") in programs, "the desk's statements were alerted of"
    assert ("studio-jobs", "extrato run") in programs
    assert any(
        line["program"] == "studio-jobs" and "GET" in str(line.get("route")) for line in slow
    )
    assert "SELECT pg_sleep(?), ? AS remark" in log, "values written into statements are hidden"
    assert "SQLSTATE" in log, "refused statements left their traceback"
    assert any("studio-desktop" in name for name in day.names)
    with Database(day.admin, application_name="tests") as database:
        alerts = Reader(database).rows("SELECT a::text FROM alerts AS a")
    assert any("studio-desktop" in row[0] for row in alerts)
    written = {
        "alerts": "\n".join(row[0] for row in alerts),
        "slack": "\n".join(day.slack.requests),
        "connections": "\n".join(day.names),
        "terminal": "\n".join(day.shown),
        **{str(file): _text(file) for file in day.logs.iterdir()},
        **{str(file): _text(file) for file in durable_server.data_dir.glob("server.log*")},
    }
    assert {"app.log", "atomic_extrato.log", "backup_process.log", "atomic_extrato_cron.log"} <= {
        Path(name).name for name in written
    }
    found = {
        f"{mark} in {name}: {line.strip()[:600]}"
        for name, words in written.items()
        for line in words.splitlines()
        for mark in MARKS
        if mark in line.lower()
    }
    assert not found, "\n".join(sorted(found))


def _at_the_desk(day: Day, qtbot: QtBot) -> None:
    """Signing in, a client with all that identifies one, a payment, refusals, bugs, slowness."""
    configure_logging(day.logs, program="studio-desktop")
    file = SettingsFile(day.env)
    alerts = SlowQueries(SlowQueryReporter(file, file.load(), program="studio-desktop"))
    alerts.start()
    address = day.admin.set(username=None, password=None)
    for password in ("senha-errada-77", ""):
        with pytest.raises(StudioError):
            sign_in(address, OWNER, password)
    signed_in = _signed_in(address, qtbot)
    runner = Runner(signed_in.database)
    changes = ChangeBus(_NoListener)
    alerts.follow(signed_in.database, changes)
    screen = Screen(runner, qtbot)
    draft = ClientDraft(name=NAME, cpf=CPF, phone=PHONE, email=EMAIL, notes=NOTE)
    client = screen.act(partial(add_client, request_id=uuid.uuid4(), draft=draft))
    assert client.name == NAME
    flag = partial(add_flag, client_id=client.id, kind="allergy", severity="danger", note=NOTE)
    screen.act(partial(flag, request_id=uuid.uuid4()))
    for typed in (NAME, CPF, PHONE, EMAIL):
        screen.act(partial(page_of_clients, search=typed))
    for wrong in (
        ClientDraft(name=NAME, cpf=CPF),
        ClientDraft(name=NAME, cpf=WRONG_CPF),
        ClientDraft(name=NAME, email=WRONG_EMAIL, phone="987650011"),
    ):
        refused = screen.act(partial(add_client, request_id=uuid.uuid4(), draft=wrong))
        assert isinstance(refused, StudioError)
    payment = screen.act(_paid)
    screen.act(
        partial(
            void_payment,
            request_id=uuid.uuid4(),
            payment_id=payment.id,
            reason="motivo-marcado",
        )
    )
    for bug in _BUGS:
        assert isinstance(screen.act(bug), StudioError), "the form is told, the bug is logged"
    screen.act(lambda session: session.execute(text(f"SELECT pg_sleep(0.02), '{NOTE}' AS remark")))
    alerts.leave()
    runner.close()
    alerts.close()
    changes.close()
    stop_logging()


def _paid(session: Session) -> Any:
    """Last month, so that it can be closed."""
    artist = insert(User).values(name="Ana Tinta", is_artist=True, commission_percent=Decimal(50))
    paid_on = studio_today(session).replace(day=1) - timedelta(days=2)
    draft = PaymentDraft(
        paid_on=paid_on,
        amount=Decimal("350.00"),
        method="pix",
        artist_id=session.execute(artist.returning(User.id)).scalar_one(),
        client_id=session.execute(text("SELECT min(id) FROM clients")).scalar_one(),
        notes=NOTE,
    )
    return record_payment(session, request_id=uuid.uuid4(), draft=draft)


def _same_again(session: Session) -> None:
    session.execute(insert(Client).values(name=NAME, cpf="52998224725", notes=NOTE))


def _written_into_it(session: Session) -> None:
    session.execute(text(f"SELECT CAST('{NOTE}' AS integer)"))


def _misspelt(session: Session) -> None:
    session.execute(text(f"SELEC '{CPF}', :note"), {"note": NOTE})


def _forgotten(session: Session) -> None:
    session.execute(text("INSERT INTO client_flags (note) VALUES (:note)"), {"note": NOTE})


_BUGS: tuple[TYPED, ...] = (_same_again, _written_into_it, _misspelt, _forgotten)


def _over_http(day: Day) -> None:
    assert day.get("/db-test") == 200
    assert day.get("/ready", **{"X-Correlation-ID": EMAIL}) == 200
    day.get("/metrics", Authorization=f"Bearer {TOKEN}")
    for path in (f"/nothing?token={TOKEN}&cpf=52998224725", "/clients/52998224725", f"/{TOKEN}"):
        assert day.get(path) == 404


def _on_the_server(day: Day) -> None:
    """Backup, closing, what goes wrong there, and bringing clients over."""
    assert day.command("backup", "create") == 0
    assert day.command("extrato", "run") == 0
    assert day.command("extrato", "verify") == 0
    with Database(day.admin, application_name="tests") as database:
        month = Reader(database).rows("SELECT year, month FROM extratos")[0]
    of = ("--year", str(month[0]), "--month", str(month[1]))
    assert day.command("extrato", "reopen", *of, "--reason", "motivo-marcado") == 0
    assert day.command("--scheduled", "extrato", "run", "--with-backup", *of) == 0
    csv = day.folder / "clients.csv"
    lines = ["Nome;CPF;E-mail;Telefone;Notas", f"{NAME};{CPF};{EMAIL};{PHONE};{NOTE}"]
    lines += [f"{NAME};{WRONG_CPF};{WRONG_EMAIL};987650011;{NOTE}"]
    csv.write_text("\n".join(lines), "utf-8")
    assert day.command("import", "clients", str(csv), "--yes") == 4
    assert day.command("import", "clients", str(csv), "--yes", "--skip-bad") == 0
    assert day.command("alerts", "test") == 0
    day.patch.setenv("DATABASE_URL", _written(day.jobs_url.set(password="senha-errada-78")))
    assert day.command("extrato", "list") == 2


class _Taker(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.taken: list[SignedIn] = []

    def take(self, signed_in: SignedIn) -> None:
        self.taken.append(signed_in)


def _signed_in(address: URL, qtbot: QtBot) -> SignedIn:
    workers, taker = Workers(1), _Taker()
    workers.start(partial(sign_in, address, OWNER, PASSWORD), taker.take)
    qtbot.waitUntil(lambda: bool(taker.taken), timeout=20_000)
    workers.close()
    return taker.taken[0]


class _NoListener:
    """Nothing is heard at this desk; its bus is never started."""

    def fileno(self) -> int:
        return -1

    def poll(self) -> list[Any]:
        return []

    def close(self) -> None:
        pass


@contextmanager
def _connections_watched(day: Day) -> Iterator[None]:
    """Collects what connections call themselves, from a connection of its own."""
    done = threading.Event()

    def look() -> None:
        with Database(day.admin, application_name="tests") as database:
            while not done.wait(0.02):
                names = Reader(database).rows("SELECT application_name FROM pg_stat_activity")
                day.names.update(str(name) for (name,) in names)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _written(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _text(file: Path) -> str:
    return file.read_text("utf-8", errors="replace")
