"""Tracebacks for the log: where it went wrong and what kind it was, without anybody's values.

What PostgreSQL says of a refused row quotes it (“Key (cpf)=(…) already exists”, “Failing row
contains (…)”, an excerpt of the statement), so of its errors only the state and the names stand
here: table, column, constraint.
"""

import traceback
from types import TracebackType

from studio_core.errors import StudioError
from studio_core.observability.normalising import without_values
from studio_core.sentences import sentence

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]

# Their messages name tables, columns and functions alone: undefined ones, and missing rights.
_SAID_IN_FULL = {"42P01", "42703", "42704", "42883", "42501"}
# Codes of our own stand in the message, their values in the detail.
_OURS = "ST"
_NAMES = ("schema_name", "table_name", "column_name", "constraint_name", "datatype_name")
# What the sentences of a refusal quote of what somebody typed.
_TYPED = {"text", "email", "who"}


def told_traceback(info: ExceptionInfo) -> str:
    """As Python prints it, but for the errors of the database and what a person typed."""
    return "".join(_chain(info[1], set())).rstrip("\n")


def told_refusal(error: StudioError) -> str:
    """Its sentence, without what somebody typed."""
    return sentence(
        error.code, {name: "…" if name in _TYPED else value for name, value in error.params.items()}
    )


def _chain(error: BaseException, seen: set[int]) -> list[str]:
    seen.add(id(error))
    lines: list[str] = []
    cause, context = error.__cause__, error.__context__
    if cause is not None and id(cause) not in seen:
        lines += _chain(cause, seen)
        lines.append("\nThe above exception was the direct cause of the following exception:\n\n")
    elif context is not None and not error.__suppress_context__ and id(context) not in seen:
        lines += _chain(context, seen)
        lines.append("\nDuring handling of the above exception, another exception occurred:\n\n")
    if error.__traceback__ is not None:
        lines.append("Traceback (most recent call last):\n")
        lines += traceback.format_tb(error.__traceback__)
    kind = type(error)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    told = _told(error)
    lines.append(f"{module}{kind.__qualname__}{f': {told}' if told else ''}\n")
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            lines += _chain(member, seen)
    return lines


def _told(error: BaseException) -> str:
    if isinstance(error, StudioError):
        return f"{error.code}: {told_refusal(error)}"
    # The driver's errors, known by their shape: this floor stands below the database's.
    state = getattr(error, "pgcode", None)
    if isinstance(state, str):
        return _told_by_server(state, getattr(error, "diag", None))
    original, statement = getattr(error, "orig", None), getattr(error, "statement", None)
    if isinstance(original, BaseException):
        shown = without_values(statement) if isinstance(statement, str) else ""
        return f"{_told(original)} [{shown}]"
    return str(error)


def _told_by_server(state: str, said: object) -> str:
    names = [f"{name[:-5]} {found}" for name in _NAMES if (found := getattr(said, name, None))]
    if state in _SAID_IN_FULL or state.startswith(_OURS):
        names.insert(0, str(getattr(said, "message_primary", "")))
    return ", ".join([f"SQLSTATE {state}", *names])
