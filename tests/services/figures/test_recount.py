"""Every figure of a random history is what a recount finds, and what is behind a number is as many rows."""

from datetime import date, timedelta
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.services import localtime
from clinic_scheduler.services.figures import behind, lists, plans, use, visits, waiting
from clinic_scheduler.services.figures.period import Period
from tests.support import histories, recount, sessions
from tests.support.clinics import ANA, BEN, BLUE_ROOM, CLINIC, RED_ROOM, ZONE
from tests.support.histories import DAYS, FIRST

periods = st.builds(
    lambda first, length: Period(FIRST + timedelta(days=first), FIRST + timedelta(days=first + length)),
    st.integers(0, 2),
    st.sampled_from((DAYS, DAYS - 2, 3, 1, 0)),
)
by_chance = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


def ask(work, actor, function, period):
    return work.read(partial(function, actor=actor, period=period))


def told(counts):
    return {key: recount.told(count) for key, count in counts.items()}


def behind_it(work, actor, wanted):
    return work.read(partial(lists.rows, actor=actor, wanted=wanted)).total


def check_visits(work, actor, history, period):
    some = recount.visits(history, period)
    days = ask(work, actor, visits.days, period)
    assert recount.told(days.all) == recount.count(some)
    assert told(days.days) == recount.by(some, lambda v: v.day)
    weekdays = {weekday: count for weekday, count in days.weekdays.items() if count.total}
    assert told(weekdays) == recount.by(some, lambda v: v.day.weekday())
    people = ask(work, actor, visits.people, period)
    assert told(people.practitioners) == recount.by(some, lambda v: v.practitioner)
    assert told(people.services) == recount.by(some, lambda v: v.service)
    origins = ask(work, actor, visits.origins, period)
    assert told(origins.sources) == recount.by(some, lambda v: v.source)
    assert told(origins.leads) == recount.by(some, recount.lead)
    stand = [v for v in some if v.status != "cancelled"]
    assert days.all.standing == len(stand)
    missed = [v for v in stand if v.status == "no_show"]
    assert days.all.no_show_rate == (len(missed) / len(stand) if stand else None)
    return days, people, origins


def one(value):
    return frozenset({value})


def check_lists_of_visits(work, actor, period, found):
    days, people, origins = found
    wanted = partial(behind.Appointments, period.first, period.last)
    expected = [(wanted(), days.all.total), (wanted(is_late=True), days.all.late)]
    expected += [(wanted(statuses=one(key)), n) for key, n in days.all.statuses.items()]
    expected += [
        (wanted(weekdays=one(key)), count.total) for key, count in days.weekdays.items() if period.count
    ]
    expected += [
        (wanted(practitioner_ids=one(key)), count.total) for key, count in people.practitioners.items()
    ]
    expected += [(wanted(service_ids=one(key)), count.total) for key, count in people.services.items()]
    expected += [(wanted(sources=one(key)), count.total) for key, count in origins.sources.items()]
    expected += [(wanted(leads=one(key)), count.total) for key, count in origins.leads.items()]
    for asked, number in expected:
        assert behind_it(work, actor, asked) == number, asked


def check_plans(work, actor, history, period):
    found = ask(work, actor, plans.plans, period)

    def plain(courses):
        return dict(courses.standings), [
            courses.sessions,
            courses.completed,
            courses.missed,
            courses.booked,
        ]

    begun = [p for p in history.plans if recount.within(period, recount.local(p.created))]
    assert plain(found.all) == recount.courses(begun)
    for strategy, courses in found.strategies.items():
        assert plain(courses) == recount.courses(p for p in begun if p.strategy == strategy)
    assert found.running == sum(recount.standing(p) == "active" for p in history.plans)
    wanted = partial(behind.Plans, period.first, period.last)
    assert behind_it(work, actor, wanted(is_running=True)) == found.running
    for standing, number in found.all.standings.items():
        assert behind_it(work, actor, wanted(standings=one(standing))) == number


def check_waiting(work, actor, history, period):
    found = ask(work, actor, waiting.waiting, period)
    here = [wish for wish in history.wishes if wish.is_here]
    wishes = [w.state for w in here if recount.within(period, recount.local(w.created))]
    offers = [s for w in here for made, s in w.offers if recount.within(period, recount.local(made))]
    for counted, states, kind in (
        (found.wishes, wishes, behind.Wishes),
        (found.offers, offers, behind.Offers),
    ):
        assert counted == {state: states.count(state) for state in set(states)}
        for state, number in counted.items():
            asked = kind(period.first, period.last, one(state))
            assert behind_it(work, actor, asked) == number
    ended = [state for state in wishes if state not in ("waiting", "offered")]
    assert found.fill_rate == (ended.count("booked") / len(ended) if ended else None)


def test_every_figure_is_that_of_a_recount(work, actor, clinic):
    elsewhere = sessions.other_site(work, actor).clinic_id

    @by_chance
    @given(histories.histories(), periods)
    def check(history, period):
        histories.write(work, history, elsewhere)
        found = check_visits(work, actor, history, period)
        check_lists_of_visits(work, actor, period, found)
        check_plans(work, actor, history, period)
        check_waiting(work, actor, history, period)
        some = recount.visits(history, period)
        for used in ask(work, actor, use.practitioners, period):
            own = [v for v in some if v.practitioner == used.id]
            assert used.booked_min == recount.minutes(own, with_gap=False)
        for used in ask(work, actor, use.rooms, period):
            assert used.booked_min == recount.minutes([v for v in some if v.room == used.id], with_gap=True)

    check()


def test_open_minutes_are_those_of_the_clock(work, actor, clinic):
    """Counted minute by minute over the night on which the clocks change, with a closure and a day off."""
    period = Period(date(2026, 3, 27), date(2026, 4, 1))
    shut = [localtime.at_minute(date(2026, 3, 27), minute, ZONE) for minute in (10 * 60, 11 * 60)]
    with work.engine.begin() as connection:
        closure = {"id": new_id(), "clinic_id": CLINIC, "start_at": shut[0], "end_at": shut[1]}
        connection.execute(insert(t.Closure), closure)
        off = {"id": new_id(), "resource_id": ANA, "day": date(2026, 3, 30)}
        connection.execute(insert(t.HoursException), off)
    begin, end = period.instants(ZONE)
    moments = [begin + n * localtime.MINUTE for n in range((end - begin) // localtime.MINUTE)]
    moments = [moment.astimezone(ZONE) for moment in moments if not shut[0] <= moment < shut[1]]
    at_work = [m for m in moments if m.weekday() < 5 and m.hour in {9, 10, 11, 13, 14, 15, 16}]
    without = [m for m in at_work if m.date() != date(2026, 3, 30)]
    found = {used.id: used.open_min for used in ask(work, actor, use.practitioners, period)}
    assert found == {ANA: len(without), BEN: len(at_work)}
    rooms = {used.id: used.open_min for used in ask(work, actor, use.rooms, period)}
    assert rooms == dict.fromkeys((BLUE_ROOM, RED_ROOM), len(at_work)), "while anybody works"
    with work.engine.begin() as connection:
        hours = {"id": new_id(), "resource_id": RED_ROOM, "weekday": 6, "start_min": 60, "end_min": 240}
        connection.execute(insert(t.WorkingHours), {**hours, "valid_from": period.first})
    rooms = {used.id: used.open_min for used in ask(work, actor, use.rooms, period)}
    assert rooms == {BLUE_ROOM: len(at_work), RED_ROOM: 120}, (
        "from one to four there are two hours that night"
    )
