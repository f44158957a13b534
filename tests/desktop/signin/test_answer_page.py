"""What the browser shows at the end, in the user's language and in light and dark."""

from html.parser import HTMLParser

import pytest
from PySide6.QtWidgets import QApplication

from studio_desktop.languages import Languages
from studio_desktop.signin.google.answer_page import answer_pages
from studio_desktop.theme.tokens import load_tokens

_WITHOUT_END = {"meta", "path"}


class Page(HTMLParser):
    """Every element, and those that are still open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        if tag not in _WITHOUT_END:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _WITHOUT_END:
            assert self.open.pop() == tag


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "You can close this page"), ("pt_BR", "Você pode fechar esta página")],
)
def test_it_speaks_the_users_language(qapp: QApplication, language: str, words: str) -> None:
    languages = Languages(qapp)
    if not languages.use(language):
        pytest.skip("the translations are not compiled")
    pages = answer_pages(load_tokens(), language)
    languages.use("en")

    assert words in pages.answered
    assert f'<html lang="{language.replace("_", "-")}">' in pages.answered
    assert len({pages.answered, pages.denied, pages.foreign}) == 3


def test_it_is_whole_wears_the_tokens_and_loads_nothing(qapp: QApplication) -> None:
    tokens = load_tokens()
    pages = answer_pages(tokens, "en")

    for text in (pages.answered, pages.denied, pages.foreign):
        page = Page(text)
        assert page.open == []
        assert {"title", "h1", "p"} <= set(page.names)
        assert not {"script", "img", "link", "iframe"} & set(page.names)
        assert tokens.light.bg in text
        assert tokens.dark.bg in text
