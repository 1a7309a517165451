"""Clearing up in the background, every few minutes and when asked."""

from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, Signal

from clinic_scheduler.services import upkeep
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.upkeep import Swept

from .tasks import Tasks

EVERY_MS = 5 * 60 * 1000


class Upkeep(QObject):
    """Runs on every workstation at once; the database lets one at a time do it.

    Signals:
        told: what the last run did, in words.
    """

    told = Signal(str)

    def __init__(self, tasks: Tasks, actor: Actor, zone: ZoneInfo, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._actor, self._zone = tasks, actor, zone
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.run)
        self._timer.start()

    def run(self) -> None:
        """Clear up now."""
        self._tasks.write(self, partial(upkeep.sweep, actor=self._actor), self._tell)

    def stop(self) -> None:
        """Run no more; the program ends."""
        self._timer.stop()

    def _tell(self, swept: Swept | None) -> None:
        if swept is None:
            self.told.emit(self.tr("Clean-up runs at another desk"))
            return
        time = f"{swept.at.astimezone(self._zone):%H:%M}"
        words = self.tr("Clean-up {time}: {what}")
        self.told.emit(
            words.format(time=time, what=", ".join(self._done(swept)) or self.tr("nothing had expired"))
        )

    def _done(self, swept: Swept) -> list[str]:
        """What was cleared up, as far as there was any of it."""
        counted = (
            (swept.holds, self.tr("expired holds removed {count}")),
            (swept.sessions, self.tr("unfinished bookings ended {count}")),
            (swept.offers, self.tr("offers lapsed {count}")),
            (swept.plans, self.tr("treatment plans lapsed {count}")),
            (swept.emptied, self.tr("choices of replaced bookings cleared {count}")),
        )
        return [words.format(count=count) for count, words in counted if count]
