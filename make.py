"""Everything a developer or a curious studio types, on Linux, macOS and Windows.

    python3 make.py setup         .venv with studio-desktop and studio-jobs
    python3 make.py demo          the desktop on the demo studio
    python3 make.py test          every check and the whole suite (more words go to pytest)
    python3 make.py test-long     the tests that take minutes
    python3 make.py lint          the checks alone
    python3 make.py format        put the source into its form
    python3 make.py translations  collect the texts to translate
    python3 make.py requirements  renew packaging/requirements/ (--upgrade: newest versions)

It stands on Python's standard library alone, for it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "packaging" / "requirements"
TRANSLATIONS = ROOT / "resources" / "i18n"
TOUR = "tour"

# Which files make which environment; the last file of each builds the project itself.
APPLICATION = ("desktop.txt", "server.txt", "build.txt")
DEVELOPMENT = ("development.txt", "build.txt")

# What the pictures and the windows of Qt need from Debian or Ubuntu: library, package.
LIBRARIES_OFFSCREEN = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
}
LIBRARIES_WINDOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
PROGRAMS_VIRTUAL_DISPLAY = {"Xvfb": "xvfb", "xauth": "xauth"}
# What some tests need. Without it they are skipped and say so; where it could have been installed,
# a keyring that is not there fails them.
PROGRAMS_TESTS = {
    "faketime": "faketime",
    "dbus-daemon": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
    "openssl": "openssl",
}
FONTS = {"Inter": "fonts-inter", "DejaVuSans": "fonts-dejavu-core"}


class Refused(Exception):  # noqa: N818 - it is a sentence for a person, not an error of the code.
    """Something the person at the keyboard has to do first."""


# --- small doors to the outside -----------------------------------------------------------------


def say(text: str) -> None:
    print(text, flush=True)


def run(command: Sequence[object], extra_env: Mapping[str, str] | None = None) -> int:
    """Run one command in the project's folder, its words on this terminal; its exit code."""
    env = {**os.environ, **(extra_env or {})}
    return subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=env, check=False
    ).returncode


def answers(command: Sequence[object]) -> bool:
    """Whether a command exists and ends well; its words are not shown."""
    words = [str(part) for part in command]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def must_run(command: Sequence[object], otherwise: str) -> None:
    if run(command) != 0:
        raise Refused(otherwise)


def venv_python(venv: Path = VENV, platform: str = sys.platform) -> Path:
    return venv / "Scripts" / "python.exe" if platform == "win32" else venv / "bin" / "python"


def venv_program(name: str, venv: Path = VENV, platform: str = sys.platform) -> Path:
    folder = venv_python(venv, platform).parent
    return folder / (f"{name}.exe" if platform == "win32" else name)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def has_display(platform: str = sys.platform, env: Mapping[str, str] = os.environ) -> bool:
    if platform in ("win32", "darwin"):
        return True
    return bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))


# --- Python ---------------------------------------------------------------------------------------


