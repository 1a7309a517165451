"""What is in the way in a tangled clinic, by trying every rule minute by minute.

Nothing here asks the product when somebody is open or what is taken: hours are read off the wall time of a minute,
claims off what was put in.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from clinic_scheduler.services.setup import Hours, NewService
from clinic_scheduler.services.wishes import Wish
from tests.support.tangles import DAYS, MACHINES, MONDAY, ROOMS, Special, Taken, Tangle, instant, minutes

ALWAYS = tuple(Hours(weekday, 0, 1440) for weekday in range(7))
WEEK_ZERO = date(2001, 1, 1)
MARGIN = 240  # minutes around the days that are asked about
Said = tuple[str, UUID | None, object]  # layer, whose, and which


class Rules:
    """Every rule of a tangle, asked for each minute once."""

    def __init__(self, tangle: Tangle) -> None:
        self._tangle = tangle
        self._services = {service.id: service for service in tangle.clinic.services}
        self._capacity = {one.id: one.capacity for one in tangle.clinic.resources}
        self._shut: dict[UUID, dict[tuple[str, object], set[int]]] = {}
        for resource in tangle.clinic.resources:
            found: dict[tuple[str, object], set[int]] = defaultdict(set)
            specials = {one.day: one for one in tangle.specials if one.resource_id == resource.id}
            for minute in range(-MARGIN, DAYS * 1440 + MARGIN):
                for said in _shut_by(resource.hours or ALWAYS, specials, minute):
                    found[said].add(minute)
            for away in tangle.away:
                if away.resource_id in {None, resource.id}:
                    layer = "time_off" if away.resource_id else "closure"
                    found[layer, away.reason].update(minutes(away.start, away.end))
            self._shut[resource.id] = found
        self._taken = [(one, set(one.minutes)) for one in tangle.taken]

    def excluding(
        self,
        wish: Wish,
        who: UUID,
        start: int,
        patient: UUID | None = None,
        session_id: UUID | None = None,
    ) -> set[Said]:
        """All that keeps a practitioner from giving a service at a minute."""
        service = self._services[wish.service_id]
        performs = who in service.performers
        duration = service.performers.get(who) or service.duration_min
        away = service.away if service.away and performs and service.away[1] < duration else (0, 0)
        own = set(range(start, start + duration))
        attended = own - set(range(start + away[0], start + away[1]))
        before, after = _around(service, start, start + duration)
        found: set[Said] = set(self._rules(start, who, performs=performs))
        found |= self._of_resource(who, attended, attended | before | after, session_id)
        if patient:
            found |= {
                ("patient", whose, which)
                for _l, whose, which in self._of_resource(patient, own, own, session_id)
            }
        for layer, some in self._places(service, wish):
            if all(self._of_resource(one, own, own | before | after, session_id) for one in some):
                found.add((layer, None, None))
        return found

    def _rules(self, start: int, who: UUID, *, performs: bool) -> Iterator[Said]:
        clinic, now = self._tangle.clinic, self._tangle.now
        first = minutes(now, now).stop
        if not performs:
            yield "not_eligible", who, None
        if start < first:
            yield "over", who, None
        elif start < first + clinic.notice_min:
            yield "notice", who, None
        if instant(start) > now + timedelta(days=clinic.horizon_days):
            yield "horizon", who, None

    def _places(self, service: NewService, wish: Wish) -> Iterator[tuple[str, list[UUID]]]:
        named = wish.room_id or service.room_id
        if named or service.room_kind:
            yield "room", [room for room in ROOMS if named in {None, room}]
        if service.equipment_kind:
            yield "equipment", MACHINES

    def _of_resource(
        self, who: UUID, attended: set[int], needed: set[int], session_id: UUID | None
    ) -> set[Said]:
        found: set[Said] = {
            (layer, who, which)
            for (layer, which), when in self._shut.get(who, {}).items()
            if not needed.isdisjoint(when)
        }
        meeting = [
            one
            for one in self._tangle.taken
            if one.taking.resource_id == who and one.what != session_id and not needed.isdisjoint(one.minutes)
        ]
        capacity = self._capacity.get(who, 1)
        lanes = {one.taking.lane if one.taking.lane <= capacity else 1 for one in meeting}
        if len(lanes) == capacity:
            found |= {(_layer(one, attended), who, one.what) for one in meeting}
        return found


def _shut_by(
    hours: tuple[Hours, ...], specials: dict[date, Special], minute: int
) -> Iterator[tuple[str, object]]:
    """The rules of a resource that shut it in a minute."""
    day = MONDAY + timedelta(days=minute // 1440)
    # The day before too: hours may run past midnight.
    days = ((day - timedelta(days=1), minute % 1440 + 1440), (day, minute % 1440))
    is_open = runs_on = False
    breaks = []
    for on, wall in days:
        special = specials.get(on)
        if special and special.hours:
            is_open = is_open or special.hours[0] <= wall < special.hours[1]
        else:
            rows = [
                row
                for row in hours
                if row.weekday == on.weekday() and row.start_min <= wall < row.end_min and _is_turn(row, on)
            ]
            is_open = is_open or any(not row.is_break for row in rows)
            breaks += [(row.label, special is not None) for row in rows if row.is_break]
        if on < day:
            runs_on = is_open
            if is_open and special and not special.hours:
                yield "time_off", special.reason
    if not is_open:
        yield "hours", None
    for label, is_on_day_off in breaks:
        if not is_on_day_off or not runs_on:
            yield "break", label
    off = specials.get(day)
    if off and not off.hours and not runs_on:
        yield "time_off", off.reason


def _is_turn(row: Hours, on: date) -> bool:
    return (on - WEEK_ZERO).days // 7 % row.every_weeks == row.week


def _around(service: NewService, start: int, end: int) -> tuple[set[int], set[int]]:
    return (
        set(range(start - service.buffer_before_min, start)),
        set(range(end, end + service.buffer_after_min)),
    )


def _layer(one: Taken, attended: set[int]) -> str:
    is_own = not attended.isdisjoint(minutes(one.taking.start, one.taking.end))
    return one.layer if is_own or one.layer != "appointment" else "buffer"
