"""Every text of the windows has its translation, and no translation has lost its text."""

import re
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest

import make

_FILES = sorted(make.TRANSLATIONS.glob("*.ts"))


def _messages(file: Path) -> Iterator[tuple[str, str, ElementTree.Element]]:
    for context in ElementTree.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            yield context.findtext("name", ""), message.findtext("source", ""), translation


def _places(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}|%\d|%n|%L\d", text))


@pytest.mark.parametrize("file", _FILES, ids=lambda file: file.stem)
def test_file_has_the_texts_of_the_source(file: Path, tmp_path: Path) -> None:
    fresh = tmp_path / file.name
    shutil.copy(file, fresh)
    make.collect_texts([fresh])

    committed = {(context, source) for context, source, _ in _messages(file)}
    collected = {(context, source) for context, source, _ in _messages(fresh)}

    assert committed == collected, "run `make translations` and translate what is new"


@pytest.mark.parametrize("file", _FILES, ids=lambda file: file.stem)
def test_every_text_is_translated_with_the_same_places_to_fill(file: Path) -> None:
    wrong = []
    for context, source, translation in _messages(file):
        forms = [form.text or "" for form in translation.iter("numerusform")]
        for form in forms or [translation.text or ""]:
            if translation.get("type") or not form.strip():
                wrong.append(f"{context}: {source} (not translated)")
            elif not forms and _places(form) != _places(source):
                wrong.append(f"{context}: {source} -> {form}")

    assert wrong == []
