"""What no screen should ask of a visit that stands, and days on which the clocks change; on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import (
    ClinicError,
    InvalidInput,
    NotFound,
    NotPermitted,
    RuleBroken,
    WallTimeUnclear,
)
from clinic_scheduler.services import localtime, setup
from clinic_scheduler.services.changing import moving
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.taking import claims
from tests.support.changing import change, holds_true, row
from tests.support.clinics import ANA, BEN, BLUE_ROOM, EMMA, MASSAGE, OLGA, RED_ROOM, ZONE, shift_clock
from tests.support.desk import book

FAR = datetime(9999, 12, 31, 23, tzinfo=UTC)


@pytest.fixture
def part(work, actor, clinic):
    (made,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    return made


ABSURD = [
    (lambda c: {"end": c.at("08:00")}, "ends after it begins"),
    (lambda c: {"end": c.at("09:00")}, "ends after it begins"),
    (lambda c: {"start": c.at("09:00"), "end": c.at("10:01", days=1)}, "longer than 24 hours"),
    (lambda c: {"start": FAR}, "out of reach"),
    (lambda c: {"start": FAR + timedelta(minutes=59)}, "out of reach"),
    (lambda c: {"start": datetime(1, 1, 1, tzinfo=UTC)}, "out of reach"),
    (lambda c: {"start": c.at("09:00", days=-21)}, "time is over"),
    (lambda c: {"start": c.at("09:00", days=7 * 60)}, "at most 365 days ahead"),
    (lambda c: {"practitioner_id": BEN, "price_cents": -1}, "not below zero"),
    (lambda c: {"room_id": ANA}, "does not go with that room"),
    (lambda c: {"room_id": new_id()}, "does not go with that room"),
    (lambda c: {"equipment_id": RED_ROOM}, "does not go with that equipment"),
    (lambda c: {"practitioner_id": EMMA}, "does not perform"),
    (lambda c: {"practitioner_id": new_id()}, "does not perform"),
]


def test_the_absurd_is_refused_in_words(work, actor, clinic, part):
    for wanted, words in ABSURD:
        with pytest.raises(ClinicError, match=words):
            change(work, actor, Change(part, 1, **wanted(clinic)))
    assert row(work, part).version == 1
    holds_true(work)


def test_a_whole_visit_does_not_move_out_of_reach(work, actor, clinic, part):
    for start in (FAR + timedelta(minutes=59), datetime(1, 1, 1, tzinfo=UTC)):
        with pytest.raises(InvalidInput, match="out of reach"):
            work.write(
                lambda s, start=start: moving.move_visit(
                    s, actor=actor, request_id=new_id(), seen={part: 1}, start=start
                )
            )


def test_nothing_and_the_same_twice_are_no_change(work, actor, clinic, part):
    with pytest.raises(InvalidInput, match="choose what is to be changed"):
        change(work, actor)
    with pytest.raises(InvalidInput, match="each visit once"):
        change(work, actor, Change(part, 1, clinic.at("13:00")), Change(part, 1, clinic.at("14:00")))
    with pytest.raises(NotFound):
        work.write(
            lambda s: moving.move_visit(
                s, actor=actor, request_id=new_id(), seen={}, start=clinic.at("13:00")
            )
        )
    with pytest.raises(NotFound):
        work.write(lambda s: moving.swap(s, actor=actor, request_id=new_id(), one={}, other={part: 1}))


def test_another_sites_visit_room_and_people_are_not_there(work, actor, clinic, part):
    there = replace(actor, clinic_id=new_id())
    room = setup.NewResource(new_id(), "room", "Far room", room_kind="treatment")
    other = setup.NewClinic(there.clinic_id, "Other", "UTC", "DE", "EUR", (room,))
    work.write(lambda s: setup.create_clinic(s, actor=there, clinic=other))
    with pytest.raises(NotFound, match="no longer there"):
        change(work, there, Change(part, 1, clinic.at("13:00")))
    with pytest.raises(InvalidInput, match="does not go with that room"):
        change(work, actor, Change(part, 1, room_id=room.id))
    with pytest.raises(NotFound):
        change(work, actor, Change(new_id(), 1, clinic.at("13:00")))


def test_nobody_without_the_right_moves_anything(work, actor, clinic, part):
    with pytest.raises(NotPermitted):
        change(work, replace(actor, permissions=frozenset()), Change(part, 1, clinic.at("13:00")))


def test_a_service_that_is_offered_no_more_still_moves_in_time(work, actor, clinic, part):
    with work.engine.begin() as connection:
        connection.execute(update(t.Service).values(is_active=False))
    change(work, actor, Change(part, 1, clinic.at("13:00")))
    with pytest.raises(NotFound, match="no longer offered"):
        change(work, actor, Change(part, 2, practitioner_id=BEN))


def test_a_room_of_another_kind_is_not_taken(work, actor, clinic):
    massage = clinic.part("09:00", BEN, MASSAGE, minutes=30)
    (part,) = book(work, actor, [massage]).appointment_ids
    with work.engine.begin() as connection:
        connection.execute(update(t.Resource).where(t.Resource.id == RED_ROOM).values(room_kind="office"))
    with pytest.raises(InvalidInput, match="Back massage does not go with that room"):
        change(work, actor, Change(part, 1, room_id=RED_ROOM))
    assert row(work, part).room_id == BLUE_ROOM


def test_minutes_that_the_visit_has_already_ask_no_rule(work, actor, clinic, part):
    with work.engine.begin() as connection:
        connection.execute(t.WorkingHours.__table__.delete().where(t.WorkingHours.resource_id == ANA))
    shift_clock(work, timedelta(minutes=30))
    change(work, actor, Change(part, 1, end=clinic.at("09:30")))
    change(work, actor, Change(part, 2, room_id=RED_ROOM))
    with pytest.raises(RuleBroken, match="Ana Silva is not at work"):
        change(work, actor, Change(part, 3, end=clinic.at("10:00")))


def test_who_is_late_keeps_the_time_in_another_room(work, actor, clinic, part):
    shift_clock(work, clinic.at("09:20") - work.read(claims.now))
    change(work, actor, Change(part, 1, room_id=RED_ROOM))
    with pytest.raises(InvalidInput, match="over"):
        change(work, actor, Change(part, 2, clinic.at("09:05")))


@pytest.mark.parametrize(
    ("wall", "said", "instants"),
    [
        ("2027-03-28T02:30", "02:30 does not exist; the next time is 03:00", ["2027-03-28T01:00Z"]),
        ("2027-10-31T02:30", "02:30 comes twice", ["2027-10-31T00:30Z", "2027-10-31T01:30Z"]),
    ],
)
def test_wall_times_on_clock_change_days_are_offered_or_asked(wall, said, instants):
    with pytest.raises(WallTimeUnclear, match=said) as refused:
        localtime.chosen(datetime.fromisoformat(wall), ZONE)
    assert list(refused.value.instants) == [datetime.fromisoformat(text) for text in instants]


def test_a_plain_or_answered_wall_time_is_taken():
    plain = datetime(2027, 10, 31, 3)  # noqa: DTZ001 - wall time
    assert localtime.chosen(plain, ZONE) == datetime(2027, 10, 31, 2, tzinfo=UTC)
    twice = datetime(2027, 10, 31, 2, 30)  # noqa: DTZ001 - wall time
    assert [localtime.chosen(twice, ZONE, later=later).hour for later in (False, True)] == [0, 1]
    with pytest.raises(WallTimeUnclear):
        localtime.chosen(datetime(2027, 3, 28, 2, 30), ZONE, later=True)  # noqa: DTZ001 - wall time


CHANGE_DAYS = [
    ("2027-03-28", 1, 0),
    ("2027-03-28", 3, 1),
    ("2027-10-31", 2, 0),
    ("2027-10-31", 3, 2),
    ("2027-02-28", 9, 8),
]


def test_a_visit_moves_to_clock_change_days_and_month_ends(work, actor, clinic):
    """Around the clock, so that every hour of those days can be asked for."""
    with work.engine.begin() as connection:
        always = {"start_min": 0, "end_min": 1440}
        connection.execute(update(t.WorkingHours).where(~t.WorkingHours.is_break).values(always))
        connection.execute(update(t.WorkingHours).values(weekday=6))
        connection.execute(update(t.Clinic).values(horizon_days=3650))
    (part,) = book(work, actor, [clinic.part("09:00", days=6)]).appointment_ids
    for version, (day, hour, utc_hour) in enumerate(CHANGE_DAYS, 1):
        start = localtime.chosen(datetime.fromisoformat(f"{day}T{hour:02}:00"), ZONE, later=False)
        change(work, actor, Change(part, version, start, start + timedelta(minutes=90)))
        moved = row(work, part)
        assert (moved.start_at.hour, moved.local_start) == (utc_hour, f"{day}T{hour:02}:00")
        assert (str(moved.day), moved.end_at - moved.start_at) == (day, timedelta(minutes=90))
        holds_true(work)


def test_the_last_night_of_a_month_ends_in_the_next(work, actor, clinic):
    with work.engine.begin() as connection:
        late = {"start_min": 20 * 60, "end_min": 26 * 60}
        connection.execute(update(t.WorkingHours).where(~t.WorkingHours.is_break).values(late))
        connection.execute(update(t.Clinic).values(horizon_days=3650))
    (part,) = book(work, actor, [clinic.part("21:00")], OLGA).appointment_ids
    start = localtime.chosen(datetime(2027, 4, 30, 23, 30), ZONE)  # noqa: DTZ001 - wall time
    change(work, actor, Change(part, 1, start, start + timedelta(hours=2)))
    assert str(row(work, part).day) == "2027-04-30"
    with pytest.raises(RuleBroken):
        change(work, actor, Change(part, 2, end=start + timedelta(hours=3)))
    days = work.read(lambda s: s.scalars(select(t.Claim.resource_id).where(t.Claim.live_to.is_(None))).all())
    assert sorted(days) == sorted([ANA, OLGA])
