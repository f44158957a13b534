"""Every refusal has its sentence, and no sentence is left over."""

import ast
import re
from pathlib import Path

from studio_core.errors import RuleError
from studio_core.sentences import SENTENCES, sentence

_ROOT = Path(__file__).parents[2]
_ERRORS = {"RuleError", "ConfigError", "UnavailableError", "ConflictError", "StudioError"}


def _raised_in_python() -> set[str]:
    codes = set()
    for folder in ("studio_core", "server_jobs"):
        for path in (_ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                    continue
                place = {"Finding": 1}.get(node.func.id, 0 if node.func.id in _ERRORS else None)
                if place is None or len(node.args) <= place:
                    continue
                code = node.args[place]
                if isinstance(code, ast.Constant):
                    codes.add(str(code.value))
    return codes


def _raised_in_sql() -> set[str]:
    codes = set()
    for path in (_ROOT / "studio_core" / "db" / "sql").rglob("*.sql"):
        text = path.read_text("utf-8")
        codes |= set(re.findall(r"raise_rule\('(\w+)'", text))
        codes |= set(re.findall(r"ERRCODE = 'ST\d+', MESSAGE = '(\w+)'", text))
    return codes


def test_every_refusal_has_a_sentence() -> None:
    raised = _raised_in_python() | _raised_in_sql()
    assert len(raised) > 60
    assert raised - set(SENTENCES) == set()


def test_every_sentence_is_said_somewhere() -> None:
    source = "".join(
        path.read_text("utf-8")
        for folder in ("studio_core", "server_jobs", "studio_desktop", "alembic")
        for pattern in ("*.py", "*.sql")
        for path in (_ROOT / folder).rglob(pattern)
        if path.name != "sentences.py"
    )
    unsaid = [code for code in SENTENCES if not re.search(rf"[\"']{code}[\"']", source)]
    assert unsaid == []


def test_a_sentence_is_said_even_when_a_value_is_missing() -> None:
    assert sentence("month_closed", {}).startswith("The month {month} is closed")
    assert str(RuleError("no_such_code", x=1)) == "no_such_code {'x': 1}"
