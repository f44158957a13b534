"""Running proofs one after the other on a scratch database, and saying how each ended."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from server_jobs.check.books import MONTH, Books
from server_jobs.check.proofs import NotProvedError, Proof, batch_proofs, deletion_proofs
from server_jobs.scratch import scratch_database
from studio_core.db.engine import Database
from studio_core.errors import StudioError


@dataclass(frozen=True, slots=True)
class Proved:
    """How one proof ended. found: what was there instead, None when it holds."""

    name: str
    sentence: str
    found: str | None = None

    @property
    def holds(self) -> bool:
        return self.found is None


def run_proofs(
    admin_url: str | URL, *, deletion: bool, batches: bool, said: Callable[[Proved], None]
) -> list[Proved]:
    """All that were asked for, on one scratch database of that server, which is dropped again.

    said: called as each ends. One that fails stops those that build on it.
    """
    with (
        scratch_database(admin_url) as url,
        tempfile.TemporaryDirectory(prefix="studio-check-") as folder,
        Database(url, application_name="studio check", pool_size=2) as admin,
    ):
        books = Books(admin, Path(folder))
        found: list[Proved] = []
        if deletion:
            found += _in_turn(deletion_proofs(), books, said)
        if batches and all(proved.holds for proved in found):
            books.back_up()
            found += _in_turn(batch_proofs(), books, said)
        return found


def _in_turn(proofs: Iterable[Proof], books: Books, said: Callable[[Proved], None]) -> list[Proved]:
    ended: list[Proved] = []
    for proof in proofs:
        try:
            proof.show(books)
        except NotProvedError as error:
            proved = Proved(proof.name, proof.sentence, str(error))
        except StudioError as error:
            proved = Proved(proof.name, proof.sentence, f"{MONTH.label}: {error}")
        else:
            proved = Proved(proof.name, proof.sentence)
        said(proved)
        ended.append(proved)
        if not proved.holds:
            break
    return ended
