"""The statements behind the list: what the filter asks of appointments, and the orders one can page in.

An order has stages, one after the other: what has no time comes after what has one, guests after people on record.
Within a stage a line's place is its value and the id of its appointment, so that a page begins after a line, whatever
was put in or taken out before it meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, literal, null, or_, select, true
from sqlalchemy.orm import aliased

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.types import Ids, among
from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import ClinicFacts

from .asked import Asked, Filter, Order

A, B, P = t.Appointment, t.Booking, t.Patient
SIBLING = aliased(A)  # another part of the same visit


@dataclass(frozen=True, slots=True)
class Key:
    """The place of a line in an order."""

    stage: int
    value: datetime | str | None
    id: UUID


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of an order: what belongs to it, and by what it is sorted; None where the id alone decides."""

    belongs: ColumnElement[bool]
    value: Any


def stages(order: Order) -> tuple[Stage, ...]:
    """The stages of an order, ascending."""
    if order is Order.START:
        return Stage(A.start_at.is_not(None), A.start_at), Stage(A.start_at.is_(None), None)
    if order is Order.CREATED:
        return (Stage(true(), B.created_at),)
    return Stage(B.patient_id.is_not(None), P.name), Stage(B.patient_id.is_(None), B.guest_name)


def conditions(of: Any, wanted: Filter, where: ZoneInfo) -> list[ColumnElement[bool]]:  # noqa: ANN401 - `Appointment` or an alias
    """What the filter asks of an appointment itself."""
    found: list[ColumnElement[bool]] = []
    if wanted.first or wanted.last:
        found.append(_in_days(of, wanted, where))
    for column, name in (
        (of.service_id, "service_ids"),
        (of.practitioner_id, "practitioner_ids"),
        (of.room_id, "room_ids"),
        (of.status, "statuses"),
    ):
        chosen = getattr(wanted, name)
        if chosen:
            found.append(column.in_(sorted(chosen)))
    return found


def _in_days(of: Any, wanted: Filter, where: ZoneInfo) -> ColumnElement[bool]:  # noqa: ANN401
    """By the time where there is one, which an index knows; else by the day that was told."""
    by_time, by_day = [of.start_at.is_not(None)], [of.start_at.is_(None)]
    if wanted.first:
        by_time.append(of.start_at >= localtime.midnight(wanted.first, where))
        by_day.append(of.day >= wanted.first)
    if wanted.last:
        by_time.append(of.start_at < localtime.midnight(wanted.last + timedelta(days=1), where))
        by_day.append(of.day <= wanted.last)
    return or_(and_(*by_time), and_(*by_day))


def booking_conditions(wanted: Filter, booking_ids: Sequence[UUID] | None) -> list[ColumnElement[bool]]:
    """What the filter asks of the booking; `booking_ids` are those its text means."""
    found: list[ColumnElement[bool]] = []
    if wanted.sources:
        found.append(B.source.in_(sorted(wanted.sources)))
    if wanted.payments:
        found.append(B.payment_state.in_(sorted(wanted.payments)))
    if booking_ids is not None:
        found.append(among(A.booking_id, bindparam("bookings", list(booking_ids), Ids())))
    return found


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a statement needs to know of what is asked."""

    asked: Asked
    clinic: ClinicFacts
    booking_ids: tuple[UUID, ...] | None

    @property
    def where(self) -> ZoneInfo:
        """The clinic's time zone."""
        return self.clinic.where

    def matching(self, *columns: Any) -> Select[Any]:  # noqa: ANN401 - any columns
        """The columns of every appointment that is wanted."""
        wanted = self.asked.filter
        query = select(*columns).select_from(A)
        if wanted.sources or wanted.payments:
            query = query.join(B, B.id == A.booking_id)
        return query.where(*self._in_clinic(A.clinic_id), *self._filtered())

    def _of_stage(self, number: int, *columns: Any) -> Select[Any]:  # noqa: ANN401
        """The same of one stage, begun where its order has an index."""
        if self.asked.order is Order.START:
            return self.matching(*columns)
        # The clinic is asked for once, where the order begins; else SQLite begins with the appointments.
        if self.asked.order is Order.PATIENT and number == 0:
            query = (
                select(*columns).select_from(P).join(B, B.patient_id == P.id).join(A, A.booking_id == B.id)
            )
            return query.where(*self._in_clinic(P.clinic_id), *self._filtered())
        query = select(*columns).select_from(B).join(A, A.booking_id == B.id)
        return query.where(*self._in_clinic(B.clinic_id), *self._filtered())

    def _in_clinic(self, column: Any) -> list[ColumnElement[bool]]:  # noqa: ANN401
        """Where the text means certain bookings, those are the clinic's, and SQLite is not to begin with all of it."""
        return [column == self.clinic.id] if self.booking_ids is None else []

    def _filtered(self) -> list[ColumnElement[bool]]:
        wanted = self.asked.filter
        return [
            *conditions(A, wanted, self.where),
            *booking_conditions(wanted, self.booking_ids),
        ]

    def page(
        self, number: int, after: Key | None, limit: int, *, is_back: bool, is_folded: bool
    ) -> Select[Any]:
        """Value, appointment and booking of the next lines of a stage; `is_back` goes against the order.

        Folded, a visit has one line, for the first of its parts that is wanted.
        """
        stage = stages(self.asked.order)[number]
        value = stage.value if stage.value is not None else null()
        query = self._of_stage(number, value.label("value"), A.id, A.booking_id).where(self._belongs(stage))
        if is_folded:
            query = query.where(~self._has_earlier())
        descends = self.asked.is_descending != is_back
        if after is not None:
            query = query.where(_beyond(stage, after, descends=descends))
        if self.booking_ids is not None:
            # Few are meant: found first, and sorted then. Else the order might lead through the whole book.
            few = query.cte("few").prefix_with("MATERIALIZED")
            columns = [few.c.value] if stage.value is not None else []
            return select(few).order_by(*_directed([*columns, few.c.id], descends=descends)).limit(limit)
        columns = [stage.value] if stage.value is not None else []
        return query.order_by(*_directed([*columns, A.id], descends=descends)).limit(limit)

    def _belongs(self, stage: Stage) -> ColumnElement[bool]:
        wanted = self.asked.filter
        if self.asked.order is not Order.START or stage.value is None or not (wanted.first or wanted.last):
            return stage.belongs
        # Once more, and alone, for the index.
        bounds = [stage.belongs]
        if wanted.first:
            bounds.append(A.start_at >= localtime.midnight(wanted.first, self.where))
        if wanted.last:
            bounds.append(A.start_at < localtime.midnight(wanted.last + timedelta(days=1), self.where))
        return and_(*bounds)

    def _has_earlier(self) -> ColumnElement[bool]:
        """Whether an earlier part of the same visit is wanted too."""
        return exists(literal(1)).where(
            SIBLING.booking_id == A.booking_id,
            SIBLING.position < A.position,
            *conditions(SIBLING, self.asked.filter, self.where),
        )


def _beyond(stage: Stage, key: Key, *, descends: bool) -> ColumnElement[bool]:
    is_past = A.id < key.id if descends else A.id > key.id
    if stage.value is None:
        return is_past
    if descends:
        return and_(stage.value <= key.value, or_(stage.value < key.value, is_past))
    return and_(stage.value >= key.value, or_(stage.value > key.value, is_past))


def _directed(columns: Sequence[Any], *, descends: bool) -> list[Any]:
    return [column.desc() if descends else column.asc() for column in columns]
