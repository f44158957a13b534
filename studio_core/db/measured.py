"""Connections whose every statement is measured, whichever way it goes to the driver.

Cursors of any class, server-side ones, COPY, and the COMMIT in which deferred triggers run. What
is measured is how long the caller waited: for COPY that includes its own reading or writing.
"""

from collections.abc import Callable
from functools import cache
from time import perf_counter
from typing import Any, TypeVar

from psycopg2.extensions import connection as RawConnection  # noqa: N812 – a class, named so there
from psycopg2.extensions import cursor as RawCursor  # noqa: N812 – likewise
from psycopg2.sql import Composable

from studio_core.observability.statements import Place, StatementWatch

T = TypeVar("T")


class MeasuredConnection(RawConnection):
    """watch: what the statements are measured by. For psycopg2.connect as a connection_factory:
    partial(MeasuredConnection, watch)."""

    def __init__(self, watch: StatementWatch, dsn: str, async_: int = 0) -> None:
        super().__init__(dsn, async_)  # type: ignore[call-arg] # The stubs know no second one.
        self.watch = watch
        # The driver forgets it when the connection ends, which is when a statement fails slowly.
        self.place = self._found_place()

    def settled(self) -> None:
        """A connection made without waiting is told here that it stands."""
        self.place = self._found_place()

    def cursor(  # type: ignore[override] # The stubs name each factory; ours are made on the way.
        self, name: str | None = None, cursor_factory: type[RawCursor] | None = None, **given: Any
    ) -> Any:
        # The stubs give the class the __hash__ of its objects.
        wanted = _measured(cursor_factory or RawCursor, name is not None)  # type: ignore[arg-type] # As said.
        return super().cursor(name, cursor_factory=wanted, **given)

    def commit(self) -> None:
        self.measure("COMMIT", super().commit)

    def rollback(self) -> None:
        self.measure("ROLLBACK", super().rollback)

    def measure(self, statement: str | bytes, work: Callable[..., T], *arguments: Any) -> T:
        """work(*arguments), told to the watch as that statement when it took long."""
        started = perf_counter()
        try:
            result = work(*arguments)
        except BaseException as error:
            self._ended(statement, perf_counter() - started, not isinstance(error, StopIteration))
            raise
        self._ended(statement, perf_counter() - started, failed=False)
        return result

    def _ended(self, statement: str | bytes, took_s: float, failed: bool) -> None:
        if took_s > self.watch.limit_s:
            text = statement if isinstance(statement, str) else statement.decode("utf-8", "replace")
            self.watch.tell(text, took_s, self.place, failed=failed)

    def _found_place(self) -> Place:
        known = self.info
        return Place(known.host, known.port, known.dbname, known.user)


class _MeasuredStatements(RawCursor):
    """Mixed into a cursor class, before it."""

    connection: MeasuredConnection

    def execute(self, query: Any, vars: Any = None) -> None:
        text = self._text(query)
        self.connection.measure(text, super().execute, text, vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        text = self._text(query)
        self.connection.measure(text, super().executemany, text, vars_list)

    def callproc(self, procname: Any, parameters: Any = None) -> None:
        self.connection.measure(f"CALL {procname}", super().callproc, procname, parameters)

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:
        text = self._text(sql)
        self.connection.measure(text, super().copy_expert, text, file, size)

    def copy_from(self, file: Any, table: str, *given: Any, **named: Any) -> None:
        work = super().copy_from
        self.connection.measure(f"COPY {table} FROM", lambda: work(file, table, *given, **named))

    def copy_to(self, file: Any, table: str, *given: Any, **named: Any) -> None:
        work = super().copy_to
        self.connection.measure(f"COPY {table} TO", lambda: work(file, table, *given, **named))

    def _text(self, query: Any) -> Any:
        return query.as_string(self) if isinstance(query, Composable) else query


class _MeasuredFetches(_MeasuredStatements):
    """The same for a cursor on the server: there each fetch is a statement, and does the work."""

    _declared: str = ""

    def execute(self, query: Any, vars: Any = None) -> None:
        text = self._text(query)
        self._declared = text if isinstance(text, str) else text.decode("utf-8", "replace")
        super().execute(text, vars)

    def fetchone(self) -> Any:
        return self._fetched(super().fetchone)

    def fetchmany(self, size: int | None = None) -> Any:
        return self._fetched(super().fetchmany, size or self.arraysize)

    def fetchall(self) -> Any:
        return self._fetched(super().fetchall)

    def __next__(self) -> Any:
        return self._fetched(super().__next__)

    def _fetched(self, work: Callable[..., T], *arguments: Any) -> T:
        return self.connection.measure(self._declared, work, *arguments)


@cache
def _measured(wanted: type[RawCursor], on_the_server: bool) -> type[RawCursor]:
    """The measured kind of a cursor class."""
    if issubclass(wanted, _MeasuredStatements):
        return wanted
    mixed_in = _MeasuredFetches if on_the_server else _MeasuredStatements
    return type(f"Measured{wanted.__name__}", (mixed_in, wanted), {})
