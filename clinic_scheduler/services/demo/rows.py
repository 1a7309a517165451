"""Writing the demo's visits, as far as the database's clock says that they have happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus, PaymentMethod, PaymentState, Source
from clinic_scheduler.services import references
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.taking import claims, visits
from clinic_scheduler.services.taking.visits import NewAppointment, NewBooking
from clinic_scheduler.services.wishes import Part

from .diary import Draft, Fate
from .people import Words

NOT_COMING = frozenset({AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW})
EARLY, LATE = timedelta(minutes=20), timedelta(minutes=20)
METHODS = {
    PaymentMethod.CARD: 50,
    PaymentMethod.CASH: 24,
    PaymentMethod.TRANSFER: 10,
    PaymentMethod.INSURANCE: 13,
    PaymentMethod.VOUCHER: 3,
}


@dataclass(frozen=True, slots=True)
class Told:
    """A visit as the desk would have written it by now; `paid` are the sums that changed hands, and when."""

    booking: NewBooking
    created_at: datetime
    patient_confirmed_at: datetime | None
    paid: tuple[tuple[int, datetime], ...] = ()


def write(
    session: Session, offered: Catalogue, drafts: Sequence[Draft], words: Words, now: datetime, by: UUID
) -> None:
    """Insert bookings, appointments, claims and payments."""
    told = [_told(offered, draft, words, now) for draft in drafts]
    visits.write(session, offered.clinic, [each.booking for each in told], by)
    session.execute(
        update(t.Booking),
        [
            {
                "id": each.booking.id,
                "created_at": each.created_at,
                "patient_confirmed_at": each.patient_confirmed_at,
            }
            for each in told
        ],
    )
    takings = [
        taking
        for each in told
        for position, appointment in enumerate(each.booking.appointments)
        if appointment.status not in NOT_COMING
        for taking in visits.takings(appointment, position, each.booking.patient_id)
    ]
    claims.lock(session, {taking.resource_id for taking in takings})
    claims.book(session, offered.clinic.id, takings, now)
    session.execute(insert(t.Payment), [row for each in told for row in _payments(each, by)])


def _told(offered: Catalogue, draft: Draft, words: Words, now: datetime) -> Told:
    luck = Random(draft.luck)  # noqa: S311  (stories, not secrets)
    source = draft.source
    if source == Source.WALK_IN and draft.start > now:
        source = Source.PHONE
    created = _created(luck, source, draft, now)
    statuses = _statuses(luck, draft, now)
    # The reference comes from the id: two demos in one database must not share one.
    reference = _reference(Random(draft.id.int))  # noqa: S311
    reason = luck.choice(words.reasons)
    cancelled = created + (min(now, draft.start) - created) * luck.random()
    notice = timedelta(hours=offered.clinic.cancel_notice_hours)
    appointments = tuple(
        _appointment(offered, draft, index, status)
        if status != AppointmentStatus.CANCELLED
        else _appointment(
            offered, draft, index, status, reason, cancelled, is_late=cancelled > draft.start - notice
        )
        for index, status in enumerate(statuses)
    )
    total = sum(part.price_cents for part in draft.parts)
    state, paid = _money(luck, statuses, total, created, draft.end)
    booking = NewBooking(
        draft.id,
        reference,
        source,
        appointments,
        patient_id=draft.patient_id,
        notes=luck.choice(words.notes) if luck.random() < 0.12 else "",
        payment_state=state,
        payment_method=luck.choices(list(METHODS), weights=list(METHODS.values()))[0] if paid else None,
    )
    is_sure = luck.random() < 0.4 and timedelta() < draft.start - now < timedelta(days=3)
    return Told(booking, created, created + (now - created) * luck.random() if is_sure else None, paid)


def _appointment(
    offered: Catalogue,
    draft: Draft,
    index: int,
    status: AppointmentStatus,
    reason: str = "",
    cancelled_at: datetime | None = None,
    *,
    is_late: bool = False,
) -> NewAppointment:
    part = draft.parts[index]
    service = offered.service(part.service_id)
    return NewAppointment(
        draft.appointment_ids[index],
        part.service_id,
        part.practitioner_id,
        part.room_id,
        draft.day,
        part.start,
        part.end,
        part.price_cents,
        service.buffer_before_min,
        service.buffer_after_min,
        status,
        reason,
        cancelled_at,
        is_late,
    )


def _created(luck: Random, source: Source, draft: Draft, now: datetime) -> datetime:
    """When the desk took the booking down: some days before, or now and then as the patient walked in."""
    ahead = timedelta(minutes=10) if source == Source.WALK_IN else timedelta(days=luck.triangular(0.1, 24, 5))
    return min(draft.start - ahead, now - timedelta(minutes=luck.randrange(20, 9000)))


def _statuses(luck: Random, draft: Draft, now: datetime) -> list[AppointmentStatus]:
    is_pending, is_early = luck.random() < 0.13, luck.random() < 0.7
    if draft.fate is Fate.CANCELS:
        return [AppointmentStatus.CANCELLED for _ in draft.parts]
    if draft.fate is Fate.STAYS_AWAY and draft.start + LATE <= now:
        return [AppointmentStatus.NO_SHOW for _ in draft.parts]
    return [_status(part, draft, now, is_pending=is_pending, is_early=is_early) for part in draft.parts]


def _status(
    part: Part, draft: Draft, now: datetime, *, is_pending: bool, is_early: bool
) -> AppointmentStatus:
    if part.end <= now:
        return AppointmentStatus.COMPLETED
    if draft.fate is Fate.STAYS_AWAY:
        return AppointmentStatus.CONFIRMED
    if part.start <= now:
        return AppointmentStatus.IN_PROGRESS
    if draft.start <= now or (is_early and draft.start - EARLY <= now):
        return AppointmentStatus.ARRIVED
    return AppointmentStatus.PENDING if is_pending else AppointmentStatus.CONFIRMED


def _money(
    luck: Random, statuses: Sequence[AppointmentStatus], total: int, created: datetime, end: datetime
) -> tuple[PaymentState, tuple[tuple[int, datetime], ...]]:
    """Most pay when they leave; some leave a deposit beforehand, and get it back when they cancel."""
    chance, deposit = luck.random(), total // 200 * 100
    is_done = all(status == AppointmentStatus.COMPLETED for status in statuses)
    if is_done and chance < 0.8:
        return PaymentState.PAID, ((total, end),)
    if is_done and chance < 0.88:
        return PaymentState.PART_PAID, ((deposit, end),)
    if statuses[0] == AppointmentStatus.CANCELLED and chance < 0.12:
        return PaymentState.REFUNDED, ((deposit, created), (-deposit, created + timedelta(minutes=5)))
    if statuses[0] not in {*NOT_COMING, AppointmentStatus.COMPLETED} and chance < 0.09:
        return (
            (PaymentState.PAID, ((total, created),))
            if chance < 0.03
            else (PaymentState.PART_PAID, ((deposit, created),))
        )
    return PaymentState.PENDING, ()


def _payments(told: Told, by: UUID) -> Iterator[dict[str, object]]:
    ids = Random(told.booking.id.int + 1)  # noqa: S311
    for cents, paid_at in told.paid:
        yield {
            "id": UUID(int=ids.getrandbits(128), version=4),
            "booking_id": told.booking.id,
            "amount_cents": cents,
            "method": told.booking.payment_method,
            "paid_at": paid_at,
            "created_by": by,
        }


def _reference(rng: Random) -> str:
    body = "".join(rng.choices(references.ALPHABET, k=references.LENGTH))
    return next(found for sign in references.ALPHABET if (found := references.normalised(body + sign)))
