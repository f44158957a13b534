"""The artists and clients that other rows name, by their names."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from psycopg2 import sql

from studio_core.clients.models import Client
from studio_core.legacy.memory import Origin
from studio_core.legacy.run import Run
from studio_core.legacy.tidying import tidy
from studio_core.people.models import User

ARTISTLESS = "(sem artista)"


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
        exact, alike = defaultdict(list), defaultdict(list)
        for row in rows:
            exact[row["name"]].append(ids[row["id"]])
            alike[tidy(row["name"])].append(ids[row["id"]])
        return {
            name: exact[name] or alike[tidy(name)] or [self._lost_client(tidy(name))]
            for name in sorted(written)
        }

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
