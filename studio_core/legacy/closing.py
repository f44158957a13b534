"""Closes here, in the import's own transaction, the months that the legacy system had closed."""

from sqlalchemy import text

from studio_core.extrato.backup_file import MOVED
from studio_core.legacy.run import Run
from studio_core.months import Month

_ROWS_A_BATCH = 10_000


def close_month(run: Run, month: Month) -> int:
    """Returns the extrato's id. The legacy system keeps no backup of what it closed, so none is
    asked for."""
    first_day = month.first_day
    run.session.execute(text("SELECT studio.closing_begin(:month)"), {"month": first_day})
    for table in MOVED:
        ranges = run.session.execute(
            text("SELECT first_id, last_id FROM studio.closing_ranges(:month, :table, :batch)"),
            {"month": first_day, "table": table, "batch": _ROWS_A_BATCH},
        ).all()
        for first_id, last_id in ranges:
            run.session.execute(
                text("SELECT studio.closing_move(:month, :table, :first, :last)"),
                {"month": first_day, "table": table, "first": first_id, "last": last_id},
            )
    finished = run.session.scalar(
        text("SELECT studio.closing_finish(:month, NULL, NULL, NULL, 'legacy')"),
        {"month": first_day},
    )
    assert finished is not None
    run.notes.closed_months.append(month.label)
    return int(finished["extrato_id"])
