"""What the columns of a file of clients are called, and a line of it as a draft."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from studio_core.clients.rules import ClientDraft
from studio_core.findings import Finding

_NAMES = {
    "name": "nome|nome completo|nome do cliente|cliente|primeiro nome|name|full name|client"
    "|client name|customer|first name",
    "surname": "sobrenome|ultimo nome|surname|last name",
    "social_name": "nome social|apelido|social name|preferred name|nickname",
    "phone": "telefone|telefone 1|telefone celular|fone|tel|celular|whatsapp|whats|contato|phone"
    "|phone number|mobile|mobile phone|cell|cell phone|telefone 2|telefone fixo|phone 2",
    "email": "e mail|email|mail|endereco de e mail|email address|e mail address",
    "cpf": "cpf|numero do cpf|n cpf|cpf cnpj",
    "birth_date": "nascimento|data de nascimento|data nascimento|data nasc|dt nascimento|dt nasc"
    "|aniversario|birth date|birthdate|birthday|date of birth|dob",
    "instagram": "instagram|insta|ig|arroba",
    "address": "endereco|endereco completo|address",
    "notes": "observacoes|observacao|obs|notas|anotacoes|comentarios|notes|comments|remarks",
    "whatsapp_opt_in": "aceita whatsapp|recebe whatsapp|autoriza whatsapp|whatsapp opt in"
    "|accepts whatsapp",
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split("|")}
_YES = {"sim", "s", "yes", "y", "true", "verdadeiro", "1", "x"}
_NO = {"", "nao", "n", "no", "false", "falso", "0"}
_DATES = (
    re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4}|\d{2})"),
    re.compile(r"(?P<y>\d{4})[/.-](?P<m>\d{1,2})[/.-](?P<d>\d{1,2})(?:[ T]00:00(?::00)?)?"),
)


def field_of(column: str) -> str | None:
    """The draft's field (or "surname") that a column's name means, in Portuguese or English."""
    return _FIELDS.get(folded(re.sub(r"[\W_]+", " ", column)))


def folded(text: str) -> str:
    """Without accents, capitals and stray spaces, to compare by."""
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def draft_of(
    header: Sequence[str], values: Sequence[str], *, today: date
) -> tuple[ClientDraft, list[Finding]]:
    """A line as a draft, and what of it could not be read. Of two columns with one meaning the
    first that is filled counts, the other one is kept in the notes."""
    findings: list[Finding] = []
    found: dict[str, str] = {}
    more: list[str] = []
    for column, value in zip(header, values, strict=False):
        field = field_of(column)
        if field is None or not value:
            continue
        if field not in found:
            found[field] = value
        elif folded(found[field]) != folded(value):
            more.append(value if field == "notes" else f"{column}: {value}")
    birth_date = birth_date_of(found.get("birth_date", ""), today)
    if "birth_date" in found and birth_date is None:
        findings.append(Finding("birth_date", "date_invalid", {"text": found["birth_date"]}))
    answer = folded(found.get("whatsapp_opt_in", ""))
    if answer not in _YES | _NO:
        findings.append(
            Finding("whatsapp_opt_in", "csv_yes_or_no", {"text": found["whatsapp_opt_in"]})
        )
    extra = [value for value in values[len(header) :] if value]
    if extra:
        findings.append(
            Finding("name", "csv_columns", {"found": len(values), "expected": len(header)})
        )
    draft = ClientDraft(
        name=" ".join(part for part in (found.get("name"), found.get("surname")) if part),
        social_name=found.get("social_name"),
        phone=found.get("phone"),
        email=found.get("email"),
        cpf=_full_cpf(found.get("cpf")),
        birth_date=birth_date,
        instagram=found.get("instagram"),
        address=found.get("address"),
        notes="\n".join(note for note in (found.get("notes"), *more) if note) or None,
        whatsapp_opt_in=answer in _YES,
    )
    return draft, findings


def birth_date_of(text: str, today: date) -> date | None:
    """A day as people write it, day before month; two figures of a year mean the past."""
    for pattern in _DATES:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        year = int(match["y"])
        if len(match["y"]) == 2:
            year += today.year // 100 * 100
            year -= 100 if year > today.year else 0
        try:
            return date(year, int(match["m"]), int(match["d"]))
        except ValueError:
            return None
    return None


def _full_cpf(text: str | None) -> str | None:
    """Spreadsheets take a CPF for a number and drop its leading zeros."""
    if text is not None and text.isascii() and text.isdigit() and 8 <= len(text) < 11:
        return text.zfill(11)
    return text
