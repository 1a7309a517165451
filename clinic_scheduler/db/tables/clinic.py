"""The clinic, its resources, what it offers, and when it is open."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from clinic_scheduler.db.states import PlanStrategy, ResourceKind, Role
from clinic_scheduler.db.types import clock

from .base import STRICT, Base, filled, gap_checks, index_of_some, one_of, within


class Clinic(Base):
    """One site, with its time zone, money and booking rules."""

    __tablename__ = "clinic"
    __table_args__ = (
        filled("name"),
        within("hold_min", 5, 60),
        within("step_min", 1, 60),
        CheckConstraint("length(currency) = 3", name="currency_length"),
        CheckConstraint("length(country) = 2", name="country_length"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    zone: Mapped[str]
    country: Mapped[str]
    currency: Mapped[str]
    hold_min: Mapped[int] = mapped_column(default=15)
    step_min: Mapped[int] = mapped_column(default=5)
    notice_min: Mapped[int] = mapped_column(default=0)
    horizon_days: Mapped[int] = mapped_column(default=365)
    cancel_notice_hours: Mapped[int] = mapped_column(default=24)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock())


class Resource(Base):
    """Whatever can be taken for a time. `capacity` is its number of lanes; `hue` its colour in the calendar."""

    __tablename__ = "resource"
    __table_args__ = (
        one_of("kind", ResourceKind),
        within("capacity", 1, 64),
        CheckConstraint("kind = 'patient' OR trim(name) <> ''", name="name_filled"),
        Index(None, "clinic_id", "kind", "position"),
        index_of_some(
            "resource_code_key",
            "clinic_id",
            "kind",
            "code",
            unique=True,
            where="code <> ''",
        ),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="")
    code: Mapped[str] = mapped_column(default="")
    room_kind: Mapped[str] = mapped_column(default="")
    equipment_kind: Mapped[str] = mapped_column(default="", server_default="")
    capacity: Mapped[int] = mapped_column(default=1)
    hue: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)


class Service(Base):
    """What is booked. Times in minutes, money in the smallest unit of the clinic's currency.

    It takes place in a room of `room_kind`, or in the very room `room_id`. From `gap_start_min` to `gap_end_min` after
    its start the practitioner is free for others, while the patient, the room and the equipment stay. The sessions of
    a plan are wished with one practitioner (`keeps_practitioner`), and on one weekday and time (`keeps_time`).
    """

    __tablename__ = "service"
    __table_args__ = (
        filled("name"),
        within("duration_min", 1, 1440),
        within("buffer_before_min", 0, 480),
        within("buffer_after_min", 0, 480),
        within("sessions", 1, 50),
        one_of("strategy", PlanStrategy),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        *gap_checks(),
        UniqueConstraint("clinic_id", "code"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    code: Mapped[str]
    name: Mapped[str]
    category: Mapped[str] = mapped_column(default="")
    duration_min: Mapped[int]
    buffer_before_min: Mapped[int] = mapped_column(default=0)
    buffer_after_min: Mapped[int] = mapped_column(default=0)
    price_cents: Mapped[int] = mapped_column(default=0)
    room_kind: Mapped[str] = mapped_column(default="")
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("resource.id"))
    equipment_kind: Mapped[str] = mapped_column(default="", server_default="")
    gap_start_min: Mapped[int | None]
    gap_end_min: Mapped[int | None]
    sessions: Mapped[int] = mapped_column(default=1)
    strategy: Mapped[str] = mapped_column(default=PlanStrategy.SEQUENTIAL)
    keeps_practitioner: Mapped[bool] = mapped_column(default=False, server_default=false())
    keeps_time: Mapped[bool] = mapped_column(default=False, server_default=false())
    hue: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)


class ServicePerformer(Base):
    """Who performs a service; own duration and price where they differ."""

    __tablename__ = "service_performer"
    __table_args__ = (within("duration_min", 1, 1440), Index(None, "practitioner_id"), STRICT)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    duration_min: Mapped[int | None]
    price_cents: Mapped[int | None]


class AddOn(Base):
    """An extra of a service, with the minutes and money that it adds; who has it is in `AppointmentAddOn`."""

    __tablename__ = "add_on"
    __table_args__ = (
        filled("name"),
        within("minutes", 0, 480),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        Index(None, "service_id"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    name: Mapped[str]
    minutes: Mapped[int]
    price_cents: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)


class ServiceGap(Base):
    """Days between session `step` and the next of a plan; step 0 is the default for all."""

    __tablename__ = "service_gap"
    __table_args__ = (
        within("step", 0, 49),
        CheckConstraint("0 <= min_days AND min_days <= ideal_days AND ideal_days <= max_days", name="order"),
        STRICT,
    )
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    min_days: Mapped[int]
    ideal_days: Mapped[int]
    max_days: Mapped[int]
    session_name: Mapped[str] = mapped_column(default="")


class ServiceSession(Base):
    """How the `number`-th session of a plan differs from the service; what is missing is as the service has it."""

    __tablename__ = "service_session"
    __table_args__ = (
        within("number", 1, 50),
        within("duration_min", 1, 1440),
        STRICT,
    )
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    does_service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id"))
    duration_min: Mapped[int | None]
    practitioner_id: Mapped[UUID | None] = mapped_column(ForeignKey("resource.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("resource.id"))


class WorkingHours(Base):
    """Weekly open time (or a break in it) of a resource, in minutes of local wall time; `weekday` 0 is Monday.

    With `every_weeks` above 1 it holds in every so many weeks only, in those numbered `week` when weeks are counted
    from the one that began on 1 January 2001, a Monday.
    """

    __tablename__ = "working_hours"
    __table_args__ = (
        within("weekday", 0, 6),
        CheckConstraint("0 <= start_min AND start_min < end_min AND end_min <= 2880", name="order"),
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="validity"),
        within("every_weeks", 1, 8),
        CheckConstraint("0 <= week AND week < every_weeks", name="week_in_turn"),
        Index(None, "resource_id", "weekday"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"))
    weekday: Mapped[int]
    start_min: Mapped[int]
    end_min: Mapped[int]
    is_break: Mapped[bool] = mapped_column(default=False)
    label: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    every_weeks: Mapped[int] = mapped_column(default=1, server_default="1")
    week: Mapped[int] = mapped_column(default=0, server_default="0")


class HoursException(Base):
    """Other hours on one day; without times the resource is away all day."""

    __tablename__ = "hours_exception"
    __table_args__ = (
        CheckConstraint("(start_min IS NULL) = (end_min IS NULL)", name="pair"),
        CheckConstraint(
            "start_min IS NULL OR (0 <= start_min AND start_min < end_min AND end_min <= 2880)", name="order"
        ),
        Index(None, "resource_id", "day"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"))
    day: Mapped[date]
    start_min: Mapped[int | None]
    end_min: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")


class Closure(Base):
    """A time in which the whole clinic is shut."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("start_at < end_at", name="order"),
        Index(None, "clinic_id", "end_at"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")


class TimeOff(Base):
    """A time in which one resource is away."""

    __tablename__ = "time_off"
    __table_args__ = (
        CheckConstraint("start_at < end_at", name="order"),
        Index(None, "resource_id", "end_at"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"))
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")


class StaffUser(Base):
    """A member of staff who signs in. `resource_id` is set for practitioners."""

    __tablename__ = "staff_user"
    __table_args__ = (
        filled("name"),
        filled("login"),
        one_of("role", Role),
        UniqueConstraint("login"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    resource_id: Mapped[UUID | None] = mapped_column(ForeignKey("resource.id"))
    login: Mapped[str]
    name: Mapped[str]
    initials: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str] = mapped_column(default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=clock())
