"""The import contracts of pyproject.toml hold, and they do bite."""

import subprocess
import sys
from pathlib import Path

import pytest

import make

_CONTRACTS = make.project_table()["tool"]["importlinter"]["contracts"]


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_contracts_are_kept() -> None:
    done = _lint_imports(make.ROOT)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("studio_core/ledger/rules.py", "import PySide6.QtCore", "core-without-screen"),
        ("studio_core/ledger/rules.py", "import typer", "core-without-screen"),
        ("studio_core/ledger/rules.py", "import studio_core.extrato.closing", "core-floors"),
        ("studio_core/money.py", "import studio_core.ledger.rules", "core-floors"),
        ("studio_core/extrato/closing.py", "import studio_core.legacy.source", "core-floors"),
        ("studio_core/legacy/source.py", "import studio_core.demo.words", "core-floors"),
        ("studio_core/homeless.py", "", "core-floors"),
        ("studio_core/money.py", "import server_jobs", "core-below"),
        ("server_jobs/cli.py", "import PySide6", "jobs-without-qt"),
        ("server_jobs/cli.py", "import studio_desktop", "two-programs"),
        ("studio_desktop/screens/payments/view.py", "import sqlalchemy", "screens-ask-the-runner"),
        (
            "studio_desktop/screens/payments/view.py",
            "import studio_desktop.screens.clients.view",
            "screens-apart",
        ),
    ],
)
def test_contract_notices_the_wrong_import(
    tmp_path: Path, module: str, line: str, contract: str
) -> None:
    for each in (
        "studio_core/money.py",
        "studio_core/ledger/rules.py",
        "studio_core/extrato/closing.py",
        "studio_core/legacy/source.py",
        "studio_core/demo/words.py",
        "studio_desktop/screens/payments/view.py",
        "studio_desktop/screens/clients/view.py",
        "server_jobs/cli.py",
    ):
        file = tmp_path / each
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        for folder in file.relative_to(tmp_path).parents[:-1]:
            (tmp_path / folder / "__init__.py").touch()
    (tmp_path / module).write_text(f"{line}\n", encoding="utf-8")
    text = (make.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    name = next(each["name"] for each in _CONTRACTS if each["id"] == contract)

    done = _lint_imports(tmp_path)

    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{name} BROKEN" in " ".join(done.stdout.split())
