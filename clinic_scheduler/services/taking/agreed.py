"""What was agreed with whoever comes: from the chosen parts and their holds to the booking that is to be written."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import localtime, references
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.messages import Recipient
from clinic_scheduler.services.taking import visits
from clinic_scheduler.services.taking.visits import NewAppointment, NewBooking
from clinic_scheduler.services.unfinished import choices
from clinic_scheduler.services.unfinished.at_desk import AtDesk, HeldTime
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.services.wishes import Part


def chosen(begun: AtDesk) -> Choices:
    """What was chosen, if it is enough for a booking.

    Raises:
        InvalidInput: part of it was damaged, there is no time, or nobody is named.
    """
    found, damaged = choices.read(begun.choices)
    if damaged:
        raise InvalidInput(
            "Part of this booking was damaged and is gone; please look through it again.", damaged[0]
        )
    if not found.parts:
        raise InvalidInput("Please choose a time first.", "time")
    if begun.patient_id is None and not found.guest.name:
        raise InvalidInput("Please choose a patient, or give a guest's name.", "patient")
    return found


def moment(begun: AtDesk) -> datetime:
    """When the times were agreed, by which they are judged while they are held; now where they lapsed."""
    return begun.held_since or begun.now if begun.holds else begun.now


def under_rules(found: Choices, last: Sequence[HeldTime]) -> list[Part]:
    """The parts that must keep the rules; those that may stand against them say so in their holds."""
    excused = {held.part for held in last if held.override_reason}
    return [part for number, part in enumerate(found.parts) if number not in excused]


def touched(begun: AtDesk, found: Choices) -> set[UUID]:
    """Whoever and whatever the booking may take, and what is held for it."""
    wanted = {one for part in found.parts for one in part.resource_ids}
    patient = {begun.patient_id} if begun.patient_id else set[UUID]()
    return wanted | patient | {held.resource_id for held in begun.holds}


def booking(offered: Catalogue, begun: AtDesk, found: Choices, last: Sequence[HeldTime]) -> NewBooking:
    """The booking, at the price, length and buffers that were agreed."""
    is_guest = begun.patient_id is None
    return NewBooking(
        id=new_id(),
        reference=references.new_reference(),
        source=found.source,
        appointments=tuple(
            _as_held(visits.appointment(offered, part), number, last)
            for number, part in enumerate(found.parts)
        ),
        patient_id=begun.patient_id,
        guest_name=found.guest.name if is_guest else "",
        guest_phone=found.guest.phone if is_guest else "",
        guest_email=found.guest.email if is_guest else "",
        session_id=begun.id,
        notes=found.notes,
        payment_state=found.payment_state,
        payment_method=found.payment_method or None,
    )


def recipient(begun: AtDesk, made: NewBooking) -> Recipient:
    """Whoever is to be told."""
    if begun.patient_id is None:
        return Recipient(made.guest_email, made.guest_phone)
    return Recipient(begun.patient_email or "", begun.patient_phone or "")


def _as_held(a: NewAppointment, part: int, held: Sequence[HeldTime]) -> NewAppointment:
    """The appointment with the buffers, the gap and the overlap that its hold was taken with."""
    beside = (each for each in held if each.part == part and each.lane > 1 and each.override_reason)
    own = [each for each in held if (each.part, each.resource_id) == (part, a.practitioner_id)]
    if not own or a.start is None:
        return a
    leaves, returns = ((time - a.start) // localtime.MINUTE for time in (own[0].end, own[-1].start))
    return replace(
        a,
        buffer_before_min=own[0].buffer_before_min,
        buffer_after_min=own[-1].buffer_after_min,
        away=(leaves, returns) if len(own) > 1 else None,
        overlap_reason=next((each.override_reason for each in beside), ""),
    )
