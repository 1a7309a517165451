"""Where a person leaves traces, and taking them out: what is left are ids, times, states and money."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, case, delete, or_, select, text, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import (
    MessageState,
    OfferState,
    PlanSessionState,
    PlanState,
    TaskState,
    WaitlistState,
)
from clinic_scheduler.db.types import clock
from clinic_scheduler.services.audit import BLACKED_OUT
from clinic_scheduler.services.people import likeness, name_index
from clinic_scheduler.services.taking import claims

NAMELESS = "(erased)"
RUNNING = (PlanState.DRAFT, PlanState.ACTIVE, PlanState.PAUSED)
OPEN_SESSIONS = (PlanSessionState.PLANNED, PlanSessionState.DUE)
UNSENT = (MessageState.QUEUED, MessageState.SENDING, MessageState.FAILED)
WAITING = (WaitlistState.WAITING, WaitlistState.OFFERED)


@dataclass(frozen=True, slots=True)
class Traces:
    """The ids of all rows that are about one person, of the records merged into this one too."""

    records: Collection[UUID]
    addresses: Collection[str]
    bookings: Collection[UUID]
    appointments: Collection[UUID]
    sessions: Collection[UUID]
    plans: Collection[UUID]
    wishes: Collection[UUID]
    offers: Collection[UUID]
    tasks: Collection[UUID]

    @classmethod
    def of(cls, session: Session, patient_id: UUID) -> "Traces":
        """All there are now."""
        p, b, a, s, offer = t.Patient, t.Booking, t.Appointment, t.BookingSession, t.WaitlistOffer
        rows = session.execute(
            select(p.id, p.phone, p.email).where(or_(p.id == patient_id, p.merged_into == patient_id))
        ).all()
        ids = [row.id for row in rows]
        bookings = session.scalars(select(b.id).where(b.patient_id.in_(ids))).all()
        wishes = session.scalars(select(t.WaitlistEntry.id).where(t.WaitlistEntry.patient_id.in_(ids))).all()
        offers = dict(
            session.execute(select(offer.id, offer.session_id).where(offer.entry_id.in_(wishes))).all()
        )
        made_of = select(b.session_id).where(b.patient_id.in_(ids), b.session_id.is_not(None))
        held_by = [*session.scalars(made_of), *offers.values()]  # an offer's session names nobody itself
        return cls(
            ids,
            {text for row in rows for text in (row.phone, row.email) if text},
            bookings,
            session.scalars(select(a.id).where(a.booking_id.in_(bookings))).all(),
            session.scalars(select(s.id).where(or_(s.patient_id.in_(ids), s.id.in_(held_by)))).all(),
            session.scalars(select(t.TreatmentPlan.id).where(t.TreatmentPlan.patient_id.in_(ids))).all(),
            wishes,
            list(offers),
            _tasks_about(session, ids, bookings, list(offers)),
        )

    @property
    def everything(self) -> list[UUID]:
        """Whatever the audit may have an entry about."""
        return [*(one for ids in self.changed.values() for one in ids), *self.offers]

    @property
    def changed(self) -> Mapping[str, Collection[UUID]]:
        """The rows by the topic under which desks hear of them."""
        return {
            "patient": self.records,
            "booking": self.bookings,
            "appointment": self.appointments,
            "booking_session": self.sessions,
            "treatment_plan": self.plans,
            "waitlist_entry": self.wishes,
            "desk_task": self.tasks,
        }


def _tasks_about(
    session: Session, ids: Collection[UUID], bookings: Collection[UUID], offers: Collection[UUID]
) -> Collection[UUID]:
    """The tasks that name the person: a reminder to offer a time to the next says to whom it was offered before."""
    task = t.DeskTask
    is_theirs = or_(task.patient_id.in_(ids), task.booking_id.in_(bookings), task.offer_id.in_(offers))
    return session.scalars(select(task.id).where(is_theirs)).all()


def scrub(session: Session, traces: Traces) -> None:
    """Take out of every table whatever says who the person is; whatever still waits for the person is called off."""
    is_file = session.get_bind().dialect.name == "sqlite"
    if is_file:
        session.execute(
            text("PRAGMA secure_delete = ON")
        )  # else the old text stays in the file's free places
    _people(session, traces)
    _visits(session, traces)
    _messages(session, traces)
    _plans_and_wishes(session, traces)
    session.flush()
    if is_file:
        session.execute(text("PRAGMA secure_delete = OFF"))


def _people(session: Session, traces: Traces) -> None:
    empty = {"code": "", "phone": "", "email": "", "birth_date": None, "notes": "", "alert": "", "search": ""}
    p = t.Patient.__table__
    _set(
        session,
        p,
        traces.records,
        **empty,
        name=NAMELESS,
        traits=likeness.WAY,
        erased_at=claims.now(session),
        version=p.c.version + 1,
    )
    session.execute(delete(t.PatientTrait).where(t.PatientTrait.patient_id.in_(traces.records)))
    name_index.forget(session, traces.records)


def _visits(session: Session, traces: Traces) -> None:
    a, b, c = t.Appointment.__table__, t.Booking.__table__, t.Claim.__table__
    guest = {"guest_name": "", "guest_phone": "", "guest_email": ""}
    _set(session, b, traces.bookings, **guest, notes="", version=b.c.version + 1)
    reasons = {
        name: case((a.c[name] != "", BLACKED_OUT), else_="") for name in ("status_reason", "overlap_reason")
    }
    _set(session, a, traces.appointments, **reasons, version=a.c.version + 1)
    _set(session, t.BookingSession.__table__, traces.sessions, choices={}, set_aside=None)
    paid = t.Payment.__table__
    session.execute(update(paid).where(paid.c.booking_id.in_(traces.bookings)).values(note=""))
    is_theirs = or_(
        c.c.appointment_id.in_(traces.appointments),
        c.c.session_id.in_(traces.sessions),
        c.c.resource_id.in_(traces.records),
    )
    is_typed = c.c.override_reason.not_in(("", BLACKED_OUT))
    session.execute(update(c).where(is_theirs, is_typed).values(override_reason=BLACKED_OUT))


def _messages(session: Session, traces: Traces) -> None:
    """Call off what was not sent, and forget to whom and what was written; the reference of the visit stays."""
    m = t.Message
    rows = session.execute(
        select(m.id, m.payload, m.state).where(
            # A message about a visit goes by the visit: families share a telephone.
            or_(
                m.booking_id.in_(traces.bookings),
                and_(m.booking_id.is_(None), m.recipient.in_(traces.addresses)),
            )
        )
    ).all()
    for identifier, payload, state in rows:
        kept = {
            name: payload[name] for name in ("reference",) if isinstance(payload, dict) and name in payload
        }
        values: dict[str, Any] = {"recipient": "", "payload": kept, "error": ""}
        if state in UNSENT:
            values |= {"state": MessageState.CANCELLED, "leased_until": None}
        session.execute(update(m.__table__).where(m.__table__.c.id == identifier).values(values))


def _plans_and_wishes(session: Session, traces: Traces) -> None:
    plan, one = t.TreatmentPlan.__table__, t.PlanSession.__table__
    is_running = plan.c.state.in_(RUNNING)
    _set(
        session,
        plan,
        traces.plans,
        notes="",
        review="",
        state_reason=case((plan.c.state_reason != "", BLACKED_OUT), else_=""),
        state=case((is_running, PlanState.CANCELLED), else_=plan.c.state),
        ended_at=case((is_running, clock()), else_=plan.c.ended_at),
        version=plan.c.version + 1,
    )
    session.execute(
        update(one)
        .where(one.c.plan_id.in_(traces.plans), one.c.state.in_(OPEN_SESSIONS))
        .values(state=PlanSessionState.CANCELLED, due_on=None)
    )
    session.execute(update(one).where(one.c.plan_id.in_(traces.plans)).values(name=""))
    wish, offer = t.WaitlistEntry.__table__, t.WaitlistOffer.__table__
    _set(
        session,
        wish,
        traces.wishes,
        notes="",
        guest_name="",
        guest_phone="",
        guest_email="",
        state=case((wish.c.state.in_(WAITING), WaitlistState.WITHDRAWN), else_=wish.c.state),
        version=wish.c.version + 1,
    )
    is_theirs = or_(offer.c.entry_id.in_(traces.wishes), offer.c.session_id.in_(traces.sessions))
    is_open = offer.c.state == OfferState.OPEN
    session.execute(
        update(offer)
        .where(is_theirs)
        .values(visit=None, state=case((is_open, OfferState.WITHDRAWN), else_=offer.c.state))
    )
    _tasks(session, traces)


def _tasks(session: Session, traces: Traces) -> None:
    """Drop what was still to be done for the person, and forget what it was."""
    task = t.DeskTask.__table__
    is_open = task.c.state == TaskState.OPEN
    _set(
        session,
        task,
        traces.tasks,
        text=BLACKED_OUT,
        note="",
        person_name="",
        phone="",
        state=case((is_open, TaskState.DROPPED), else_=task.c.state),
        done_at=case((is_open, clock()), else_=task.c.done_at),
    )


def _set(session: Session, table: Table, ids: Collection[UUID], **values: Any) -> None:  # noqa: ANN401 - columns of any type
    session.execute(update(table).where(table.c.id.in_(ids)).values(**values))
