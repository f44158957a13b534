"""The three kinds of refusal, each with a code that a screen or a command turns into a sentence.

Anything that is not a StudioError is a bug of ours and is reported as one.
"""

from studio_core.sentences import sentence


class StudioError(Exception):
    """A refusal that a person can act on.

    code: a key of sentences.SENTENCES. params: the values its template names.
    str(error) is the English sentence.
    """

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return sentence(self.code, self.params)


class RuleError(StudioError):
    """A rule of the studio said no; nothing was changed."""


class AlreadyRunningError(RuleError):
    """The same work is being done by somebody else at this moment."""


class ConflictError(StudioError):
    """Someone else changed the record first; reload it and choose."""

    def __init__(self, code: str = "changed_elsewhere", /, **params: object) -> None:
        super().__init__(code, **params)


class UnavailableError(StudioError):
    """The network or the server did not answer; the same request may be tried again."""


class ConfigError(StudioError):
    """The program is set up wrongly; trying again will not help."""
