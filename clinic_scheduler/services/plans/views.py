"""Plans as they are seen: what is booked, done and due; all of it computed from the appointments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from clinic_scheduler.db.states import PlanSessionState
from clinic_scheduler.services.plans.course import Course, Gap, Step, Window

OPEN = (PlanSessionState.PLANNED, PlanSessionState.DUE, PlanSessionState.MISSED)  # still to be booked
STANDING = (PlanSessionState.BOOKED, PlanSessionState.COMPLETED)
GONE = (PlanSessionState.SKIPPED, PlanSessionState.CANCELLED)


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session of a plan. Times are in the clinic's wall time; `status` and `version` are those of the appointment.

    `practitioner` and `room` are those of the appointment, else those wished. An open one has a `window` between those
    that stand before and after it; `gap_note` says where its day breaks the gap. `usual_min` is how long the service
    takes: one that lasts as long takes with whoever needs longer as long as that one needs.
    """

    id: UUID
    number: int
    name: str
    service_id: UUID
    service: str
    practitioner_id: UUID | None
    practitioner: str
    room_id: UUID | None
    room: str
    duration_min: int
    gap: Gap
    state: str
    is_locked: bool = False
    appointment_id: UUID | None = None
    booking_id: UUID | None = None
    status: str = ""
    version: int = 0
    start: datetime | None = None
    end: datetime | None = None
    window: Window | None = None
    gap_note: str = ""
    usual_min: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it is still to be booked."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan has come; `total` counts all its sessions but those left out.

    Those `missed` are among the ones to book. `next_number` and `window` are of the next to book, `next_visit` is the
    next one booked.
    """

    total: int
    completed: int
    booked: int
    missed: int
    to_book: int
    skipped: int = 0
    next_number: int | None = None
    window: Window | None = None
    next_visit: datetime | None = None
    is_due: bool = False
    is_overdue: bool = False

    @property
    def share(self) -> float:
        """The completed part, from 0 to 1."""
        return self.completed / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with its sessions in order. `review` says what somebody has to look at, empty where nothing.

    `sentence` is its progress in words.
    """

    id: UUID
    version: int
    patient_id: UUID
    patient: str
    phone: str
    service_id: UUID
    service: str
    strategy: str
    state: str
    state_reason: str
    review: str
    notes: str
    created_at: datetime
    sessions: tuple[SessionView, ...]
    progress: Progress
    sentence: str
    keeps_practitioner: bool = False
    keeps_time: bool = False
    resumed_on: date | None = None

    def number(self, number: int) -> SessionView:
        """The session of that number, which is there."""
        return next(one for one in self.sessions if one.number == number)

    def course(self) -> Course:
        """The plan as a course, with the sessions that were neither skipped nor cancelled."""
        steps = tuple(
            Step(
                one.number,
                one.service_id,
                one.gap,
                one.name,
                one.duration_min if one.duration_min != one.usual_min else None,
                one.practitioner_id if one.is_open else None,
                one.room_id if one.is_open else None,
            )
            for one in self.sessions
            if one.state not in GONE
        )
        return Course(self.service_id, self.strategy, steps, self.keeps_practitioner, self.keeps_time)

    @property
    def days(self) -> Mapping[int, date]:
        """The days of the sessions that are booked or completed, by number."""
        return {one.number: one.start.date() for one in self.sessions if one.start and one.state in STANDING}
