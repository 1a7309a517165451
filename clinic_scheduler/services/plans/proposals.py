"""What is asked of a proposal for a plan, and what it says."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from clinic_scheduler.services.localtime import DAY_MIN
from clinic_scheduler.services.plans.course import Course, Step, Window
from clinic_scheduler.services.plans.search import Aim
from clinic_scheduler.services.wishes import Part

__all__ = ["Aim", "Looking", "Proposal", "Proposed"]


@dataclass(frozen=True, slots=True)
class Looking:
    """From which day on to look, and what is wished of every session; times in minutes of the wall clock.

    None of `practitioner_ids` or `weekdays` (0 is Monday) means any. `usual_min` is the time of day that sessions come
    near to; without it the first session's. The holds of `session_id` are no obstacle. The first session comes within
    `first_days` of `first`.
    """

    first: date
    patient_id: UUID | None = None
    aim: Aim = Aim.IDEAL
    practitioner_ids: tuple[UUID, ...] = ()
    weekdays: frozenset[int] = frozenset()
    from_min: int = 0
    until_min: int = DAY_MIN
    usual_min: int | None = None
    session_id: UUID | None = None
    first_days: int = 28


@dataclass(frozen=True, slots=True)
class Proposed:
    """A session and the time that it could have; `window` follows from the session before.

    `is_fixed` was chosen by the desk, or is booked already. `note` says what is wrong with it: there is no time in the
    window, the time is taken, or it breaks the gap; then `alternatives` are the nearest in the window, best first.
    """

    step: Step
    window: Window | None
    part: Part | None
    is_fixed: bool = False
    is_booked: bool = False
    note: str = ""
    alternatives: tuple[Part, ...] = ()

    @property
    def is_conflict(self) -> bool:
        """Whether somebody has to choose another time, or to allow this one."""
        return bool(self.note)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Sessions with times for as many as were asked for, and `later` ones without.

    `notes` say what was wished and could not be had, such as one practitioner for all.
    """

    course: Course
    looking: Looking
    sessions: tuple[Proposed, ...]
    later: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()
    zone: str = "UTC"

    @property
    def parts(self) -> dict[int, Part]:
        """The times by number, as `creating` wants them; those of visits that stand already are left out."""
        return {one.step.number: one.part for one in self.sessions if one.part and not one.is_booked}

    @property
    def conflicts(self) -> tuple[int, ...]:
        """The numbers of the sessions that somebody has to look at."""
        return tuple(one.step.number for one in self.sessions if one.is_conflict)

    @property
    def finish(self) -> datetime | None:
        """When the last session that has a time ends."""
        return max((one.part.end for one in self.sessions if one.part), default=None)
