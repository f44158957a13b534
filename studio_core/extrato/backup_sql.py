"""The statements of a backup. The table names and columns come from the models, never from input,
which is why the lint rule about built statements is off in this file.

A month's rows are its live ones and, where it is closed, those of its current extrato. Sessions are
only copied at a closing, so their live rows are the ones that count.
"""

from sqlalchemy import Table

from studio_core.agenda.models import FINISHED, TattooSession
from studio_core.clients.models import Client
from studio_core.db.base import Base, one_of
from studio_core.ledger.models import Commission, Expense, Payment
from studio_core.months import Month
from studio_core.people.models import User

_MODELS: dict[str, type[Base]] = {
    "users": User,
    "clients": Client,
    "other_sessions": TattooSession,
    "sessions": TattooSession,
    "payments": Payment,
    "commissions": Commission,
    "expenses": Expense,
}
BACKUP_ORDER = tuple(reversed(_MODELS))
RESTORE_ORDER = tuple(_MODELS)
TARGET = {name: f"public.{model.__tablename__}" for name, model in _MODELS.items()}

_DATE_COLUMN = {"payments": "paid_on", "commissions": "accrued_on", "expenses": "spent_on"}
_EXTRATO = (
    "(SELECT id FROM public.extratos WHERE superseded_at IS NULL"
    " AND make_date(year::integer, month::integer, 1) = {month})"
)
_FINISHED_IN_MONTH = (
    one_of("status", FINISHED)
    + " AND starts_at >= studio.day_start({month}) AND starts_at < studio.day_start({after})"
)

MONTH_HAS_ROWS = """
    SELECT EXISTS (SELECT FROM public.payments WHERE paid_on >= :month AND paid_on < :after)
        OR EXISTS (SELECT FROM public.commissions
                   WHERE accrued_on >= :month AND accrued_on < :after)
        OR EXISTS (SELECT FROM public.expenses WHERE spent_on >= :month AND spent_on < :after)
        OR EXISTS (SELECT FROM public.accounting_months
                   WHERE month_start = :month AND state <> 'open')"""
ADVANCE_SEQUENCES = "; ".join(
    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
    f" greatest((SELECT max(id) FROM {table}), nextval(pg_get_serial_sequence('{table}', 'id'))))"
    for table in sorted(set(TARGET.values()))
)


def columns(table: str) -> tuple[str, ...]:
    """The stored columns, in the order of the model; generated ones are made again."""
    model: Table = Base.metadata.tables[_MODELS[table].__tablename__]
    return tuple(column.name for column in model.columns if column.computed is None)


def incoming(table: str) -> str:
    """A table beside the real one, with the backup's columns, until the end of the restore."""
    return (
        "CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS"
        f" SELECT {', '.join(columns(table))} FROM {TARGET[table]} LIMIT 0"
    )


def foreign(table: str) -> str:
    """Whether another row stands under an incoming one's id. A row keeps the moment at which it
    was made whatever becomes of it, to the microsecond."""
    return (
        f"SELECT EXISTS (SELECT FROM incoming JOIN {TARGET[table]} AS here USING (id)"
        " WHERE here.created_at IS DISTINCT FROM incoming.created_at)"
    )


def take_over(table: str) -> str:
    listed = ", ".join(columns(table))
    return (
        f"INSERT INTO {TARGET[table]} ({listed}) SELECT {listed} FROM incoming"
        " ON CONFLICT DO NOTHING"
    )


def measured(table: str) -> str:
    """Rows, sum of money and digest of a month's rows. Binds month and after."""
    money = "agreed_price" if table == "sessions" else "amount"
    live = f"SELECT id, {money} AS money, studio.row_hash(p) AS hash FROM public.{table} p"
    if table == "sessions":
        rows = f"{live} WHERE " + _FINISHED_IN_MONTH.format(month=":month", after=":after")
    else:
        day = _DATE_COLUMN[table]
        rows = (
            f"{live} WHERE {day} >= :month AND {day} < :after UNION ALL"
            f" SELECT id, {money}, row_hash FROM archive.{table}"
            f" WHERE extrato_id = {_EXTRATO.format(month=':month')}"
        )
    return (
        "SELECT count(*) AS rows, coalesce(sum(money), 0.00)::text AS sum,"
        " encode(sha256(coalesce(string_agg(hash, '' ORDER BY id), '')), 'hex') AS digest"
        f" FROM ({rows}) AS month_rows"
    )


def copied(table: str, month: Month) -> str:
    """The query whose rows a backup copies, in key order. COPY takes no parameters."""
    bounds = {
        "month": f"DATE '{month.first_day.isoformat()}'",
        "after": f"DATE '{month.first_day_after.isoformat()}'",
    }
    listed = ", ".join(columns(table))
    if table in _DATE_COLUMN:
        return f"SELECT {listed} FROM ({_month_rows(table, listed, bounds)}) AS r ORDER BY id"
    source = f"SELECT {listed} FROM {TARGET[table]}"
    paid = _month_rows("payments", "client_id, artist_id, session_id", bounds)
    if table == "sessions":
        return f"{source} WHERE {_FINISHED_IN_MONTH.format(**bounds)} ORDER BY id"
    if table == "other_sessions":
        return (
            f"{source} WHERE id IN (SELECT session_id FROM ({paid}) AS p)"
            f" AND NOT ({_FINISHED_IN_MONTH.format(**bounds)}) ORDER BY id"
        )
    attended = (
        f"SELECT client_id, artist_id FROM public.sessions WHERE"
        f" ({_FINISHED_IN_MONTH.format(**bounds)})"
        f" OR id IN (SELECT session_id FROM ({paid}) AS s)"
    )
    if table == "clients":
        return (
            f"{source} WHERE id IN (SELECT client_id FROM ({paid}) AS p"
            f" UNION SELECT client_id FROM ({attended}) AS a) ORDER BY id"
        )
    earned = _month_rows("commissions", "artist_id", bounds)
    return (
        f"{source} WHERE id IN (SELECT artist_id FROM ({paid}) AS p"
        f" UNION SELECT artist_id FROM ({earned}) AS c"
        f" UNION SELECT artist_id FROM ({attended}) AS a) ORDER BY id"
    )


def _month_rows(table: str, listed: str, bounds: dict[str, str]) -> str:
    day = _DATE_COLUMN[table]
    return (
        f"SELECT {listed} FROM public.{table}"
        f" WHERE {day} >= {bounds['month']} AND {day} < {bounds['after']} UNION ALL"
        f" SELECT {listed} FROM archive.{table} WHERE extrato_id = {_EXTRATO.format(**bounds)}"
    )
