"""The unfinished booking where its service takes several sessions: a course is planned instead of a visit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clinic_scheduler.errors import NotFound
from clinic_scheduler.services.catalogue import ServiceFacts
from clinic_scheduler.services.plans import creating
from clinic_scheduler.services.plans.course import Course
from clinic_scheduler.services.plans.creating import Placed, Terms
from clinic_scheduler.services.unfinished.choices import MOST_LINES
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.writes import Refused, Step

SINGLE = "single_visit"  # the text by which a booking remembers that no plan is wanted


@dataclass(frozen=True, slots=True)
class Planned:
    """A course, and the times of those of its sessions that are booked now, by number."""

    course: Course
    parts: Mapping[int, Part]
    may_break_gaps: bool = False

    @property
    def held(self) -> tuple[Part, ...]:
        """The first of the times, as many as an unfinished booking keeps; all the others are settled at the end."""
        return tuple(part for _number, part in sorted(self.parts.items()))[:MOST_LINES]


class CourseDraft(Draft):
    """Also knows what was planned; `planned` is kept while the window is open, the held times longer."""

    planned: Planned | None = None

    @property
    def course_service(self) -> ServiceFacts | None:
        """The one service of the booking, if it takes several sessions."""
        wishes = self.choices.wishes
        if len(wishes) != 1:
            return None
        try:
            service = self.catalogue.service(wishes[0].service_id)
        except NotFound:
            return None
        return service if service.sessions > 1 else None

    @property
    def is_course(self) -> bool:
        """Whether a course is planned rather than one visit."""
        return self.course_service is not None and not self.typed.get(SINGLE)

    @property
    def is_time_chosen(self) -> bool:
        """Whether the times are for exactly what is wished, a visit or a course."""
        if not self.is_course:
            return super().is_time_chosen
        planned, service = self.planned, self.course_service
        return (
            planned is not None
            and service is not None
            and planned.course.service_id == service.id
            and _times(planned.held) == _times(self.choices.parts)
        )

    def confirm_course(self, then: Callable[[Placed], None], refused: Refused) -> None:
        """Make the plan and book its sessions, all or none; the same request however often it is asked."""
        planned, patient_id = self.planned, self.patient_id
        if planned is None or patient_id is None:
            return

        def work(session: Any, _version: int) -> Placed:  # noqa: ANN401
            return self._create(session, planned, patient_id)

        def done(placed: Placed) -> None:
            self._finish()
            self.held_until = None
            then(placed)

        self._writes.ask(Step(work, done, refused, repeatable=True))

    def _create(self, session: Any, planned: Planned, patient_id: UUID) -> Placed:  # noqa: ANN401
        terms = Terms(self.id, self.choices.source, self.choices.notes, planned.may_break_gaps)
        return creating.create(
            session,
            actor=self.actor,
            request_id=self.request_id,
            patient_id=patient_id,
            course=planned.course,
            parts=planned.parts,
            terms=terms,
        )


def _times(parts: tuple[Part, ...]) -> list[tuple[object, ...]]:
    return [(part.start, part.end, part.practitioner_id) for part in parts]
