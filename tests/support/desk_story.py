"""A desk that stops in the middle of a booking, to be killed there: `python -m tests.support.desk_story URL WHERE`.

WHERE is a page as in doomed_desk, or "lines", "filters", "new", "payment", or a moment of the confirmation: "written"
(the rows are there, nothing is committed), "commit" (the COMMIT is next) or "committed" (done, and nobody was told).
"""

import sys
import threading

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import event
from sqlalchemy.orm import Session

from clinic_scheduler.ui.booking.services_page import ServicesPage
from clinic_scheduler.ui.booking.time_page import TimePage
from tests.support.doomed_desk import LIMIT_S, DoomedDesk

MOMENTS = ("written", "commit", "committed")


class DeskStory(DoomedDesk):
    """Knows more of what can be typed, and can stand still inside the confirmation."""

    def go_to(self, page: str) -> None:
        further = {
            "lines": ("services", self._change_lines),
            "filters": ("time", self._narrow),
            "new": ("patient", self._name_somebody),
            "payment": ("review", self._pay),
        }
        reached, then = further.get(page, (page, lambda: None))
        super().go_to(reached)
        then()

    def _change_lines(self) -> None:
        self._type(Qt.Key.Key_Return)  # what was half typed becomes the second line
        page = self._wizard.page_now
        assert isinstance(page, ServicesPage)
        page.lines[1].setFocus()
        QTest.keyClick(page.lines[1], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        page.lines[1].extras[0].click()

    def _narrow(self) -> None:
        page = self._wizard.page_now
        assert isinstance(page, TimePage)
        page.filters._halves["afternoon"].click()
        page.wished.line.setFocus()
        self._type("tue 15")

    def _name_somebody(self) -> None:
        self._type(*[Qt.Key.Key_Backspace] * 4)
        self._wizard.page_now.modes.chosen.emit("new")  # type: ignore[attr-defined]
        self._type("Mia Lo", Qt.Key.Key_Tab, "030 12")

    def _pay(self) -> None:
        payment = self._wizard.review.payment
        payment.state.setCurrentIndex(payment.state.findData("part_paid"))
        payment.state.activated.emit(payment.state.currentIndex())
        payment.paid.line.setFocus()
        self._type("12,50")

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

        def ahead(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if statement == "COMMIT":  # goes to a server with the notices
                end(None)

        event.listen(engine, "after_cursor_execute", note)
        if moment == "commit":
            event.listen(engine, "before_cursor_execute", ahead)
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
