"""The report as one HTML file: nothing fetched, no script, light and dark, and fit for printing."""

from html import escape
from string import Template
from zoneinfo import ZoneInfo

from server_jobs.monitor.words import MARKS, TITLES, verdict
from studio_core.extrato.health import SUBJECTS, Condition, Health

_STYLE = """
:root { color-scheme: light dark; --ground: #f6f5f2; --card: #fff; --ink: #22201c; --soft: #6b665d;
  --line: #e3dfd6; --ok: #2c6e49; --warning: #8a5a00; --bad: #a4262c; --ok-ground: #e5f1ea;
  --warning-ground: #fbf0d9; --bad-ground: #fbe6e6; }
@media (prefers-color-scheme: dark) { :root { --ground: #191816; --card: #23211e; --ink: #ece8e0;
  --soft: #a39d92; --line: #38352f; --ok: #84c9a0; --warning: #e5b95c; --bad: #f08a8a;
  --ok-ground: #1f3428; --warning-ground: #3a2f17; --bad-ground: #3f2222; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2.5rem 1.25rem; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 50rem; margin: 0 auto; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
header p { margin: .35rem 0 1.75rem; color: var(--soft); }
section { margin: 0 0 .9rem; padding: .9rem 1.15rem; background: var(--card);
  border: 1px solid var(--line); border-radius: .7rem; break-inside: avoid; }
h2 { display: flex; justify-content: space-between; align-items: center; gap: 1rem;
  margin: 0 0 .4rem; font-size: 1.05rem; }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: .35rem 0 .35rem 1.1rem; position: relative; overflow-wrap: anywhere; }
li::before { content: ""; position: absolute; left: 0; top: .9em; width: .5rem; height: .5rem;
  border-radius: 50%; background: var(--ok); }
li.warning::before { background: var(--warning); }
li.bad::before { background: var(--bad); }
li.bad { font-weight: 600; }
.mark { padding: .1rem .6rem; border-radius: 1rem; font-size: .8rem; font-weight: 600;
  white-space: nowrap; color: var(--ok); background: var(--ok-ground); }
.mark.warning { color: var(--warning); background: var(--warning-ground); }
.mark.bad { color: var(--bad); background: var(--bad-ground); }
@media print { body { padding: 0; background: none; } }
"""
_PAGE = Template(
    """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>$style</style>
</head>
<body>
<main>
<header>
<h1>$title</h1>
<p>Looked at on <time datetime="$instant">$moment</time></p>
</header>
$sections
</main>
</body>
</html>
"""
)


def report_page(health: Health, zone: ZoneInfo) -> str:
    """The whole page. zone: the studio's, for the time it says."""
    at_studio = health.looked_at.astimezone(zone)
    return _PAGE.substitute(
        title=escape(verdict(health)),
        style=_STYLE,
        instant=at_studio.isoformat(timespec="seconds"),
        moment=f"{at_studio:%Y-%m-%d %H:%M} ({escape(zone.key)})",
        sections="\n".join(_section(health, subject) for subject in SUBJECTS),
    )


def _section(health: Health, subject: str) -> str:
    found = health.of_subject(subject)
    if not found:
        return ""
    level = health.level(subject)
    return (
        f"<section>\n<h2>{escape(TITLES[subject])}"
        f'<span class="mark {level}">{MARKS[level]}</span></h2>\n'
        f"<ul>\n{''.join(_line(condition) for condition in found)}</ul>\n</section>"
    )


def _line(condition: Condition) -> str:
    return f'<li class="{condition.level}">{escape(str(condition))}</li>\n'
