"""Clients from a file: any separator and encoding, everything wrong said, nothing by halves."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from studio_core.clients.csv_columns import birth_date_of, field_of
from studio_core.clients.csv_file import LARGEST_MB
from studio_core.clients.csv_import import (
    CsvPreview,
    CsvResult,
    import_clients_csv,
    read_clients_csv,
)
from studio_core.clients.rules import ClientDraft
from studio_core.db.engine import Database
from studio_core.errors import ConfigError, RuleError
from studio_core.sentences import SENTENCES

_LINES = [
    ["Nome", "Telefone", "E-mail", "CPF", "Nascimento"],
    ["Conceição Prado", "(11) 98812-4471", "con@prado.example", "529.982.247-25", "31/12/1990"],
    ["Téo  Linha", "", "", "", ""],
]


def _file(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "clientes.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def _preview(database: Database, path: Path) -> CsvPreview:
    with database.transaction() as session:
        return read_clients_csv(path, session)


def _import(database: Database, preview: CsvPreview, *, skip_bad: bool = False) -> CsvResult:
    with database.transaction() as session:
        return import_clients_csv(session, preview, skip_bad=skip_bad)


def _names(database: Database) -> list[str]:
    with database.transaction() as session:
        return list(session.scalars(text("SELECT name FROM clients ORDER BY id")))


def _bad(preview: CsvPreview) -> list[tuple[int, list[tuple[str, str]]]]:
    return [(line.number, [(f.field, f.code) for f in line.findings]) for line in preview.bad]


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [
        (";", "cp1252"),
        (";", "utf-8-sig"),
        (",", "utf-8"),
        ("|", "utf-16-be"),
        ("\t", "utf-16"),
        ("\t", "utf-16-le"),
    ],
)
def test_separators_and_encodings_are_found_out(
    database: Database, tmp_path: Path, separator: str, encoding: str
) -> None:
    content = "\r\n".join(separator.join(line) for line in _LINES)

    preview = _preview(database, _file(tmp_path, content, encoding))

    assert (preview.separator, preview.encoding, _bad(preview)) == (separator, encoding, [])
    assert [line.draft for line in preview.lines] == [
        ClientDraft(
            name="Conceição Prado",
            phone="+5511988124471",
            email="con@prado.example",
            cpf="52998224725",
            birth_date=date(1990, 12, 31),
        ),
        ClientDraft(name="Téo Linha"),
    ]


def test_columns_may_stand_in_any_order_and_unknown_ones_are_named(
    database: Database, tmp_path: Path
) -> None:
    path = _file(
        tmp_path,
        "Cidade,Date of Birth,Sobrenome,FIRST NAME,@,Insta\n"
        "Santos,1990-02-01,Melo,Caio,,@Caio.Melo",
    )

    preview = _preview(database, path)

    assert preview.columns == (
        ("Cidade", None),
        ("Date of Birth", "birth_date"),
        ("Sobrenome", "surname"),
        ("FIRST NAME", "name"),
        ("@", None),
        ("Insta", "instagram"),
    )
    (line,) = preview.lines
    assert line.draft == ClientDraft(
        name="Caio Melo", birth_date=date(1990, 2, 1), instagram="caio.melo"
    )


def test_two_phones_are_kept_both(database: Database, tmp_path: Path) -> None:
    path = _file(tmp_path, "nome;celular;telefone fixo\nLia;11988124471;1130304040\n")

    (line,) = _preview(database, path).lines

    assert (line.draft.phone, line.draft.notes) == ("+5511988124471", "telefone fixo: 1130304040")


def test_file_of_names_only_keeps_their_marks(database: Database, tmp_path: Path) -> None:
    path = _file(tmp_path, "Nome\nSilva, Maria\nPrado; Nina\n")

    assert [line.draft.name for line in _preview(database, path).lines] == [
        "Silva, Maria",
        "Prado; Nina",
    ]


def test_quoted_texts_keep_separators_and_lines(database: Database, tmp_path: Path) -> None:
    path = _file(tmp_path, 'Nome;Obs\n"Lia; a primeira";"duas\nlinhas"\nBia;\n')

    first, second = _preview(database, path).lines

    assert (first.draft.name, first.draft.notes) == ("Lia; a primeira", "duas\nlinhas")
    assert (first.number, second.number) == (2, 4)


def test_spreadsheets_own_line_and_blank_lines_are_passed_over(
    database: Database, tmp_path: Path
) -> None:
    path = _file(tmp_path, "sep=,\n\nnome,obs\n,\nLia,a;b;c\n\n")

    (line,) = _preview(database, path).lines

    assert (line.number, line.draft.notes) == (5, "a;b;c")


def test_cpf_that_a_spreadsheet_took_for_a_number_gets_its_zeros_back(
    database: Database, tmp_path: Path
) -> None:
    (line,) = _preview(database, _file(tmp_path, "nome;cpf\nLia;1234567890\n")).lines

    assert (line.draft.cpf, line.findings) == ("01234567890", ())


def test_every_wrong_thing_is_said_by_line(database: Database, tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "nome;telefone;email;cpf;nascimento;aceita whatsapp\n"
        ";12;nada;111.111.111-11;31/02/1990;talvez\n"
        "Lia;;;;01/01/2999;sim\n"
        "Bia;;;;;;sobra\n"
        "Nina;;;;;não\n",
    )

    preview = _preview(database, path)

    assert _bad(preview) == [
        (
            2,
            [
                ("birth_date", "date_invalid"),
                ("whatsapp_opt_in", "csv_yes_or_no"),
                ("name", "name_required"),
                ("phone", "phone_invalid"),
                ("email", "email_invalid"),
                ("cpf", "cpf_invalid"),
            ],
        ),
        (3, [("birth_date", "birth_date_future")]),
        (4, [("name", "csv_columns")]),
    ]
    assert all(f.code in SENTENCES for line in preview.bad for f in line.findings)


def test_field_of_ten_megabytes_makes_one_bad_line(database: Database, tmp_path: Path) -> None:
    path = _file(tmp_path, "nome;obs\nLia;" + "x" * 10_000_000 + "\nBia;\n")

    preview = _preview(database, path)

    assert _bad(preview) == [(2, [("name", "csv_field_long")])]
    assert [line.draft.name for line in preview.good] == ["Bia"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "csv_empty"),
        (b" \n\n", "csv_empty"),
        (b"nome;telefone\n", "csv_empty"),
        (b"Lia Rocha;11988124471\n", "csv_no_header"),
        (b"telefone;email\n11988124471;\n", "csv_no_header"),
        (b"nome\nLi\0a\n", "csv_not_text"),
        (b"PK\x03\x04\x00\x00\x08\x00 a workbook", "csv_not_text"),
        (b"\xff\xfeN\x00o", "csv_not_text"),
    ],
)
def test_file_that_holds_no_clients_is_refused(
    database: Database, tmp_path: Path, content: bytes, code: str
) -> None:
    with pytest.raises(RuleError) as refusal:
        _preview(database, _file(tmp_path, content))

    assert refusal.value.code == code


def test_file_that_is_not_there_or_too_large_is_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as missing:
        _preview(database, tmp_path / "nothing.csv")
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(LARGEST_MB * 1024 * 1024 + 1)
    with pytest.raises(RuleError) as too_large:
        _preview(database, large)

    assert (missing.value.code, too_large.value.code) == ("csv_missing", "csv_too_large")


def test_bad_lines_stop_the_import_until_told_otherwise(database: Database, tmp_path: Path) -> None:
    preview = _preview(database, _file(tmp_path, "nome;cpf\nLia;\nBia;123\nNina;\n"))

    with pytest.raises(RuleError) as refusal:
        _import(database, preview)
    assert str(refusal.value) == (
        "1 lines of clientes.csv are wrong. Mend them, or import only the others."
    )
    assert _names(database) == []

    result = _import(database, preview, skip_bad=True)

    assert (result.imported, [line.number for line in result.left_out]) == (2, [3])
    assert _names(database) == ["Lia", "Nina"]


def test_same_client_twice_in_the_file_is_a_bad_line(database: Database, tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "nome;telefone;cpf\n"
        "Lia Rocha;11988124471;\n"
        "LIA  ROCHA;(11) 98812-4471;\n"
        "Lia Rocha;11988124472;\n"
        "Bia;;52998224725\n"
        "Beatriz;;529.982.247-25\n"
        "Nina;;\n"
        "Nina;;\n",
    )

    preview = _preview(database, path)

    assert _bad(preview) == [
        (3, [("name", "csv_repeated")]),
        (6, [("cpf", "csv_repeated")]),
        (8, [("name", "csv_repeated")]),
    ]
    assert [line.findings[0].params["line"] for line in preview.bad] == [2, 5, 7]


def test_same_file_again_brings_nobody_twice(database: Database, tmp_path: Path) -> None:
    path = _file(tmp_path, "nome;telefone;cpf\nLia;11988124471;\nNina;;\nBia;;52998224725\n")
    before = _preview(database, path)
    _import(database, before)

    again = _preview(database, path)

    assert _bad(again) == [
        (2, [("name", "csv_known")]),
        (3, [("name", "csv_known")]),
        (4, [("cpf", "cpf_taken")]),
    ]
    # Nor does a preview that was made before.
    assert _import(database, before, skip_bad=True).imported == 0
    assert _names(database) == ["Lia", "Nina", "Bia"]


def test_namesake_with_another_phone_is_somebody_else(database: Database, tmp_path: Path) -> None:
    _import(database, _preview(database, _file(tmp_path, "nome;telefone\nLia;11988124471\n")))

    preview = _preview(database, _file(tmp_path, "nome;telefone\nLia;11988124472\n"))

    assert _bad(preview) == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("31/12/1990", date(1990, 12, 31)),
        ("1.2.90", date(1990, 2, 1)),
        ("01-02-05", date(2005, 2, 1)),
        ("1990-12-31", date(1990, 12, 31)),
        ("1990-12-31 00:00:00", date(1990, 12, 31)),
        ("12/31/1990", None),
        ("ontem", None),
        ("", None),
    ],
)
def test_dates_are_read_day_first(written: str, expected: date | None) -> None:
    assert birth_date_of(written, date(2025, 9, 18)) == expected


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Endereço de e-mail", "email"),
        ("ENDEREÇO", "address"),
        ("Telefone (celular)", "phone"),
        ("data_de_nascimento", "birth_date"),
        ("Full Name", "name"),
        ("Observações:", "notes"),
        ("Valor", None),
    ],
)
def test_columns_are_known_by_what_people_call_them(column: str, field: str | None) -> None:
    assert field_of(column) == field
