"""Which lines of a file are one client twice, or one whom the database has already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ARRAY, Text, bindparam, func, select
from sqlalchemy.orm import Session

from studio_core.clients.csv_columns import folded
from studio_core.clients.models import Client
from studio_core.clients.rules import ClientDraft
from studio_core.findings import Finding

_A_BATCH = 1000


@dataclass(frozen=True, slots=True)
class _Marks:
    """What tells clients of one name apart."""

    phone: str | None
    email: str | None
    cpf: str | None
    birth_date: date | None

    def same(self, other: "_Marks") -> bool:
        """They share a mark, or neither has any; a differing CPF means two people."""
        if self.cpf and other.cpf:
            return self.cpf == other.cpf
        mine, theirs = self._seen(), other._seen()
        return bool(mine & theirs) or not (mine or theirs or self.cpf or other.cpf)

    def _seen(self) -> set[object]:
        email = self.email and self.email.lower()
        return {mark for mark in (self.phone, email, self.birth_date) if mark}


def repeated_in_file(drafts: Mapping[int, ClientDraft]) -> Iterator[tuple[int, Finding]]:
    """drafts: tidied, by line number. The first of several equal lines is not one of those."""
    by_cpf: dict[str, int] = {}
    by_name: dict[str, list[tuple[int, _Marks]]] = {}
    for number, draft in drafts.items():
        if draft.cpf and draft.cpf in by_cpf:
            yield number, Finding("cpf", "csv_repeated", {"line": by_cpf[draft.cpf]})
            continue
        if draft.cpf:
            by_cpf[draft.cpf] = number
        marks, namesakes = _marks(draft), by_name.setdefault(folded(draft.name), [])
        first = next((line for line, others in namesakes if marks.same(others)), None)
        if first is not None:
            yield number, Finding("name", "csv_repeated", {"line": first})
            continue
        namesakes.append((number, marks))


def here_already(
    session: Session, drafts: Mapping[int, ClientDraft]
) -> Iterator[tuple[int, Finding]]:
    """drafts: tidied, by line number."""
    numbers = list(drafts)
    for start in range(0, len(numbers), _A_BATCH):
        batch = numbers[start : start + _A_BATCH]
        yield from _taken_cpfs(session, batch, drafts)
        yield from _known_names(session, batch, drafts)


def _taken_cpfs(
    session: Session, numbers: Sequence[int], drafts: Mapping[int, ClientDraft]
) -> Iterator[tuple[int, Finding]]:
    wanted = {cpf for number in numbers if (cpf := drafts[number].cpf)}
    taken = set(session.scalars(select(Client.cpf).where(Client.cpf.in_(wanted))))
    for number in numbers:
        if drafts[number].cpf in taken:
            yield number, Finding("cpf", "cpf_taken")


def _known_names(
    session: Session, numbers: Sequence[int], drafts: Mapping[int, ClientDraft]
) -> Iterator[tuple[int, Finding]]:
    names = bindparam("names", [drafts[number].name for number in numbers], ARRAY(Text()))
    named = (
        func.unnest(names)
        .table_valued("name", with_ordinality="place", name="named")
        .render_derived()
    )
    found = session.execute(
        select(named.c.place, Client.phone, Client.email, Client.cpf, Client.birth_date).join(
            Client, Client.name_key == func.studio.fold(named.c.name)
        )
    )
    known: set[int] = set()
    for place, phone, email, cpf, birth_date in found:
        number = numbers[place - 1]
        draft = drafts[number]
        # An equal CPF has its own finding.
        if draft.cpf != (cpf or "") and _marks(draft).same(_Marks(phone, email, cpf, birth_date)):
            known.add(number)
    for number in sorted(known):
        yield number, Finding("name", "csv_known", {"name": drafts[number].name})


def _marks(draft: ClientDraft) -> _Marks:
    return _Marks(draft.phone, draft.email, draft.cpf, draft.birth_date)
