"""A closing stopped inside its COMMIT: before the server has made it durable, or just after."""

import contextlib
import threading

import psycopg2
from sqlalchemy import URL

from studio_core.db.engine import raw_connection

_HOLD = """
CREATE FUNCTION studio.tests_hold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
AS $$ BEGIN PERFORM pg_advisory_xact_lock(4242); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER tests_hold AFTER INSERT ON public.extratos
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION studio.tests_hold();
SELECT pg_advisory_lock(4242);
"""
# A commit that asks for a standby's word is durable here before it waits for that.
_ASK_A_STANDBY = """
CREATE FUNCTION studio.tests_hold() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN PERFORM set_config('synchronous_commit', 'on', true); RETURN NULL; END $$;
CREATE TRIGGER tests_hold AFTER INSERT ON public.extratos
FOR EACH ROW EXECUTE FUNCTION studio.tests_hold();
"""
_WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND query = 'COMMIT' AND wait_event = %s
"""


class HeldCommit:
    """Holds closings of one database in their COMMIT, from now on until release()."""

    def __init__(self, url: URL, *, durable: bool = False) -> None:
        """durable: after the write to disk, on a server that waits for a standby that is none."""
        self._waits_for = "SyncRep" if durable else "advisory"
        self._holder = raw_connection(url, application_name="tests-holding")
        self._ask(_ASK_A_STANDBY if durable else _HOLD)

    def wait_until_reached(self) -> None:
        pause = threading.Event()
        for _ in range(3000):
            with self._holder.cursor() as cursor:
                cursor.execute(_WAITING, (self._waits_for,))
                if cursor.fetchone() != (0,):
                    return
            pause.wait(0.01)
        raise AssertionError("no closing came to its commit")

    def release(self) -> None:
        """Lets the commit go on; may be called on a server that is gone."""
        with contextlib.suppress(psycopg2.Error):
            self._holder.close()

    def _ask(self, statements: str) -> None:
        with self._holder.cursor() as cursor:
            cursor.execute(statements)
