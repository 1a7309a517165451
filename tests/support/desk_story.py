"""A desk that stops in the middle of a booking, to be killed there: `python -m tests.support.desk_story URL WHERE`.

WHERE is a page as in doomed_desk, or "new", or a moment of the confirmation: "written" (the rows are there,
nothing is committed), "commit" (the COMMIT is next) or "committed" (done, and nobody was told).
"""

import sys
import threading

from PySide6.QtCore import Qt
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.support.doomed_desk import LIMIT_S, DoomedDesk

MOMENTS = ("written", "commit", "committed")


class DeskStory(DoomedDesk):
    """Knows the form of a new patient too, and can stand still inside the confirmation."""

    def go_to(self, page: str) -> None:
        if page != "new":
            super().go_to(page)
            return
        super().go_to("patient")
        self._type(*[Qt.Key.Key_Backspace] * 4)
        self._wizard.page_now.modes.chosen.emit("new")  # type: ignore[attr-defined]
        self._type("Mia Lo", Qt.Key.Key_Tab, "030 12")

    def stop_at(self, moment: str) -> None:
        """Say READY at that moment of the next confirmation and go no further."""
        engine, seen = self._connected._work.engine, threading.local()

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if "INSERT INTO appointment" in statement:  # on PostgreSQL it is a part of a statement
                seen.is_confirming = True
                if moment == "written":
                    _stand_still()

        def end(_about: object) -> None:
            if getattr(seen, "is_confirming", False):
                _stand_still()

        event.listen(engine, "after_cursor_execute", note)
        if moment == "commit":
            event.listen(engine, "commit", end)
        elif moment == "committed":
            event.listen(Session, "after_commit", end)


def _stand_still() -> None:
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    threading.Event().wait(LIMIT_S)


if __name__ == "__main__":
    where = sys.argv[2]
    desk = DeskStory(sys.argv[1])
    desk.go_to("review" if where in MOMENTS else where)
    if where in MOMENTS:
        desk._until(lambda: not desk._wizard.draft._is_dirty and not desk._wizard.draft.tasks.running)
        desk.stop_at(where)
        desk.confirm()
    else:
        desk.say_ready()
    desk.wait()
