"""The state words of the product, as the database stores them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class ResourceKind(StrEnum):
    """What a claim can take; the patient is a resource too, so that nobody is in two places."""

    PRACTITIONER = "practitioner"
    ROOM = "room"
    EQUIPMENT = "equipment"
    PATIENT = "patient"


class ClaimKind(StrEnum):
    """Who takes the time: an unfinished booking, an appointment, or the clinic itself."""

    HOLD = "hold"
    APPOINTMENT = "appointment"
    BLOCK = "block"


class AppointmentStatus(StrEnum):
    """FHIR: pending, booked, arrived, checked-in, fulfilled, noshow, cancelled."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


LEGAL_MOVES: Mapping[str, frozenset[AppointmentStatus]] = MappingProxyType(
    {
        AppointmentStatus.PENDING: frozenset({AppointmentStatus.CONFIRMED, AppointmentStatus.CANCELLED}),
        AppointmentStatus.CONFIRMED: frozenset(
            {
                AppointmentStatus.ARRIVED,
                AppointmentStatus.IN_PROGRESS,
                AppointmentStatus.COMPLETED,
                AppointmentStatus.NO_SHOW,
                AppointmentStatus.CANCELLED,
            }
        ),
        AppointmentStatus.ARRIVED: frozenset(
            {
                AppointmentStatus.IN_PROGRESS,
                AppointmentStatus.COMPLETED,
                AppointmentStatus.NO_SHOW,
                AppointmentStatus.CANCELLED,
            }
        ),
        AppointmentStatus.IN_PROGRESS: frozenset({AppointmentStatus.COMPLETED, AppointmentStatus.CANCELLED}),
    }
)
# Each of them may be taken back, with a reason. A trigger says the same of both (migration 0015).
LEGAL_BACK: Mapping[str, frozenset[AppointmentStatus]] = MappingProxyType(
    {
        new: frozenset(old for old in AppointmentStatus if new in LEGAL_MOVES.get(old, ()))
        for new in AppointmentStatus
    }
)
FINAL = frozenset({AppointmentStatus.COMPLETED, AppointmentStatus.NO_SHOW, AppointmentStatus.CANCELLED})


class Source(StrEnum):
    """Where a booking came from."""

    PHONE = "phone"
    WALK_IN = "walk_in"
    DIRECT = "direct"
    WAITLIST = "waitlist"
    ONLINE = "online"
    PLAN = "plan"
    IMPORTED = "imported"


class PaymentState(StrEnum):
    """How much of a booking's total has arrived."""

    PENDING = "pending"
    PAID = "paid"
    PART_PAID = "part_paid"
    REFUNDED = "refunded"


class PaymentMethod(StrEnum):
    """How money changed hands."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"
    INSURANCE = "insurance"
    VOUCHER = "voucher"


class SessionOutcome(StrEnum):
    """What became of the act of booking."""

    OPEN = "open"
    PARKED = "parked"
    CONVERTED = "converted"
    ABANDONED = "abandoned"
    EXPIRED = "expired"
    DISCARDED = "discarded"


class SessionStep(StrEnum):
    """How far the act of booking has come."""

    SERVICES = "services"
    PRACTITIONERS = "practitioners"
    TIME = "time"
    PATIENT = "patient"
    PAYMENT = "payment"


class PlanStrategy(StrEnum):
    """When the sessions of a treatment plan are booked."""

    IMMEDIATE = "immediate"
    SEQUENTIAL = "sequential"
    FLEXIBLE = "flexible"


class PlanState(StrEnum):
    """Where a treatment plan stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


class PlanSessionState(StrEnum):
    """Where one session of a plan stands."""

    PLANNED = "planned"
    DUE = "due"
    BOOKED = "booked"
    COMPLETED = "completed"
    MISSED = "missed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class WaitlistState(StrEnum):
    """Where a wish stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class OfferState(StrEnum):
    """Where a timed proposal stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class TaskKind(StrEnum):
    """What a task of the desk is about."""

    CALL_BACK = "call_back"
    OFFER = "offer"
    CONFIRM = "confirm"
    NEXT_SESSION = "next_session"
    MOVE = "move"
    OTHER = "other"


class TaskState(StrEnum):
    """Where a task of the desk stands; dropped where its cause is gone."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class MessageState(StrEnum):
    """Where a message of the outbox stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DEAD = "dead"


class Role(StrEnum):
    """What a member of staff may do."""

    RECEPTION = "reception"
    PRACTITIONER = "practitioner"
    MANAGER = "manager"
