"""Whose an unfinished booking is: every act is tried as the wrong desk, user and site."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from clinic_scheduler.errors import ChangedMeanwhile, ClinicError, NotFound, NotPermitted
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.unfinished import booking_session, handing_over
from clinic_scheduler.services.unfinished.choices import Choices
from tests.support import desk, sessions
from tests.support.clinics import EMMA, OLGA, shift_clock
from tests.support.sessions import MIA, discard, park, resume, save, unfinished

WRONG = {
    "desk": lambda work, actor: replace(actor, workstation="Desk 9"),
    "user": lambda work, actor: replace(actor, user_id=OLGA, name="Rosa Lind"),
    "both": lambda work, actor: replace(actor, user_id=OLGA, workstation="Desk 9"),
    "site": sessions.other_site,
}
ACTS = {
    "save": lambda w, a, b, part: save(w, a, b, Choices(notes="mine now")),
    "park": lambda w, a, b, part: park(w, a, b),
    "hold": desk.hold,
    "renew": lambda w, a, b, part: w.write(lambda s: booking.renew(s, actor=a, session_id=b.id)),
    "release": lambda w, a, b, part: w.write(
        lambda s: booking.release(s, actor=a, session_id=b.id, version=b.version)
    ),
    "confirm": lambda w, a, b, part: desk.confirm(w, a, b),
    "hand_over": lambda w, a, b, part: w.write(
        lambda s: handing_over.hand_over(
            s,
            actor=a,
            session_id=b.id,
            version=b.version,
            to=handing_over.Colleague(a.workstation, a.user_id, a.name),
        )
    ),
    "discard": lambda w, a, b, part: discard(w, a, b),
}

AT_THE_SAME_DESK = {"confirm": "converted", "discard": "discarded"}


def columns(work, begun):
    row = sessions.row(work, begun)
    ends = work.read(lambda s: sorted(c.live_to for c in booking_session.claims.live_holds(s, begun.id)))
    return {column.name: getattr(row, column.key) for column in row.__table__.columns} | {"ends": ends}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("patient", [EMMA, None])
def test_nobody_else_changes_an_open_booking(sqlite_work, actor, wrong, act, patient, sqlite_clinic):
    """But whoever sits down at the same desk may finish or throw away what stands open there."""
    work, part = sqlite_work, sqlite_clinic.part("09:00")
    begun = desk.start(work, actor, patient, MIA)
    begun = desk.hold(work, actor, begun, part).session
    begun = save(work, actor, begun, begun.choices, patient=patient)
    before, other = columns(work, begun), WRONG[wrong](work, actor)
    shift_clock(work, timedelta(minutes=1))
    if wrong == "user" and act in AT_THE_SAME_DESK:
        ACTS[act](work, other, begun, None)
        assert sessions.outcome(work, begun) == AT_THE_SAME_DESK[act]
        return
    with suppress(ChangedMeanwhile, NotFound):
        ACTS[act](work, other, begun, sqlite_clinic.part("10:00"))
    assert columns(work, begun) == before


@pytest.mark.parametrize("act", [*ACTS, "resume", "start"])
def test_without_the_right_to_book_nothing_is_done(work, actor, clinic, act):
    begun = desk.hold(work, actor, desk.start(work, actor), clinic.part("09:00")).session
    before = columns(work, begun)
    more = {"resume": lambda w, a, b, p: resume(w, a, b), "start": lambda w, a, b, p: desk.start(w, a)}
    visitor = replace(actor, permissions=frozenset())
    with suppress(NotPermitted):
        (ACTS | more)[act](work, visitor, begun, clinic.part("10:00"))
    unchanged = {"park", "renew"}  # which keep what is there, and end with the window
    assert act in unchanged or columns(work, begun) == before


@pytest.mark.parametrize("patient", [EMMA, None])
def test_another_site_sees_no_booking(work, actor, clinic, patient):
    begun = desk.start(work, actor, patient, MIA)
    stranger = sessions.other_site(work, actor)
    assert unfinished(work, stranger) == []
    assert work.read(lambda s: booking_session.of_patient(s, actor=stranger, patient_id=EMMA)) is None
    assert work.read(lambda s: handing_over.colleagues(s, actor=stranger)) == ()
    for look in (booking_session.find, booking_session.replaced, booking_session.resume):
        with pytest.raises(NotFound):
            work.write(lambda s, look=look: look(s, actor=stranger, session_id=begun.id))


def test_another_site_books_for_no_patient_of_this_one(work, actor, clinic):
    stranger = sessions.other_site(work, actor)
    with pytest.raises(NotFound):
        desk.start(work, stranger, EMMA)
    begun = desk.start(work, stranger, None)
    with pytest.raises(NotFound):
        save(work, stranger, begun, Choices(), patient=EMMA)


def test_a_patients_booking_goes_on_at_any_desk_of_the_clinic(work, actor, colleague, clinic):
    begun = save(work, actor, desk.start(work, actor), Choices(notes="kept"))
    park(work, actor, begun)
    there = resume(work, colleague, begun)
    assert (there.choices.notes, there.outcome, there.workstation) == ("kept", "open", "Desk 2")
    with pytest.raises(ChangedMeanwhile, match="Rosa Lind at Desk 2"):
        save(work, actor, begun, Choices())


def test_a_guests_booking_goes_on_at_its_desk_or_with_its_user(work, actor, colleague, clinic):
    begun = desk.start(work, actor, None, MIA)
    with pytest.raises(NotFound):
        resume(work, colleague, begun)
    same_desk = replace(colleague, workstation=actor.workstation)
    same_user = replace(actor, workstation="Desk 9")
    assert resume(work, same_desk, begun).user_name == "Rosa Lind"
    assert resume(work, colleague, begun).choices == MIA  # who is its user by now
    assert unfinished(work, actor) == []
    assert resume(work, replace(colleague, workstation="Desk 1"), begun)
    assert resume(work, same_user, desk.start(work, actor, None, MIA)).workstation == "Desk 9"


def test_the_tray_shows_what_one_may_go_on_with_newest_first(work, actor, colleague, clinic):
    first, second = desk.start(work, actor), desk.start(work, actor, None, MIA)
    theirs = desk.start(work, colleague, None, MIA)
    parked = desk.start(work, colleague, OLGA)
    park(work, colleague, parked)
    for begun in (desk.start(work, actor, None), desk.start(work, actor, None)):
        discard(work, actor, begun)
    assert unfinished(work, actor) == [parked.id, second.id, first.id]
    assert unfinished(work, colleague) == [parked.id, theirs.id, first.id]


def test_a_desk_lets_go_of_what_another_took_over(work, actor, colleague, clinic):
    """The window that closes last has nothing left to say, and destroys nothing."""
    begun = desk.start(work, actor)
    held = desk.hold(work, actor, begun, clinic.part("09:00"))
    taken = resume(work, colleague, begun)
    park(work, actor, begun)
    with pytest.raises(ChangedMeanwhile, match="Rosa Lind at Desk 2"):
        discard(work, actor, begun)
    assert work.write(lambda s: booking.renew(s, actor=actor, session_id=begun.id)).value is None
    saved = save(work, colleague, taken, taken.choices)
    assert (saved.outcome, saved.held_until) == ("open", held.until)


def test_what_is_parked_may_be_thrown_away_by_whoever_may_go_on_with_it(work, actor, colleague, clinic):
    begun, guests = desk.start(work, actor), desk.start(work, actor, None, MIA)
    for one in (begun, guests):
        park(work, actor, one)
        with suppress(ClinicError):
            discard(work, colleague, one)
    assert [sessions.outcome(work, one) for one in (begun, guests)] == ["discarded", "parked"]


def test_a_patients_booking_is_found_to_go_on_with(work, actor, colleague, clinic):
    begun = desk.start(work, actor)
    found = work.read(lambda s: booking_session.of_patient(s, actor=colleague, patient_id=EMMA))
    assert (found.id, found.user_name) == (begun.id, "Kofi Mensah")
    assert work.read(lambda s: booking_session.of_patient(s, actor=colleague, patient_id=OLGA)) is None
    shift_clock(work, timedelta(hours=2, seconds=1))
    assert work.read(lambda s: booking_session.of_patient(s, actor=colleague, patient_id=EMMA)) is None
