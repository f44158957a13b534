"""A month's statement as lines of text."""

from server_jobs.cli.output import say, say_table
from studio_core.extrato.queries import Statement

_LISTS = (
    ("by_artist", "Artist", ("artist", "revenue", "commission")),
    ("by_method", "Received by method", ("method", "total")),
    ("expenses_by_method", "Expenses by method", ("method", "total")),
    ("expenses_by_category", "Expenses by category", ("category", "total")),
)
_SUMS = (
    ("gross_revenue", "Gross revenue"),
    ("commissions", "Commissions"),
    ("expenses", "Expenses"),
    ("balance", "Balance"),
    ("net_revenue", "Net revenue"),
)


def say_statement(statement: Statement) -> None:
    """Totals, counts and the four lists."""
    counts = statement.counts
    say(
        f"{counts['payments']} payments, {counts['commissions']} commissions,"
        f" {counts['expenses']} expenses, {counts['sessions']} sessions"
    )
    say_table(("", "R$"), [(label, statement.totals[name]) for name, label in _SUMS], right=" r")
    for name, heading, keys in _LISTS:
        lines = statement.totals[name]
        if not lines:
            continue
        say()
        titles = (heading, *(key.capitalize() for key in keys[1:]))
        say_table(titles, [[line[key] for key in keys] for line in lines], right=" rr")
    if statement.digest is not None:
        say()
        say(f"Digest {statement.digest}")
