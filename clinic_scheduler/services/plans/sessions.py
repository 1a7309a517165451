"""The visits of a plan's sessions: written, and their times claimed, all of them or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.prepared import FEW
from clinic_scheduler.db.states import Source
from clinic_scheduler.db.trip import one_trip
from clinic_scheduler.errors import ChangedMeanwhile, TimeTaken
from clinic_scheduler.services import messages, references
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.audit import Happened
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.messages import Recipient
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.taking import claims, holds, overlaps, rules, visits
from clinic_scheduler.services.taking.claims import Taking
from clinic_scheduler.services.taking.rules import Override
from clinic_scheduler.services.taking.visits import NewBooking
from clinic_scheduler.services.unfinished import at_desk
from clinic_scheduler.services.unfinished.at_desk import AtDesk
from clinic_scheduler.services.wishes import Part


@dataclass(frozen=True, slots=True)
class VisitTerms:
    """The unfinished booking whose holds are used and that ends with it, the source, and leave to break rules."""

    session_id: UUID | None = None
    source: str = Source.PLAN
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The time of each session by number, what of it is on offer, and the moment of asking."""

    parts: Mapping[int, Part]
    offered: Catalogue
    now: datetime


def resources(parts: Iterable[Part]) -> list[UUID]:
    """Whoever and whatever the parts take, but for the patient."""
    return [one for part in parts for one in part.resource_ids]


def book(
    session: Session,
    actor: Actor,
    patient: PatientLine,
    plan_id: UUID,
    chosen: Chosen,
    terms: VisitTerms,
) -> list[NewBooking]:
    """Book a visit for each session; the constraint on claims decides. One message tells of all.

    Within `trip.together` nothing is written before the next statement that returns something, or the end.

    Raises:
        TimeTaken, RuleBroken, InvalidInput, NotFound, NotPermitted, ChangedMeanwhile: as `creating.create` says.
    """
    begun = _begun(session, actor, terms.session_id)
    offered, wanted = chosen.offered, list(chosen.parts.values())
    allowed = rules.permitted(actor, terms.override)
    made = [_visit(offered, part, patient.id, begun, terms.source) for part in wanted]
    takings = [
        [replace(taking, part=n) for taking in visits.booked_takings(one)] for n, one in enumerate(made)
    ]
    held = begun.holds if begun else ()
    with one_trip(session):
        touched = [*resources(wanted), patient.id, *(one.resource_id for one in held)]
        locked = claims.ask_lock(session, touched)
        opened = rules.ask_opened(session, offered.clinic.id, offered.clinic.where, wanted, chosen.now)
    now, broken = locked(), rules.weigh(offered, wanted, chosen.now, opened(), allowed)
    takings = [rules.marked(of, broken, allowed.reason if allowed else "") for of in takings]
    if held:
        claims.release(session, held, now)
    seated = _seated(session, list(chosen.parts), takings, allowed)
    written = _with_reasons(made, seated)
    for first in range(0, len(written), FEW):
        visits.write(session, offered.clinic, written[first : first + FEW], actor.user_id)
    claims.book_few(session, actor.clinic_id, [replace(one, part=0) for one in seated], now)
    _tell(session, offered, patient, plan_id, made, now)
    if begun:
        holds.convert(session, begun, was_held=True)
        announce(session, "booking_session", begun.id)
    return made


def happened(made: Sequence[NewBooking]) -> list[Happened]:
    """What the audit says of the visits."""
    return [
        Happened(
            "booking.confirmed",
            "booking",
            one.id,
            after={"reference": one.reference, "appointments": 1, "total_cents": one.total_cents},
        )
        for one in made
    ]


def _begun(session: Session, actor: Actor, session_id: UUID | None) -> AtDesk | None:
    if session_id is None:
        return None
    begun = at_desk.find(session, session_id)
    if begun is None or not begun.may_be_confirmed_by(actor):
        raise ChangedMeanwhile("This booking was finished, discarded or taken over at another desk.")
    return begun


def _visit(offered: Catalogue, part: Part, patient_id: UUID, begun: AtDesk | None, source: str) -> NewBooking:
    return NewBooking(
        id=new_id(),
        reference=references.new_reference(),
        source=source,
        appointments=(visits.appointment(offered, part),),
        patient_id=patient_id,
        session_id=begun.id if begun else None,
    )


def _seated(
    session: Session,
    numbers: Sequence[int],
    takings: Sequence[Sequence[Taking]],
    allowed: Override | None,
) -> list[Taking]:
    """Every taking in its lane.

    Raises:
        TimeTaken: naming the first session whose time is not free.
    """
    every = [one for of in takings for one in of]
    try:
        return overlaps.assigned(session, every, override=allowed)
    except TimeTaken:
        seats = overlaps.seats(session, every)  # anew: those know by now who of these found a place
        for number, of in zip(numbers, takings, strict=True):
            try:
                overlaps.seated(seats, of, override=allowed)
            except TimeTaken as taken:
                raise TimeTaken(f"Session {number}: {taken}", taken.rules) from taken
        raise


def _with_reasons(made: Sequence[NewBooking], seated: Sequence[Taking]) -> list[NewBooking]:
    """The visits, those beside another one with the reason for it."""
    reasons = {
        one.appointment_id: one.override_reason for one in seated if one.lane > 1 and one.override_reason
    }
    return [
        replace(each, appointments=(replace(a, overlap_reason=reasons.get(a.id, "")),))
        for each in made
        for a in each.appointments
    ]


def _tell(
    session: Session,
    offered: Catalogue,
    patient: PatientLine,
    plan_id: UUID,
    made: Sequence[NewBooking],
    now: datetime,
) -> None:
    """Queue one confirmation for all the visits, and tell every desk."""
    first = made[0]
    payload = {
        "reference": first.reference,
        "plan": str(plan_id),
        "references": [one.reference for one in made],
    }
    to, key = Recipient(patient.email, patient.phone), f"confirmation {first.id}"
    messages.queue_to(session, offered.clinic, to, first.id, payload, "confirmation", now, key)
    announce(session, "booking", *(one.id for one in made))
    announce(session, "appointment", *(one.appointments[0].id for one in made))
