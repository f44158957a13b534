"""What people call things that the database names: logins, actions of a run, how it ended."""

from PySide6.QtCore import QCoreApplication

from studio_core.extrato.refusals import Refusal
from studio_desktop.models.columns import Badge, Tone
from studio_desktop.sentences import retold, sentence_of

translate = QCoreApplication.translate
_SERVERS = frozenset({"studio_jobs"})
_ADMINISTRATORS = frozenset({"admin", "postgres"})


def server_words() -> str:
    return translate("Names", "Server")


def who_words(name: str) -> str:
    """name: a person's, or the login of a program."""
    if name in _SERVERS:
        return server_words()
    if name in _ADMINISTRATORS:
        return translate("Names", "Administrator")
    return name


def run_kind_words(kind: str, *, forced: bool = False) -> str:
    if kind == "close" and forced:
        return translate("Names", "Closing again")
    words = {
        "close": translate("Names", "Closing"),
        "reopen": translate("Names", "Reopening"),
        "rehearsal": translate("Names", "Rehearsal"),
    }
    return words.get(kind, kind)


def run_status_words(status: str) -> str:
    words = {
        "running": translate("Names", "Running"),
        "done": translate("Names", "Done"),
        "rehearsed": translate("Names", "Rehearsed"),
        "refused": translate("Names", "Refused"),
        "cancelled": translate("Names", "Cancelled"),
        "failed": translate("Names", "Failed"),
        "died": translate("Names", "Interrupted"),
    }
    return words.get(status, status)


_RUN_TONES: dict[str, Tone] = {
    "running": "accent",
    "done": "success",
    "refused": "warning",
    "failed": "danger",
    "died": "danger",
}


def run_status_badge(status: str) -> Badge:
    return Badge(run_status_words(status), _RUN_TONES.get(status, "neutral"))


def refusal_words(refusal: Refusal) -> str:
    """Why a run was refused, in the language of the window."""
    if refusal.code is None:
        return retold(refusal.message)
    return sentence_of(refusal.error)


def alert_kind_words(kind: str) -> str:
    words = {
        "slow_query": translate("Names", "Slow query"),
        "closing_failed": translate("Names", "Closing failed"),
        "backup_failed": translate("Names", "Backup failed"),
        "drill_failed": translate("Names", "Trial restore failed"),
        "clean_up_failed": translate("Names", "Clean-up failed"),
        "slack_failed": translate("Names", "Slack does not answer"),
        "health": translate("Names", "Health"),
        "health_failed": translate("Names", "Health not looked at"),
        "test": translate("Names", "Test"),
    }
    return words.get(kind, kind.replace("_", " "))
