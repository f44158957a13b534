"""A studio whose server is on the network: pg_dump and pg_restore encrypt, too."""

from pathlib import Path

from studio_core.backups.create import create_full_backup
from studio_core.backups.restore import restore_full_backup
from studio_core.db.engine import Database
from studio_core.db.migrations import migrate
from studio_core.extrato.runs import Progress
from tests.books import Reader
from tests.core.backups.conftest import make_it_large
from tests.tls_server import TlsServer

_HOW = (
    "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
    " WHERE application_name = 'studio full backup'"
)


def test_a_backup_crosses_the_network_encrypted_both_ways(
    tls_server: TlsServer, tmp_path: Path
) -> None:
    tls_server.offer_tls(True)
    authority = str(tls_server.certificates / "studio-ca.crt")
    url = tls_server.url(sslrootcert=authority).set(database="dumped")
    tls_server.server.create_database("dumped")
    migrate(url)
    seen: list[tuple[object, ...]] = []
    with Database(url, application_name="tests") as database:
        reader = Reader(database)

        def look(progress: Progress) -> None:
            if progress.stage == "dump" and not seen:
                seen.extend(reader.rows(_HOW))

        make_it_large(database)
        made = create_full_backup(database, directory=tmp_path, on_progress=look)
    assert seen == [(True,)]
    target = url.set(database="restored")
    restored = restore_full_backup(target, tmp_path / made.file_name)
    assert restored.manifest.tables["public.clients"].rows == 100
