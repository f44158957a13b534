"""Sessions. The legacy system kept their day only; what paid them is said by the payment."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select

from studio_core.agenda.models import TattooSession
from studio_core.legacy.memory import Values
from studio_core.legacy.people import People
from studio_core.legacy.run import Converted, Run, import_table
from studio_core.legacy.source import Row
from studio_core.legacy.tidying import clean, day, joined, money, tidy

_NOON = time(12)
_LENGTH = timedelta(hours=1)


def import_sessions(run: Run, people: People) -> None:
    def convert(rows: list[Row]) -> Sequence[Converted]:
        clients = run.memory.ids("clients", (row["cliente_id"] for row in rows))
        artists = run.memory.ids("users", (row["artista_id"] for row in rows))
        events = _free_events(run, rows)
        return [
            _converted(
                run,
                row,
                clients.get(row["cliente_id"]),
                artists.get(row["artista_id"]) or people.lost_artist(),
                events.get(row["id"]),
            )
            for row in rows
        ]

    import_table(run, "sessoes", TattooSession, convert)


def session_values(
    run: Run,
    table: str,
    key: object,
    *,
    on: date,
    price: Decimal | None,
    status: str,
    client_id: int | None,
    artist_id: int,
    notes: str | None,
    event: str | None = None,
) -> Values:
    """The row of a session that is known by its day: at noon, free to overlap others."""
    starts_at = datetime.combine(on, _NOON, run.zone)
    if price is not None and price < 0:
        run.find("price_negative", table, key, f"The price {price} is negative: left empty.")
        price, notes = None, joined(notes, f"Valor: {price}")
    return {
        "client_id": client_id,
        "artist_id": artist_id,
        "starts_at": starts_at,
        "ends_at": starts_at + _LENGTH,
        "time_known": False,
        "agreed_price": price,
        "status": status,
        "overlap_allowed": True,
        "google_event_id": event,
        "notes": notes,
    }


def session_status(
    run: Run, table: str, key: object, written: object, *, on: date, paid: bool
) -> str:
    """Our status for the legacy one; what makes no sense to a person is noted.

    `active` and `scheduled` sessions that are past and paid were never marked so; `archived` ones
    were paid before they were put away.
    """
    word = tidy(written).lower()
    if word in {"paid", "archived"}:
        if not paid:
            run.find(
                "paid_without_payment", table, key, f"The session is {word}, without a payment."
            )
        return "paid"
    if word == "completed":
        return "paid" if paid else "to_pay"
    if word == "cancelled":
        if paid:
            run.find("cancelled_but_paid", table, key, "The session is cancelled, with a payment.")
        return "cancelled"
    if word not in {"active", "scheduled"}:
        run.find("status_unknown", table, key, f"“{written}” is not a status that is known.")
    if paid and on <= run.today:
        return "paid"
    if on < run.today:
        run.find(
            "never_finished",
            table,
            key,
            f"The session of {on} was never finished: still scheduled.",
        )
    return "scheduled"


def _converted(
    run: Run, row: Row, client_id: int | None, artist_id: int, event: str | None
) -> Converted:
    key = row["id"]
    on = day(row["data"], run.zone)
    if on is None:
        run.find("date_missing", "sessoes", key, "The session has no date: left out.")
        return None
    if row["cliente_id"] is None or client_id is None:
        run.find("client_missing", "sessoes", key, "The session's client is missing.")
    _compare_links(run, row)
    return session_values(
        run,
        "sessoes",
        key,
        on=on,
        price=money(row["valor"]),
        status=session_status(
            run, "sessoes", key, row["status"], on=on, paid=bool(row["payments"])
        ),
        client_id=client_id,
        artist_id=artist_id,
        notes=clean(row["observacoes"]),
        event=event,
    )


def _compare_links(run: Run, row: Row) -> None:
    named, paying = row["payment_id"], row["payments"]
    if named is None or named in paying:
        return
    run.find(
        "link_disagrees",
        "sessoes",
        row["id"],
        f"The session names payment {named}, which does not name it. "
        + (
            f"Payment {', '.join(str(payment) for payment in paying)} does, and is its payment."
            if paying
            else "The payment's side stands: they are not linked."
        ),
    )


def _free_events(run: Run, rows: list[Row]) -> dict[int, str]:
    """Google's event of each session, its own or its payment's; one that is here already is noted
    and left to the session that has it."""
    wanted = {
        row["id"]: event
        for row in rows
        if (event := clean(row["google_event_id"]) or clean(row["event"]))
    }
    taken = set(
        run.session.scalars(
            select(TattooSession.google_event_id).where(
                TattooSession.google_event_id.in_(set(wanted.values()))
            )
        )
    )
    free: dict[int, str] = {}
    # A session's own event comes before one that a payment lends.
    for row in sorted(rows, key=lambda row: not clean(row["google_event_id"])):
        event = wanted.get(row["id"])
        if event is None:
            continue
        if event in taken:
            run.find(
                "event_taken",
                "sessoes",
                row["id"],
                f"Google's event {event} belongs to another session: left empty.",
            )
            continue
        taken.add(event)
        free[row["id"]] = event
    return free
