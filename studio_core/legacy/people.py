"""Users and clients. Nobody gets access to anything by being imported."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from psycopg2 import sql
from sqlalchemy import func, select

from studio_core.clients.models import Client
from studio_core.legacy.memory import Origin
from studio_core.legacy.run import Converted, Existing, Run, import_table
from studio_core.legacy.source import Row
from studio_core.legacy.tidying import NAMELESS, clean, email, percent, tidy
from studio_core.people.models import User

ARTISTLESS = "(sem artista)"
_COLOURS = 8

_USUAL_PERCENTS = """
    WITH dated AS (
        SELECT c.artista_id, c.percentual, coalesce(p.data, c.created_at::date) AS day
        FROM public.comissoes c LEFT JOIN public.pagamentos p ON p.id = c.pagamento_id
        WHERE c.percentual > 0 AND c.percentual <= 100
    )
    SELECT artista_id, percentual, count(*) AS times FROM dated
    WHERE day >= (SELECT date_trunc('month', max(day)) - interval '2 months' FROM dated
                  WHERE day <= current_date)
    GROUP BY artista_id, percentual ORDER BY artista_id, times DESC, percentual"""


def import_users(run: Run) -> None:
    """Artists and other users, without access. An e-mail that is here already is that person."""
    percents = _usual_percents(run)
    given: set[str] = set()
    colour = run.session.scalar(select(func.count()).select_from(User)) or 0

    def convert(rows: list[Row]) -> list[Converted]:
        nonlocal colour
        here, imported = _users_by_email(
            run, [address for row in rows if (address := email(row["email"]))]
        )
        converted: list[Converted] = []
        for row in rows:
            address = _address(run, row, given | imported)
            if address is not None:
                given.add(address)
            if address is not None and address in here:
                converted.append(_same_person(run, row, here[address]))
                continue
            artist = row["role"] == "artist"
            converted.append(
                {
                    "name": _name(run, "users", row["id"], row["name"]),
                    "email": address,
                    "access": None,
                    "is_artist": artist,
                    "commission_percent": _percent(run, row, percents) if artist else Decimal(0),
                    "colour": colour % _COLOURS if artist else 0,
                    "active": row["active_flag"] is not False,
                }
            )
            colour += artist
        return converted

    import_table(run, "users", User, convert)


def import_clients(run: Run) -> None:
    """Clients, also by the id of their form where that is here already."""

    def convert(rows: list[Row]) -> list[Converted]:
        forms = {clean(row["jotform_submission_id"]) for row in rows} - {None}
        here = dict(
            run.session.execute(
                select(Client.jotform_submission_id, Client.id).where(
                    Client.jotform_submission_id.in_(forms)
                )
            ).all()
        )
        converted: list[Converted] = []
        for row in rows:
            form = clean(row["jotform_submission_id"])
            if form in here:
                run.find(
                    "client_here_already",
                    "clients",
                    row["id"],
                    "A client with the same form is here already: they are taken as one.",
                )
                converted.append(Existing(here[form]))
                continue
            name = _name(run, "clients", row["id"], row["name"])
            converted.append({"name": name, "jotform_submission_id": form})
        return converted

    import_table(run, "clients", Client, convert)


@dataclass
class People:
    """Finds the people that other rows name, and makes those that the legacy system lost."""

    run: Run

    def __post_init__(self) -> None:
        self._artists: dict[str, list[tuple[bool, int]]] = defaultdict(list)
        rows = [row for row in self.run.source.rows("users") if tidy(row["name"])]
        ids = self.run.memory.ids("users", (row["id"] for row in rows))
        for row in rows:
            self._artists[tidy(row["name"])].append((row["role"] != "artist", ids[row["id"]]))

    def artist_named(self, name: object, table: str, key: object) -> int:
        """The artist of that name (artists before other users); made, inactive, when unknown."""
        wanted = tidy(name)
        found = sorted(self._artists.get(wanted, []))
        if not found:
            return self.lost_artist(wanted)
        if len([user for user in found if user[0] == found[0][0]]) > 1:
            self.run.find(
                "artist_homonyms",
                table,
                key,
                f"Several people are called “{wanted}”: the first of them was taken.",
            )
        return found[0][1]

    def lost_artist(self, name: str = "") -> int:
        """An artist whom no legacy user row stands for; one for each name, and one for none."""
        return self._made_once(
            "users",
            name,
            User,
            {"name": name or ARTISTLESS, "is_artist": True, "active": False},
            f"No user is called “{name}”: an inactive artist of that name was made."
            if name
            else f"Rows without an artist: they stand under the inactive artist {ARTISTLESS}.",
        )

    def clients_named(self, names: Iterable[object]) -> dict[str, list[int]]:
        """Our ids by name as written: the clients of exactly that name, else those whose name
        differs in spaces only. A name with nobody gets a new client."""
        written = {str(name) for name in names if tidy(name)}
        rows = self.run.source.ask(
            sql.SQL(
                "SELECT id, name FROM public.clients"
                " WHERE btrim(regexp_replace(name, {}, ' ', 'g')) = ANY (%s) OR name = ANY (%s)"
                " ORDER BY id"
            ).format(sql.Literal(r"\s+")),
            ([tidy(name) for name in written], list(written)),
        )
        ids = self.run.memory.ids("clients", (row["id"] for row in rows))
        found: dict[str, list[int]] = {}
        for name in written:
            exact = [ids[row["id"]] for row in rows if row["name"] == name]
            alike = [ids[row["id"]] for row in rows if tidy(row["name"]) == tidy(name)]
            found[name] = exact or alike or [self._lost_client(tidy(name))]
        return found

    def _lost_client(self, name: str) -> int:
        return self._made_once(
            "clients",
            name,
            Client,
            {"name": name},
            f"No client is called “{name}” any more: a new one was made.",
        )

    def _made_once(
        self,
        table: str,
        name: str,
        model: type[User] | type[Client],
        values: dict[str, object],
        sentence: str,
    ) -> int:
        key = f"name:{name}"
        known = self.run.memory.known(table, [key])
        if known:
            return known[key].row_id
        (row_id,) = self.run.memory.write(model, [values])
        self.run.memory.remember([(Origin(table, key, ""), row_id)])
        self.run.find(f"{table[:-1]}_made", table, key, sentence)
        return row_id


def _users_by_email(run: Run, addresses: Sequence[str]) -> tuple[dict[str, int], set[str]]:
    """Users of these e-mails that were here before any import, and the e-mails that an import
    gave: two legacy users never become one."""
    folded = func.lower(User.email)
    found: dict[str, int] = dict(
        run.session.execute(select(folded, User.id).where(folded.in_(addresses))).all()
    )
    imported = set(run.memory.rows_of("users", found.values()))
    return (
        {address: row_id for address, row_id in found.items() if row_id not in imported},
        {address for address, row_id in found.items() if row_id in imported},
    )


def _address(run: Run, row: Row, taken: set[str]) -> str | None:
    written = tidy(row["email"])
    if not written:
        return None
    address = email(written)
    if address is None:
        run.find("email_invalid", "users", row["id"], f"“{written}” is not an e-mail: left empty.")
    elif address in taken:
        run.find(
            "email_taken",
            "users",
            row["id"],
            f"The e-mail {address} is another user's: left empty.",
        )
        return None
    return address


def _same_person(run: Run, row: Row, user_id: int) -> Existing:
    artist = row["role"] == "artist" and not run.session.scalar(
        select(User.is_artist).where(User.id == user_id)
    )
    run.find(
        "user_here_already",
        "users",
        row["id"],
        "A user with the same e-mail is here already: they are taken as one."
        + (" Mark them as an artist." if artist else ""),
    )
    return Existing(user_id)


def _name(run: Run, table: str, key: object, written: object) -> str:
    name = tidy(written)
    if not name:
        run.find("name_missing", table, key, f"The name is empty: {NAMELESS} stands for it.")
        return NAMELESS
    if name != written:
        run.find("name_tidied", table, key, f"The name was tidied to “{name}”.")
    return name


def _usual_percents(run: Run) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in run.source.ask(_USUAL_PERCENTS):
        found[row["artista_id"]].append(row)
    return found


def _percent(run: Run, row: Row, percents: dict[int, list[Row]]) -> Decimal:
    """The percent that most of the artist's latest commissions have; 0 when no one leads."""
    candidates = percents.get(row["id"], [])
    if not candidates:
        return Decimal(0)
    best = candidates[0]
    usual = percent(best["percentual"])
    if usual is None or (len(candidates) > 1 and candidates[1]["times"] == best["times"]):
        run.find(
            "commission_percent_open",
            "users",
            row["id"],
            "The latest commissions agree on no one percent: 0 was set. Set the artist's own.",
        )
        return Decimal(0)
    times = sum(candidate["times"] for candidate in candidates)
    run.find(
        "commission_percent_set",
        "users",
        row["id"],
        f"{usual} % was set as the artist's commission: {best['times']} of the {times} latest "
        "commissions have it. Check it.",
    )
    return usual
