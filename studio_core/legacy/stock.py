"""The inventory, each item with its opening balance."""

from decimal import Decimal

from sqlalchemy import insert

from studio_core.legacy.run import Converted, Run, import_table
from studio_core.legacy.source import Row
from studio_core.legacy.tidying import NAMELESS, clean, joined, money, tidy
from studio_core.stock.models import StockItem, StockMovement


def import_stock(run: Run) -> None:
    """Items that are new. A balance below zero becomes zero, and stands in the notes."""

    def convert(rows: list[Row]) -> list[Converted]:
        return [_item(run, row) for row in rows]

    def opened(rows: list[Row], ids: list[int]) -> None:
        movements = [
            {"item_id": item_id, "quantity": quantity, "reason": "opening"}
            for row, item_id in zip(rows, ids, strict=True)
            if (quantity := int(money(row["quantidade"]) or 0)) > 0
        ]
        if movements:
            run.session.execute(insert(StockMovement), movements)

    import_table(run, "inventory", StockItem, convert, written=opened)


def _item(run: Run, row: Row) -> Converted:
    key, notes = row["id"], clean(row["observacoes"])
    name = tidy(row["nome"])
    if not name:
        name = f"{NAMELESS} {key}"
        run.find("name_missing", "inventory", key, f"The item has no name: “{name}” stands for it.")
    quantity = money(row["quantidade"])
    if quantity is None:
        run.find("quantity_missing", "inventory", key, "The item has no quantity: 0 was taken.")
    elif quantity < 0:
        run.find(
            "stock_negative", "inventory", key, f"The stock is {row['quantidade']}: 0 was taken."
        )
        notes = joined(notes, f"Saldo no sistema antigo: {row['quantidade']}")
    elif quantity != int(quantity):
        run.find("stock_fraction", "inventory", key, f"The stock is {quantity}: rounded down.")
        notes = joined(notes, f"Saldo no sistema antigo: {quantity}")
    price = money(row["unit_price"])
    if price is not None and price < Decimal(0):
        run.find("price_negative", "inventory", key, f"The price {price} is negative: left empty.")
        notes, price = joined(notes, f"Preço no sistema antigo: {price}"), None
    return {
        "name": name,
        "category": clean(row["category"]),
        "supplier": clean(row["supplier"]),
        "unit_price": price,
        "position": row["order"],
        "notes": notes,
    }
