"""What the browser shows when Google has sent it back to this computer."""

from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QCoreApplication

from studio_desktop.theme.tokens import Colours, Tokens

translate = QCoreApplication.translate


@dataclass(frozen=True)
class AnswerPages:
    """Whole pages of HTML. answered: Google said yes; denied: no; foreign: not for this sign-in."""

    answered: str
    denied: str
    foreign: str


def answer_pages(tokens: Tokens, language: str) -> AnswerPages:
    """In the language in force; to be made on the UI thread. language: a code of languages."""

    def page(good: bool, title: str, words: str) -> str:
        return _page(tokens, language.replace("_", "-"), good, title, words)

    return AnswerPages(
        answered=page(
            True,
            translate("AnswerPage", "Back to the studio"),
            translate(
                "AnswerPage",
                "Google has answered. You can close this page: the studio's window goes on.",
            ),
        ),
        denied=page(
            False,
            translate("AnswerPage", "Not signed in"),
            translate(
                "AnswerPage",
                "Google did not let you through, or you said no. You can close this page and try "
                "again in the studio's window.",
            ),
        ),
        foreign=page(
            False,
            translate("AnswerPage", "Nothing to see here"),
            translate(
                "AnswerPage",
                "This address serves one sign-in of the studio's program. Begin in its window.",
            ),
        ),
    )


def _page(tokens: Tokens, language: str, good: bool, title: str, words: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<style>
{_style(tokens, good)}
</style>
</head>
<body>
<main>
<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{_TICK if good else _CROSS}"/></svg>
<h1>{escape(title)}</h1>
<p>{escape(words)}</p>
</main>
</body>
</html>
"""


_TICK = "M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0M8 12.5l2.5 2.5L16 9.5"
_CROSS = "M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0M9 9l6 6M15 9l-6 6"


def _style(tokens: Tokens, good: bool) -> str:
    sign = "success" if good else "danger"

    def colours(of: Colours) -> str:
        return (
            f"--bg: {of.bg}; --surface: {of.surface}; --border: {of.border}; --text: {of.text};"
            f" --quiet: {of.text_2}; --sign: {of[sign]};"
        )

    radius, small, large = tokens.radius["card"], tokens.type_px["body"], tokens.type_px["title"]
    return f""":root {{ {colours(tokens.light)} }}
@media (prefers-color-scheme: dark) {{ :root {{ {colours(tokens.dark)} }} }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--bg);
  color: var(--text); font: {small}px/1.5 Inter, system-ui, sans-serif; }}
main {{ width: 400px; max-width: calc(100vw - 32px); box-sizing: border-box; padding: 32px;
  background: var(--surface); border: 1px solid var(--border); border-radius: {radius}px; }}
svg {{ width: 32px; height: 32px; fill: none; stroke: var(--sign); stroke-width: 1.75;
  stroke-linecap: round; stroke-linejoin: round; }}
h1 {{ margin: 12px 0 4px; font-size: {large}px; font-weight: 600; }}
p {{ margin: 0; color: var(--quiet); }}"""
