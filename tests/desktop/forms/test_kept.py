"""What a desk keeps of a form on its own computer."""

from pathlib import Path

from studio_desktop.forms.kept import Kept


def test_words_come_back_to_their_owner_only(tmp_path: Path) -> None:
    ana = Kept("draft", "ana@estudio.example", tmp_path)
    ana.save({"amount": "12,50"})
    ana.save({"amount": "13,50"})

    assert Kept("draft", "ana@estudio.example", tmp_path).load() == {"amount": "13,50"}
    assert Kept("draft", "bento@estudio.example", tmp_path).load() == {}
    assert ana.path.stat().st_mode & 0o777 == 0o600
    assert "ana" not in ana.path.name

    ana.clear()
    ana.clear()
    assert ana.load() == {}


def test_a_file_that_is_no_words_is_no_words(tmp_path: Path) -> None:
    kept = Kept("draft", "ana", tmp_path)
    for content in (b"", b"[1]", b"{broken", b"\xff\xfe"):
        kept.path.write_bytes(content)
        assert kept.load() == {}


def test_a_folder_that_cannot_be_written_costs_the_copy_only(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    kept = Kept("draft", "ana", in_the_way)
    kept.save({"amount": "1"})
    kept.clear()
    assert kept.load() == {}
