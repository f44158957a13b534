"""Which payment of a closed month a commission line comes from."""

from collections import defaultdict

from studio_core.legacy.source import Row
from studio_core.legacy.tidying import money, tidy

_Content = tuple[object, ...]


class PaidLines:
    """Payments by artist, amount and day; where several fit, also by the client, whom a commission
    line does not always name."""

    def __init__(self, lines: list[Row], ids: list[int | None]) -> None:
        self._paid: defaultdict[_Content, list[tuple[str, int | None]]] = defaultdict(list)
        for line, row_id in zip(lines, ids, strict=True):
            content = (tidy(line["artista_name"]), money(line["valor"]), str(line["data"])[:10])
            self._paid[content].append((tidy(line["cliente_name"]), row_id))

    def fitting(self, line: Row) -> list[int | None]:
        """Our ids of the payments that it may come from."""
        content = (
            tidy(line["artista_name"]),
            money(line["pagamento_valor"]),
            str(line["pagamento_data"])[:10],
        )
        fitting = self._paid.get(content, [])
        if len(fitting) > 1:
            client = tidy(line["cliente_name"])
            fitting = [paid for paid in fitting if paid[0] == client] or fitting
        return [row_id for _, row_id in fitting]
