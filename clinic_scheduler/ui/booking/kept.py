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
    """A place in the calendar that was chosen for the booking, or what was typed for it; `start` is an aware instant.

    `search` is whom to look for, `step` the page to begin with, empty for the first.
    """

    day: date
    start: datetime | None = None
    practitioner_id: UUID | None = None
    half: str = ""
    search: str = ""
    step: str = ""

    def typed(self) -> dict[str, str]:
        """The texts by which the place is kept with the booking."""
        kept = {"from": self.day.isoformat(), "half": self.half, "patient_search": self.search}
        if self.start is not None:
            kept["at"] = self.start.isoformat()
        if self.practitioner_id is not None:
            kept["with"] = str(self.practitioner_id)
        return kept


def storable(text: str) -> str:
    """The text without what no database keeps: NUL and halves of characters; at most as long as is kept."""
    return whole(text[:LONGEST_TEXT])


def whole(text: str) -> str:
    """All of the text but NUL and halves of characters, which no database keeps."""
    if text.isprintable():
        return text
    return "".join(c for c in text if c != "\0" and unicodedata.category(c) != "Cs")


def fits(parts: Sequence[Part], wishes: Sequence[Wish]) -> bool:
    """Whether the times were picked for exactly these wishes."""
    return (
        bool(parts)
        and len(parts) == len(wishes)
        and all(
            part.service_id == wish.service_id
            and (not wish.practitioner_ids or part.practitioner_id in wish.practitioner_ids)
            and {one.id for one in part.add_ons} == set(wish.add_on_ids)
            for part, wish in zip(parts, wishes, strict=True)
        )
    )


def as_listed(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts at their listed prices, as the search offers them."""
    return tuple(
        part
        if part.listed_cents is None
        else replace(part, price_cents=part.listed_cents, listed_cents=None, price_reason="")
        for part in parts
    )


def as_agreed(parts: Sequence[Part], before: Sequence[Part]) -> tuple[Part, ...]:
    """The parts of another time at the prices that were agreed for the same services at the same listed price."""
    if len(parts) != len(before):
        return tuple(parts)
    return tuple(
        replace(
            new, price_cents=old.price_cents, listed_cents=old.listed_cents, price_reason=old.price_reason
        )
        if (new.service_id, new.add_ons, new.price_cents) == (old.service_id, old.add_ons, old.listed_cents)
        else new
        for new, old in zip(parts, before, strict=True)
    )


def allowing(wishes: Sequence[Wish], parts: Sequence[Part]) -> tuple[Wish, ...]:
    """The wishes, each with the practitioner who was picked for it among those who may."""
    if [wish.service_id for wish in wishes] != [part.service_id for part in parts]:
        return tuple(wishes)
    return tuple(
        replace(wish, practitioner_ids=(*wish.practitioner_ids, part.practitioner_id))
        if wish.practitioner_ids and part.practitioner_id not in wish.practitioner_ids
        else wish
        for wish, part in zip(wishes, parts, strict=True)
    )


def checked(choices: Choices, catalogue: Catalogue) -> tuple[Choices, str]:
    """The choices as far as the clinic still offers them, and a sentence where something had to go."""
    offered = {service.id: {p.practitioner_id for p in service.performers} for service in catalogue.services}
    wishes = tuple(
        replace(
            wish,
            practitioner_ids=tuple(p for p in wish.practitioner_ids if p in offered[wish.service_id]),
            add_on_ids=tuple(one.id for one in catalogue.service(wish.service_id).chosen(wish.add_on_ids)),
        )
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
