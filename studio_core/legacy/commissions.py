"""Commissions as they were booked, whatever their percent says today."""

from collections.abc import Sequence
from datetime import date

from studio_core.ledger.models import Commission
from studio_core.legacy.ledger import may_enter
from studio_core.legacy.people import People
from studio_core.legacy.run import Converted, Run, import_table
from studio_core.legacy.source import Row
from studio_core.legacy.tidying import clean, day, money, month_label, percent
from studio_core.money import cents


def import_commissions(run: Run, people: People) -> None:
    def convert(rows: list[Row]) -> Sequence[Converted]:
        payments = run.memory.ids("pagamentos", (row["pagamento_id"] for row in rows))
        artists = run.memory.ids("users", (row["artista_id"] for row in rows))
        return [
            _commission(
                run,
                row,
                payment_id=payments.get(row["pagamento_id"]),
                artist_id=artists.get(row["artista_id"]) or people.lost_artist(),
            )
            for row in rows
        ]

    def seen(rows: list[Row]) -> None:
        for row in rows:
            amount = money(row["valor"])
            if amount is not None:
                run.notes.add_up("commissions", month_label(_commission_day(run, row)), amount)

    import_table(run, "comissoes", Commission, convert, seen=seen)


def _commission(run: Run, row: Row, *, payment_id: int | None, artist_id: int) -> Converted:
    key, on = row["id"], _commission_day(run, row)
    if not may_enter(run, "comissoes", key, row, on):
        return None
    amount, share = money(row["valor"]), percent(row["percentual"])
    assert amount is not None
    if row["payment_day"] is None:
        run.find(
            "commission_orphan",
            "comissoes",
            key,
            f"A commission of {amount} without a payment, counted on {on}.",
        )
        if row["created_at"] is None:
            run.find("date_missing", "comissoes", key, f"It has no date either: {on} was taken.")
    else:
        if row["payment_artist"] != row["artista_id"]:
            run.find(
                "commission_artist", "comissoes", key, "It belongs to another artist's payment."
            )
        due = cents(row["payment_amount"] * (share or 0) / 100)
        if due != amount:
            run.find(
                "commission_stale",
                "comissoes",
                key,
                f"{share} % of the payment of {row['payment_amount']} would be {due}: "
                f"the commission booked is {amount}, and stands.",
            )
    return {
        "payment_id": payment_id,
        "artist_id": artist_id,
        "percent": share or 0,
        "amount": amount,
        "accrued_on": on,
        "notes": clean(row["observacoes"]),
        "imported": True,
    }


def _commission_day(run: Run, row: Row) -> date:
    """The day of its payment, else of its entry, else today: an orphan must count somewhere."""
    return day(row["payment_day"], run.zone) or day(row["created_at"], run.zone) or run.today
