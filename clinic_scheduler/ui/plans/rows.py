"""A proposed session as a row says it: of a plan to be booked, or of one that moves. Pure."""

from dataclasses import dataclass

from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.plans.proposals import Proposed
from clinic_scheduler.services.plans.shifting import Moving
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui.booking import words as visits

from . import words


@dataclass(frozen=True, slots=True)
class Row:
    """`note` says what is wrong, `tag` a word about it; one that `is_still` is not to be changed here."""

    number: int
    title: str
    when: str
    details: str = ""
    note: str = ""
    tag: str = ""
    is_still: bool = False
    is_new: bool = False
    alternatives: tuple[Part, ...] = ()


def proposed(one: Proposed, offered: Catalogue) -> Row:
    """A session as it would be booked."""
    tag = ""
    if one.is_booked:
        tag = words.translate("plans", "booked")
    elif one.is_fixed:
        tag = words.translate("plans", "chosen")
    return Row(
        one.step.number,
        words.title(one.step, visits.service_name(offered, one.step.service_id)),
        words.part_when(one.part, offered) if one.part else words.translate("plans", "no time"),
        words.part_who(one.part, offered) if one.part else "",
        one.note,
        tag,
        is_still=one.is_booked,
        alternatives=one.alternatives,
    )


def moving(one: Moving, offered: Catalogue) -> Row:
    """A session as it would move."""
    session = one.session
    before, after = words.part_when(one.before, offered), words.part_when(one.after, offered)
    details = session.practitioner
    if one.after.practitioner_id != one.before.practitioner_id:
        details = words.translate("plans", "{before}, now {after}").format(
            before=session.practitioner, after=visits.resource_name(offered, one.after.practitioner_id)
        )
    is_elsewhere = after != before
    return Row(
        session.number,
        words.title(session, session.service),
        f"{before} → {after}" if is_elsewhere else before,
        details,
        one.note,
        words.translate("plans", "fixed") if session.is_locked else "",
        is_still=not one.is_moved,
        is_new=one.is_moved,
        alternatives=one.alternatives,
    )
