"""What an import found, did and left out."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class LegacyFinding:
    """Something that a person should know about one legacy row.

    kind: a word to group by. key: the row's id, or its place for a line of a closed month.
    """

    kind: str
    table: str
    key: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TableCount:
    """A legacy table, or the lines of one kind in closed months (`extratos.pagamentos` …).

    read = imported + already_there + left_out. already_there: rows of an earlier import, and rows
    that stand in the legacy system twice. Each one left out has a finding.
    """

    table: str
    read: int = 0
    imported: int = 0
    already_there: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class MonthSums:
    """One month of payments, commissions or expenses, there and here."""

    month: str
    kind: str
    legacy_rows: int
    legacy_sum: Decimal
    imported_rows: int
    imported_sum: Decimal

    @property
    def equal(self) -> bool:
        return (self.legacy_rows, self.legacy_sum) == (self.imported_rows, self.imported_sum)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of one run. closed_months: those closed by this run, oldest first."""

    counts: tuple[TableCount, ...]
    findings: tuple[LegacyFinding, ...]
    sums: tuple[MonthSums, ...]
    closed_months: tuple[str, ...]

    @property
    def sums_equal(self) -> bool:
        return all(month.equal for month in self.sums)

    def to_json(self) -> dict[str, Any]:
        """For json.dumps: money as text with two decimals."""
        return {
            "counts": [
                {
                    "table": count.table,
                    "read": count.read,
                    "imported": count.imported,
                    "already_there": count.already_there,
                    "left_out": count.left_out,
                }
                for count in self.counts
            ],
            "closed_months": list(self.closed_months),
            "sums_equal": self.sums_equal,
            "sums": [
                {
                    "month": month.month,
                    "kind": month.kind,
                    "legacy_rows": month.legacy_rows,
                    "legacy_sum": str(month.legacy_sum),
                    "imported_rows": month.imported_rows,
                    "imported_sum": str(month.imported_sum),
                    "equal": month.equal,
                }
                for month in self.sums
            ],
            "findings": [
                {
                    "kind": finding.kind,
                    "table": finding.table,
                    "key": finding.key,
                    "sentence": finding.sentence,
                }
                for finding in self.findings
            ],
        }


class Notebook:
    """What a run writes down on its way to the report."""

    def __init__(self) -> None:
        self.findings: list[LegacyFinding] = []
        self.legacy_rows: Counter[tuple[str, str]] = Counter()
        self.legacy_sums: defaultdict[tuple[str, str], Decimal] = defaultdict(lambda: NOTHING)
        self.closed_months: list[str] = []
        self._counts: dict[str, Counter[str]] = {}

    def find(self, kind: str, table: str, key: object, sentence: str) -> None:
        self.findings.append(LegacyFinding(kind, table, str(key), sentence))

    def count(self, table: str, what: str, rows: int = 1) -> None:
        """what: a field of TableCount."""
        self._counts.setdefault(table, Counter())[what] += rows

    def add_up(self, kind: str, month: str, amount: Decimal) -> None:
        """Counts one legacy row towards the sums that the import is proved by."""
        self.legacy_rows[month, kind] += 1
        self.legacy_sums[month, kind] += amount

    def counts(self) -> tuple[TableCount, ...]:
        return tuple(TableCount(table, **counted) for table, counted in self._counts.items())
