"""What is offered is free, and all that is free is offered."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services import localtime
from clinic_scheduler.services.offers import availability
from clinic_scheduler.services.offers.availability import Terms, Within
from clinic_scheduler.services.search.question import Distinct, Rank, Wait
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.wishes import Wish
from tests.support import desk
from tests.support.clinics import (
    ANA,
    BEN,
    BLUE_ROOM,
    CLINIC,
    EMMA,
    GAIT,
    MASSAGE,
    OLGA,
    PHYSIO,
    RED_ROOM,
    SPEECH,
    ZONE,
    shift_clock,
)


def offered(work, wishes, first, *, max_wait_min=30, terms=None, **options):
    terms = terms or Terms(wait=Wait(0, max_wait_min), distinct=Distinct.START)
    within = Within(first, **{"days": 1, "limit": 10_000} | options)
    return work.read(
        lambda s: availability.free_visits(s, clinic_id=CLINIC, wishes=wishes, within=within, terms=terms)
    )


def walls(openings):
    return [localtime.wall_text(one.start, ZONE)[-5:] for one in openings]


def test_a_service_is_offered_in_its_hours_outside_the_break(work, clinic):
    found = walls(offered(work, [Wish(PHYSIO, (ANA,))], clinic.monday))
    assert (found[0], found[-1]) == ("09:00", "16:15")
    assert "11:15" in found
    assert "11:20" not in found
    assert "13:00" in found


def test_a_practitioners_own_duration_counts(work, clinic):
    (first, *_rest) = offered(work, [Wish(SPEECH)], clinic.monday)
    assert first.end - first.start == timedelta(minutes=60)
    assert first.parts[0].price_cents == 6000


def test_a_booked_time_is_offered_to_nobody_and_its_edges_are(work, actor, clinic):
    desk.book(work, actor, [clinic.part("10:00")])
    found = walls(offered(work, [Wish(PHYSIO, (ANA,))], clinic.monday))
    assert "09:15" in found
    assert not {"09:20", "10:00", "10:40"} & set(found)
    assert "10:45" in found


def test_a_minute_that_is_taken_in_part_is_taken(work, clinic):
    row = {"id": new_id(), "clinic_id": CLINIC, "resource_id": ANA, "kind": "block"}
    times = {
        "start_at": clinic.at("09:50") + timedelta(seconds=30),
        "end_at": clinic.at("10:30") + timedelta(seconds=1),
    }
    with work.engine.begin() as connection:
        connection.execute(insert(t.Claim).values(**row, **times))
    found = walls(offered(work, [Wish(PHYSIO, (ANA,))], clinic.monday))
    assert found[:3] == ["09:00", "09:05", "10:35"]


def test_ones_own_hold_is_no_obstacle_and_a_colleagues_is(work, actor, clinic):
    begun = desk.start(work, actor)
    desk.hold(work, actor, begun, clinic.part("09:00"))
    wish = [Wish(PHYSIO, (ANA,))]
    assert walls(offered(work, wish, clinic.monday))[0] == "09:45"
    assert walls(offered(work, wish, clinic.monday, session_id=begun.id, patient_id=EMMA))[0] == "09:00"


def test_a_hold_that_expired_is_no_obstacle(work, actor, clinic):
    held = desk.hold(work, actor, desk.start(work, actor), clinic.part("09:00"))
    shift_clock(work, held.until - work.read(claims.now))
    assert walls(offered(work, [Wish(PHYSIO, (ANA,))], clinic.monday))[0] == "09:00"


def test_the_patient_must_be_free_too(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00")], OLGA)
    wish = [Wish(PHYSIO, (BEN,))]
    assert walls(offered(work, wish, clinic.monday))[0] == "09:00"
    assert walls(offered(work, wish, clinic.monday, patient_id=OLGA))[0] == "09:45"


def test_a_room_is_found_while_there_is_one(work, actor, clinic):
    def block(room):
        times = {"start_at": clinic.at("09:00"), "end_at": clinic.at("12:00")}
        row = {"id": new_id(), "clinic_id": CLINIC, "resource_id": room, "kind": "block"}
        with work.engine.begin() as connection:
            connection.execute(insert(t.Claim).values(**row, **times))

    def first():
        return offered(work, [Wish(MASSAGE)], clinic.monday)[0]

    assert first().parts[0].room_id == BLUE_ROOM
    block(BLUE_ROOM)
    assert (walls([first()]), first().parts[0].room_id) == (["09:00"], RED_ROOM)
    block(RED_ROOM)
    assert walls([first()]) == ["13:00"]


def test_waiting_is_as_long_as_it_may_be(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00", BEN), clinic.part("09:45", BEN)])
    wishes = [Wish(GAIT), Wish(MASSAGE)]  # 60 minutes with Ana, then Ben, who is busy until 10:30
    (opening,) = [
        one for one in offered(work, wishes, clinic.monday, max_wait_min=30) if walls([one]) == ["09:00"]
    ]
    assert opening.waiting_min == 30
    assert "09:00" not in walls(offered(work, wishes, clinic.monday, max_wait_min=29))


def test_what_is_over_is_not_offered(work, clinic):
    shift_clock(work, clinic.at("10:01") - work.read(claims.now))
    assert walls(offered(work, [Wish(PHYSIO, (ANA,))], clinic.monday))[0] == "10:05"
    assert offered(work, [Wish(PHYSIO)], clinic.monday - timedelta(days=7)) == ()


def test_only_as_many_as_were_asked_for(work, clinic):
    assert len(offered(work, [Wish(PHYSIO)], clinic.monday, limit=3, days=7)) == 3


def test_no_wish_is_no_offer_and_an_unknown_one_is_refused(work, clinic):
    assert offered(work, [], clinic.monday) == ()
    with pytest.raises(NotFound):
        offered(work, [Wish(new_id())], clinic.monday)
    assert offered(work, [Wish(SPEECH, (BEN,))], clinic.monday) == ()


def free_starts(work, wish, first, **options):
    within = Within(first, **options)
    return work.read(lambda s: availability.free_starts(s, clinic_id=CLINIC, wish=wish, within=within))


def test_of_two_who_could_start_then_whoever_has_less_booked_that_day_comes_first(work, actor, clinic):
    first = free_starts(work, Wish(PHYSIO), clinic.monday, limit=1)[0]
    assert first.parts[0].practitioner_id == ANA  # the clinic's order
    desk.book(work, actor, [clinic.part("16:00", ANA)])
    desk.book(work, actor, [clinic.part("15:00", BEN, days=1), clinic.part("16:00", BEN, days=1)], OLGA)
    by_day = {
        one.start.date(): one.parts[0].practitioner_id
        for one in free_starts(work, Wish(PHYSIO), clinic.monday, days=3, limit=3, per_day=1)
    }
    assert list(by_day.values()) == [BEN, ANA, ANA]


def test_ones_own_hold_does_not_change_whose_turn_it_is(work, actor, clinic):
    begun = desk.start(work, actor)
    desk.hold(work, actor, begun, clinic.part("16:00", ANA))
    mine, theirs = (
        free_starts(work, Wish(PHYSIO), clinic.monday, limit=1, session_id=session)[0]
        for session in (begun.id, None)
    )
    assert (mine.parts[0].practitioner_id, theirs.parts[0].practitioner_id) == (ANA, BEN)


def test_who_is_preferred_comes_first_of_equals_and_ranks_before_all(work, clinic):
    wish = Wish(PHYSIO, preferred_id=BEN)
    assert free_starts(work, wish, clinic.monday, limit=1)[0].parts[0].practitioner_id == BEN
    found = offered(work, [wish], clinic.monday, terms=Terms(rank=Rank.PREFERRED, distinct=Distinct.PEOPLE))
    who = [one.parts[0].practitioner_id for one in found]
    assert who == sorted(who, key=lambda one: one != BEN)
    assert set(who) == {ANA, BEN}


def test_the_next_free_time_is_found_a_year_ahead(work, clinic):
    away = {"start_at": clinic.at("00:00", days=-60), "end_at": clinic.at("00:00", days=252)}
    with work.engine.begin() as connection:
        connection.execute(insert(t.TimeOff).values(id=new_id(), resource_id=ANA, reason="", **away))
    found = free_starts(work, Wish(GAIT), clinic.monday, days=10_000, limit=3, per_day=1)
    assert [one.start for one in found] == [clinic.at("09:00", days=252 + n) for n in (0, 1, 2)]


def test_no_visit_is_offered_beyond_the_horizon_or_within_the_notice(work, clinic):
    with work.engine.begin() as connection:
        connection.execute(update(t.Clinic).values(horizon_days=20, notice_min=90))
    shift_clock(work, clinic.at("09:45") - work.read(claims.now))
    found = free_starts(work, Wish(GAIT), clinic.monday, days=10_000, limit=10_000)
    assert (found[0].start, found[-1].start) == (clinic.at("13:00"), clinic.at("16:00", days=18))
    assert free_starts(work, Wish(GAIT), clinic.monday, is_walk_in=True)[0].start == clinic.at("09:50")
    assert free_starts(work, Wish(GAIT), clinic.monday + timedelta(days=40)) == ()


def test_only_the_weekdays_and_times_of_day_asked_for(work, clinic):
    found = free_starts(
        work, Wish(PHYSIO), clinic.monday, weekdays=frozenset({1, 3}), from_min=600, until_min=675, limit=99
    )
    assert walls(found) == ["10:00", "10:05", "10:10", "10:15", "10:20", "10:25", "10:30"] * 4
    assert {one.start.astimezone(ZONE).weekday() for one in found} == {1, 3}
    begun = free_starts(work, Wish(GAIT), clinic.monday, begins_until_min=545, limit=99)
    assert walls(begun) == ["09:00"] * 10


def test_services_in_any_order_or_side_by_side_end_sooner(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00", BEN)], OLGA)
    wishes = [Wish(MASSAGE), Wish(PHYSIO, (ANA,))]
    in_order, any_order, beside = (
        offered(work, wishes, clinic.monday, terms=terms)[0]
        for terms in (
            Terms(),
            Terms(order=availability.ANY_ORDER),
            Terms(order=availability.ANY_ORDER, together=frozenset({(0, 1)})),
        )
    )
    assert [one.end for one in (in_order, any_order, beside)] == [
        clinic.at("11:00"),
        clinic.at("10:15"),
        clinic.at("10:15"),
    ]
    assert [part.start for part in any_order.parts] == [clinic.at("09:45"), clinic.at("09:00")]
    apart = Terms(wait=Wait(15, 30))
    assert offered(work, wishes, clinic.monday, terms=apart)[0].waiting_min == 15


def test_two_people_come_at_once(work, clinic):
    wishes = [Wish(PHYSIO), Wish(PHYSIO, visitor=1)]
    found = offered(work, wishes, clinic.monday)[0]
    assert {part.start for part in found.parts} == {clinic.at("09:00")}
    assert {part.practitioner_id for part in found.parts} == {ANA, BEN}
    assert [part.visitor for part in found.parts] == [0, 1]
