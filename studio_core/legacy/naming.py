"""Names that may be empty or untidy."""

from studio_core.legacy.run import Run
from studio_core.legacy.tidying import NAMELESS, tidy


def name_of(run: Run, table: str, key: object, written: object) -> str:
    """The name without stray spaces, or what stands for none; either is noted."""
    name = tidy(written)
    if not name:
        run.find("name_missing", table, key, f"The name is empty: {NAMELESS} stands for it.")
        return NAMELESS
    if name != written:
        run.find("name_tidied", table, key, f"The name was tidied to “{name}”.")
    return name
