"""What measuring costs while nothing is slow. It prints a ratio and judges nothing: a person does.

pytest -m long -s tests/core/db/test_measured_cost.py
"""

from statistics import quantiles
from time import perf_counter
from typing import Any

import psycopg2
import pytest
from sqlalchemy import URL

from studio_core.db.engine import raw_connection
from studio_core.observability.statements import StatementWatch

_ROUNDS = 8_000


def _seconds(connection: Any, statement: str) -> float:
    started = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchone()
    return perf_counter() - started


@pytest.mark.long
@pytest.mark.parametrize("statement", ["SELECT 1", "SELECT count(*) FROM pg_class"])
def test_cost_of_measuring_is_shown(
    admin_url: URL, statement: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The two take turns, so that whatever else the computer does touches both."""
    watch = StatementWatch()
    watch.limit_s = 3600.0
    measured = raw_connection(admin_url, application_name="tests", watch=watch)
    plain = psycopg2.connect(
        measured.dsn, password=admin_url.password, options="-c TimeZone=UTC", client_encoding="utf8"
    )
    plain.autocommit = True
    times: dict[bool, list[float]] = {False: [], True: []}
    for number in range(_ROUNDS):
        for ours in (False, True) if number % 2 else (True, False):
            times[ours].append(_seconds(measured if ours else plain, statement))
    plain.close()
    measured.close()

    # The tenth in a hundred: what the statement takes when nothing comes in between.
    without, with_it = (quantiles(times[ours], n=10)[0] * 1e6 for ours in (False, True))
    with capsys.disabled():
        print(  # noqa: T201 - the figure is what this is for.
            f"\n{statement}: {without:.1f} µs, measured {with_it:.1f} µs,"
            f" ratio {with_it / without:.3f}"
        )
    assert watch.next(0) is None
