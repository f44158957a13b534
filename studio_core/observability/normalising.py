"""SQL as it may be shown: placeholders stay, values go.

Statements come from the driver before their parameters are merged in. Some have values written
into them all the same (roles, COPY, what an administrator types), so every literal becomes “?”.
"""

import hashlib
import re

SHOWN_LIMIT = 2_000
# A longer script is one of our own, with functions in it; its beginning says which.
_READ_LIMIT = 20_000

# What is not closed runs to the end: a text that was cut short must not show its last value.
_TOKEN = re.compile(
    r"""
      (?P<comment> --[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<placeholder> %\(\w+\)s | %[s%] | \$\d+ )
    | (?P<name> "(?:[^"]|"")*(?:"|\Z) )
    | (?P<literal>
          \$(?P<tag>(?:[^\W\d]\w*)?)\$.*?(?:\$(?P=tag)\$|\Z)
        | [eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)
        | (?:[uU]&|[bBxXnN])?'(?:[^']|'')*(?:'|\Z) )
    | (?P<word> [^\W\d][\w$]* )
    | (?P<number> 0[xXoObB][\da-fA-F_]+ | (?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)? )
    """,
    re.VERBOSE | re.DOTALL,
)
_SPACE = re.compile(r"\s+")
_LIST = re.compile(r"\?(?:\s*,\s*\?)+")
_ROWS = re.compile(r"\(\?\)(?:\s*,\s*\(\?\))+")


def without_values(statement: str) -> str:
    """The statement on one line, with “?” for every number and text written into it."""
    shown = _SPACE.sub(" ", _TOKEN.sub(_shown, statement[:_READ_LIMIT])).strip()
    if len(shown) > SHOWN_LIMIT or len(statement) > _READ_LIMIT:
        return f"{shown[:SHOWN_LIMIT]}…"
    return shown


def fingerprint(shown: str) -> str:
    """The same for every execution of one statement, however many rows or values it carries.

    shown: of without_values.
    """
    plain = re.sub(r"%\(\w+\)s|%s|\$\d+", "?", shown)
    plain = _ROWS.sub("(?)", _LIST.sub("?", plain))
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def _shown(token: re.Match[str]) -> str:
    match token.lastgroup:
        case "comment":
            return " "
        case "placeholder" | "name" | "word":
            return token[0]
        case _:
            return "?"
