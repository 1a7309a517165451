"""Somebody stands at the desk: the next free time of a service with anyone, booked in one transaction."""

from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from clinic_scheduler.db.states import Source
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import catalogue, localtime
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.offers import availability
from clinic_scheduler.services.offers.terms import Within
from clinic_scheduler.services.taking import booking, claims
from clinic_scheduler.services.taking.booking import Confirmed
from clinic_scheduler.services.unfinished import at_desk, booking_session
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from clinic_scheduler.services.wishes import Opening, Wish

NOBODY = Guest()


def next_free(
    session: Session, *, actor: Actor, service_id: UUID, patient_id: UUID | None = None
) -> Opening | None:
    """The earliest time from now on at which anyone is done with the service; None within the clinic's horizon.

    Raises:
        NotFound: the service is no longer there.
    """
    clinic = catalogue.clinic(session, actor.clinic_id)
    today = localtime.local_day(claims.now(session), clinic.where)
    within = Within(today, days=clinic.horizon_days + 1, patient_id=patient_id, limit=1, is_walk_in=True)
    found = availability.free_starts(session, clinic_id=actor.clinic_id, wish=Wish(service_id), within=within)
    return found[0] if found else None


def book(
    session: Session,
    *,
    actor: Actor,
    request_id: UUID,
    opening: Opening,
    patient_id: UUID | None = None,
    guest: Guest = NOBODY,
) -> Confirmed:
    """Book the time for a patient on record or a guest. Asked again with the same `request_id` it answers the same.

    Raises:
        TimeTaken: somebody else was quicker; nothing was booked.
        InvalidInput: nobody is named, or somebody of whom a booking is still unfinished.
        RuleBroken: somebody is not at work any more then, or the clinic is closed.
        NotFound: the patient, the service or somebody needed for it is gone.
        NotPermitted: the person may not book.
    """
    actor.require(BOOK)
    if patient_id is None and not guest.name:
        raise InvalidInput("Please give a name, or pick somebody on record.", "name")
    session_id = uuid5(request_id, "walk-in")  # asked again, the booking is found by it
    if at_desk.find(session, session_id) is None:
        chosen = Choices(
            wishes=tuple(Wish(part.service_id) for part in opening.parts),
            guest=NOBODY if patient_id else guest,
            source=Source.WALK_IN,
        )
        begun = booking_session.start(
            session, actor=actor, chosen=chosen, patient_id=patient_id, session_id=session_id
        )
        if begun.replaced:  # would be ended by this one, with all that was chosen for it
            raise InvalidInput(
                f"This patient has an unfinished booking ({begun.replaced}); please go on with that one.",
                "name",
            )
        booking.hold(session, actor=actor, session_id=session_id, version=begun.version, parts=opening.parts)
    return booking.confirm(session, actor=actor, session_id=session_id, request_id=request_id)
