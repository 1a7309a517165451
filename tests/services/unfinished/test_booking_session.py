"""Unfinished bookings: kept, resumed, taken over, recovered, thrown away; and whose they are."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Text, cast, literal, select, type_coerce, update
from sqlalchemy.dialects.postgresql import JSONB

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ChangedMeanwhile, NotFound
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.services.wishes import Wish
from tests.support import desk
from tests.support.clinics import ANA, OLGA, PHYSIO, shift_clock
from tests.support.sessions import MIA, discard, holds, outcome, park, resume, row, save, unfinished


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


@pytest.mark.parametrize("raw", ['{"version": 1, "wis', "", "7", '"x"', "[" * 3_000 + "]" * 3_000])
def test_json_that_is_none_hides_no_booking_and_is_set_aside(work, actor, clinic, raw):
    begun, other = desk.start(work, actor, None), desk.start(work, actor)
    is_text = work.engine.dialect.name == "sqlite"  # jsonb keeps no half JSON
    if not is_text and raw in {'{"version": 1, "wis', ""}:
        raw = json.dumps(raw)
    with work.engine.begin() as connection:
        broken = literal(raw, Text) if is_text else cast(literal(raw, Text), JSONB)
        change = update(t.BookingSession).where(t.BookingSession.id == begun.id)
        connection.execute(change.values(choices=type_coerce(broken, JSONB)))
    assert unfinished(work, actor) == [other.id, begun.id]
    again = resume(work, actor, begun)
    assert (again.choices, again.damaged) == (Choices(), ("everything",))
    save(work, actor, again, Choices(notes="typed anew"), patient=None)
    kept = json.loads(row(work, begun).set_aside)
    assert kept in (raw, json.loads(raw) if raw[-1:] in {"7", '"'} else None)
    discard(work, actor, again)
    assert row(work, begun).set_aside is None


def test_damage_is_audited_without_what_was_typed(work, actor, clinic):
    begun = desk.start(work, actor, None, MIA)
    with work.engine.begin() as connection:
        connection.execute(update(t.BookingSession).values(choices=["Mia Long"]))
    resume(work, actor, begun)
    wanted = select(t.AuditEntry.after).where(t.AuditEntry.action == "session.damaged")
    assert work.read(lambda s: s.scalars(wanted).all()) == [{"lost": "everything"}]
