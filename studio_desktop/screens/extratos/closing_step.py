"""How far a closing is, from the asking for it to its end."""

from dataclasses import dataclass

STAGES = ("backup", "lock", "payments", "commissions", "expenses", "sessions", "totals")
"""In the order in which they are done."""

_AHEAD = ("asked", "queued", "taken", "interrupted")
_PLACES = {"writing": 0, "begin": 1, "backup": 1, "totals": 6, "done": 7} | {
    table: STAGES.index(table) for table in ("payments", "commissions", "expenses", "sessions")
}
# How much of the bar the backup takes, and where the moving of rows ends.
_BACKED_UP, _MOVED = 200, 950


@dataclass(frozen=True)
class ClosingStep:
    """stage, rows_done, rows_total: as the core reports them, of a run or of a request."""

    stage: str
    rows_done: int = 0
    rows_total: int = 0

    @property
    def ahead(self) -> bool:
        """Nothing is being done yet."""
        return self.stage in _AHEAD

    @property
    def place(self) -> int:
        """Which of STAGES is under way: -1 before them, their number when all are done."""
        return -1 if self.ahead else _PLACES.get(self.stage, 1)

    @property
    def permille(self) -> int | None:
        """Of the whole work; None where nobody can tell."""
        if self.ahead or (self.stage == "writing" and not self.rows_total):
            return None
        share = self.rows_done / self.rows_total if self.rows_total else 0.0
        if self.stage == "writing":
            return round(_BACKED_UP * share)
        if self.stage in ("begin", "backup"):
            return _BACKED_UP
        if self.stage == "done":
            return 1000
        return round(_BACKED_UP + (_MOVED - _BACKED_UP) * share)
