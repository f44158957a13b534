"""Users of the legacy system. Nobody gets access to anything by being imported."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import func, select

from studio_core.legacy.naming import name_of
from studio_core.legacy.run import Converted, Existing, Run, import_table
from studio_core.legacy.source import Row
from studio_core.legacy.tidying import email, percent, tidy
from studio_core.people.models import User
from studio_core.people.rules import COLOURS

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
                    "name": name_of(run, "users", row["id"], row["name"]),
                    "email": address,
                    "access": None,
                    "is_artist": artist,
                    "commission_percent": _percent(run, row, percents) if artist else Decimal(0),
                    "colour": colour % COLOURS if artist else 0,
                    "active": row["active_flag"] is not False,
                }
            )
            colour += artist
        return converted

    import_table(run, "users", User, convert)


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
