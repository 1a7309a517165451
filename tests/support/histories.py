"""Random histories of a clinic as plain records, which tests count anew one by one; and their way into a database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import delete, insert

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import (
    AppointmentStatus,
    OfferState,
    PlanSessionState,
    PlanState,
    PlanStrategy,
    Source,
    WaitlistState,
)
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import localtime
from tests.support.clinics import ANA, BEN, BLUE_ROOM, CLINIC, EMMA, GAIT, MASSAGE, PHYSIO, RED_ROOM, ZONE

FIRST, DAYS = date(2026, 3, 24), 10  # the last Sunday of March, when Berlin's clocks change, lies in between
HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
EDGES = tuple(timedelta(hours=hours) for hours in (2, 24, 72, 168, 336, 672))
AHEAD = (
    *(edge + off for edge in EDGES for off in (-TICK, timedelta(), TICK)),
    -HOUR,
    timedelta(),
    2000 * HOUR,
)
WRITTEN = (
    t.PlanSession,
    t.TreatmentPlan,
    t.WaitlistOffer,
    t.WaitlistEntry,
    t.Appointment,
    t.Booking,
    t.BookingSession,
)


@dataclass(slots=True)
class Visit:
    """An appointment with a booking of its own; `ahead` is how long before its start that was made."""

    day: date
    minute: int
    minutes: int
    status: str
    is_late: bool
    practitioner: UUID
    room: UUID | None
    service: UUID
    source: str
    ahead: timedelta
    cents: int
    gap: int
    is_untimed: bool
    is_here: bool
    id: UUID = field(default_factory=new_id)

    @property
    def start(self) -> datetime:
        return localtime.at_minute(self.day, self.minute, ZONE)


@dataclass(slots=True)
class Session:
    """A session of a plan; the visit that it is linked with stands in `visit`."""

    state: str
    visit: Visit | None


@dataclass(slots=True)
class Plan:
    strategy: str
    state: str
    created: datetime
    sessions: list[Session]


@dataclass(slots=True)
class Wish:
    """A wish with its offers: when each was made, and its state."""

    state: str
    created: datetime
    offers: list[tuple[datetime, str]]
    is_here: bool


@dataclass(slots=True)
class History:
    visits: list[Visit]
    plans: list[Plan]
    wishes: list[Wish]


days = st.integers(-2, DAYS + 1).map(lambda n: FIRST + timedelta(days=n))
# Many within a second of a local midnight.
moments = st.builds(
    lambda day, second: localtime.midnight(day, ZONE) + timedelta(seconds=second),
    days,
    st.sampled_from((-1, 0, 1)) | st.integers(0, 86_399),
)


@st.composite
def _visits(draw: st.DrawFn) -> Visit:
    status = draw(st.sampled_from(AppointmentStatus))
    is_cancelled = status == AppointmentStatus.CANCELLED
    minutes = draw(st.sampled_from((15, 30, 60, 90)))
    return Visit(
        draw(days),
        draw(st.integers(0, 95)) * 15,
        minutes,
        str(status),
        draw(st.booleans()),
        draw(st.sampled_from((ANA, BEN))),
        draw(st.sampled_from((None, BLUE_ROOM, RED_ROOM))),
        draw(st.sampled_from((PHYSIO, MASSAGE, GAIT))),
        str(draw(st.sampled_from(Source))),
        draw(st.sampled_from(AHEAD)),
        draw(st.integers(0, 9_999)),
        draw(st.sampled_from((0, 5, 10))) if minutes > 15 else 0,
        is_cancelled and draw(st.booleans()),
        draw(st.integers(0, 4)) > 0,
    )


@st.composite
def _plans(draw: st.DrawFn) -> Plan:
    sessions = draw(
        st.lists(
            st.builds(Session, st.sampled_from(PlanSessionState).map(str), st.none() | _visits()), max_size=4
        )
    )
    return Plan(
        str(draw(st.sampled_from(PlanStrategy))),
        str(draw(st.sampled_from(PlanState))),
        draw(moments),
        sessions,
    )


_wishes = st.builds(
    Wish,
    st.sampled_from(WaitlistState).map(str),
    moments,
    st.lists(st.tuples(moments, st.sampled_from(OfferState).map(str)), max_size=2),
    st.integers(0, 4).map(bool),
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Visits, also those of plans, in every state; some of them at another site."""
    plans = draw(st.lists(_plans(), min_size=3, max_size=6))
    planned = [session.visit for plan in plans for session in plan.sessions if session.visit]
    return History(
        draw(st.lists(_visits(), min_size=15, max_size=40)) + planned,
        plans,
        draw(st.lists(_wishes, min_size=3, max_size=8)),
    )


