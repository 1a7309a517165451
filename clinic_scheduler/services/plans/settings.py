"""How a service is given in several sessions: how many, in which strategy, how far apart; changed and explained."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.errors import ChangedMeanwhile, NotFound
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import SET_UP, Actor
from clinic_scheduler.services.catalogue import Catalogue, catalogue
from clinic_scheduler.services.changing import reasons
from clinic_scheduler.services.plans import words
from clinic_scheduler.services.plans.course import ANY_GAP, Gap
from clinic_scheduler.services.plans.own_sessions import (
    AS_THE_SERVICE,
    OwnSession,
    PlanSettings,
    Point,
    check,
    check_gap,
    check_session,
    course,
    timeline,
)

__all__ = [
    "AS_THE_SERVICE",
    "OwnSession",
    "PlanSettings",
    "Point",
    "change",
    "check",
    "check_gap",
    "check_session",
    "course",
    "how_it_works",
    "read",
    "timeline",
]


def read(session: Session, *, actor: Actor, service_id: UUID) -> PlanSettings:
    """The plan settings of a service.

    Raises:
        NotFound: it is not in this clinic.
    """
    row = session.scalars(
        select(t.Service)
        .where(t.Service.id == service_id, t.Service.clinic_id == actor.clinic_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound("That service is no longer offered; please choose another.")
    g, own = t.ServiceGap, t.ServiceSession
    gaps = {
        step: Gap(least, ideal, most)
        for step, least, ideal, most in session.execute(
            select(g.step, g.min_days, g.ideal_days, g.max_days).where(g.service_id == service_id)
        )
    }
    sessions = session.execute(
        select(
            own.number, own.name, own.does_service_id, own.duration_min, own.practitioner_id, own.room_id
        ).where(own.service_id == service_id)
    )
    return PlanSettings(
        service_id,
        row.sessions,
        row.strategy,
        gaps.pop(0, ANY_GAP),
        gaps,
        {row[0]: OwnSession(*row[1:]) for row in sessions},
        row.keeps_practitioner,
        row.keeps_time,
    )


def change(session: Session, *, actor: Actor, seen: PlanSettings, wanted: PlanSettings) -> PlanSettings:
    """Give the service other settings than those `seen` on the screen; plans that were made stay as they are.

    Raises:
        NotPermitted: the person may not set up.
        ChangedMeanwhile: somebody else changed them since they were seen.
        InvalidInput: something in them cannot be; `field` is "sessions", "strategy", "gap", "gap 3", "duration 3",
            "service 3", "practitioner 3" or "room 3", with the number of the session.
        NotFound: the service is not in this clinic.
    """
    actor.require(SET_UP)
    identifier = wanted.service_id
    session.execute(select(t.Service.id).where(t.Service.id == identifier).with_for_update())
    if read(session, actor=actor, service_id=identifier) != seen:
        raise ChangedMeanwhile("Somebody else changed these settings meanwhile; please look at them again.")
    check(catalogue(session, actor.clinic_id), wanted)
    wanted = _tidied(wanted)
    session.execute(
        update(t.Service)
        .where(t.Service.id == identifier)
        .values(
            sessions=wanted.sessions,
            strategy=wanted.strategy,
            keeps_practitioner=wanted.keeps_practitioner,
            keeps_time=wanted.keeps_time,
        )
    )
    _write_rows(session, wanted)
    audit.record(
        session,
        actor,
        "service.plan_changed",
        "service",
        identifier,
        before={"sessions": seen.sessions, "strategy": seen.strategy},
        after={"sessions": wanted.sessions, "strategy": wanted.strategy},
    )
    announce(session, "service", identifier)
    return wanted


def _tidied(wanted: PlanSettings) -> PlanSettings:
    """Without what says nothing: gaps and sessions beyond the last, gaps like the usual one, names of blanks."""
    own = {
        n: replace(one, name=reasons.clean(one.name)) for n, one in wanted.own.items() if n <= wanted.sessions
    }
    return replace(
        wanted,
        gaps={n: gap for n, gap in wanted.gaps.items() if n < wanted.sessions and gap != wanted.gap},
        own={n: one for n, one in own.items() if one != AS_THE_SERVICE},
    )


def _write_rows(session: Session, wanted: PlanSettings) -> None:
    for table in (t.ServiceGap, t.ServiceSession):
        session.execute(delete(table).where(table.service_id == wanted.service_id))
    session.execute(
        insert(t.ServiceGap),
        [
            {
                "service_id": wanted.service_id,
                "step": step,
                "min_days": gap.min_days,
                "ideal_days": gap.ideal_days,
                "max_days": gap.max_days,
            }
            for step, gap in {0: wanted.gap, **wanted.gaps}.items()
        ],
    )
    if wanted.own:
        session.execute(
            insert(t.ServiceSession),
            [
                {
                    "service_id": wanted.service_id,
                    "number": number,
                    "name": one.name,
                    "does_service_id": one.service_id,
                    "duration_min": one.duration_min,
                    "practitioner_id": one.practitioner_id,
                    "room_id": one.room_id,
                }
                for number, one in wanted.own.items()
            ],
        )


def how_it_works(offered: Catalogue, wanted: PlanSettings) -> tuple[str, ...]:
    """What the settings mean, in plain sentences. Pure."""
    return tuple(words.of_course(offered, course(wanted)))
