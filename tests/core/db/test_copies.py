"""A test's database is what a migrated database is, its settings and grants included."""

from sqlalchemy import text

from studio_core.db.engine import Database
from studio_core.db.migrations import current_revision, head_revision

_SETTINGS = text(
    "SELECT coalesce(array_agg(setting ORDER BY setting), '{}') FROM pg_db_role_setting s"
    " JOIN pg_database d ON d.oid = s.setdatabase CROSS JOIN unnest(s.setconfig) AS setting"
    " WHERE d.datname = :name AND s.setrole = 0"
)
_GRANTS = text(
    "SELECT coalesce(array_agg(told ORDER BY told), '{}') FROM pg_database d"
    " CROSS JOIN LATERAL (SELECT grantee::regrole || ' ' || privilege_type AS told"
    " FROM aclexplode(d.datacl)) AS granted WHERE d.datname = :name"
)


def test_copy_is_at_the_head_and_has_the_templates_settings_and_grants(
    database: Database, template: str
) -> None:
    with database.transaction() as session:
        assert current_revision(session) == head_revision()
        for question in (_SETTINGS, _GRANTS):
            own = session.scalar(question, {"name": database.url.database})
            assert own == session.scalar(question, {"name": template})