def newer_python() -> str | None:
    """Another Python of this computer that is new enough: macOS's own python3 is an old one."""
    for minor in range(19, OLDEST_PYTHON[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and answers([found, "-c", ""]):
            return found
    return None


def ensure_python() -> None:
    """Go on in a Python that is new enough; does not return where it had to change."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    wanted = ".".join(str(number) for number in OLDEST_PYTHON)
    found = newer_python()
    if found is None:
        raise Refused(
            f"Python {wanted} or newer is needed; this one is {sys.version.split()[0]}. "
            "Install a newer one and call this file with it."
        )
    sys.exit(run([found, Path(__file__).resolve(), *sys.argv[1:]]))


def venv_works() -> bool:
    python = venv_python()
    if not python.exists():
        return False
    check = f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON!r})"
    return answers([python, "-c", check])


def ensure_venv() -> None:
    if venv_works():
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        ensure_packages([f"python3.{sys.version_info.minor}-venv"])
    if VENV.exists():
        say("The .venv here does not work any more; making it anew.")
        shutil.rmtree(VENV)
    say("Making .venv ...")
    must_run([sys.executable, "-m", "venv", VENV], "Python could not make a virtual environment.")


# --- Debian's libraries -------------------------------------------------------------------------


def libraries_in(ldconfig_output: str) -> set[str]:
    """Names of the shared libraries that `ldconfig -p` lists."""
    return {line.split()[0] for line in ldconfig_output.splitlines() if "=>" in line}


def missing_libraries(wanted: Mapping[str, str]) -> dict[str, str]:
    """Those of `wanted` (library: package) that this Linux does not have."""
    ldconfig = shutil.which("ldconfig", path=f"{os.environ.get('PATH', '')}:/sbin:/usr/sbin")
    if ldconfig is None:
        return {}
    listed = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False).stdout
    present = libraries_in(listed)
    return {library: package for library, package in wanted.items() if library not in present}


def missing_fonts(folders: Iterable[Path]) -> list[str]:
    names = [
        path.name for folder in folders if folder.is_dir() for path in folder.rglob("*.[ot]t[fc]")
    ]
    return [
        package
        for font, package in FONTS.items()
        if not any(name.startswith(font) for name in names)
    ]


def system_packages(*, tests: bool = False) -> tuple[list[str], list[str]]:
    """Debian packages that are missing: those it cannot start without, those it gains from.

    tests: with those that only tests gain from.
    """
    if not sys.platform.startswith("linux"):
        return [], []
    needed = missing_libraries(LIBRARIES_OFFSCREEN)
    window = missing_libraries(LIBRARIES_WINDOW)
    programs = PROGRAMS_VIRTUAL_DISPLAY | (PROGRAMS_TESTS if tests else {})
    helpful = [name for tool, name in programs.items() if not shutil.which(tool)]
    helpful += missing_fonts([Path("/usr/share/fonts"), Path.home() / ".local" / "share" / "fonts"])
    if has_display():
        return [*needed.values(), *window.values()], helpful
    return list(needed.values()), [*window.values(), *helpful]


def apt_command(packages: Sequence[str], *, as_root: bool) -> list[str]:
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    return command if as_root else ["sudo", *command]


def ensure_packages(packages: Sequence[str]) -> None:
    """Install packages of Debian or Ubuntu, or refuse with the exact command to type."""
    if not packages:
        return
    if shutil.which("apt-get") is None:
        raise Refused(f"Missing (by Debian's names): {' '.join(packages)}")
    if not is_root():
        raise Refused(
            "Some system packages are missing. Type this, then the same command again:\n  "
            + shlex.join(apt_command(packages, as_root=False))
        )
    say(f"Installing system packages: {' '.join(packages)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    command = apt_command(packages, as_root=True)
    if run(command, quiet) != 0:
        run(["apt-get", "update"], quiet)
        if run(command, quiet) != 0:
            raise Refused(f"This did not work: {shlex.join(command)}")


def ensure_system(*, tests: bool) -> None:
    needed, helpful = system_packages(tests=tests)
    if (needed or helpful) and not shutil.which("apt-get"):
        say(f"Windows may not open: missing (by Debian's names) {' '.join([*needed, *helpful])}")
        return
    if is_root():
        ensure_packages(needed)
        try:
            ensure_packages(helpful)
        except Refused as refusal:
            say(f"Going on without: {refusal}")
        return
    ensure_packages([*needed, *helpful] if needed else [])
    if helpful:
        command = shlex.join(apt_command(helpful, as_root=False))
        say(f"Windows and pictures look better with some more packages:\n  {command}")


# --- the requirement files ------------------------------------------------------------------------


def project_table() -> dict[str, Any]:
    import tomllib

    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def dependencies_digest(pyproject: Mapping[str, Any]) -> str:
    """One short text that changes when a declared dependency does; the files' first line has it."""
    project = pyproject["project"]
    tables = [
        project["requires-python"],
        sorted(project["dependencies"]),
        {name: sorted(each) for name, each in project["optional-dependencies"].items()},
        {name: sorted(each) for name, each in pyproject["dependency-groups"].items()},
        sorted(pyproject["build-system"]["requires"]),
    ]
    return hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()[:16]


def requirements_heading(digest: str) -> str:
    return f"# Made by `make.py requirements`; dependency tables {digest}. Do not edit.\n"


def make_requirements(upgrade: bool) -> None:
    """Renew the hashed files: development first, the others choose from its versions."""
    setup(DEVELOPMENT)
    pyproject = project_table()
    heading = requirements_heading(dependencies_digest(pyproject))
    with tempfile.TemporaryDirectory() as folder:
        build = Path(folder) / "build.in"
        build.write_text("\n".join(pyproject["build-system"]["requires"]), encoding="utf-8")
        among = ["--constraint", str(REQUIREMENTS / "development.txt")]
        newest = ["--upgrade"] if upgrade else []
        for name, sources in (
            ("development.txt", ["pyproject.toml", "--all-extras", "--group", "dev", *newest]),
            ("desktop.txt", ["pyproject.toml", "--extra", "desktop", *among]),
            ("server.txt", ["pyproject.toml", "--extra", "server", *among]),
            ("build.txt", [str(build), *among]),
        ):
            compile_requirements(name, sources, heading)


def compile_requirements(name: str, sources: Sequence[str], heading: str) -> None:
    path = REQUIREMENTS / name
    oldest = ".".join(str(number) for number in OLDEST_PYTHON)
    command = [venv_program("uv"), "pip", "compile", *sources, "--output-file", path, "--quiet"]
    command += ["--universal", "--python-version", oldest, "--generate-hashes", "--no-header"]
    command += ["--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    must_run(command, f"{name} could not be compiled.")
    text = path.read_text(encoding="utf-8")
    if "://" in text:
        raise Refused(f"{name} names a host; it must not.")
    path.write_text(heading + text, encoding="utf-8", newline="\n")
    say(f"packaging/requirements/{name}: {text.count('==')} packages")


# --- setup ----------------------------------------------------------------------------------------


def setup_digest(files: Sequence[str]) -> str:
    """Changes when what stands in .venv would: requirements, project tables, the folder's place."""
    pyproject = project_table()
    parts = [(REQUIREMENTS / name).read_text(encoding="utf-8") for name in files]
    parts += [json.dumps([pyproject["project"], pyproject["tool"]["hatch"]], sort_keys=True)]
    parts += [str(ROOT), (VENV / "pyvenv.cfg").read_text(encoding="utf-8")]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def installed_digests(stamp: Path) -> dict[str, str]:
    try:
        digests = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return digests if isinstance(digests, dict) else {}


def setup(files: Sequence[str] = APPLICATION) -> None:
    """Bring .venv up to date; quick when it is. Development holds all of the application."""
    ensure_venv()
    stamp = VENV / "setup.json"
    for enough in (files, DEVELOPMENT):
        if installed_digests(stamp).get(enough[0]) == setup_digest(enough):
            break
    else:
        install(files)
        stamp.write_text(json.dumps({files[0]: setup_digest(files)}), encoding="utf-8")
    compile_translations()
    ensure_system(tests=files == DEVELOPMENT)


def install(files: Sequence[str]) -> None:
    say("Installing what the program needs; the first time takes a minute or two ...")
    pip = [venv_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    wanted = [part for name in files for part in ("-r", REQUIREMENTS / name)]
    must_run([*pip, "--require-hashes", *wanted], "The packages could not be installed.")
    # hatchling came with build.txt: nothing is fetched without a hash.
    project = ["--no-deps", "--no-build-isolation", "-e", "."]
    must_run([*pip, *project], "The project could not be installed.")


# --- translations ---------------------------------------------------------------------------------


def compile_translations() -> None:
    """A .qm beside each .ts that is newer; the .qm are not committed."""
    for source in sorted(TRANSLATIONS.glob("*.ts")):
        compiled = source.with_suffix(".qm")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        command = [venv_program("pyside6-lrelease"), "-silent", source, "-qm", compiled]
        must_run(command, f"{source.name} could not be compiled.")


def sentences_source(sentences: Mapping[str, str]) -> str:
    """Python source in which lupdate finds the core's sentences: the core itself knows no Qt."""
    calls = [
        f'QCoreApplication.translate("Sentences", {json.dumps(each, ensure_ascii=False)})\n'
        for each in sentences.values()
    ]
    return "".join(["from PySide6.QtCore import QCoreApplication\n", *calls])


def collect_texts(targets: Sequence[Path]) -> None:
    """Bring the texts of the source into .ts files and drop those that are gone."""
    program = (
        "import json; from studio_core.sentences import SENTENCES;"
        "from studio_desktop.sentences import OWN_SENTENCES;"
        "print(json.dumps({**SENTENCES, **OWN_SENTENCES}))"
    )
    listed = subprocess.run(
        [str(venv_python()), "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    with tempfile.TemporaryDirectory() as folder:
        sentences = Path(folder) / "sentences.py"
        sentences.write_text(sentences_source(json.loads(listed.stdout)), encoding="utf-8")
        sources = [*sorted((ROOT / "studio_desktop").rglob("*.py")), sentences]
        command = [venv_program("pyside6-lupdate"), *sources, "-no-obsolete", "-locations", "none"]
        must_run([*command, "-silent", "-ts", *targets], "The texts could not be collected.")


def collect_translations() -> None:
    setup(DEVELOPMENT)
    TRANSLATIONS.mkdir(parents=True, exist_ok=True)
    collect_texts(sorted(TRANSLATIONS.glob("*.ts")) or [TRANSLATIONS / "pt_BR.ts"])
    compile_translations()


# --- what people type -----------------------------------------------------------------------------


def demo() -> int:
    """The window on the demo studio; without a display the pictures of it."""
    setup(APPLICATION)
    desktop = [venv_python(), "-m", "studio_desktop", "--demo"]
    if has_display():
        return run(desktop)
    say(f"There is no display here: every screen is drawn into {TOUR}/, no window opens.")
    code = run([*desktop, "--tour", TOUR], {"QT_QPA_PLATFORM": "offscreen"})
    if code == 0:
        pictures = len(list((ROOT / TOUR).glob("*.png")))
        say(f"{pictures} pictures are in {ROOT / TOUR}.")
    return code


def lint() -> int:
    """Every check runs, also after one has failed."""
    setup(DEVELOPMENT)
    checks: dict[str, list[object]] = {
        "ruff check": [venv_program("ruff"), "check", "."],
        "ruff format": [venv_program("ruff"), "format", "--check", "."],
        "mypy": [venv_program("mypy")],
        "lint-imports": [venv_program("lint-imports"), "--no-logo"],
    }
    failed = []
    for name, command in checks.items():
        say(f"--- {name}")
        if run(command, {"PYTHONUTF8": "1"}) != 0:  # Windows' terminals may know less.
            failed.append(name)
    if failed:
        say(f"Not in order: {', '.join(failed)}.")
    return 1 if failed else 0


def format_source() -> int:
    setup(DEVELOPMENT)
    fixed = run([venv_program("ruff"), "check", "--fix", "."])
    return run([venv_program("ruff"), "format", "."]) or fixed


def tests_ran(report: Path) -> str:
    """One line from a JUnit report: how many tests ran and how they went."""
    try:
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        return "No test ran."
    total, failures, errors, skipped = (
        sum(int(suite.get(kind, "0")) for suite in suites)
        for kind in ("tests", "failures", "errors", "skipped")
    )
    passed = total - failures - errors - skipped
    return (
        f"{total - skipped} tests ran: {passed} passed, {failures + errors} failed; "
        f"{skipped} skipped."
    )


def pytest(words: Sequence[str], marked: str, display: bool) -> int:
    """The suite on every core, unless words say -n; offscreen unless a display is asked for.

    One worker more than there are cores: many tests wait for a server or a clock.
    """
    extra_env = {} if display else {"QT_QPA_PLATFORM": "offscreen"}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        workers = str((os.cpu_count() or 1) + 1)
        command = [venv_python(), "-m", "pytest", "-n", workers, "--dist", "worksteal", "-q"]
        command += ["-m", marked, f"--junit-xml={report}", *words]
        code = run(command, extra_env)
        say(tests_ran(report))
    return code


def test(words: Sequence[str], *, display: bool) -> int:
    linted = lint()
    tested = pytest(words, "not long", display)
    if linted:
        say("The tests are done; the checks above them are not in order.")
    return tested or linted


def test_long(words: Sequence[str], *, display: bool) -> int:
    setup(DEVELOPMENT)
    # A million rows take longer than the limit that keeps the everyday suite honest.
    return pytest(["--timeout", "3600", *words], "long", display)


def parser() -> argparse.ArgumentParser:
    described = argparse.ArgumentParser(
        prog="make.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = described.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in ("setup", "demo", "lint", "format", "translations"):
        commands.add_parser(name)
    commands.add_parser("requirements").add_argument("--upgrade", action="store_true")
    for name in ("test", "test-long"):
        tests = commands.add_parser(name)
        tests.add_argument("--display", action="store_true", help="open real windows")
    return described


def carry_out(asked: argparse.Namespace, words: Sequence[str]) -> int:
    if asked.command == "setup":
        setup(APPLICATION)
    elif asked.command == "translations":
        collect_translations()
    elif asked.command == "requirements":
        make_requirements(asked.upgrade)
    elif asked.command == "demo":
        return demo()
    elif asked.command == "lint":
        return lint()
    elif asked.command == "format":
        return format_source()
    else:
        suite = test if asked.command == "test" else test_long
        return suite(words, display=asked.display)
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    known = parser()
    asked, words = known.parse_known_args(arguments)
    if words and asked.command not in ("test", "test-long"):
        known.error(f"unknown words: {' '.join(words)}")
    try:
        ensure_python()
        return carry_out(asked, words)
    except Refused as refusal:
        print(refusal, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
