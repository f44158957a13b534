"""Why something was refused, kept as its code and values: each desk says it in its own language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio_core.errors import StudioError


@dataclass(frozen=True, slots=True)
class Refusal:
    """message: the English sentence, for who reads the table. params: plain JSON values.

    code: None from a program that kept the sentence only.
    """

    message: str
    code: str | None = None
    params: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, error: StudioError) -> "Refusal":
        params = {name: _plain(value) for name, value in error.params.items()}
        return cls(str(error), error.code, params)

    @property
    def error(self) -> StudioError:
        """What was refused, as it was raised where it happened."""
        if self.code is None:
            return StudioError("refused_because", reason=self.message)
        return StudioError(self.code, **(self.params or {}))

    @property
    def columns(self) -> dict[str, Any]:
        """For the columns of the same names."""
        return {"message": self.message, "code": self.code, "params": self.params}


NOTHING_REFUSED: dict[str, Any] = {"message": None, "code": None, "params": None}
"""The same columns where all went well."""


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