def write(work: UnitOfWork, history: History, elsewhere: UUID) -> None:
    """Put a history in the place of the one before; what is not here is at the clinic `elsewhere`."""
    with work.engine.begin() as connection:
        for table in WRITTEN:
            connection.execute(delete(table))
        for table, rows in (
            (t.Booking, [_booking(visit, elsewhere) for visit in history.visits]),
            (t.Appointment, [_appointment(visit, elsewhere) for visit in history.visits]),
        ):
            if rows:
                connection.execute(insert(table), rows)
        for plan in history.plans:
            identifier = new_id()
            connection.execute(insert(t.TreatmentPlan), _plan(plan, identifier))
            for row in _sessions(plan, identifier):
                connection.execute(insert(t.PlanSession), row)
        for wish in history.wishes:
            _write_wish(connection, wish, elsewhere)


def _booking(visit: Visit, elsewhere: UUID) -> dict[str, Any]:
    return {
        "id": visit.id,
        "clinic_id": CLINIC if visit.is_here else elsewhere,
        "reference": str(visit.id),
        "patient_id": EMMA,
        "source": visit.source,
        "total_cents": visit.cents,
        "created_by": EMMA,
        "created_at": visit.start - visit.ahead,
    }


def _appointment(visit: Visit, elsewhere: UUID) -> dict[str, Any]:
    start = None if visit.is_untimed else visit.start
    return {
        "id": visit.id,
        "booking_id": visit.id,
        "clinic_id": CLINIC if visit.is_here else elsewhere,
        "position": 0,
        "service_id": visit.service,
        "practitioner_id": visit.practitioner,
        "room_id": visit.room,
        "status": visit.status,
        "day": visit.day,
        "start_at": start,
        "end_at": start and start + timedelta(minutes=visit.minutes),
        "local_start": start and localtime.wall_text(start, ZONE),
        "zone": ZONE.key,
        "gap_start_min": 5 if visit.gap else None,
        "gap_end_min": 5 + visit.gap if visit.gap else None,
        "price_cents": visit.cents,
        "is_late_cancel": visit.is_late,
    }


def _plan(plan: Plan, identifier: UUID) -> dict[str, Any]:
    return {
        "id": identifier,
        "clinic_id": CLINIC,
        "patient_id": EMMA,
        "service_id": GAIT,
        "strategy": plan.strategy,
        "state": plan.state,
        "created_by": EMMA,
        "created_at": plan.created,
    }


def _sessions(plan: Plan, identifier: UUID) -> Iterable[dict[str, Any]]:
    for number, session in enumerate(plan.sessions, start=1):
        yield {
            "id": new_id(),
            "plan_id": identifier,
            "number": number,
            "service_id": GAIT,
            "duration_min": 60,
            "state": session.state,
            "appointment_id": session.visit and session.visit.id,
        }


def _write_wish(connection: Any, wish: Wish, elsewhere: UUID) -> None:
    entry, clinic = new_id(), CLINIC if wish.is_here else elsewhere
    days_wished = {"from_day": FIRST, "until_day": FIRST}
    values = {"id": entry, "clinic_id": clinic, "patient_id": EMMA, "wishes": {}, "state": wish.state}
    connection.execute(insert(t.WaitlistEntry), {**values, **days_wished, "created_at": wish.created})
    for made, state in wish.offers:
        held = new_id()
        ends = made + HOUR
        session = {
            "user_id": EMMA,
            "user_name": "K",
            "workstation": "Desk 1",
            "choices": {},
            "outcome": "expired",
        }
        times = {"created_at": datetime(2020, 1, 1, tzinfo=UTC), "expires_at": ends, "ended_at": ends}
        connection.execute(insert(t.BookingSession), {"id": held, "clinic_id": clinic, **session, **times})
        offer = {"id": new_id(), "entry_id": entry, "session_id": held, "state": state}
        connection.execute(insert(t.WaitlistOffer), {**offer, "created_at": made, "expires_at": ends})
