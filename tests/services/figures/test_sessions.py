"""The figures are what a recount finds that looks at the rows one by one."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, insert

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import SessionOutcome, SessionStep
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services.figures import sessions as figures
from clinic_scheduler.services.figures.period import Period
from clinic_scheduler.services.figures.sessions import Holds
from clinic_scheduler.services.taking import booking
from tests.support import desk, sessions
from tests.support.clinics import CLINIC, EMMA, JOSE, OLGA

PEOPLE = {UUID(int=n): f"Person {n}" for n in range(3)}
DESKS = ("Desk 1", "Desk 2", "desk 1")
FIRST = date(2026, 3, 25)  # the last Sunday of March, when Berlin's clocks change, lies in between
DAYS = 8


def count(work, actor, first, until):
    return work.read(lambda s: figures.sessions(s, actor=actor, period=Period(first, until)))


def random_rows(rng, size, clinics):
    """Sessions in every state, many of them begun within a second of a local midnight."""
    for _n in range(size):
        outcome, user = rng.choice(list(SessionOutcome)), rng.choice(list(PEOPLE))
        day = FIRST + timedelta(days=rng.randrange(-1, DAYS + 1))
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Europe/Berlin"))
        second = rng.choice((-1, 0, 1, rng.randrange(86_400)))
        created = midnight.astimezone(UTC) + timedelta(seconds=second)
        is_unfinished = outcome in {SessionOutcome.OPEN, SessionOutcome.PARKED}
        ends = [rng.randrange(4) for _fate in range(3)]
        yield {
            "id": new_id(),
            "clinic_id": rng.choice(clinics),
            "patient_id": None if is_unfinished else rng.choice((None, EMMA, OLGA, JOSE)),
            "user_id": user,
            "user_name": PEOPLE[user],
            "workstation": rng.choice(DESKS),
            "step": rng.choice(list(SessionStep)),
            "choices": {},
            "outcome": outcome,
            "expires_at": created + timedelta(hours=2),
            "created_at": created,
            "ended_at": None if is_unfinished else created,
            "holds_taken": sum(ends) + rng.randrange(2),
            "holds_converted": ends[0],
            "holds_lapsed": ends[1],
            "holds_released": ends[2],
        }


def recount(rows, first, until):
    """What the definitions say, one row after the other."""
    chosen = [
        row
        for row in rows
        if row["clinic_id"] == CLINIC
        and first <= row["created_at"].astimezone(ZoneInfo("Europe/Berlin")).date() < until
    ]

    def tally(some):
        outcomes = Counter(str(row["outcome"]) for row in some)
        holds = [sum(row[f"holds_{fate}"] for row in some) for fate in Holds._fields]
        ended = [row for row in some if row["ended_at"]]
        converted = [row for row in ended if row["outcome"] == "converted"]
        return dict(outcomes), Holds(*holds), len(converted) / len(ended) if ended else None

    return {
        "all": tally(chosen),
        "patient": tally([row for row in chosen if row["patient_id"]]),
        "guest": tally([row for row in chosen if not row["patient_id"]]),
        "left": Counter(
            (str(row["step"]), str(row["outcome"]))
            for row in chosen
            if row["outcome"] in {"abandoned", "expired", "discarded"}
        ),
        "users": {
            user: tally([row for row in chosen if row["user_id"] == user])
            for user in {row["user_id"] for row in chosen}
        },
        "workstations": {
            there: tally([row for row in chosen if row["workstation"] == there])
            for there in {row["workstation"] for row in chosen}
        },
    }


def plain(found):
    def tally(one):
        assert one.begun == sum(one.outcomes.values())
        return one.outcomes, one.holds, one.conversion

    return {
        "all": tally(found.all),
        **{kind: tally(one) for kind, one in found.kinds.items()},
        "left": Counter({(step, o): n for step, counted in found.left.items() for o, n in counted.items()}),
        "users": {user: tally(one) for user, one in found.users.items()},
        "workstations": {there: tally(one) for there, one in found.workstations.items()},
    }


def test_the_figures_are_those_of_a_recount(work, actor, clinic):
    other = sessions.other_site(work, actor).clinic_id
    for seed in range(6):
        rng = random.Random(seed)  # noqa: S311  (repeatable, not secret)
        rows = list(random_rows(rng, rng.choice((1, 40, 200)), (CLINIC, CLINIC, other)))
        with work.engine.begin() as connection:
            connection.execute(delete(t.BookingSession))
            connection.execute(insert(t.BookingSession), rows)
        for _range in range(6):
            first = FIRST + timedelta(days=rng.randrange(DAYS))
            until = first + timedelta(days=rng.choice((0, 1, 2, DAYS)))
            assert plain(count(work, actor, first, until)) == recount(rows, first, until)


def test_where_nothing_was_begun_there_is_no_conversion(work, actor, clinic):
    found = count(work, actor, FIRST, FIRST + timedelta(days=7))
    assert (found.all.begun, found.all.conversion, found.all.holds) == (0, None, Holds())
    assert found.users == found.workstations == {}
    with pytest.raises(NotFound):
        count(work, replace(actor, clinic_id=new_id()), FIRST, FIRST)


def test_what_a_desk_does_is_counted(work, actor, colleague, clinic):
    desk.book(work, actor, [clinic.part("09:00")])
    released = desk.hold(work, actor, desk.start(work, actor, None), clinic.part("11:00")).session
    released = work.write(
        lambda s: booking.release(s, actor=actor, session_id=released.id, version=released.version)
    ).value
    sessions.discard(work, actor, released)
    desk.start(work, actor, OLGA)
    taken = desk.start(work, colleague, OLGA)
    sessions.save(work, colleague, taken, taken.choices, step="payment", patient=OLGA)
    day = work.read(booking.claims.now).astimezone(ZoneInfo("Europe/Berlin")).date()
    found = count(work, actor, day - timedelta(days=1), day + timedelta(days=2))
    assert found.all.outcomes == {"converted": 1, "discarded": 1, "abandoned": 1, "open": 1}
    assert found.kinds["patient"].conversion == 0.5
    assert found.kinds["guest"].conversion == 0.0
    assert found.left["services"] == {"discarded": 1, "abandoned": 1}
    assert found.left["payment"] == {}
    assert found.names[actor.user_id] == "Kofi Mensah"
    assert found.workstations["Desk 2"].outcomes == {"open": 1}
