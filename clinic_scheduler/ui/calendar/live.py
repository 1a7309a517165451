"""What changes while nobody does anything: the minute it is now, and the seconds left of each hold."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from clinic_scheduler.services.days.schedule import DaySchedule, HeldTime


class Live(QObject):
    """The database's clock, carried on from the schedule's reading; a desk clock may be wrong.

    Signals:
        minute_passed: the present minute changed.
        second_passed: a second went by, only while there are holds.
    """

    minute_passed = Signal()
    second_passed = Signal()

    def __init__(self, parent: QObject, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._schedule: DaySchedule | None = None
        self._read_at = 0.0
        self._minute: int | None = None
        self._runs = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)

    def follow(self, schedule: DaySchedule | None) -> None:
        """Count from this schedule's `now`."""
        if schedule is None or self._schedule is None or schedule.now != self._schedule.now:
            self._read_at = self._clock()
        self._schedule = schedule
        self._minute = self.minute()
        self._arrange()

    def run(self, runs: bool) -> None:
        """Only what is visible ticks."""
        self._runs = runs
        self._arrange()
        if runs:
            self._tick()

    def now(self) -> datetime | None:
        """The present by the database's clock."""
        if self._schedule is None:
            return None
        return self._schedule.now + timedelta(seconds=self._clock() - self._read_at)

    def minute(self) -> int | None:
        """The present minute, if today is shown."""
        now, columns = self.now(), self.columns()
        if now is None or self._schedule is None or not columns:
            return None
        return self._schedule.minute(columns.start, now)

    def columns(self) -> range:
        """The columns of today."""
        now = self.now()
        return self._schedule.columns_of(now) if now and self._schedule else range(0)

    def left(self, held: HeldTime) -> float:
        """Seconds left of a hold; not positive once it lapsed."""
        now = self.now()
        return (held.expires_at - now).total_seconds() if now else 0.0

    def _arrange(self) -> None:
        if not self._runs or self._schedule is None:
            self._timer.stop()
            return
        interval = 1000 if self._schedule.holds else 5000
        if not self._timer.isActive() or self._timer.interval() != interval:
            self._timer.start(interval)

    def _tick(self) -> None:
        minute = self.minute()
        if minute != self._minute:
            self._minute = minute
            self.minute_passed.emit()
        if self._schedule is not None and self._schedule.holds:
            self.second_passed.emit()
