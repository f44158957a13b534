"""The options --year and --month, which every command about a month has."""

from typing import Annotated

import typer

from studio_core.db.engine import Database
from studio_core.errors import ConfigError, RuleError
from studio_core.ledger.queries import studio_today
from studio_core.months import Month

# Text rather than numbers, so that a wrong one is answered by our own sentence.
YearOption = Annotated[str | None, typer.Option("--year", metavar="YYYY", help="With --month.")]
MonthOption = Annotated[str | None, typer.Option("--month", metavar="1-12", help="With --year.")]


def asked_month(year: str | None, month: str | None) -> Month | None:
    """The month that was asked for; None when none was.

    Raises ConfigError: month_half_given, year_out_of_range, month_out_of_range.
    """
    if year is None and month is None:
        return None
    if year is None or month is None:
        raise ConfigError("month_half_given")
    try:
        return Month(_number(year), _number(month))
    except RuleError as error:
        raise ConfigError(error.code, **error.params) from None


def asked_version(version: str | None) -> int | None:
    """The version of an extrato; None for the one in force.

    Raises ConfigError("version_malformed").
    """
    if version is None:
        return None
    number = _number(version)
    if number < 1:
        raise ConfigError("version_malformed", text=version)
    return number


def last_month(database: Database) -> Month:
    """The month before the running one, by the studio's own calendar."""
    with database.transaction() as session:
        return Month.of(studio_today(session)).previous()


def _number(text: str) -> int:
    """-1, which is in no range, for what is not a number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
