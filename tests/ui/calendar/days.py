"""Days for the calendar's tests: small builders with plain defaults."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_scheduler.services.schedule import ClosedTime, Column, DaySchedule, HeldTime, HourMark, Visit

DAY = date(2026, 11, 24)
ZONE = "Europe/Berlin"
PEOPLE = (
    ("Ana Silva", "Physiotherapy"),
    ("Ben Okafor", "Osteopathy"),
    ("Chloé Martin", "Massage"),
    ("Dr Mehmet Kaya", "Dentistry"),
    ("Elif Demir", "Dental hygiene"),
    ("Farah Haddad", "Speech therapy"),
)
SERVICES = ("Physiotherapy", "Osteopathy", "Back massage", "Filling", "Cleaning", "Speech session")
PATIENTS = (
    "Aiko Tanaka", "Lena Fischer", "Zoë Bakker", "Fatima Zahra", "Maria Lopes", "Noah Dubois", "Pádraig Ó Sé",
    "Ali Rıza Çelik", "Hanna Kowalska", "Jonas Weber", "Priya Nair", "Eva Nováková", "Tomás Ruiz", "Ivana Petrović",
)  # fmt: skip
STATUSES = ("confirmed", "confirmed", "confirmed", "arrived", "in_progress", "pending", "completed", "no_show")


def number(n: int) -> UUID:
    return UUID(int=n)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def visit(n: int, column: int, start: int, end: int, **changes: object) -> Visit:
    """A confirmed visit; `changes` are fields of Visit."""
    plain = Visit(
        id=number(n), booking_id=number(1000 + n), column=column, start=start, end=end,
        busy_start=start, busy_end=end, time=clock(start), patient=PATIENTS[n % len(PATIENTS)],
        service=SERVICES[column % len(SERVICES)], status="confirmed", hue=column % 12, room="Room 2",
        counter="", is_new=False, is_paid=False, has_note=False, lane_reason="", version=1,
    )  # fmt: skip
    spans = {"busy_start": start, "busy_end": end}
    return replace(plain, **{**spans, **changes})


def hold(column: int, start: int, end: int, expires_at: datetime, **changes: object) -> HeldTime:
    plain = HeldTime(
        number(9000 + column), column, start, end, "Filling", "K. Mensah", "KM", "Desk 2", expires_at
    )
    return replace(plain, **changes)


def day(
    columns: int = 2,
    visits: tuple[Visit, ...] = (),
    *,
    opens: int = 480,
    closes: int = 1080,
    now: int = 680,
    **changes: object,
) -> DaySchedule:
    """A day from 08:00 to 18:00, read at `now` minutes past midnight; `changes` are fields of DaySchedule."""
    on = changes.pop("day", DAY)
    midnight = datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    people = [(PEOPLE[i % 6][0] if i < 6 else f"{PEOPLE[i % 6][0]} {i}", PEOPLE[i % 6][1]) for i in range(columns)]
    plain = DaySchedule(
        day=on, zone=ZONE,
        columns=tuple(Column(number(100 + i), name, role, i % 12) for i, (name, role) in enumerate(people)),
        visits=visits, holds=(), closed=(),
        hours=tuple(HourMark(60 * h, f"{h:02}:00") for h in range(25)),
        length=1440, opens=opens, closes=closes, midnight=midnight, now=midnight + timedelta(minutes=now),
    )  # fmt: skip
    return replace(plain, **changes)


def busy_day(columns: int = 6, *, seed: int = 3, now: int = 680, per_column: int = 99) -> DaySchedule:
    """A day like a clinic's: lunch, plans, new patients, every status, one live hold."""
    r = Random(seed)
    visits: list[Visit] = []
    closed: list[ClosedTime] = []
    for column in range(columns):
        t, lunch, count = 480 + r.choice((0, 0, 30, 60)), 720 + r.choice((0, 30)), 0
        closed.append(ClosedTime(column, lunch, lunch + 60, "break", "Lunch"))
        while t < 1060 and count < per_column:
            length = r.choice((25, 30, 30, 45, 45, 60, 90))
            if t < lunch + 60 and t + length > lunch:
                t = lunch + 60
                continue
            if t + length > 1080:
                break
            past = t + length <= now
            status = r.choice(("completed", "completed", "completed", "no_show")) if past else r.choice(STATUSES[:6])
            visits.append(
                visit(
                    len(visits) + 1, column, t, t + length, status=status, patient=r.choice(PATIENTS),
                    counter=r.choice(("", "", "3/6", "1/3")), is_new=r.random() < 0.15,
                    is_paid=r.random() < 0.2, has_note=r.random() < 0.1,
                )  # fmt: skip
            )
            t += length + r.choice((0, 0, 5, 15, 30))
            count += 1
    plain = day(columns, tuple(visits), now=now, closed=tuple(closed))
    return plain
