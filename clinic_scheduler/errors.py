"""Refusals: what the program declines to do, in a sentence for the desk that says what to do next.

Everything that is not a `ClinicError` is a bug.
"""

from datetime import datetime


class ClinicError(Exception):
    """An expected refusal; `str(error)` is the sentence to show."""


class InvalidInput(ClinicError):
    """A value that cannot be used; `field` names the form field it stands in."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class RuleBroken(InvalidInput):
    """A time that the clinic's rules forbid; `rules` are the words an override has to name."""

    def __init__(self, text: str, rules: frozenset[str]) -> None:
        super().__init__(text, "time")
        self.rules = rules


class WallTimeUnclear(InvalidInput):
    """A wall time that the clocks skip or repeat; `instants` are those that could be meant, in UTC."""

    def __init__(self, text: str, *instants: datetime) -> None:
        super().__init__(text, "time")
        self.instants = instants


class TimeTaken(ClinicError):
    """The time belongs to somebody else by now; `rules` are the words an override would have to name."""

    def __init__(self, text: str, rules: frozenset[str] = frozenset()) -> None:
        super().__init__(text)
        self.rules = rules


class HoldLapsed(TimeTaken):
    """A hold expired and its time was given away before it was confirmed."""


class ChangedMeanwhile(ClinicError):
    """The record is no longer in the state the screen showed."""


class NotFound(ClinicError):
    """The record does not exist (any more)."""


class NotPermitted(ClinicError):
    """The person at the desk may not do this."""


class KeyReused(ClinicError):
    """A request id came back with other content than the first time."""


class ImportRefused(ClinicError):
    """A file that cannot be imported; names row, column and reason."""


class DatabaseUnavailable(ClinicError):
    """The database does not answer; nothing was changed."""


class DatabaseBusy(DatabaseUnavailable):
    """Another workstation kept a lock for too long; nothing was changed."""


class OutcomeUnknown(ClinicError):
    """The answer to a commit was lost: it may or may not have happened."""


class NewerDatabase(ClinicError):
    """The database was upgraded by a newer version of the program."""
