"""Finding a client while typing, for a SearchPicker."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio_core.clients.queries import page_of_clients
from studio_desktop.widgets.pickers import Option

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST = 8


def matching_clients(session: "Session", typed: str) -> Sequence[Option]:
    """The best few; the detail tells apart those of one name."""
    page = page_of_clients(session, search=typed, limit=MOST)
    return tuple(Option(row.id, row.shown_name, row.phone or "") for row in page.rows)
