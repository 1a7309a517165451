"""What moving a session of a plan would do to it and to those that follow."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.plans.views import SessionView
from clinic_scheduler.services.wishes import Part


class Following(StrEnum):
    """What the later sessions do when one is moved: nothing, keep the gaps that they had, or find new days."""

    STAY = "stay"
    SHIFT = "shift"
    REPLAN = "replan"


@dataclass(frozen=True, slots=True)
class Moving:
    """One booked session in a preview: `before` is where it is, `after` where it would be.

    What is not `is_free` is in conflict: somebody has to choose one of the `alternatives`, which keep the gaps. A
    `note` on what is free says that the day breaks a gap.
    """

    session: SessionView
    before: Part
    after: Part
    is_free: bool = True
    note: str = ""
    alternatives: tuple[Part, ...] = ()

    @property
    def is_moved(self) -> bool:
        """Whether anything of it changes."""
        return terms_of(self.before) != terms_of(self.after)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of the sessions from the one that is moved; `changes` do it, once none is in conflict."""

    plan_id: UUID
    number: int
    sessions: tuple[Moving, ...]

    @property
    def conflicts(self) -> tuple[int, ...]:
        """The sessions that need another time first."""
        return tuple(one.session.number for one in self.sessions if not one.is_free)

    @property
    def changes(self) -> tuple[Change, ...]:
        """For `changing.moving.change`; what it returns undoes it, as `ui/history.of_changes` wants it."""
        return tuple(
            Change(
                one.session.appointment_id,
                one.session.version,
                one.after.start,
                one.after.end,
                one.after.practitioner_id,
                one.after.room_id,
                one.after.equipment_id,
            )
            for one in self.sessions
            if one.is_moved and one.session.appointment_id
        )


def terms_of(part: Part) -> tuple[object, ...]:
    """What is equal where nothing changes."""
    return part.start, part.end, part.practitioner_id, part.room_id, part.equipment_id
