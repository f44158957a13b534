"""Reading the legacy database: one read-only snapshot, in a stream, only the columns we name.

Its table of tokens and its password hashes are never asked for.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extras import RealDictCursor
from sqlalchemy import make_url

from studio_core.db.engine import raw_connection
from studio_core.db.errors import translated
from studio_core.errors import ConfigError, StudioError, UnavailableError

Row = dict[str, Any]

_ROWS_A_FETCH = 2000

# Needed columns first, then those that some versions of the legacy system lack.
COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "users": (("id", "name", "role"), ("email", "active_flag")),
    "clients": (("id", "name"), ("jotform_submission_id",)),
    "sessoes": (
        (
            *("id", "data", "valor", "cliente_id", "artista_id", "status"),
            *("payment_id", "google_event_id"),
        ),
        ("observacoes",),
    ),
    "pagamentos": (
        (
            *("id", "data", "valor", "forma_pagamento", "cliente_id", "artista_id"),
            *("sessao_id", "google_event_id"),
        ),
        ("observacoes", "comissao", "created_at"),
    ),
    "comissoes": (
        ("id", "pagamento_id", "artista_id", "percentual", "valor", "created_at"),
        ("observacoes",),
    ),
    "gastos": (
        ("id", "data", "valor", "forma_pagamento"),
        ("descricao", "created_by", "created_at"),
    ),
    "inventory": (
        ("id", "nome", "quantidade"),
        ("observacoes", "order", "category", "unit_price", "supplier"),
    ),
    "extratos": (
        ("id", "mes", "ano", "pagamentos", "sessoes", "comissoes", "totais"),
        ("gastos",),
    ),
}
_JSON = {"pagamentos", "sessoes", "comissoes", "gastos", "totais"}

# What a row of one table needs to know of the others, found in the same stream.
_JOINED: dict[str, str] = {
    "sessoes": """
        , coalesce(paid.ids, '{}') AS payments, paid.event
        FROM public.sessoes t LEFT JOIN (
            SELECT sessao_id, array_agg(id ORDER BY id) AS ids, min(google_event_id) AS event
            FROM public.pagamentos GROUP BY sessao_id) paid ON paid.sessao_id = t.id""",
    "pagamentos": """
        , s.id AS session_found, s.payment_id AS session_names,
          s.google_event_id AS session_event, earned.amount AS commission
        FROM public.pagamentos t LEFT JOIN public.sessoes s ON s.id = t.sessao_id
        LEFT JOIN (SELECT pagamento_id, sum(valor) AS amount FROM public.comissoes
                   GROUP BY pagamento_id) earned ON earned.pagamento_id = t.id""",
    "comissoes": """
        , p.data AS payment_day, p.valor AS payment_amount, p.artista_id AS payment_artist
        FROM public.comissoes t LEFT JOIN public.pagamentos p ON p.id = t.pagamento_id""",
}


class LegacySource:
    """A legacy database, as it stands at one moment.

    Raises StudioError: legacy_source with the reason when it cannot be reached, legacy_not_found
    when it is no legacy database.
    """

    def __init__(self, url: str) -> None:
        try:
            self._connection = raw_connection(url, application_name="studio import legacy")
        except StudioError as error:
            if error.code == "sign_in_refused":  # Its words are for people with an e-mail.
                login = make_url(url).username or "-"
                error = ConfigError("login_refused", login=login)
            raise _about_the_source(error) from error
        try:
            self._connection.set_client_encoding("UTF8")
            self._connection.set_session(
                isolation_level="REPEATABLE READ", readonly=True, autocommit=False
            )
            self._columns = self._found_columns()
            self._require_tables()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._connection.close()

    def count(self, table: str) -> int:
        statement = sql.SQL("SELECT count(*) AS rows FROM public.{}").format(sql.Identifier(table))
        return int(self.ask(statement)[0]["rows"])

    def rows(self, table: str) -> Iterator[Row]:
        """All rows by id: the columns of COLUMNS (None where this database lacks one) and what
        is joined to them. JSON comes as its text."""
        yield from self._stream(
            sql.SQL("SELECT {}{} ORDER BY t.id").format(self._select(table), self._from(table))
        )

    def closed_months(self) -> Iterator[Row]:
        """The rows of `extratos`, oldest month first."""
        yield from self._stream(
            sql.SQL("SELECT {} FROM public.extratos t ORDER BY ano, mes, id").format(
                self._select("extratos")
            ),
            rows_a_fetch=1,
        )

    def ask(self, statement: sql.Composable | str, parameters: Sequence[object] = ()) -> list[Row]:
        """The whole answer to a small question."""
        with _Translation(), self._connection.cursor(cursor_factory=RealDictCursor) as cursor:
            cursor.execute(statement, parameters or None)
            return [dict(row) for row in cursor.fetchall()]

    def _stream(
        self, statement: sql.Composable, rows_a_fetch: int = _ROWS_A_FETCH
    ) -> Iterator[Row]:
        with (
            _Translation(),
            self._connection.cursor(name="rows", cursor_factory=RealDictCursor) as cursor,
        ):
            cursor.itersize = rows_a_fetch
            cursor.execute(statement)
            for row in cursor:
                yield dict(row)

    def _select(self, table: str) -> sql.Composable:
        needed, wanted = COLUMNS[table]
        return sql.SQL(", ").join(
            sql.SQL("{} AS {}").format(self._expression(table, name), sql.Identifier(name))
            for name in (*needed, *wanted)
        )

    def _expression(self, table: str, name: str) -> sql.Composable:
        if name not in self._columns[table]:
            return sql.SQL("NULL")
        return sql.SQL("t.{}::text" if name in _JSON else "t.{}").format(sql.Identifier(name))

    def _from(self, table: str) -> sql.Composable:
        if table not in _JOINED:
            return sql.SQL(" FROM public.{} t").format(sql.Identifier(table))
        return sql.SQL(_JOINED[table])

    def _found_columns(self) -> dict[str, set[str]]:
        found = self.ask(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = ANY (%s)",
            (list(COLUMNS),),
        )
        columns: dict[str, set[str]] = {table: set() for table in COLUMNS}
        for row in found:
            columns[row["table_name"]].add(row["column_name"])
        return columns

    def _require_tables(self) -> None:
        missing = [
            f"{table} ({', '.join(lacking)})" if self._columns[table] else table
            for table, (needed, _) in COLUMNS.items()
            if (lacking := [name for name in needed if name not in self._columns[table]])
        ]
        if missing:
            raise ConfigError("legacy_not_found", missing=", ".join(missing))


class _Translation:
    """Makes refusals of the legacy server say that they are its."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, psycopg2.Error):
            known = translated(error)
            if known is not None:
                raise _about_the_source(known) from error


def _about_the_source(error: StudioError) -> StudioError:
    family = UnavailableError if isinstance(error, UnavailableError) else ConfigError
    return family("legacy_source", reason=str(error))
