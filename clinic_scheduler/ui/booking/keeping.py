"""What a draft writes: the choices with the page, the price of a part, and the whole into the tray."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.taking import prices
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.services.unfinished.unfinished import Unfinished

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is kept of an unfinished booking but its times, as it stands on the screen."""

    actor: Actor
    id: UUID
    choices: Choices
    step: str
    patient_id: UUID | None

    def save(self, session: Any, version: int) -> Unfinished:  # noqa: ANN401 - the views know no session
        """Write it."""
        return booking_session.save(
            session,
            actor=self.actor,
            session_id=self.id,
            version=version,
            chosen=self.choices,
            step=self.step,
            patient_id=self.patient_id,
        )

    def park(self, session: Any) -> None:  # noqa: ANN401
        """Write it and put the booking into the tray, if it is still at this desk."""
        # A write may still be under way: version and times are asked for, not known.
        now = booking_session.find(session, actor=self.actor, session_id=self.id)
        if (now.workstation, now.user_id) != (self.actor.workstation, self.actor.user_id):
            return
        replace(self, choices=replace(self.choices, parts=now.choices.parts)).save(session, now.version)
        booking_session.park(session, actor=self.actor, session_id=self.id)


def news(seen: Unfinished) -> list[str]:
    """What the desk should know of a save: whose booking ended by it, and where the patient is elsewhere."""
    said = translate("Draft", "The unfinished booking of this patient by {who} has ended; this one goes on.")
    return [
        *([said.format(who=seen.replaced)] if seen.replaced else []),
        *([seen.clash] if seen.clash else []),
    ]


def price(
    actor: Actor, session_id: UUID, number: int, cents: int, reason: str
) -> Callable[[Any, int], Unfinished]:
    """The write that agrees on another price."""

    def work(session: Any, version: int) -> Unfinished:  # noqa: ANN401
        return prices.change(
            session,
            actor=actor,
            session_id=session_id,
            version=version,
            number=number,
            price_cents=cents,
            reason=reason,
        )

    return work
