"""Two clinics in one database, in two time zones: what shuts, fills or opens one is nothing to the other."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import NotFound, TimeTaken
from clinic_scheduler.services import localtime, setup
from clinic_scheduler.services.obstacles import obstacles
from clinic_scheduler.services.obstacles.excluded import Layer
from clinic_scheduler.services.offers.availability import Within, free_starts
from clinic_scheduler.services.setup import NewClinic, NewResource, NewService
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.services.wishes import Part, Wish
from tests.support import desk
from tests.support.clinics import ANA, BEN, BLUE_ROOM, CLINIC, MASSAGE, PHYSIO, RED_ROOM

THERE, MIA, GREEN_ROOM, RUBBING = (UUID(int=n) for n in (9001, 9002, 9003, 9004))
AUCKLAND = localtime.zone("Pacific/Auckland")
WHOLE_WEEK = timedelta(days=7)


@pytest.fixture
def there(work, actor, clinic):
    """The other clinic: open day and night, with a room of the same kind, and where it is half a day later."""
    mia = NewResource(MIA, "practitioner", "Mia Kahu", hours=setup.week(0, 1440, weekdays=range(7)))
    room = NewResource(GREEN_ROOM, "room", "Green room", room_kind="treatment")
    rubbing = NewService(
        RUBBING, "RUB", "Rubbing", 30, room_kind="treatment", performers={MIA: None}, buffer_after_min=10
    )
    made = NewClinic(THERE, "There", "Pacific/Auckland", "NZ", "NZD", (mia, room), (rubbing,), step_min=5)
    work.write(lambda s: setup.create_clinic(s, actor=actor, clinic=made))
    return replace(actor, clinic_id=THERE)


def within(clinic, **more):
    return Within(clinic.monday, 5, limit=2000, **more)


def offered(work, clinic, of=CLINIC, services=(PHYSIO, MASSAGE), diaries=None):
    return [
        work.read(
            lambda s, one=one: free_starts(
                s, clinic_id=of, wish=Wish(one), within=within(clinic), diaries=diaries
            )
        )
        for one in services
    ]


def reasons(work, clinic, of=CLINIC, pairs=((PHYSIO, ANA), (MASSAGE, BEN))):
    """Of each start of the day what excludes it, and of one what is told."""
    asked = [{"clinic_id": of, "wish": Wish(one), "practitioner_id": who} for one, who in pairs]
    days = [work.read(lambda s, a=a: obstacles.of_day(s, on=clinic.monday, **a)) for a in asked]
    told = [work.read(lambda s, a=a: obstacles.ask(s, start=clinic.at("10:00"), **a)) for a in asked]
    return days, told


def block(work, whose, who, start, minutes):
    row = {"id": new_id(), "clinic_id": whose, "resource_id": who, "kind": "block"}
    with work.engine.begin() as connection:
        times = {"start_at": start, "end_at": start + timedelta(minutes=minutes)}
        connection.execute(insert(t.Claim).values(row | times))


def fill(work, whose, who, clinic):
    """From the evening before to the end of the week."""
    for day in range(-1, 6):
        block(work, whose, who, clinic.at("00:00") + timedelta(days=day), 1440)


def shut(work, whose, start):
    row = {"id": new_id(), "clinic_id": whose, "start_at": start, "end_at": start + WHOLE_WEEK}
    with work.engine.begin() as connection:
        connection.execute(insert(t.Closure).values(row))


def test_nothing_of_the_other_clinic_changes_what_is_free_here_and_why_not(work, actor, clinic, there):
    block(work, CLINIC, BLUE_ROOM, clinic.at("09:00"), 90)
    block(work, CLINIC, RED_ROOM, clinic.at("10:00"), 120)
    kept = Diaries()
    offered(work, clinic, THERE, (RUBBING,), kept)
    before = offered(work, clinic, diaries=kept), reasons(work, clinic)
    assert all(before[0])
    shut(work, THERE, clinic.at("00:00"))
    for who in (MIA, GREEN_ROOM):
        block(work, THERE, who, clinic.at("11:00"), 240)
    with work.engine.begin() as connection:
        connection.execute(
            update(t.Clinic).where(t.Clinic.id == THERE).values(notice_min=20_000, step_min=60)
        )
    assert (offered(work, clinic), reasons(work, clinic)) == before
    assert offered(work, clinic, diaries=kept) == before[0]
    part = before[0][1][0].parts[0]
    assert desk.hold(work, actor, desk.start(work, actor), part).session.choices.parts == (part,)
    assert offered(work, clinic, THERE, (RUBBING,)) == [()]


def test_what_shuts_and_fills_this_clinic_is_nothing_to_the_other(work, clinic, there):
    before = offered(work, clinic, THERE, (RUBBING,)), reasons(work, clinic, THERE, ((RUBBING, MIA),))
    (openings,) = before[0]
    local = [one.start.astimezone(AUCKLAND) for one in openings]
    assert (local[0].date(), local[0].hour, local[0].minute) == (clinic.monday, 0, 0)
    assert local[-1].date() == clinic.monday + timedelta(days=4)
    shut(work, CLINIC, clinic.at("00:00") - timedelta(days=1))
    for who in (ANA, BEN, BLUE_ROOM, RED_ROOM):
        fill(work, CLINIC, who, clinic)
    assert (
        offered(work, clinic, THERE, (RUBBING,)),
        reasons(work, clinic, THERE, ((RUBBING, MIA),)),
    ) == before
    part = openings[0].parts[0]
    assert desk.hold(work, there, desk.start(work, there, None), part).session.choices.parts == (part,)
    assert offered(work, clinic) == [(), ()]


def test_a_room_of_the_other_clinic_is_no_room_here(work, actor, clinic, there):
    for room in (BLUE_ROOM, RED_ROOM):
        fill(work, CLINIC, room, clinic)
    assert offered(work, clinic, services=(MASSAGE,)) == [()]
    why = work.read(
        lambda s: obstacles.ask(
            s, clinic_id=CLINIC, wish=Wish(MASSAGE), practitioner_id=BEN, start=clinic.at("10:00")
        )
    )
    assert {one.layer for one in why.obstacles} == {Layer.ROOM}
    assert set(why.places) == {BLUE_ROOM, RED_ROOM}
    begun, start = desk.start(work, actor), clinic.at("10:00")
    for room, refusal in ((BLUE_ROOM, TimeTaken), (GREEN_ROOM, NotFound)):
        with pytest.raises(refusal):
            desk.hold(
                work, actor, begun, Part(MASSAGE, BEN, room, start, start + timedelta(minutes=30), 4000)
            )
    with pytest.raises(NotFound):
        desk.hold(work, actor, begun, Part(PHYSIO, MIA, None, start, start + timedelta(minutes=45), 5000))
    with pytest.raises(NotFound):
        desk.hold(work, actor, begun, Part(RUBBING, MIA, GREEN_ROOM, start, start + timedelta(minutes=30), 0))
    assert desk.count(work, t.Claim, t.Claim.kind == "hold") == 0
