"""From planned visits to the records that are written: bookings, appointments and the times they take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import AppointmentStatus, Source
from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.taking import visits
from clinic_scheduler.services.taking.claims import Taking
from clinic_scheduler.services.taking.visits import NewAppointment, NewBooking

from .lanes import Placed
from .lines import Line
from .offering import Offer
from .people import contact
from .planning import PlannedVisit

GUEST = "Guest (imported)"
FREE = (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Records:
    """All that is needed to make the records; `now` is the database's clock."""

    clinic: ClinicFacts
    offer: Offer
    people: Mapping[str, UUID]
    placed: Mapping[tuple[str, int], Placed]
    made_again: frozenset[tuple[str, int]]
    past_status: str
    now: datetime

    def booking(self, visit: PlannedVisit, reference: str) -> tuple[NewBooking, list[Taking]]:
        """The booking of a visit, and the times that it takes."""
        patient_id = self.people.get(visit.person) if visit.person else None
        first = visit.lines[0][1]
        phone, email, _dropped = ("", "", ()) if patient_id else contact(first, self.clinic.country)
        appointments = tuple(self._appointment(origin, line) for origin, line in visit.lines)
        booking = NewBooking(
            new_id(),
            reference,
            Source.IMPORTED,
            appointments,
            patient_id,
            "" if patient_id else first.name or GUEST,
            phone,
            email,
            origin=visit.origin,
        )
        takings = []
        for part, (appointment, (_origin, line)) in enumerate(zip(appointments, visit.lines, strict=True)):
            if appointment.status not in FREE:
                placed = self.placed[line.file, line.row]
                takings += visits.takings(
                    appointment, part, patient_id, lane=placed.lane, patient_lane=placed.person_lane
                )
        return booking, takings

    def _appointment(self, origin: str, line: Line) -> NewAppointment:
        placed = self.placed.get((line.file, line.row))
        return NewAppointment(
            new_id(),
            self.offer.services[line.service],
            self.offer.staff[line.staff].id,
            None,
            line.day,
            placed.start if placed else None,
            placed.end if placed else None,
            self.offer.prices[line.service],
            status=self._status(line, placed),
            status_reason=self._reason(line) if line.is_cancelled else "",
            cancelled_at=_midnight(line.cancelled_on, self.clinic),
            is_late_cancel=self._is_late(line),
            overlap_reason=placed.reason if placed else "",
            origin=origin,
        )

    def _status(self, line: Line, placed: Placed | None) -> str:
        if line.is_cancelled:
            return AppointmentStatus.CANCELLED
        if line.is_no_show:
            return AppointmentStatus.NO_SHOW
        is_past = placed is not None and placed.end <= self.now
        return self.past_status if is_past else AppointmentStatus.CONFIRMED

    def _reason(self, line: Line) -> str:
        told = "Cancelled"
        told += f" on {line.cancelled_on.isoformat()}" if line.cancelled_on else ""
        told += f" by {line.cancelled_by}" if line.cancelled_by else ""
        told += "" if line.start else "; time unknown"
        return told + ("; booked again" if (line.file, line.row) in self.made_again else "")

    def _is_late(self, line: Line) -> bool:
        """Whether it was certainly late: on the day itself, where a day's notice is asked; the hour is not known."""
        asked = self.clinic.cancel_notice_hours >= 24
        return asked and line.cancelled_on is not None and line.cancelled_on >= line.day


def _midnight(day: date | None, clinic: ClinicFacts) -> datetime | None:
    return localtime.midnight(day, clinic.where) if day else None
