"""Believable days for tests of what draws or prints them."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from clinic_scheduler.services.days.schedule import ClosedTime, Column, DaySchedule, HeldTime, HourMark, Visit

DAY = date(2026, 11, 20)
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
LONG = "Maximiliana Wilhelmina von Hohenstaufen-Wittelsbach zu Neuschwanstein"
RIGHT_TO_LEFT = "محمد عبد الرحمن"
NAMES = (
    "Aiko Tanaka",
    "Lena Fischer",
    "Zoë Bakker",
    LONG,
    "Pádraig Ó Sé",
    RIGHT_TO_LEFT,
    "Ali Riza Çelik",
    "Mei Chen",
)
STAFF = (
    "Ana Silva",
    "Ben Okafor",
    "Chloé Martin",
    "Dr Mehmet Kaya",
    "Elif Demir",
    "Farah Haddad",
    LONG,
    RIGHT_TO_LEFT,
)
SERVICES = ("Physiotherapy", "Gait analysis", "Deep tissue massage", "Implant, placement", "Cleaning")
STATUSES = (
    "completed",
    "no_show",
    "completed",
    "in_progress",
    "arrived",
    "confirmed",
    "pending",
    "confirmed",
    "cancelled",
)


def uid(number: int) -> UUID:
    """The same id for the same number."""
    return UUID(int=number)


def visit(number: int, column: int, start: int, length: int = 45, **changes: object) -> Visit:
    """A visit of `length` minutes from minute `start`; `changes` replace any field."""
    values: dict[str, object] = {
        "id": uid(number),
        "booking_id": uid(10_000 + number // 2),
        "column": column,
        "start": start,
        "end": start + length,
        "busy_start": start,
        "busy_end": start + length,
        "time": f"{start // 60:02d}:{start % 60:02d}",
        "patient": NAMES[number % len(NAMES)],
        "service": SERVICES[number % len(SERVICES)],
        "status": "confirmed",
        "hue": column % 12,
        "room": f"Room {column % 4 + 1}",
        "counter": "3/6" if number % 3 == 0 else "",
        "is_new": number % 5 == 0,
        "is_paid": number % 4 == 0,
        "has_note": number % 7 == 0,
        "lane_reason": "",
        "version": 1,
    }
    return Visit(**(values | changes))  # type: ignore[arg-type]


def hold(column: int, start: int, end: int, owner: str = "Kofi Mensah") -> HeldTime:
    """Somebody's live hold, ten minutes from lapsing."""
    initials = "".join(part[0] for part in owner.split())
    expires = MIDNIGHT + timedelta(hours=11, minutes=30)
    return HeldTime(uid(5), column, start, end, "Filling", owner, initials, "Desk 2", expires)


def schedule(
    columns: int = 6,
    *,
    opens: int = 480,
    closes: int = 1080,
    visits: tuple[Visit, ...] | None = None,
    holds: tuple[HeldTime, ...] | None = None,
    closed: tuple[ClosedTime, ...] | None = None,
) -> DaySchedule:
    """A day of `columns` people, busy with every kind of visit unless told otherwise."""
    return DaySchedule(
        day=DAY,
        zone="UTC",
        columns=tuple(
            Column(uid(900 + n), STAFF[n % len(STAFF)], SERVICES[n % 5], n % 12) for n in range(columns)
        ),
        visits=_busy(columns, opens, closes) if visits is None else visits,
        holds=tuple(hold(n, closes - 120, closes - 60) for n in range(3, columns, 5))
        if holds is None
        else holds,
        closed=_closed(columns, opens, closes) if closed is None else closed,
        hours=tuple(HourMark(hour * 60, f"{hour:02d}:00") for hour in range(24)),
        length=1440,
        opens=opens,
        closes=closes,
        midnight=MIDNIGHT,
        now=MIDNIGHT + timedelta(hours=11, minutes=20),
    )


def _busy(columns: int, opens: int, closes: int) -> tuple[Visit, ...]:
    made: list[Visit] = []
    for column in range(columns):
        start, number = opens + column % 3 * 15, column * 3
        while start + 90 <= closes - 120:
            length = (45, 30, 60, 20, 90)[number % 5]
            if not (start < 780 and start + length > 720):
                status = STATUSES[len(made) % len(STATUSES)]
                made.append(visit(100 * column + number, column, start, length, status=status))
            start += length + (0, 5, 15)[number % 3]
            number += 1
    overlap = visit(9_999, 0, opens + 60, 40, lane_reason="two sisters together")
    return (*made, overlap) if columns else ()


def _closed(columns: int, opens: int, closes: int) -> tuple[ClosedTime, ...]:
    breaks = tuple(ClosedTime(n, 720, 780, "break", "Lunch") for n in range(columns))
    away = (ClosedTime(1, closes - 120, closes, "time_off", "At the dentist"),) if columns > 1 else ()
    return (*breaks, *away, *(ClosedTime(n, opens - 60, opens, "outside", "") for n in range(columns)))
