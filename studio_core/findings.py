"""What a rule finds in a form: everything at once, so that nobody mends one line at a time."""

import dataclasses
from collections.abc import Sequence

from studio_core.errors import RuleError


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """field: the name of the draft's field it belongs to. code, params: as in StudioError."""

    field: str
    code: str
    params: dict[str, object] = dataclasses.field(default_factory=dict)


class FindingsError(RuleError):
    """A draft was refused; says its first finding, and carries them all."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        super().__init__(first.code, **first.params)
        self.findings = tuple(findings)


def refuse_if_any(findings: Sequence[Finding]) -> None:
    """Raises FindingsError where a rule found something."""
    if findings:
        raise FindingsError(findings)
