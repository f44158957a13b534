"""Rings at the right times; one thread does what has fallen due.

APScheduler only rings. What is due is told by the database, so it makes no difference which of
several servers heard the bell, nor whether any did: each looks again every few seconds.
"""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import func, select

from server_jobs.clock import Clock
from server_jobs.jobs.failures import Patience
from server_jobs.jobs.leadership import leadership
from server_jobs.jobs.work import Chore, Work
from studio_core.db.migrations import check_program
from studio_core.errors import AlreadyRunningError, StudioError
from studio_core.observability import at_route, correlation, correlation_id, get_logger
from studio_core.sentences import sentence
from studio_core.settings.queries import studio_zone

_log = get_logger(__name__)

LOOK_EVERY_S = 15


class ClockTrigger(BaseTrigger):  # type: ignore[misc] # APScheduler brings no types.
    """A cron trigger by another clock than the computer's."""

    def __init__(self, trigger: CronTrigger, clock: Clock) -> None:
        self._trigger = trigger
        self._clock = clock

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        shown_before = self._clock.shown(previous) if previous is not None else None
        shown = self._trigger.get_next_fire_time(shown_before, self._clock.shown(now))
        return self._clock.true(shown) if shown is not None else None


class Scheduler:
    """Looks after some chores until the work stops."""

    def __init__(
        self,
        work: Work,
        chores: Sequence[Chore],
        *,
        patience: Patience | None = None,
        look_every_s: int = LOOK_EVERY_S,
    ) -> None:
        self._work = work
        self._chores = tuple(chores)
        self._patience = patience or Patience()
        self._look_every_s = look_every_s
        self._bell = threading.Event()
        self._zone: ZoneInfo | None = None
        self._began_at: datetime | None = None
        self._last_refusal: str | None = None
        # The bells live in memory; which months are due is in the database.
        self._bells = BackgroundScheduler(timezone=UTC, daemon=True)
        self._thread = threading.Thread(target=self._run, name="studio-chores", daemon=True)

    def start(self) -> None:
        """The first look comes at once and catches up on what was missed."""
        self._hang_bells(self._work.settings.zone)
        self._bells.start()
        self._bell.set()
        self._thread.start()

    def stop(self) -> None:
        """Rings no more; the work's own event ends what is being done."""
        self._bells.shutdown(wait=False)
        self._bell.set()

    def join(self, timeout_s: float) -> bool:
        """Whether the work ended within that time."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def next_bell(self, chore: Chore) -> datetime | None:
        """When a chore's bell rings next, in true time."""
        found: Any = self._bells.get_job(chore.name)
        return None if found is None else found.next_run_time

    def look(self) -> None:
        """Does what is due, unless another server is at it."""
        try:
            self._prepare()
            for chore in self._chores:
                if not self._work.stopping.is_set():
                    self._attend(chore)
        except StudioError as error:
            # The database is away or not ready. Said once, and then when it changes.
            if error.code != self._last_refusal:
                _log.warning("scheduler_waiting", code=error.code, sentence=str(error))
            self._last_refusal = error.code
        except Exception:  # noqa: BLE001 - the job loop goes on after a bug of ours.
            _log.exception("scheduler_failed")

    def _run(self) -> None:
        while not self._work.stopping.is_set():
            # Bells go by the clock on the wall; this goes on when somebody sets that back.
            self._bell.wait(self._look_every_s)
            self._bell.clear()
            if not self._work.stopping.is_set():
                with at_route("scheduler"):
                    self.look()

    def _hang_bells(self, zone: ZoneInfo) -> None:
        if zone == self._zone:
            return
        self._zone = zone
        for chore in self._chores:
            trigger = ClockTrigger(CronTrigger(**chore.at, timezone=zone), self._work.clock)
            self._bells.add_job(
                self._bell.set, trigger, id=chore.name, replace_existing=True, misfire_grace_time=60
            )

    def _prepare(self) -> None:
        """Program and schema fit, and the bells ring by the studio's own zone."""
        with self._work.database.transaction() as session:
            check_program(session)
            zone = studio_zone(session)
            if self._began_at is None:
                self._began_at = session.execute(select(func.clock_timestamp())).scalar_one()
        if self._last_refusal is not None:
            _log.info("scheduler_works_again")
            self._last_refusal = None
        self._hang_bells(zone)

    def _attend(self, chore: Chore) -> None:
        if chore.due(self._work) is None:
            return
        with leadership(self._work.database, chore.name) as leading, correlation():
            # Another server may have done it between the question and the lock.
            what = chore.due(self._work) if leading else None
            if what is not None and not self._must_wait(chore, what):
                with at_route(f"chore {chore.name}"):
                    self._do(chore, what)

    def _must_wait(self, chore: Chore, what: str) -> bool:
        with self._work.database.transaction() as session:
            return self._patience.says_wait(session, chore, what, self._since)

    def _do(self, chore: Chore, what: str) -> None:
        log = _log.bind(chore=chore.name, what=what)
        log.info("chore_started")
        try:
            chore.do(self._work)
        except AlreadyRunningError as error:
            log.info("chore_done_elsewhere", sentence=str(error))
        except StudioError as error:
            if self._work.stopping.is_set():
                log.warning("chore_stopped", code=error.code)
                return
            self._failed(chore, what, str(error))
        except Exception:  # The chore's own bug: it is told of, and the other chores go on.
            log.exception("chore_broke")
            told = sentence("unexpected", {"correlation_id": correlation_id() or "-"})
            self._failed(chore, what, told)
        else:
            log.info("chore_done")

    def _failed(self, chore: Chore, what: str, reason: str) -> None:
        # The chore may have got some way before it failed; what is due now is what failed.
        now_due = chore.due(self._work) or what
        self._patience.note(self._work.database, chore, now_due, reason, self._since)

    @property
    def _since(self) -> datetime:
        """The first look that the database answered, by its own time."""
        assert self._began_at is not None
        return self._began_at
