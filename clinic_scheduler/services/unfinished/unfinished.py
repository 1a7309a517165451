"""An unfinished booking as the desk sees it, and who may go on with it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import ClaimKind, SessionOutcome
from clinic_scheduler.db.types import clock
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.unfinished import choices
from clinic_scheduler.services.unfinished.choices import Choices

OUTCOMES = (SessionOutcome.OPEN, SessionOutcome.PARKED)
OFFERS = "(waitlist)"  # the workstation of sessions that hold an offered time: those are at no desk


@dataclass(frozen=True, slots=True)
class Unfinished:
    """One unfinished booking. `held_until` is the end of its live holds, missing where it holds nothing.

    `damaged` names the choices that could not be read back. `replaced` is who made the older booking of the same
    patient that this one took over from, empty if there was none, and `replaced_id` is that booking's. `clash` says
    why the held time is not the patient's too, empty if it is or nothing is held.
    """

    id: UUID
    patient_id: UUID | None
    patient_name: str
    choices: Choices
    step: str
    outcome: str
    user_id: UUID
    user_name: str
    workstation: str
    version: int
    expires_at: datetime
    updated_at: datetime
    now: datetime
    held_until: datetime | None = None
    damaged: tuple[str, ...] = ()
    replaced: str = ""
    replaced_id: UUID | None = None
    clash: str = ""

    @property
    def title(self) -> str:
        """Whose booking it is, as far as that is known."""
        guest = self.choices.guest
        typed = self.choices.typed
        return (
            self.patient_name
            or guest.name
            or typed.get("guest_name", "")
            or guest.phone
            or typed.get("guest_phone", "")
        )


def may_open(row: t.BookingSession, actor: Actor) -> bool:
    """A patient's booking goes on anywhere in the clinic, a guest's at the same desk or with the same user."""
    if row.clinic_id != actor.clinic_id:
        return False
    return row.patient_id is not None or row.workstation == actor.workstation or row.user_id == actor.user_id


def is_at(row: t.BookingSession, actor: Actor) -> bool:
    """Whether the booking is at this desk, with this user."""
    here = (actor.clinic_id, actor.workstation, actor.user_id)
    return (row.clinic_id, row.workstation, row.user_id) == here


def query() -> Select[t.BookingSession, str | None, datetime | None, datetime]:
    held_until = (
        select(func.min(t.Claim.live_to))
        .where(
            t.Claim.session_id == t.BookingSession.id,
            t.Claim.kind == ClaimKind.HOLD,
            t.Claim.live_to > clock(),
        )
        .scalar_subquery()
    )
    return select(t.BookingSession, t.Patient.name, held_until, clock()).outerjoin(
        t.Patient, t.Patient.id == t.BookingSession.patient_id
    )


def read(
    row: t.BookingSession, patient_name: str | None, held_until: datetime | None, now: datetime
) -> Unfinished:
    chosen, damaged = choices.read(row.choices)
    return Unfinished(
        row.id,
        row.patient_id,
        patient_name or "",
        chosen,
        row.step,
        row.outcome,
        row.user_id,
        row.user_name,
        row.workstation,
        row.version,
        row.expires_at,
        row.updated_at,
        now,
        held_until,
        damaged,
    )
