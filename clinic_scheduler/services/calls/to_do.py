"""The tasks of a desk: call back, offer, confirm, book the next session; added by what happened or by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.prepared import insert_into
from clinic_scheduler.db.states import TaskKind, TaskState
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput, NotFound
from clinic_scheduler.services import audit, catalogue, localtime
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.people import patients, persons
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.unfinished import handing_over

T = t.DeskTask
LONGEST_TEXT, LONGEST_NOTE = 300, 1000


@dataclass(frozen=True, slots=True)
class About:
    """Whom a task is about, and what of theirs. The name and number of somebody on record need not be given."""

    patient_id: UUID | None = None
    name: str = ""
    phone: str = ""
    offer_id: UUID | None = None
    booking_id: UUID | None = None
    plan_session_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff whom a task can be given to."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. `assigned` is missing where it is anybody's."""

    id: UUID
    kind: str
    state: str
    due_on: date
    text: str
    note: str
    about: About
    assigned: Staff | None
    done_by: str
    done_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class New:
    """A task that is to be put on the list; see `add`."""

    kind: str
    text: str
    about: About
    key: str = ""


NOBODY = About()


def add(
    session: Session,
    *,
    actor: Actor,
    kind: str,
    text: str,
    due_on: date | None = None,
    about: About = NOBODY,
    key: str = "",
) -> UUID:
    """Put a task on the list, due today if no day is named; its id.

    With a `key` it is put there once: asked again, the id is that of the task that has it, whatever became of it.

    Raises:
        InvalidInput: the text is blank, or the kind unknown.
        NotFound: the patient is not on record.
    """
    actor.require(BOOK)
    return put_down(session, actor, kind, text, due_on=due_on, about=about, key=key)


def add_all(session: Session, *, actor: Actor, tasks: Sequence[New]) -> int:
    """Put several tasks on the list of today, or none, as `add` does; how many there are of them now."""
    actor.require(BOOK)
    return len({put_down(session, actor, one.kind, one.text, about=one.about, key=one.key) for one in tasks})


def put_down(
    session: Session,
    actor: Actor,
    kind: str,
    text: str,
    *,
    due_on: date | None = None,
    about: About = NOBODY,
    key: str = "",
) -> UUID:
    """As `add`, for what follows from something else, such as the upkeep, whoever sits there."""
    words = " ".join(text.split())[:LONGEST_TEXT]
    if not words:
        raise InvalidInput("Please write what is to be done.", "text")
    if kind not in set(TaskKind):
        raise InvalidInput("Please choose what kind of task it is.", "kind")
    who = _person(session, actor, about)
    identifier = new_id()
    taken = session.execute(
        insert_into(T, session.get_bind().dialect)
        .values(
            id=identifier,
            clinic_id=actor.clinic_id,
            kind=kind,
            due_on=due_on or today(session, actor=actor),
            text=words,
            key=key,
            patient_id=who.patient_id,
            person_name=who.name,
            phone=who.phone,
            offer_id=who.offer_id,
            booking_id=who.booking_id,
            plan_session_id=who.plan_session_id,
            created_by=actor.user_id,
        )
        .on_conflict_do_nothing()
        .returning(T.id)
    ).scalar_one_or_none()
    if taken is None:
        return session.execute(select(T.id).where(T.clinic_id == actor.clinic_id, T.key == key)).scalar_one()
    audit.record(session, actor, "task.added", "desk_task", identifier, after={"kind": kind})
    announce(session, "desk_task", identifier)
    return identifier


def due(session: Session, *, actor: Actor, until: date | None = None) -> tuple[Task, ...]:
    """What is open and due by a day (today if none is named), the oldest first; then what was done today."""
    where = catalogue.clinic(session, actor.clinic_id).where
    day = localtime.local_day(claims.now(session), where)
    is_due = (T.state == TaskState.OPEN) & (T.due_on <= (until or day))
    is_done = (T.state == TaskState.DONE) & (T.done_at >= localtime.midnight(day, where))
    wanted = select(T).where(T.clinic_id == actor.clinic_id, is_due | is_done)
    rows = session.scalars(wanted.order_by(T.state.desc(), T.due_on, T.created_at, T.id))
    return tuple(_read(row) for row in rows)


def staff(session: Session, *, actor: Actor) -> tuple[Staff, ...]:
    """Who can be given a task, by name: whoever signs in here, was lately at a desk, or asks."""
    u = t.StaffUser
    rows = session.execute(select(u.id, u.name).where(u.clinic_id == actor.clinic_id, u.is_active))
    known = {row.id: row.name for row in rows}
    known |= {one.user_id: one.name for one in handing_over.colleagues(session, actor=actor)}
    known[actor.user_id] = actor.name
    return tuple(
        sorted((Staff(*one) for one in known.items()), key=lambda one: (one.name.casefold(), one.id))
    )


