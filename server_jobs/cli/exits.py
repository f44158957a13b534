"""What the command's exit code says, for cron and scripts."""

from studio_core.errors import AlreadyRunningError, ConfigError, RuleError, StudioError

DONE = 0
FAILED = 1
"""Something broke or was stopped; what was begun is rolled back."""
USAGE = 2
"""The command line, the settings or the database's address are wrong."""
REFUSED = 4
"""A rule of the studio said no; nothing was changed."""
ALREADY_RUNNING = 75


def exit_code(error: StudioError) -> int:
    """The exit code for a refusal."""
    if error.code == "closing_cancelled":
        return FAILED
    if isinstance(error, ConfigError):
        return USAGE
    if isinstance(error, AlreadyRunningError):
        return ALREADY_RUNNING
    if isinstance(error, RuleError):
        return REFUSED
    return FAILED
