"""What is kept of what was chosen and typed: safe to store, and still true of today's catalogue."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.errors import NotFound
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.unfinished.choices import LONGEST_TEXT, Choices
from clinic_scheduler.services.wishes import Part, Wish

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Prefill:
    """An empty place in the calendar that was chosen for the booking; `start` is an aware instant."""

    day: date
    start: datetime | None = None
    practitioner_id: UUID | None = None

    def typed(self) -> dict[str, str]:
        """The texts by which the place is kept with the booking."""
        kept = {"from": self.day.isoformat()}
        if self.start is not None:
            kept["at"] = self.start.isoformat()
        if self.practitioner_id is not None:
            kept["with"] = str(self.practitioner_id)
        return kept


def storable(text: str) -> str:
    """The text without what no database keeps: NUL and halves of characters; at most as long as is kept."""
    kept = text[:LONGEST_TEXT]
    if kept.isprintable():
        return kept
    return "".join(c for c in kept if c != "\0" and unicodedata.category(c) != "Cs")


def fits(parts: Sequence[Part], wishes: Sequence[Wish]) -> bool:
    """Whether the times were picked for exactly these wishes."""
    return (
        bool(parts)
        and len(parts) == len(wishes)
        and all(
            part.service_id == wish.service_id
            and (not wish.practitioner_ids or part.practitioner_id in wish.practitioner_ids)
            for part, wish in zip(parts, wishes, strict=True)
        )
    )


def checked(choices: Choices, catalogue: Catalogue) -> tuple[Choices, str]:
    """The choices as far as the clinic still offers them, and a sentence where something had to go."""
    offered = {service.id: {p.practitioner_id for p in service.performers} for service in catalogue.services}
    wishes = tuple(
        Wish(wish.service_id, tuple(p for p in wish.practitioner_ids if p in offered[wish.service_id]))
        for wish in choices.wishes
        if wish.service_id in offered
    )
    parts = choices.parts if all(_is_offered(part, catalogue) for part in choices.parts) else ()
    if (wishes, parts) == (choices.wishes, choices.parts):
        return choices, ""
    return (
        replace(choices, wishes=wishes, parts=parts),
        translate(
            "booking",
            "A service or practitioner of this booking is no longer offered; please look through the services.",
        ),
    )


def _is_offered(part: Part, catalogue: Catalogue) -> bool:
    try:
        catalogue.service(part.service_id).performer(part.practitioner_id)
        if part.room_id is not None:
            catalogue.resource(part.room_id)
    except NotFound:
        return False
    return True
