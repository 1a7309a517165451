"""The plan settings of a service: what they are, what cannot be, and the course that they make. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from clinic_scheduler.db.states import PlanStrategy
from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.plans.course import (
    ANY_GAP,
    MOST_DAYS,
    MOST_SESSIONS,
    Course,
    Gap,
    Step,
    spaced,
)


@dataclass(frozen=True, slots=True)
class OwnSession:
    """How one session differs from the service; what is missing is as the service has it."""

    name: str = ""
    service_id: UUID | None = None
    duration_min: int | None = None
    practitioner_id: UUID | None = None
    room_id: UUID | None = None


AS_THE_SERVICE: Final = OwnSession()


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """The plan settings of a service; one with a single session has no plans.

    `gap` is between all sessions but those of `gaps`, whose keys are the number of the session that comes first: 1 is
    the gap between the first and the second. `own` says by number how sessions differ from the service.
    """

    service_id: UUID
    sessions: int
    strategy: str
    gap: Gap = ANY_GAP
    gaps: Mapping[int, Gap] = field(default_factory=dict)
    own: Mapping[int, OwnSession] = field(default_factory=dict)
    keeps_practitioner: bool = False
    keeps_time: bool = False

    @property
    def needs_plan(self) -> bool:
        """Whether the service is given in several sessions."""
        return self.sessions > 1

    def gap_after(self, number: int) -> Gap:
        """The days between that session and the next."""
        return self.gaps.get(number, self.gap)


@dataclass(frozen=True, slots=True)
class Point:
    """A session on the small timeline: days since the first one, if all come early, as they should, or late."""

    number: int
    name: str
    earliest: int
    ideal: int
    latest: int


def check(offered: Catalogue, wanted: PlanSettings) -> None:
    """Refuse settings that cannot be, while they are typed and before they are saved.

    Raises:
        InvalidInput: as `change` does.
    """
    offered.service(wanted.service_id)
    if not 1 <= wanted.sessions <= MOST_SESSIONS:
        raise InvalidInput(f"A plan has 2 to {MOST_SESSIONS} sessions; please choose a number.", "sessions")
    if wanted.strategy not in set(PlanStrategy):
        raise InvalidInput("Please choose how the sessions are booked.", "strategy")
    check_gap(wanted.gap, "gap")
    for number, gap in wanted.gaps.items():
        if number < wanted.sessions:
            check_gap(gap, f"gap {number}")
    for number, own in wanted.own.items():
        if number <= wanted.sessions:
            check_session(offered, number, wanted.service_id, own)


def check_gap(gap: Gap, field: str) -> None:
    """Refuse days that are not in order.

    Raises:
        InvalidInput: naming the field.
    """
    if not 1 <= gap.min_days <= gap.ideal_days <= gap.max_days:
        raise InvalidInput(
            "Between two sessions lies at least a day, and the best number of days lies between the least and the "
            "most; please check the days.",
            field,
        )
    if gap.max_days > MOST_DAYS:
        raise InvalidInput(f"At most {MOST_DAYS} days lie between two sessions; please choose fewer.", field)


def check_session(offered: Catalogue, number: int, service_id: UUID, own: OwnSession) -> None:
    """Refuse a session that cannot be given so.

    Raises:
        InvalidInput: naming the field.
    """
    try:
        service = offered.service(own.service_id or service_id)
    except NotFound as gone:
        raise InvalidInput(str(gone), f"service {number}") from gone
    if own.duration_min is not None and not 1 <= own.duration_min <= 1440:
        raise InvalidInput(
            "A session lasts from 1 minute to 24 hours; please check it.", f"duration {number}"
        )
    performing = {one.practitioner_id for one in service.performers}
    if own.practitioner_id is not None and own.practitioner_id not in performing:
        raise InvalidInput(
            f"That practitioner does not perform {service.name}; please choose another.",
            f"practitioner {number}",
        )
    if own.room_id is not None and not offered.rooms_for(service, own.room_id):
        raise InvalidInput(
            f"{service.name} does not go with that room; please choose another.", f"room {number}"
        )


def course(wanted: PlanSettings) -> Course:
    """The course that a plan of this service begins as. Pure."""
    steps = []
    for number in range(1, wanted.sessions + 1):
        own = wanted.own.get(number, AS_THE_SERVICE)
        steps.append(
            Step(
                number,
                own.service_id or wanted.service_id,
                wanted.gap_after(number - 1),
                own.name,
                own.duration_min,
                own.practitioner_id,
                own.room_id,
            )
        )
    return Course(
        wanted.service_id, wanted.strategy, tuple(steps), wanted.keeps_practitioner, wanted.keeps_time
    )


def timeline(wanted: PlanSettings) -> tuple[Point, ...]:
    """The sessions as points of a small timeline. Pure."""
    found = []
    least = ideal = most = 0
    for step in course(wanted).steps:
        if step.number > 1:
            days = spaced(step.gap)
            least, ideal, most = least + days[0], ideal + days[1], most + days[2]
        found.append(Point(step.number, step.name, least, ideal, most))
    return tuple(found)
