"""Texts that a caller may send: what PostgreSQL could not be told is refused at the door."""

from typing import Annotated

from pydantic import Field

# NUL ends a text in PostgreSQL's own language; lone surrogates pydantic refuses by itself.
WITHOUT_NUL = r"^[^\x00]*$"
_HEX = "[0-9a-fA-F]"
_UUID4 = rf"^{_HEX}{{8}}-{_HEX}{{4}}-4{_HEX}{{3}}-[89abAB]{_HEX}{{3}}-{_HEX}{{12}}$"

Email = Annotated[str, Field(min_length=1, max_length=320, pattern=WITHOUT_NUL)]
Secret = Annotated[str, Field(min_length=1, max_length=1024, pattern=WITHOUT_NUL)]
IdToken = Annotated[str, Field(min_length=1, max_length=8192, pattern=WITHOUT_NUL)]
Nonce = Annotated[str, Field(min_length=1, max_length=128, pattern=WITHOUT_NUL)]
"""As long as ours and then some: another one is no nonce of ours anyhow."""
DeviceId = Annotated[str, Field(pattern=_UUID4, max_length=36)]
SearchText = Annotated[str, Field(max_length=200, pattern=WITHOUT_NUL)]
