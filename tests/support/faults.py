"""Faults to plant in the program, one at a time, for the model of desks to find."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.prepared import Prepared
from clinic_scheduler.db.states import ClaimKind
from clinic_scheduler.db.work import Outcome, UnitOfWork
from clinic_scheduler.services import upkeep
from clinic_scheduler.services.changing import appointments, retaking
from clinic_scheduler.services.taking import booking, claims, holds, overlaps, requests, visits
from clinic_scheduler.services.taking.claims import Taking
from clinic_scheduler.services.unfinished import naming
from tests.support.clinics import EMMA, JOSE, OLGA
from tests.support.crashing import Crash

OVERLAPS = ("claim_no_overlap_insert", "claim_no_overlap_update")
GUARDS = ("claim_guard", "claim_hold_expired")
Plant = Callable[[pytest.MonkeyPatch], Sequence[str]]  # returns the triggers of SQLite to drop


def nothing_refuses_overlaps(patch: pytest.MonkeyPatch) -> Sequence[str]:
    patch.setattr(overlaps.Seat, "_full", lambda *_arguments: set())
    return OVERLAPS


def the_patient_is_not_claimed(patch: pytest.MonkeyPatch) -> Sequence[str]:
    whole = visits.takings

    def without_patient(*arguments: Any, **options: Any) -> list[claims.Taking]:
        return [one for one in whole(*arguments, **options) if one.resource_id not in {EMMA, OLGA, JOSE}]

    patch.setattr(visits, "takings", without_patient)
    return ()


def a_move_keeps_the_old_time(patch: pytest.MonkeyPatch) -> Sequence[str]:
    patch.setattr(retaking, "claims", _claims_but(release=_nothing))
    return ()


def a_cancelled_visit_keeps_its_time(patch: pytest.MonkeyPatch) -> Sequence[str]:
    patch.setattr(appointments, "claims", _claims_but(release=_nothing))
    return ()


def expired_holds_are_converted(patch: pytest.MonkeyPatch) -> Sequence[str]:
    def convert(session: Session, session_id: Any, booking_id: Any) -> int:
        a, c = t.Appointment, t.Claim
        of_part = a.id
        wanted = update(c).where(c.session_id == session_id, c.kind == ClaimKind.HOLD)
        for identifier, position in session.execute(
            t.Appointment.__table__.select()
            .with_only_columns(of_part, a.position)
            .where(a.booking_id == booking_id)
        ):
            session.execute(
                wanted.where(c.part == position)
                .values(kind=ClaimKind.APPOINTMENT, appointment_id=identifier, live_to=None)
                .execution_options(synchronize_session=False)
            )
        return 0

    patch.setattr(booking, "claims", _claims_but(convert=convert))
    patch.setattr(booking, "holds", SimpleNamespace(**{**vars(holds), "secure": lambda *_a: True}))
    patch.setattr(visits, "booked_takings", lambda _booking: ())
    return GUARDS


def a_renewal_forgets_later_parts(patch: pytest.MonkeyPatch) -> Sequence[str]:
    c = t.Claim.__table__.c
    first = (
        update(t.Claim.__table__).where(*claims.LIVE_HOLDS, c.part == 0).values(live_to=bindparam("until"))
    )
    patch.setattr(claims, "RENEW", Prepared(first.returning(c.resource_id)))
    return ()


def half_a_visit_is_held(patch: pytest.MonkeyPatch) -> Sequence[str]:
    hold = claims.hold

    def hold_some(
        session: Session, clinic: UUID, of: UUID, takings: Sequence[Taking], *term: datetime
    ) -> None:
        hold(session, clinic, of, takings[:1], *term)

    patch.setattr(claims, "hold", hold_some)
    return ()


def a_crash_leaves_what_was_done(patch: pytest.MonkeyPatch) -> Sequence[str]:
    def write(self: UnitOfWork, work: Callable[[Session], Any], **_options: Any) -> Outcome[Any]:
        with Session(self.engine, expire_on_commit=False) as session:
            try:
                value = work(session)
            except Crash:
                session.commit()
                raise
            session.commit()
            return Outcome(value, frozenset())

    patch.setattr(UnitOfWork, "write", write)
    return ()


def a_repeated_request_is_not_recognised(patch: pytest.MonkeyPatch) -> Sequence[str]:
    patch.setattr(requests, "stored", _nothing)
    return ()


def upkeep_clears_living_holds(patch: pytest.MonkeyPatch) -> Sequence[str]:
    patch.setattr(upkeep, "claims", _claims_but(now=lambda session: claims.now(session) + timedelta(hours=1)))
    return ()


def what_lapsed_counts_as_given_back(patch: pytest.MonkeyPatch) -> Sequence[str]:
    patch.setattr(upkeep, "Fate", SimpleNamespace(LAPSED=holds.Fate.RELEASED))
    return ()


def a_patient_keeps_two_bookings(patch: pytest.MonkeyPatch) -> Sequence[str]:
    patch.setattr(naming, "take_over", lambda *_arguments: naming.Named())
    return ()


FAULTS: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (
        nothing_refuses_overlaps,
        the_patient_is_not_claimed,
        a_move_keeps_the_old_time,
        a_cancelled_visit_keeps_its_time,
        expired_holds_are_converted,
        a_renewal_forgets_later_parts,
        half_a_visit_is_held,
        a_crash_leaves_what_was_done,
        a_repeated_request_is_not_recognised,
        upkeep_clears_living_holds,
        what_lapsed_counts_as_given_back,
        a_patient_keeps_two_bookings,
    )
}


def _claims_but(**other: Any) -> SimpleNamespace:
    """The module `claims`, for one other module, with something of it replaced."""
    return SimpleNamespace(**{**vars(claims), **other})


def _nothing(*_arguments: object) -> None:
    return None
