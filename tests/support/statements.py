"""What is asked of a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collects the statements of the block, but for what begins a transaction."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, words: str, *_rest: Any) -> None:
        if not words.startswith(("PRAGMA", "BEGIN")):
            said.append(words)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)