def assign(session: Session, *, actor: Actor, task_id: UUID, version: int, to: Staff | None) -> None:
    """Give the task to somebody, or to anybody.

    Raises:
        ChangedMeanwhile: the task is done, or was changed at another desk.
    """
    row = _own(session, actor, task_id, version)
    before: audit.Facts = {"to": str(row.assigned_to) if row.assigned_to else None}
    row.assigned_to, row.assigned_name = (to.id, to.name) if to else (None, "")
    _changed(session, actor, row, "assigned", before, {"to": str(to.id) if to else None})


def note(session: Session, *, actor: Actor, task_id: UUID, version: int, text: str) -> None:
    """Write down what came of the task so far.

    Raises:
        ChangedMeanwhile: the task is done, or was changed at another desk.
    """
    row = _own(session, actor, task_id, version)
    row.note = text.strip()[:LONGEST_NOTE].replace("\0", "")
    _changed(session, actor, row, "noted", {}, {"length": len(row.note)})


def put_off(session: Session, *, actor: Actor, task_id: UUID, version: int, to: date) -> None:
    """Let the task be due on another day.

    Raises:
        InvalidInput: that day is over.
        ChangedMeanwhile: the task is done, or was changed at another desk.
    """
    row = _own(session, actor, task_id, version)
    if to < today(session, actor=actor):
        raise InvalidInput("That day is over; please choose a later one.", "due_on")
    before: audit.Facts = {"due": row.due_on.isoformat()}
    row.due_on = to
    _changed(session, actor, row, "put_off", before, {"due": to.isoformat()})


def done(session: Session, *, actor: Actor, task_id: UUID, version: int) -> None:
    """Tick the task off.

    Raises:
        ChangedMeanwhile: the task is done already, or was changed at another desk.
    """
    row = _own(session, actor, task_id, version)
    row.state, row.done_at, row.done_by = TaskState.DONE, claims.now(session), actor.name
    _changed(session, actor, row, "done", {"state": TaskState.OPEN}, {"state": TaskState.DONE})


def open_again(session: Session, *, actor: Actor, task_id: UUID, version: int) -> None:
    """Put a task that was ticked off back on the list.

    Raises:
        ChangedMeanwhile: it is open, or was changed at another desk.
    """
    row = _own(session, actor, task_id, version, state=TaskState.DONE)
    row.state, row.done_at, row.done_by = TaskState.OPEN, None, ""
    _changed(session, actor, row, "opened", {"state": TaskState.DONE}, {"state": TaskState.OPEN})


def drop(session: Session, offer_ids: Sequence[UUID]) -> None:
    """Take what was to be done about these offers off the list."""
    rows = session.scalars(
        update(T)
        .where(T.offer_id.in_(offer_ids), T.state == TaskState.OPEN)
        .values(state=TaskState.DROPPED, done_at=claims.now(session), version=T.version + 1)
        .returning(T.id)
        .execution_options(synchronize_session=False)
    )
    announce(session, "desk_task", *rows)


def today(session: Session, *, actor: Actor) -> date:
    """The clinic's local day by the database's clock."""
    return localtime.local_day(claims.now(session), catalogue.clinic(session, actor.clinic_id).where)


def _person(session: Session, actor: Actor, about: About) -> About:
    if about.patient_id is None:
        return replace(about, name=about.name.strip()[: persons.LONGEST_NAME])
    person = patients.find(session, clinic_id=actor.clinic_id, patient_id=about.patient_id)
    return replace(about, patient_id=person.id, name=person.name, phone=person.phone)


def _own(
    session: Session, actor: Actor, task_id: UUID, version: int, state: str = TaskState.OPEN
) -> t.DeskTask:
    actor.require(BOOK)
    row = session.get(T, task_id, with_for_update=True, populate_existing=True)
    if row is None or row.clinic_id != actor.clinic_id:
        raise NotFound("That task does not exist any more; please look at the list again.")
    if row.state != state or row.version != version:
        raise ChangedMeanwhile("This task was done or changed at another desk; please look at it again.")
    return row


def _changed(
    session: Session, actor: Actor, row: t.DeskTask, what: str, before: audit.Facts, after: audit.Facts
) -> None:
    row.version += 1
    session.flush()
    audit.record(session, actor, f"task.{what}", "desk_task", row.id, before=before, after=after)
    announce(session, "desk_task", row.id)


def _read(row: t.DeskTask) -> Task:
    about = About(
        row.patient_id, row.person_name, row.phone, row.offer_id, row.booking_id, row.plan_session_id
    )
    assigned = Staff(row.assigned_to, row.assigned_name) if row.assigned_to else None
    return Task(
        row.id,
        row.kind,
        row.state,
        row.due_on,
        row.text,
        row.note,
        about,
        assigned,
        row.done_by,
        row.done_at,
        row.version,
    )
