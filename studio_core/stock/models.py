"""Tables of the inventory."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, func, text
from sqlalchemy.orm import Mapped, mapped_column

from studio_core.db.base import Base, Id, Money, Tracked


class StockItem(Tracked, Base):
    """Something the studio keeps. The balance follows its movements and is never negative."""

    __tablename__ = "stock_items"
    __table_args__ = (
        CheckConstraint("btrim(name) <> ''", name="name"),
        CheckConstraint("balance >= 0", name="balance"),
        CheckConstraint("unit_price >= 0", name="unit_price"),
    )

    id: Mapped[Id]
    name: Mapped[str]
    category: Mapped[str | None]
    supplier: Mapped[str | None]
    unit_price: Mapped[Money | None]
    position: Mapped[int | None]
    balance: Mapped[int] = mapped_column(server_default=text("0"))
    notes: Mapped[str | None]
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class StockMovement(Base):
    """What came in (quantity > 0) or went out; append-only, a trigger keeps the balance."""

    __tablename__ = "stock_movements"
    __table_args__ = (
        CheckConstraint("quantity <> 0", name="quantity"),
        CheckConstraint("reason IN ('opening', 'purchase', 'use', 'adjustment')", name="reason"),
    )

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("stock_items.id"), index=True)
    quantity: Mapped[int]
    reason: Mapped[str]
    note: Mapped[str | None]
    moved_at: Mapped[datetime] = mapped_column(server_default=func.now())
    moved_by: Mapped[int | None] = mapped_column(server_default=text("studio.current_user_id()"))
