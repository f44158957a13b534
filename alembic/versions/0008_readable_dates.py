"""No date that a program cannot read, where people write dates.

Revision 0008, after 0007. A row with such a date is left as it is, and the check
holds for what is written from now on.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_DAY = "BETWEEN '0001-01-01' AND '9999-12-31'"
_MOMENT = "BETWEEN '0001-01-02 00:00+00' AND '9999-12-30 00:00+00'"
_CHECKED = (
    ("clients", "birth_date", _DAY),
    ("backups", "month_start", _DAY),
    ("extrato_runs", "month_start", _DAY),
    ("client_flags", "ended_at", _MOMENT),
    ("sessions", "starts_at", _MOMENT),
    ("sessions", "ends_at", _MOMENT),
)


def upgrade() -> None:
    for table, column, readable in _CHECKED:
        name = f"ck_{table}_{column}"
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} {readable}) NOT VALID"
        )
        op.execute(
            f"DO $$ BEGIN ALTER TABLE {table} VALIDATE CONSTRAINT {name};"
            " EXCEPTION WHEN check_violation THEN NULL; END $$"
        )


def downgrade() -> None:
    for table, column, _ in _CHECKED:
        op.drop_constraint(op.f(f"ck_{table}_{column}"), table, type_="check")
