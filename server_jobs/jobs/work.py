"""What every job of the server is given to work with, and what makes one."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from server_jobs.clock import Clock
from studio_core.config import Settings
from studio_core.db.engine import Database


@dataclass(frozen=True, slots=True)
class Work:
    """One studio's database, the settings, the clock, and whether to stop."""

    database: Database
    settings: Settings
    clock: Clock = field(default_factory=Clock)
    stopping: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that falls due and is then done once, by one of all the servers of a studio.

    name: for the log and for the lock. title: the code of its sentence, for people. alert: the
    kind of alert that a failure raises.
    at: when to look, by the studio's wall clock, as APScheduler's CronTrigger takes it; a look
    at other times catches up on what was missed.
    due: what there is to do, as a word for the log and the alerts; None for nothing. It is asked
    again once the lock is held, so it must tell from the database whether it was done meanwhile.
    """

    name: str
    title: str
    alert: str
    at: Mapping[str, int | str]
    due: Callable[[Work], str | None]
    do: Callable[[Work], None]
