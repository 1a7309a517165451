"""What is to be done stands on one list, is somebody's or anybody's, and is done once."""

from datetime import timedelta

import pytest

from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput, NotFound, NotPermitted
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.calls.to_do import About, Staff
from clinic_scheduler.services.taking import claims
from tests.support import desk, sessions
from tests.support.clinics import OLGA, shift_clock


def add(work, actor, text="Ring back about Tuesday", **more):
    asked = {"kind": "call_back", "text": text, **more}
    return work.write(lambda s: to_do.add(s, actor=actor, **asked)).value


def due(work, actor, **more):
    return work.read(lambda s: to_do.due(s, actor=actor, **more))


def do(work, actor, act, task, **more):
    return work.write(lambda s: act(s, actor=actor, task_id=task.id, version=task.version, **more))


def test_a_task_is_due_today_names_the_person_and_is_seen_at_every_desk(work, actor, colleague, clinic):
    add(work, actor, about=About(OLGA))
    (task,) = due(work, colleague)
    assert (task.about.name, task.about.phone) == ("Olga Petrova", "+493012345679")
    assert task.due_on == work.read(lambda s: to_do.today(s, actor=actor))
    assert due(work, sessions.other_site(work, actor)) == ()


def test_what_is_due_later_waits_and_what_is_late_stays(work, actor, clinic):
    today = work.read(lambda s: to_do.today(s, actor=actor))
    add(work, actor, "later", due_on=today + timedelta(days=2))
    add(work, actor, "now")
    assert [one.text for one in due(work, actor)] == ["now"]
    assert [one.text for one in due(work, actor, until=today + timedelta(days=2))] == ["now", "later"]
    shift_clock(work, timedelta(days=3))
    assert [one.text for one in due(work, actor)] == ["now", "later"]


def test_of_two_desks_one_does_it_and_may_take_that_back(work, actor, colleague, clinic):
    add(work, actor)
    (task,) = due(work, actor)
    do(work, colleague, to_do.done, task)
    with pytest.raises(ChangedMeanwhile, match="done or changed at another desk"):
        do(work, actor, to_do.done, task)
    (ticked,) = due(work, actor)
    assert (ticked.state, ticked.done_by) == ("done", colleague.name)
    do(work, actor, to_do.open_again, ticked)
    assert [one.state for one in due(work, actor)] == ["open"]
    shift_clock(work, timedelta(days=1))
    (task,) = due(work, actor)
    do(work, actor, to_do.done, task)
    shift_clock(work, timedelta(days=3))
    assert due(work, actor) == ()


def test_it_is_given_to_a_colleague_noted_and_put_off(work, actor, colleague, clinic):
    desk.start(work, colleague)
    staff = work.read(lambda s: to_do.staff(s, actor=actor))
    assert [one.name for one in staff] == ["Kofi Mensah", "Rosa Lind"]
    add(work, actor)
    do(work, actor, to_do.assign, due(work, actor)[0], to=staff[1])
    do(work, actor, to_do.note, due(work, actor)[0], text=" Engaged, try at four ")
    (task,) = due(work, actor)
    assert (task.assigned, task.note) == (Staff(colleague.user_id, "Rosa Lind"), "Engaged, try at four")
    do(work, actor, to_do.assign, task, to=None)
    (task,) = due(work, actor)
    assert task.assigned is None
    with pytest.raises(InvalidInput, match="is over"):
        do(work, actor, to_do.put_off, task, to=task.due_on - timedelta(days=1))
    do(work, actor, to_do.put_off, task, to=task.due_on + timedelta(days=1))
    assert due(work, actor) == ()


def test_what_causes_a_task_twice_puts_it_there_once(work, actor, clinic):
    first = add(work, actor, key="absence 7")
    assert add(work, actor, "other words", key="absence 7") == first
    (task,) = due(work, actor)
    do(work, actor, to_do.done, task)
    assert add(work, actor, key="absence 7") == first
    assert add(work, actor) != add(work, actor)  # without a key each is one of its own
    assert work.read(claims.now)


def test_bad_tasks_are_refused(sqlite_work, actor, sqlite_clinic):
    with pytest.raises(InvalidInput, match="what is to be done"):
        add(sqlite_work, actor, "  ")
    with pytest.raises(InvalidInput, match="kind of task"):
        add(sqlite_work, actor, kind="sing")
    with pytest.raises(NotFound, match="not on record"):
        add(sqlite_work, actor, about=About(actor.user_id))
    stranger = Actor(actor.user_id, actor.name, "KM", "Desk 1", actor.clinic_id)
    with pytest.raises(NotPermitted):
        add(sqlite_work, stranger)
