"""The demo studio: believable, the same every time, kept between starts."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from studio_core.db.engine import Database
from studio_core.db.migrations import migrate
from studio_core.demo.cast import ARTISTS, MEMBERS
from studio_core.demo.clients import cpf_with_digits
from studio_core.demo.fill import fill_demo
from studio_core.demo.studio import open_demo
from studio_core.errors import ConfigError
from studio_core.extrato.queries import open_months
from studio_core.extrato.verify import verify_chain
from studio_core.local.studio import open_local
from studio_core.months import Month
from studio_core.people.logins import login_role
from studio_core.people.queries import signed_in_person
from tests.books import Reader


class Looked(Reader):
    """Questions to a filled database."""

    @property
    def today(self) -> date:
        day: date = self.value("SELECT studio.today()")
        return day


@pytest.fixture(scope="module")
def demo(shared_database_url: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looked]:
    with Database(shared_database_url, application_name="tests") as database:
        looked = Looked(database)
        folder = tmp_path_factory.mktemp("demo") / "backups"
        fill_demo(database, today=looked.today, backup_dir=folder)
        yield looked


@pytest.mark.timeout(300)
def test_demo_has_two_believable_years(demo: Looked) -> None:
    last_month = Month.of(demo.today).previous()
    assert demo.value("SELECT count(*) FROM clients") == 500
    assert demo.value("SELECT count(*) FROM users WHERE is_artist") == len(ARTISTS) == 6
    today = set(
        demo.rows(
            "SELECT status FROM sessions WHERE starts_at >= studio.day_start(:day)"
            " AND starts_at < studio.day_start(:day + 1)",
            day=demo.today,
        )
    )
    assert {("paid",), ("to_pay",), ("in_progress",), ("arrived",), ("confirmed",)} <= today
    assert demo.value("SELECT max(starts_at) FROM sessions") > demo.value(
        "SELECT studio.day_start(:day)", day=demo.today + timedelta(weeks=3)
    )
    assert len(demo.rows("SELECT DISTINCT method FROM all_payments")) == 6
    kinds = dict(demo.rows("SELECT kind, count(*) FROM all_payments GROUP BY kind"))
    assert kinds["sale"] > 4000
    assert set(kinds) == {"sale", "refund", "deposit"}
    assert demo.value("SELECT count(*) FROM all_payments WHERE voided_at IS NOT NULL") > 10
    assert demo.value("SELECT max(paid_on) FROM payments") <= demo.today
    assert len(demo.rows("SELECT category FROM archive.expenses GROUP BY category")) >= 10
    assert demo.value("SELECT count(*) FROM stock_items WHERE balance > 0") > 10
    closed = demo.rows("SELECT year, month, totals ->> 'net_revenue' FROM extratos")
    assert len(closed) == 23
    assert all(float(net) > 0 for _, _, net in closed)
    with demo.database.transaction() as session:
        assert {found.month for found in open_months(session)} == {
            last_month,
            last_month.next(),
        }
        assert verify_chain(session) == ()


@pytest.mark.timeout(300)
def test_demo_looks_as_if_it_had_been_typed_day_by_day(demo: Looked) -> None:
    for table in ("clients", "sessions", "payments", "archive.payments", "expenses"):
        assert demo.value(f"SELECT count(*) FROM {table} WHERE created_by IS NULL") == 0
        assert demo.value(f"SELECT count(DISTINCT created_at::date) FROM {table}") > 10
    early = "SELECT count(*) FROM archive.payments WHERE created_at < studio.day_start(paid_on)"
    assert demo.value(early) == 0
    assert len(demo.rows("SELECT DISTINCT date_trunc('month', closed_at) FROM extratos")) == 23
    checked = demo.rows("SELECT cpf FROM clients WHERE cpf IS NOT NULL")
    assert checked
    assert all(cpf == cpf_with_digits(cpf[:9]) for (cpf,) in checked)


@pytest.mark.timeout(300)
def test_same_day_and_seed_give_the_same_studio(
    demo: Looked, empty_database_url: URL, tmp_path: Path
) -> None:
    migrate(empty_database_url)
    with Database(empty_database_url, application_name="tests") as other:
        twin = Looked(other)
        fill_demo(other, today=demo.today, backup_dir=tmp_path / "others")
        for question in (
            "SELECT digest FROM extratos ORDER BY closing_order DESC LIMIT 1",
            "SELECT md5(string_agg(c::text, '' ORDER BY id)) FROM clients c",
            "SELECT md5(string_agg(s::text, '' ORDER BY id)) FROM sessions s",
            "SELECT md5(string_agg(p::text, '' ORDER BY id)) FROM payments p",
        ):
            assert twin.value(question) == demo.value(question)


@pytest.mark.timeout(300)
def test_half_filled_demo_is_finished(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = Looked(database)
    told: list[tuple[str, int, int]] = []

    def stop_at_the_third_month(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("closing", 2):
            raise KeyboardInterrupt

    folder = tmp_path / "backups"
    with pytest.raises(KeyboardInterrupt):
        fill_demo(
            database,
            today=looked.today,
            backup_dir=folder,
            on_progress=stop_at_the_third_month,
        )
    assert looked.value("SELECT count(*) FROM extratos") == 2
    fill_demo(
        database,
        today=looked.today,
        backup_dir=folder,
        on_progress=lambda *step: told.append(step),
    )
    assert looked.value("SELECT count(*) FROM extratos") == 23
    assert {stage for stage, _, _ in told} == {"closing"}
    sold = looked.value("SELECT count(*) FROM all_payments")
    fill_demo(database, today=looked.today, backup_dir=folder)
    assert looked.value("SELECT count(*) FROM all_payments") == sold


@pytest.mark.timeout(300)
def test_demo_opens_again_as_it_was_left(tmp_path: Path, run_root: Path) -> None:
    folder = run_root / f"{tmp_path.parent.name}-demo"
    first = open_demo(folder)
    try:
        _everyone_signs_in(first.url, first.password)
        with Database(first.url, application_name="tests") as database:
            with database.transaction() as session:
                session.execute(text("UPDATE clients SET notes = 'kept' WHERE id = 1"))
            port = first.url.port
    finally:
        first.close()
    again = open_demo(folder)
    try:
        assert (again.url.port, again.password) == (port, first.password)
        assert (folder / "demo-password").stat().st_mode & 0o777 == 0o600
        with Database(again.url, application_name="tests") as database:
            assert Looked(database).value("SELECT notes FROM clients WHERE id = 1") == "kept"
    finally:
        again.close()


def _everyone_signs_in(url: URL, password: str) -> None:
    for member in MEMBERS:
        if member.access is None:
            continue
        login = login_role(str(url.database), str(member.email))
        address = url.set(username=login, password=password)
        with Database(address, application_name="tests") as own, own.transaction() as session:
            person = signed_in_person(session)
            assert (person.name, person.access) == (member.name, member.access)


def test_own_studio_starts_empty_and_is_never_taken_for_a_demo(
    tmp_path: Path, run_root: Path
) -> None:
    folder = run_root / f"{tmp_path.parent.name}-local"
    local = open_local(folder, backup_dir=tmp_path)
    try:
        with Database(local.url, application_name="tests") as database:
            assert Looked(database).value("SELECT count(*) FROM users") == 0
            with database.transaction() as session:
                session.execute(text("INSERT INTO users (name) VALUES ('Ana Tinta')"))
        with pytest.raises(ConfigError, match="not the demo"):
            open_demo(folder)
        with Database(local.url, application_name="tests") as database:
            assert Looked(database).value("SELECT count(*) FROM users") == 1
    finally:
        local.close()
