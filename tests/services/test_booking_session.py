"""Unfinished bookings: kept, resumed, taken over, recovered, thrown away; and whose they are."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ChangedMeanwhile, NotFound
from clinic_scheduler.services import booking, booking_session, claims
from clinic_scheduler.services.choices import Choices, Guest
from clinic_scheduler.services.wishes import Wish
from tests.support import desk
from tests.support.clinics import ANA, EMMA, OLGA, PHYSIO, shift_clock

MIA = Choices(guest=Guest("Mia Long", "+493012345670", ""))


def save(work, actor, begun, chosen, *, step="time", patient=EMMA, version=None):
    return work.write(
        lambda s: booking_session.save(
            s,
            actor=actor,
            session_id=begun.id,
            version=begun.version if version is None else version,
            chosen=chosen,
            step=step,
            patient_id=patient,
        )
    ).value


def resume(work, actor, begun):
    return work.write(lambda s: booking_session.resume(s, actor=actor, session_id=begun.id)).value


def park(work, actor, begun):
    work.write(lambda s: booking_session.park(s, actor=actor, session_id=begun.id))


def discard(work, actor, begun):
    work.write(lambda s: booking_session.discard(s, actor=actor, session_id=begun.id))


def unfinished(work, actor):
    return [one.id for one in work.read(lambda s: booking_session.unfinished(s, actor=actor))]


def outcome(work, begun):
    return work.read(lambda s: s.get(t.BookingSession, begun.id).outcome)


def holds(work, begun):
    return len(work.read(lambda s: claims.live_holds(s, begun.id)))


@pytest.fixture
def stranger(actor, work, clinic):
    """Somebody at another site that shares the database, at a desk of the same name."""
    other = new_id()
    with work.engine.begin() as connection:
        values = {"name": "Other", "zone": "UTC", "country": "DE", "currency": "EUR"}
        connection.execute(t.Clinic.__table__.insert().values(id=other, **values))
    return replace(actor, user_id=new_id(), clinic_id=other)


def test_what_was_chosen_is_kept_and_found(work, actor, clinic):
    chosen = Choices(
        wishes=(Wish(PHYSIO, (ANA,)),), from_day=date(2027, 1, 4), notes="by the window", typed={"x": "y"}
    )
    begun = desk.start(work, actor)
    saved = save(work, actor, begun, chosen)
    again = work.read(lambda s: booking_session.find(s, actor=actor, session_id=begun.id))
    assert (again.choices, again.step, again.version) == (chosen, "time", begun.version + 1)
    assert (again.patient_name, again.title) == ("Emma Müller", "Emma Müller")
    assert again.expires_at == saved.expires_at


def test_a_save_renews_the_two_hours(work, actor, clinic):
    begun = desk.start(work, actor)
    assert timedelta(minutes=119) < begun.expires_at - begun.now <= timedelta(hours=2)
    shift_clock(work, timedelta(minutes=90))
    saved = save(work, actor, begun, Choices())
    assert timedelta(minutes=119) < saved.expires_at - saved.now <= timedelta(hours=2)


def test_a_save_of_what_somebody_else_saved_meanwhile_is_refused(work, actor, clinic):
    begun = desk.start(work, actor)
    save(work, actor, begun, Choices(notes="first"))
    with pytest.raises(ChangedMeanwhile):
        save(work, actor, begun, Choices(notes="second"))


@pytest.mark.parametrize("seconds", [-5, 0, 5])
def test_a_session_ends_with_its_two_hours(work, actor, clinic, seconds):
    begun = desk.start(work, actor)
    shift_clock(work, begun.expires_at - begun.now + timedelta(seconds=seconds))
    if seconds < 0:
        save(work, actor, begun, Choices())
        return
    with pytest.raises(ChangedMeanwhile, match="expired"):
        save(work, actor, begun, Choices())
    with pytest.raises(NotFound):
        resume(work, actor, begun)
    assert unfinished(work, actor) == []


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


def test_a_guest_who_is_found_on_record_keeps_everything(work, actor, colleague, clinic):
    begun = desk.start(work, actor, None, MIA)
    begun = desk.hold(work, actor, begun, clinic.part("09:00")).session
    known = save(work, actor, begun, begun.choices, step="patient", patient=OLGA)
    assert (known.patient_name, known.choices.parts) == ("Olga Petrova", begun.choices.parts)
    assert resume(work, colleague, known).choices.guest == MIA.guest
    assert holds(work, begun) == 1


def test_a_newer_booking_of_a_patient_takes_over_and_says_from_whom(work, actor, colleague, clinic):
    older = desk.start(work, actor)
    desk.hold(work, actor, older, clinic.part("09:00"))
    newer = desk.start(work, colleague)
    assert newer.replaced == "Kofi Mensah, Desk 1"
    assert (outcome(work, older), holds(work, older)) == ("abandoned", 0)
    kept = work.read(lambda s: s.get(t.BookingSession, older.id).choices)
    assert len(kept["parts"]) == 1  # nothing is lost silently
    desk.hold(work, colleague, newer, clinic.part("09:00"))
    with pytest.raises(ChangedMeanwhile):
        desk.confirm(work, actor, older)


def test_naming_a_patient_who_has_a_booking_takes_it_over_too(work, actor, colleague, clinic):
    older = desk.start(work, actor)
    guest = desk.start(work, colleague, None, MIA)
    saved = save(work, colleague, guest, MIA)
    assert saved.replaced == "Kofi Mensah, Desk 1"
    assert outcome(work, older) == "abandoned"


def test_saving_again_replaces_nobody(work, actor, clinic):
    assert save(work, actor, desk.start(work, actor), Choices()).replaced == ""


def test_discarding_frees_the_held_time_at_once(work, actor, colleague, clinic):
    begun = desk.start(work, actor)
    held = desk.hold(work, actor, begun, clinic.part("09:00"), clinic.part("10:00"))
    discard(work, actor, held.session)
    assert (outcome(work, begun), holds(work, begun)) == ("discarded", 0)
    desk.hold(work, colleague, desk.start(work, colleague, OLGA), clinic.part("09:00"))
    discard(work, actor, begun)  # once more does nothing
    assert work.read(lambda s: s.get(t.BookingSession, begun.id).choices) == {}


def test_parking_keeps_the_holds(work, actor, clinic):
    begun = desk.start(work, actor)
    until = desk.hold(work, actor, begun, clinic.part("09:00")).until
    park(work, actor, begun)
    again = resume(work, actor, begun)
    assert (again.held_until, again.outcome) == (until, "open")


def test_the_tray_shows_what_one_may_go_on_with_newest_first(work, actor, colleague, stranger, clinic):
    first, second = desk.start(work, actor), desk.start(work, actor, None, MIA)
    theirs = desk.start(work, colleague, None, MIA)
    parked = desk.start(work, colleague, OLGA)
    park(work, colleague, parked)
    for begun in (desk.start(work, actor, None), desk.start(work, actor, None)):
        discard(work, actor, begun)
    assert unfinished(work, actor) == [parked.id, second.id, first.id]
    assert unfinished(work, colleague) == [parked.id, theirs.id, first.id]
    assert unfinished(work, stranger) == []


@pytest.mark.parametrize("act", [resume, park, discard])
@pytest.mark.parametrize("patient", [EMMA, None])
def test_another_site_reaches_no_booking(work, actor, stranger, clinic, act, patient):
    begun = desk.start(work, actor, patient, MIA)
    held = desk.hold(work, actor, begun, clinic.part("09:00"))
    with suppress(NotFound, ChangedMeanwhile):
        act(work, stranger, begun)
    again = work.read(lambda s: booking_session.find(s, actor=actor, session_id=begun.id))
    assert (again.outcome, again.version, again.held_until) == ("open", held.session.version, held.until)


def test_a_desk_lets_go_of_what_another_took_over(work, actor, colleague, clinic):
    """The window that closes last has nothing left to say."""
    begun = desk.start(work, actor)
    held = desk.hold(work, actor, begun, clinic.part("09:00"))
    taken = resume(work, colleague, begun)
    park(work, actor, begun)
    assert work.write(lambda s: booking.renew(s, actor=actor, session_id=begun.id)).value is None
    saved = save(work, colleague, taken, taken.choices)
    assert (saved.outcome, saved.held_until) == ("open", held.until)


def test_another_site_renews_no_hold(work, actor, stranger, clinic):
    begun = desk.start(work, actor)
    until = desk.hold(work, actor, begun, clinic.part("09:00")).until
    shift_clock(work, timedelta(minutes=5))
    with suppress(NotFound, ChangedMeanwhile):
        work.write(lambda s: booking.renew(s, actor=stranger, session_id=begun.id))
    assert work.read(lambda s: booking_session.find(s, actor=actor, session_id=begun.id)).held_until == until


def test_another_site_confirms_nothing(work, actor, stranger, clinic):
    begun = desk.start(work, actor)
    desk.hold(work, actor, begun, clinic.part("09:00"))
    with pytest.raises((NotFound, ChangedMeanwhile)):
        desk.confirm(work, stranger, begun)
    assert outcome(work, begun) == "open"


def test_damaged_choices_are_recovered_field_by_field_and_reported(work, actor, clinic):
    begun = save(work, actor, desk.start(work, actor), Choices(notes="kept", source="walk_in"))
    stored = work.read(lambda s: s.get(t.BookingSession, begun.id).choices)
    with work.engine.begin() as connection:
        broken = stored | {"guest": 7, "parts": [{}]}
        connection.execute(update(t.BookingSession).values(choices=broken))
    again = resume(work, actor, begun)
    assert again.damaged == ("parts", "guest")
    assert (again.choices.notes, again.choices.source, again.choices.parts) == ("kept", "walk_in", ())


@pytest.mark.parametrize(
    "text", ["\0", "a\0b", "\ud800", "\x07", "🙂", "<b>", "\u202e", "x" * 10_000, "'; DROP", "e\u0301"]
)
def test_no_text_that_is_typed_breaks_the_save(work, actor, clinic, text):
    """What no database can keep may go; everything else stays."""
    begun = desk.start(work, actor, None)
    saved = save(work, actor, begun, Choices(notes=f"a{text}", typed={"guest_name": text}), patient=None)
    keepable = text.replace("\0", "").replace("\ud800", "")[:3_999]
    assert saved.choices.notes.replace("\N{REPLACEMENT CHARACTER}", "") == f"a{keepable}"


def test_what_is_gone_is_not_found(work, actor, clinic):
    for act in (resume, lambda w, a, b: w.read(lambda s: booking_session.find(s, actor=a, session_id=b.id))):
        begun = desk.start(work, actor, None)
        discard(work, actor, begun)
        with pytest.raises(NotFound):
            act(work, actor, begun)
        with pytest.raises(NotFound):
            act(work, actor, replace(begun, id=new_id()))


def test_every_turn_of_a_session_is_audited(work, actor, colleague, clinic):
    begun = desk.start(work, actor)
    park(work, actor, begun)
    resume(work, colleague, begun)
    discard(work, colleague, begun)
    wanted = select(t.AuditEntry.action).where(t.AuditEntry.entity_id == begun.id).order_by(t.AuditEntry.at)
    actions = ["session.started", "session.parked", "session.taken_over", "session.discarded"]
    assert work.read(lambda s: s.scalars(wanted).all()) == actions
