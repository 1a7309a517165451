"""The days that the calendar benchmark paints: seeded, with the same visits in every run."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from clinic_scheduler.services.days.schedule import Column, DaySchedule, HourMark, Visit

OPENS, CLOSES, PER_COLUMN = 480, 1080, 20
LENGTHS = (15, 20, 25, 30, 35)
SERVICES = ("Massage", "Consultation", "Physio follow-up", "Facial", "Lab", "Acupuncture 45")
FIRST = ("Anna", "Ben", "Chloé", "Dmitri", "Eva", "Faruk")
LAST = ("Müller", "Novak", "O'Brien", "Sørensen", "García")
STATUSES = ("confirmed", "pending", "arrived", "in_progress", "completed")


def day(columns: int, seed: int) -> DaySchedule:
    """20 visits a column from 08:00 to 18:00, the last of each overlapping its predecessor by 10 minutes.

    The seed is also the day of the month.
    """
    random = Random(seed)  # noqa: S311 - the same days every time
    visits: list[Visit] = []
    for column in range(columns):
        visits += _column(column, random)
    midnight = datetime(2026, 11, seed, tzinfo=UTC)
    return DaySchedule(
        day=date(2026, 11, seed), zone="UTC",
        columns=tuple(Column(UUID(int=10**6 + c), f"Practitioner {c + 1}", "Therapy", c % 12) for c in range(columns)),
        visits=tuple(visits), holds=(), closed=(),
        hours=tuple(HourMark(60 * hour, f"{hour:02}:00") for hour in range(24)),
        length=1440, opens=OPENS, closes=CLOSES, midnight=midnight, now=midnight - timedelta(days=1),
    )  # fmt: skip


def moved(schedule: DaySchedule, minutes: int = 15) -> DaySchedule:
    """The same day with one visit in the middle moved."""
    place = len(schedule.visits) // 2 + 5
    visit = schedule.visits[place]
    start, end = visit.start + minutes, visit.end + minutes
    other = visit._replace(start=start, end=end, busy_start=start, busy_end=end, version=2)
    return replace(schedule, visits=(*schedule.visits[:place], other, *schedule.visits[place + 1 :]))


def _column(column: int, random: Random) -> list[Visit]:
    visits = []
    minute = OPENS
    slack = CLOSES - OPENS - PER_COLUMN * 25
    for place in range(PER_COLUMN):
        length = min(LENGTHS[int(random.random() * 5)], CLOSES - minute)
        if length < 10:
            minute, length = CLOSES - 10, 10
        start = minute - 10 if place == PER_COLUMN - 1 else minute
        service = SERVICES[int(random.random() * 6)]
        patient = f"{FIRST[int(random.random() * 6)]} {LAST[int(random.random() * 5)]}"
        status, hue = STATUSES[int(random.random() * 5)], int(random.random() * 12)
        number = UUID(int=column * PER_COLUMN + place + 1)
        visit = Visit(
            number, number, column, start, start + length, start, start + length,
            f"{start // 60:02}:{start % 60:02}", patient, service, status, hue,
            "", "", is_new=False, is_paid=False, has_note=False, lane_reason="", version=1,
        )  # fmt: skip
        visits.append(visit)
        minute += length + (5 if random.random() < slack / 100 / 1.6 and minute < 1000 else 0)
    return visits
