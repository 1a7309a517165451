"""Putting people on the waitlist, changing what they wait for, taking them off it."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import OfferState, WaitlistState
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput, NotFound
from clinic_scheduler.services import audit, catalogue, localtime
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.people import patients, persons
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.unfinished.choices import Guest
from clinic_scheduler.services.waitlist import ending, wish
from clinic_scheduler.services.waitlist.listed import STANDING, Entry, find
from clinic_scheduler.services.waitlist.wish import Wanted

NOBODY = Guest()
W = t.WaitlistEntry


def add(
    session: Session,
    *,
    actor: Actor,
    wanted: Wanted,
    patient_id: UUID | None = None,
    guest: Guest = NOBODY,
    entry_id: UUID | None = None,
) -> Entry:
    """Put somebody on the waitlist; an `entry_id` made by the caller lets a repeated commit be recognised.

    Raises:
        InvalidInput: nobody is named, or the wish could never be met.
        NotFound: the patient, or what is wished, is gone.
    """
    actor.require(BOOK)
    identifier = entry_id or new_id()
    if entry_id is not None and session.get(W, entry_id) is not None:
        return find(session, actor=actor, entry_id=entry_id)
    session.execute(
        insert(W).values(
            id=identifier,
            clinic_id=actor.clinic_id,
            **_who(session, actor, patient_id, guest),
            **_columns(session, actor, wanted),
        )
    )
    facts: audit.Facts = {"urgency": wanted.urgency, "services": len(wanted.services)}
    audit.record(session, actor, "waitlist.added", "waitlist_entry", identifier, after=facts)
    announce(session, "waitlist_entry", identifier)
    return find(session, actor=actor, entry_id=identifier)


def change(
    session: Session,
    *,
    actor: Actor,
    entry_id: UUID,
    version: int,
    wanted: Wanted,
    patient_id: UUID | None = None,
    guest: Guest = NOBODY,
) -> Entry:
    """Change what somebody waits for, or who; they keep their place, and an open offer stands.

    Who is named anew has not been offered anything, so the person cannot change while an offer is open.

    Raises:
        ChangedMeanwhile: somebody changed the entry, or it waits no more.
        InvalidInput: nobody is named, an offer is open to another person, or the wish could never be met.
        NotFound: the patient, or what is wished, is gone.
    """
    actor.require(BOOK)
    row = locked(session, actor, entry_id, version)
    who = _who(session, actor, patient_id, guest)
    is_same = (row.patient_id, row.guest_name) == (who["patient_id"], who["guest_name"])
    if row.state == WaitlistState.OFFERED and not is_same:
        raise InvalidInput(
            "An offer to this person is open; withdraw it before you name somebody else.", "name"
        )
    before: audit.Facts = {"urgency": row.urgency, "until": row.until_day.isoformat()}
    for column, value in (who | _columns(session, actor, wanted)).items():
        setattr(row, column, value)
    touch(session, row, row.state)
    after: audit.Facts = {"urgency": row.urgency, "until": row.until_day.isoformat()}
    audit.record(session, actor, "waitlist.changed", "waitlist_entry", entry_id, before=before, after=after)
    return find(session, actor=actor, entry_id=entry_id)


def withdraw(session: Session, *, actor: Actor, entry_id: UUID, version: int, reason: str = "") -> int:
    """Take somebody off the waitlist; an open offer is withdrawn, and its time free at once. The entry's new version.

    Raises:
        ChangedMeanwhile: somebody changed the entry, or it waits no more.
    """
    actor.require(BOOK)
    for offer in ending.open_offers(session, entry_id):  # before the entry, as all who end offers do
        ending.close(session, actor, offer, OfferState.WITHDRAWN)
    row = locked(session, actor, entry_id, version)
    before: audit.Facts = {"state": row.state}
    touch(session, row, WaitlistState.WITHDRAWN)
    audit.record(
        session,
        actor,
        "waitlist.withdrawn",
        "waitlist_entry",
        entry_id,
        before=before,
        after={"state": row.state},
        reason=" ".join(reason.split())[:200],
    )
    return row.version


def put_back(session: Session, *, actor: Actor, entry_id: UUID, version: int) -> int:
    """Let somebody wait on who was taken off the waitlist, at the same place; the entry's new version.

    Asked again it answers the same.

    Raises:
        ChangedMeanwhile: the entry is not as it was left.
        NotFound: this clinic has no such entry.
    """
    actor.require(BOOK)
    row = session.get(W, entry_id, with_for_update=True, populate_existing=True)
    if row is None or row.clinic_id != actor.clinic_id:
        raise NotFound("That person is no longer on the waitlist; please look at the list again.")
    if (row.state, row.version) == (WaitlistState.WAITING, version + 1):
        return row.version
    if (row.state, row.version) != (WaitlistState.WITHDRAWN, version):
        raise ChangedMeanwhile("This wish was changed meanwhile; please look at the list again.")
    touch(session, row, WaitlistState.WAITING)
    facts: audit.Facts = {"state": row.state}
    audit.record(session, actor, "waitlist.put_back", "waitlist_entry", entry_id, after=facts)
    return row.version


def locked(session: Session, actor: Actor, entry_id: UUID, version: int | None = None) -> t.WaitlistEntry:
    """The entry, locked, if somebody still waits and it is as the screen shows it.

    Raises:
        ChangedMeanwhile: it is not.
        NotFound: this clinic has no such entry.
    """
    row = session.get(W, entry_id, with_for_update=True, populate_existing=True)
    if row is None or row.clinic_id != actor.clinic_id:
        raise NotFound("That person is no longer on the waitlist; please look at the list again.")
    if row.state not in STANDING:
        raise ChangedMeanwhile(f"This wish is {row.state} by now; please look at the list again.")
    if version is not None and row.version != version:
        raise ChangedMeanwhile("This wish was changed at another desk; please look at it again.")
    return row


def touch(session: Session, row: t.WaitlistEntry, state: str) -> None:
    """Give a locked entry its state, and tell every desk."""
    row.state, row.version = state, row.version + 1
    session.flush()
    announce(session, "waitlist_entry", row.id)


def _who(session: Session, actor: Actor, patient_id: UUID | None, guest: Guest) -> dict[str, Any]:
    if patient_id is not None:
        person = patients.find(session, clinic_id=actor.clinic_id, patient_id=patient_id)
        return {"patient_id": person.id, "guest_name": "", "guest_phone": "", "guest_email": ""}
    if not guest.name.strip():
        raise InvalidInput("Please choose a patient, or give a name.", "name")
    country = catalogue.clinic(session, actor.clinic_id).country
    return {
        "patient_id": None,
        "guest_name": persons.clean_name(guest.name),
        "guest_phone": persons.clean_phone(guest.phone, country),
        "guest_email": persons.clean_email(guest.email),
    }


def _columns(session: Session, actor: Actor, wanted: Wanted) -> dict[str, Any]:
    offered = catalogue.catalogue(session, actor.clinic_id)
    today = localtime.local_day(claims.now(session), offered.clinic.where)
    kept = wish.checked(wanted, offered, today)
    return {
        "wishes": wish.write(kept),
        "from_day": kept.from_day,
        "until_day": kept.until_day,
        "urgency": kept.urgency,
        "notes": kept.notes,
    }
