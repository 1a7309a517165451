"""Who is asking, from which desk, and what that person may do."""

from dataclasses import dataclass
from uuid import UUID

from clinic_scheduler.errors import NotPermitted

BOOK = "book"
OVERRIDE = "override"
SET_UP = "set_up"
REOPEN = "reopen"
MERGE = "merge"
ERASE = "erase"
FIGURES = "figures"
EVERYTHING = frozenset({BOOK, FIGURES, OVERRIDE, REOPEN, SET_UP, MERGE, ERASE})


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff at a workstation of one clinic."""

    user_id: UUID
    name: str
    initials: str
    workstation: str
    clinic_id: UUID
    permissions: frozenset[str] = frozenset()

    def require(self, permission: str) -> None:
        """Refuse unless the person holds the permission.

        Raises:
            NotPermitted: with whom to ask.
        """
        if permission not in self.permissions:
            raise NotPermitted("You may not do that; ask a colleague with the right to sign in and do it.")
