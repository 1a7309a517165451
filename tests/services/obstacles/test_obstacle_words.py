"""The desk reads why a time is not free and what would free it, in the clinic's wall time, and no other name."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services import setup
from clinic_scheduler.services.obstacles import obstacles
from clinic_scheduler.services.wishes import Wish
from tests.support import clinics, desk
from tests.support.clinics import ANA, BEN, BLUE_ROOM, CLINIC, EMMA, MASSAGE, OLGA, PHYSIO, RED_ROOM, SPEECH


@pytest.fixture
def ask(work, clinic):
    """Asks about the Monday at "10:00"; Ana gives physiotherapy unless it is said otherwise."""

    def asked(wall, who=ANA, service=PHYSIO, *, days=0, **more):
        return work.read(
            lambda s: obstacles.ask(
                s,
                clinic_id=CLINIC,
                wish=Wish(service, room_id=more.pop("room_id", None)),
                practitioner_id=who,
                start=clinic.at(wall, days=days),
                **more,
            )
        )

    return asked


def freed(why):
    return [change.words for change in why.changes]


def put(work, table, **values):
    with work.engine.begin() as connection:
        connection.execute(insert(table).values(id=new_id(), **values))


def test_a_free_time_has_nothing_in_the_way(ask):
    assert ask("09:00").is_free
    assert ask("09:00").sentences == ()


def test_a_break_and_the_hours_are_named_with_their_times(ask):
    assert ask("12:15").sentences == ("Ana Silva has a break until 13:00.",)
    assert freed(ask("12:15")) == ["It would be free without the break of Ana Silva from 12:00 to 13:00."]
    assert ask("16:30").sentences == ("Ana Silva works only from 09:00 to 17:00 that day.",)
    assert freed(ask("16:30")) == ["It would be free if Ana Silva worked longer."]
    assert ask("10:00", days=5).sentences == ("Ana Silva does not work that day.",)


def test_a_hold_says_whose_it_is_where_and_until_when(work, actor, clinic, ask):
    clinics.stop_clock(work, clinic.at("08:27"))
    begun = desk.hold(work, actor, desk.start(work, actor, OLGA), clinic.part("10:00")).session
    why = ask("10:30")
    assert why.sentences == ("Held by Kofi Mensah at Desk 1 until 08:42.",)
    assert freed(why) == ["It would be free without the hold of Kofi Mensah at Desk 1."]
    assert why.obstacles[0].what == begun.id
    assert ask("10:30", session_id=begun.id).is_free
    assert ask("10:30", BEN, patient_id=OLGA).sentences == (
        "This patient has another visit, held by Kofi Mensah at Desk 1 until 08:42.",
    )
    clinics.stop_clock(work, clinic.at("08:42"))
    assert ask("10:30").is_free


def test_a_hold_for_next_week_runs_out_today(work, actor, clinic, ask):
    clinics.stop_clock(work, clinic.at("08:27"))
    desk.hold(work, actor, desk.start(work, actor, OLGA), clinic.part("10:00", days=7))
    (sentence,) = ask("10:00", days=7).sentences
    day = clinic.monday
    assert sentence == f"Held by Kofi Mensah at Desk 1 until 08:42 on {day.day} {day:%B}."


def test_other_visits_are_named_by_their_times_only(work, actor, clinic, ask):
    desk.book(work, actor, [clinic.part("10:00"), clinic.part("13:00", BEN, MASSAGE, minutes=30)], OLGA)
    why = ask("10:30")
    assert why.sentences == ("Ana Silva has another visit until 10:45.",)
    assert freed(why) == ["It would be free without the visit from 10:00 to 10:45 (Ana Silva)."]
    assert ask("10:15", BEN, patient_id=OLGA).sentences == ("This patient has another visit until 10:45.",)
    assert ask("13:35", BEN, MASSAGE, patient_id=EMMA).sentences == (
        "Ben Okafor has a visit from 13:00 to 13:30, too close to this one.",
    )
    everything = [ask(wall, who, MASSAGE) for wall in ("10:00", "13:15") for who in (ANA, BEN)]
    assert "Olga" not in str(everything)


def test_one_visit_that_has_both_the_person_and_the_room_is_one_thing_to_change(work, actor, clinic, ask):
    desk.book(work, actor, [clinic.part("10:00", BEN, MASSAGE, minutes=30)], OLGA)
    why = ask("10:15", BEN, MASSAGE, room_id=BLUE_ROOM)
    assert why.sentences == (
        "Ben Okafor has another visit until 10:30.",
        "Blue room is taken by another visit until 10:30.",
    )
    assert freed(why) == ["It would be free without the visit from 10:00 to 10:30 (Ben Okafor)."]


def test_each_room_says_what_is_in_its_way(work, clinic, ask):
    times = {"start_at": clinic.at("09:00"), "end_at": clinic.at("10:00")}
    put(work, t.Claim, clinic_id=CLINIC, resource_id=BLUE_ROOM, kind="block", **times)
    assert ask("09:15", BEN, MASSAGE).is_free
    put(work, t.TimeOff, resource_id=RED_ROOM, reason="Painting", **times)
    why = ask("09:15", BEN, MASSAGE)
    assert why.sentences == ("Blue room is out of use until 10:00.", "Red room is out of use until 10:00.")
    assert len(freed(why)) == 2


def test_absences_and_closures_last_longer_than_a_day(work, clinic, ask):
    times = {"start_at": clinic.at("00:00"), "end_at": clinic.at("13:00", days=2)}
    put(work, t.TimeOff, resource_id=ANA, reason="Course", **times)
    day = clinic.monday + timedelta(days=2)
    assert ask("10:00").sentences == (f"Ana Silva is away until 13:00 on {day.day} {day:%B}.",)
    put(
        work,
        t.Closure,
        clinic_id=CLINIC,
        reason="Water",
        start_at=clinic.at("10:00"),
        end_at=clinic.at("11:00"),
    )
    assert "The clinic is closed until 11:00." in ask("10:00").sentences
    assert freed(ask("10:00")) == []
    assert freed(ask("10:00", BEN, MASSAGE)) == ["It would be free without the closure of the clinic."]


def test_who_does_not_perform_it_and_what_is_too_soon_too_late_or_over(work, clinic, ask):
    assert ask("09:00", BEN, SPEECH).sentences == ("Ben Okafor does not perform Speech session.",)
    assert freed(ask("09:00", BEN, SPEECH)) == ["It would be free if Ben Okafor performed Speech session."]
    with work.engine.begin() as connection:
        connection.execute(update(t.Clinic).values(notice_min=120, horizon_days=3))
    clinics.stop_clock(work, clinic.at("09:30"))
    assert ask("09:00").sentences == ("That time is over.",)
    assert freed(ask("09:00")) == []
    assert ask("11:15").sentences == ("Visits are booked at least 2 hours ahead.",)
    assert freed(ask("11:15")) == ["It would be free if it were booked at shorter notice."]
    assert ask("09:30", days=3).is_free
    assert ask("09:35", days=3).sentences == ("Visits are booked at most 3 days ahead.",)
    assert freed(ask("09:35", days=3)) == ["It would be free if visits could be booked further ahead."]


def test_a_clinic_without_such_a_room_says_so(work, clinic, ask):
    service = new_id()
    made = setup.NewService(service, "SAU", "Sauna", 30, room_kind="sauna", performers={ANA: None})
    work.write(lambda s: setup.add_services(s, CLINIC, [made], 10))
    assert ask("10:00", ANA, service).sentences == ("The clinic has no room for Sauna.",)
    assert freed(ask("10:00", ANA, service)) == []


def test_a_service_or_practitioner_that_is_gone_is_refused(work, clinic, ask):
    with pytest.raises(NotFound):
        ask("10:00", ANA, new_id())
    with pytest.raises(NotFound):
        ask("10:00", new_id())
