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
        return cls(str(error), error.code, plain_params(error.params))

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


def plain_params(params: Mapping[str, object]) -> dict[str, object]:
    """The values of a sentence as JSON can hold them: text, whole numbers, true and false."""
    return {
        name: value if value is None or isinstance(value, int | str) else str(value)
        for name, value in params.items()
    }
