"""Wishes are checked, kept, changed by one desk at a time, and read back whatever became of them."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import ChangedMeanwhile, ClinicError, InvalidInput, NotFound
from clinic_scheduler.services import upkeep
from clinic_scheduler.services.localtime import DAY_MIN
from clinic_scheduler.services.offers.using import FreeTime
from clinic_scheduler.services.unfinished.choices import Guest
from clinic_scheduler.services.waitlist import entries, listed
from clinic_scheduler.services.wishes import Wish
from tests.support import sessions, waiting
from tests.support.clinics import ANA, BEN, BLUE_ROOM, EMMA, MASSAGE, OLGA, PHYSIO, SPEECH, shift_clock


def change(work, actor, entry, wish, *, version=None, patient=EMMA, guest=entries.NOBODY):
    return work.write(
        lambda s: entries.change(
            s,
            actor=actor,
            entry_id=entry.id,
            version=entry.version if version is None else version,
            wanted=wish,
            patient_id=patient,
            guest=guest,
        )
    ).value


def everybody(work, actor, **options):
    return work.read(lambda s: listed.everybody(s, actor=actor, **options)).entries


def test_all_of_a_wish_comes_back(work, actor, clinic):
    wish = replace(
        waiting.wanted(clinic),
        services=(Wish(PHYSIO, (ANA, BEN)), Wish(MASSAGE, (BEN,), BLUE_ROOM)),
        weekdays=frozenset({0, 4}),
        from_min=540,
        until_min=960,
        urgency=3,
        notes="Rings after eight",
    )
    entry = waiting.add(work, actor, wish, EMMA)
    assert (entry.wanted, entry.name, entry.email) == (wish, "Emma Müller", "emma@example.org")
    guest = waiting.add(work, actor, waiting.wanted(clinic))
    assert (guest.name, guest.phone, guest.patient_id) == ("Nora Falk", "+49301234567", None)
    assert everybody(work, actor) == (entry, guest)  # the urgent one first


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"services": ()}, "services", "what the person waits for"),
        ({"until_day": timedelta(days=-1)}, "until_day", "before the first"),
        ({"from_day": timedelta(days=-60), "until_day": timedelta(days=-50)}, "until_day", "is over"),
        ({"until_day": timedelta(days=900)}, "until_day", "two years"),
        ({"until_day": timedelta(days=1), "weekdays": frozenset({4})}, "weekdays", "None of these weekdays"),
        ({"weekdays": frozenset({9})}, "weekdays", "None of these weekdays"),
        ({"from_min": 700, "until_min": 600}, "until_min", "before the earliest"),
        ({"from_min": 0, "until_min": DAY_MIN + 1}, "until_min", "before the earliest"),
        ({"from_min": 540, "until_min": 570}, "until_min", "takes 45 minutes"),
        ({"urgency": 4}, "urgency", "from 0 to 3"),
        ({"services": (Wish(MASSAGE, room_id=ANA),)}, None, "room is no longer there"),
        ({"services": (Wish(SPEECH, (BEN,)),)}, None, "does not perform Speech session"),
        ({"services": (Wish(ANA),)}, None, "no longer offered"),
    ],
)
def test_a_wish_that_could_never_be_met_is_refused_in_a_sentence(
    sqlite_work, actor, sqlite_clinic, changes, field, words
):
    wish = waiting.wanted(sqlite_clinic)
    days = {k: sqlite_clinic.monday + v if isinstance(v, timedelta) else v for k, v in changes.items()}
    with pytest.raises(ClinicError, match=words) as refused:
        waiting.add(sqlite_work, actor, replace(wish, **days))
    assert getattr(refused.value, "field", None) == field
    assert everybody(sqlite_work, actor) == ()


@pytest.mark.parametrize(
    ("guest", "field"),
    [(Guest(), "name"), (Guest("Nora", "12"), "phone"), (Guest("Nora", "", "nora"), "email")],
)
def test_a_guest_is_somebody_who_can_be_reached(sqlite_work, actor, sqlite_clinic, guest, field):
    wish = waiting.wanted(sqlite_clinic)
    with pytest.raises(InvalidInput) as refused:
        sqlite_work.write(lambda s: entries.add(s, actor=actor, wanted=wish, guest=guest))
    assert refused.value.field == field


def test_of_two_desks_that_change_a_wish_the_second_is_told(work, actor, colleague, clinic):
    entry = waiting.add(work, actor, waiting.wanted(clinic), EMMA)
    now = change(work, colleague, entry, replace(entry.wanted, urgency=2))
    assert (now.version, now.wanted.urgency, now.since) == (entry.version + 1, 2, entry.since)
    with pytest.raises(ChangedMeanwhile, match="another desk"):
        change(work, actor, entry, replace(entry.wanted, urgency=1))
    with pytest.raises(ChangedMeanwhile, match="another desk"):
        work.write(lambda s: entries.withdraw(s, actor=actor, entry_id=entry.id, version=entry.version))
    work.write(lambda s: entries.withdraw(s, actor=actor, entry_id=entry.id, version=now.version))
    with pytest.raises(ChangedMeanwhile, match="withdrawn by now"):
        change(work, actor, entry, entry.wanted)
    assert everybody(work, actor) == ()
    assert [one.state for one in everybody(work, actor, with_ended=True)] == ["withdrawn"]


def test_of_many_who_wait_no_more_the_newest_are_shown(work, actor, clinic, monkeypatch):
    monkeypatch.setattr(listed, "MOST", 3)
    made = [waiting.add(work, actor, waiting.wanted(clinic), EMMA) for _ in range(5)]
    for number, one in enumerate(made):
        at = one.since + timedelta(minutes=number)
        values = {"created_at": at, "state": "waiting" if number < 2 else "withdrawn"}
        set_so = update(t.WaitlistEntry).where(t.WaitlistEntry.id == one.id).values(values)
        work.write(lambda s, set_so=set_so: s.execute(set_so))
    seen = everybody(work, actor, with_ended=True)
    assert [one.id for one in seen] == [made[0].id, made[1].id, made[4].id]


def test_who_is_withdrawn_loses_the_open_offer(work, actor, clinic):
    entry = waiting.add(work, actor, waiting.wanted(clinic), EMMA)
    time = FreeTime(ANA, clinic.at("10:00"), clinic.at("10:45"))
    (match,) = waiting.matches(work, actor, time).best
    waiting.offer(work, actor, match)
    now = waiting.find(work, actor, entry)
    with pytest.raises(InvalidInput, match="before you name somebody else"):
        change(work, actor, now, now.wanted, patient=OLGA)
    work.write(lambda s: entries.withdraw(s, actor=actor, entry_id=entry.id, version=now.version))
    assert waiting.states(work) == (["withdrawn"], ["withdrawn"])
    waiting.add(work, actor, waiting.wanted(clinic), EMMA)
    assert len(waiting.matches(work, actor, time).best) == 1  # free again, the patient too


def test_a_wish_is_this_clinic_s_alone(work, actor, clinic):
    entry = waiting.add(work, actor, waiting.wanted(clinic), EMMA)
    elsewhere = sessions.other_site(work, actor)
    assert everybody(work, elsewhere) == ()
    with pytest.raises(NotFound):
        waiting.find(work, elsewhere, entry)
    with pytest.raises(NotFound):
        work.write(lambda s: entries.withdraw(s, actor=elsewhere, entry_id=entry.id, version=1))


def test_a_wish_ends_after_its_last_day(work, actor, clinic):
    waiting.add(work, actor, waiting.wanted(clinic, days=1), EMMA)
    later = waiting.add(work, actor, waiting.wanted(clinic, days=60), OLGA)
    shift_clock(work, timedelta(days=16))
    swept = work.write(lambda s: upkeep.sweep(s, actor=actor))
    assert [one.id for one in everybody(work, actor)] == [later.id]
    assert "waitlist_entry" in {change.topic for change in swept.changes}


@pytest.mark.parametrize(
    "stored", [{}, [], "nonsense", {"visit": 7}, {"visit": {"wishes": [{"service": "x"}]}, "weekdays": [9]}]
)
def test_a_damaged_wish_is_listed_and_fits_nothing(sqlite_work, actor, sqlite_clinic, stored):
    entry = waiting.add(sqlite_work, actor, waiting.wanted(sqlite_clinic), EMMA)
    with sqlite_work.engine.begin() as connection:
        connection.execute(update(t.WaitlistEntry).values(wishes=stored))
    (found,) = everybody(sqlite_work, actor)
    assert (found.id, found.wanted.services, found.wanted.until_day) == (entry.id, (), entry.wanted.until_day)
    time = FreeTime(ANA, sqlite_clinic.at("10:00"), sqlite_clinic.at("11:00"))
    assert waiting.matches(sqlite_work, actor, time).best == ()


def test_whoever_was_taken_off_is_put_back_at_the_same_place(work, actor, colleague, clinic):
    first = waiting.add(work, actor, waiting.wanted(clinic), EMMA)
    waiting.add(work, actor, waiting.wanted(clinic), OLGA)
    now = waiting.find(work, actor, first)
    off = work.write(partial(entries.withdraw, actor=actor, entry_id=first.id, version=now.version)).value
    back = partial(entries.put_back, actor=actor, entry_id=first.id, version=off)
    assert [work.write(back).value for _twice in range(2)] == [off + 1, off + 1]
    assert everybody(work, actor)[0].id == first.id
    assert waiting.find(work, actor, first).since == now.since
    work.write(partial(entries.withdraw, actor=colleague, entry_id=first.id, version=off + 1))
    with pytest.raises(ChangedMeanwhile, match="changed meanwhile"):
        work.write(back)
