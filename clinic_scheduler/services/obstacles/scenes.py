"""What surrounds a time, read from the database: whatever can keep a practitioner from giving a service on a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import ClaimKind
from clinic_scheduler.db.types import clock
from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import (
    Catalogue,
    Performer,
    ResourceFacts,
    ServiceFacts,
    catalogue,
    longer,
)
from clinic_scheduler.services.obstacles.excluded import Block, Diary, Layer, Length
from clinic_scheduler.services.obstacles.why_not import Wanted
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.times import diary_rows, hours, timelines
from clinic_scheduler.services.times.diary_rows import Reason, Rules, Special
from clinic_scheduler.services.times.hours import OpenTime, Span
from clinic_scheduler.services.wishes import AddOn, Wish

BEFORE, AFTER = 1, 3  # days that a service of 24 hours and its buffers of 8 can touch, with the day itself
LAYERS = {
    ClaimKind.APPOINTMENT: Layer.APPOINTMENT,
    ClaimKind.HOLD: Layer.HOLD,
    ClaimKind.BLOCK: Layer.BLOCKED,
}


@dataclass(frozen=True, slots=True)
class Scene:
    """The question of one practitioner and service, in minutes of the span, and what its answer is worded with."""

    offered: Catalogue
    service: ServiceFacts
    span: Span
    wanted: Wanted


def read(
    session: Session,
    *,
    clinic_id: UUID,
    wish: Wish,
    practitioner_id: UUID,
    on: date,
    session_id: UUID | None = None,
    patient_id: UUID | None = None,
    without: UUID | None = None,
) -> Scene:
    """All that can stand in the way of a start on that local day.

    The holds of `session_id` do not, nor does the appointment `without`.

    Raises:
        NotFound: the service or practitioner is no longer there.
    """
    offered = catalogue(session, clinic_id)
    service, practitioner = offered.service(wish.service_id), offered.resource(practitioner_id)
    span = Span(on - timedelta(days=BEFORE), BEFORE + AFTER, offered.clinic.where)
    rooms = offered.rooms_for(service, wish.room_id) if service.needs_room or wish.room_id else None
    equipment = offered.equipment_for(service) if service.equipment_kind else None
    some = (practitioner, *(rooms or ()), *(equipment or ()))
    # Whoever comes along has no record, so that nothing of theirs can be taken.
    patient_id = patient_id if wish.visitor == 0 else None
    ids = [one.id for one in some]
    taken = _taken(session, [*ids, *([patient_id] if patient_id else [])], span, session_id, without)
    rules = diary_rows.rules(session, clinic_id, ids, span)
    diaries = {
        one.id: _diary(one, own, span, taken.get(one.id, [])) for one, own in zip(some, rules, strict=True)
    }
    now = claims.now(session)
    whole = timelines.between(0, span.length)
    wanted = Wanted(
        diaries[practitioner_id],
        _length(service, practitioner_id, service.chosen(wish.add_on_ids)),
        is_eligible=any(one.practitioner_id == practitioner_id for one in service.performers),
        rooms=None if rooms is None else tuple(diaries[room.id] for room in rooms),
        equipment=None if equipment is None else tuple(diaries[piece.id] for piece in equipment),
        patient=Diary(patient_id, whole, _in_lanes(taken.get(patient_id, []), 1)) if patient_id else None,
        now=span.minute_up(now),
        notice=span.minute_up(now + timedelta(minutes=offered.clinic.notice_min)),
        horizon=span.minute(now + timedelta(days=offered.clinic.horizon_days)) + 1,
    )
    return Scene(offered, service, span, wanted)


def _length(service: ServiceFacts, practitioner_id: UUID, add_ons: Sequence[AddOn]) -> Length:
    """How long it takes; with somebody who does not perform it as long as usual."""
    usual = Performer(practitioner_id, service.duration_min, service.price_cents)
    own = (one for one in service.performers if one.practitioner_id == practitioner_id)
    found = longer(next(own, usual), add_ons)
    return Length(found.duration_min, service.buffer_before_min, service.buffer_after_min, found.away)


def _diary(resource: ResourceFacts, rules: Rules, span: Span, taken: Sequence[Block]) -> Diary:
    """Its hours as if nothing but other hours changed them, and each thing that shuts it on its own."""
    changed = [special for special in rules.special if special.start_min is not None]
    weekly = [row for row in rules.weekly if not row.is_break]
    worked = hours.open_time(Rules(weekly, changed), span).open
    shut = [Block(Layer(one.kind), one.start, one.end, text=one.text) for one in _shut(rules, span)]
    return Diary(resource.id, worked, (*shut, *_in_lanes(taken, resource.capacity)), resource.capacity)


def _shut(rules: Rules, span: Span) -> Iterator[Reason]:
    """Breaks, days off, absences and closures."""
    for reason in hours.open_time(Rules(rules.weekly, rules.special), span).reasons:
        if reason.kind == Layer.BREAK.value:
            yield reason
    for special in rules.special:
        if special.start_min is None:
            yield from _day_off(rules, span, special)
    yield from rules.shut


def _day_off(rules: Rules, span: Span, off: Special) -> Iterator[Reason]:
    """What a day off takes: the day, but not the night before that ends in it; the night that would begin in it.

    Its usual breaks would be in the way no less.
    """
    midnight, next_midnight = (
        span.minute(localtime.midnight(date.fromordinal(day), span.where)) for day in (off.day, off.day + 1)
    )
    day, hours_of_day = timelines.between(midnight, next_midnight), _alone(rules, span, off.day)
    is_worked = any(other.day == off.day and other.start_min is not None for other in rules.special)
    own = day & ~hours_of_day.open if is_worked else day | hours_of_day.open
    minutes = own & ~(day & _alone(rules, span, off.day - 1).open)
    for start, end in timelines.intervals(minutes):
        yield Reason(start, end, Layer.TIME_OFF.value, off.reason)
    for usual in hours_of_day.reasons:
        shut = minutes & timelines.between(usual.start, usual.end)
        for start, end in timelines.intervals(shut if usual.kind == Layer.BREAK.value else 0):
            yield usual._replace(start=start, end=end)


def _alone(rules: Rules, span: Span, day: int) -> OpenTime:
    """The hours of one day, were it worked and every other off, as if it had no breaks; and its breaks."""
    first = span.first.toordinal() - 1
    others = [Special(other, None, None) for other in range(first, first + span.count + 2) if other != day]
    worked = [special for special in rules.special if special.day == day and special.start_min is not None]
    weekly = [row for row in rules.weekly if not row.is_break]
    opened = hours.open_time(Rules(weekly, [*others, *worked]), span).open
    return OpenTime(opened, hours.open_time(Rules(rules.weekly, [*others, *worked]), span).reasons)


def _in_lanes(taken: Sequence[Block], capacity: int) -> tuple[Block, ...]:
    """The blocks with overlaps that somebody accepted, in lanes beyond the capacity, in the first."""
    return tuple(block if block.lane <= capacity else replace(block, lane=1) for block in taken)


def _taken(
    session: Session,
    resource_ids: Sequence[UUID],
    span: Span,
    session_id: UUID | None,
    without: UUID | None,
) -> dict[UUID, list[Block]]:
    c, s = t.Claim, t.BookingSession
    wanted = (
        select(
            c.id,
            c.resource_id,
            c.lane,
            c.kind,
            c.start_at,
            c.end_at,
            c.busy_from,
            c.busy_to,
            c.live_to,
            c.appointment_id,
            c.session_id,
            s.user_name,
            s.workstation,
        )
        .outerjoin(s, s.id == c.session_id)
        .where(
            c.resource_id.in_(resource_ids),
            c.busy_from < span.end,
            c.busy_from > span.start - claims.LONGEST_BUSY,
            (c.busy_to > span.start).is_(True),  # for the reason that overlaps.py gives
            or_(c.live_to.is_(None), c.live_to > clock()),
        )
        .order_by(c.busy_from, c.id)
    )
    if session_id is not None:
        wanted = wanted.where(or_(c.kind != ClaimKind.HOLD, c.session_id != session_id))
    if without is not None:
        wanted = wanted.where(or_(c.appointment_id.is_(None), c.appointment_id != without))
    found: dict[UUID, list[Block]] = {}
    for row in session.execute(wanted):
        layer, is_hold = LAYERS[ClaimKind(row.kind)], row.kind == ClaimKind.HOLD
        what = {Layer.HOLD: row.session_id, Layer.APPOINTMENT: row.appointment_id}.get(layer, row.id)
        block = Block(
            layer,
            span.minute(row.start_at),
            span.minute_up(row.end_at),
            (span.minute(row.busy_from), span.minute_up(row.busy_to)),
            what,
            owner=f"{row.user_name} at {row.workstation}" if is_hold else "",
            until=span.minute_up(row.live_to) if is_hold else None,
            lane=row.lane,
        )
        found.setdefault(row.resource_id, []).append(block)
    return found
