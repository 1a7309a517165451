"""A program that dies in the middle of a transaction."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from clinic_scheduler.db.work import UnitOfWork


class Crash(Exception):
    """The program died in the middle of a transaction."""


class Fuse:
    """Raises before the n-th statement after it was lit."""

    def __init__(self, work: UnitOfWork) -> None:
        self.left: int | None = None
        event.listen(work.engine, "before_cursor_execute", self._burn)

    def _burn(self, _connection: Connection, *_statement: object) -> None:
        if self.left is not None and self.left >= 0:
            if self.left == 0:
                self.left = None
                raise Crash
            self.left -= 1

    def run(self, work: UnitOfWork, crash: int | None, do: Callable[[Session], Any]) -> Any:
        """Do it in a transaction that dies before its statement number `crash`, or with -1 before the commit."""

        def dying(session: Session) -> Any:
            value = do(session)
            if crash == -1:
                raise Crash
            return value

        self.left = crash
        try:
            return work.write(dying).value
        finally:
            self.left = None
