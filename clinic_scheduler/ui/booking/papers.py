"""A booked visit in words for whoever comes: the message, the calendar file, the lines of the slip."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.taking.booking import Confirmed
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.booking import words
from clinic_scheduler.ui.calendar.typeset import one_line

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One service: when, what, with whom and where, for how much."""

    time: str
    service: str
    who: str
    price: str


@dataclass(frozen=True, slots=True)
class Papers:
    """Everything that is handed or sent to whoever comes, as texts; `file_name` is the calendar file's."""

    clinic: str
    reference: str
    name: str
    when: str
    lines: tuple[SlipLine, ...]
    total: str
    paid: str
    policy: str
    subject: str
    body: str
    calendar: bytes
    file_name: str
    printed_at: str


def papers(confirmed: Confirmed, name: str, chosen: Choices, catalogue: Catalogue, now: datetime) -> Papers:
    """What is handed out about a visit that was just booked; `now` by the database's clock."""
    parts, clinic = chosen.parts, catalogue.clinic
    lines = tuple(
        SlipLine(
            words.time_text(part.start, catalogue),
            one_line(words.part_name(catalogue, part)),
            _who(part.practitioner_id, part.room_id, catalogue),
            texts.money(part.price_cents, clinic.currency),
        )
        for part in parts
    )
    when, policy = words.when_text(parts, catalogue, with_year=True), words.policy_text(parts, catalogue, now)
    subject = translate("papers", "Your visit at {clinic} on {day}").format(
        clinic=one_line(clinic.name), day=when
    )
    made = Papers(
        clinic=one_line(clinic.name),
        reference=confirmed.reference,
        name=one_line(name),
        when=when,
        lines=lines,
        total=texts.money(sum(part.price_cents for part in parts), clinic.currency),
        paid=_paid(chosen, clinic.currency),
        policy=policy,
        subject=subject,
        body="",
        calendar=_calendar(confirmed, chosen, catalogue, clinic.where, now),
        file_name=f"{confirmed.reference}.ics",
        printed_at=f"{texts.short_date(now.astimezone(clinic.where).date(), with_year=True)}, "
        f"{now.astimezone(clinic.where):%H:%M}",
    )
    return _with_body(made)


def _with_body(made: Papers) -> Papers:
    listed = [f"{line.time}  {line.service}, {line.who}, {line.price}" for line in made.lines]
    body = [
        translate("papers", "Dear {name},").format(name=made.name),
        "",
        translate("papers", "we look forward to seeing you on {when}.").format(when=made.when),
        "",
        *listed,
        translate("papers", "In all {total}").format(total=made.total),
        *([made.paid] if made.paid else []),
        "",
        translate("papers", "Your reference is {code}.").format(code=made.reference),
        made.policy,
        "",
        made.clinic,
    ]
    return replace(made, body="\n".join(body))


def _who(practitioner_id: UUID, room_id: UUID | None, catalogue: Catalogue) -> str:
    ids = [practitioner_id, *([room_id] if room_id else [])]
    return ", ".join(one_line(words.resource_name(catalogue, one)) for one in ids)


def _paid(chosen: Choices, currency: str) -> str:
    total = sum(part.price_cents for part in chosen.parts)
    if chosen.payment_state == "paid":
        return translate("papers", "Paid")
    if chosen.payment_state == "part_paid":
        return translate("papers", "Paid {paid}, {left} left to pay").format(
            paid=texts.money(chosen.paid_cents, currency),
            left=texts.money(total - chosen.paid_cents, currency),
        )
    return ""


def _calendar(
    confirmed: Confirmed, chosen: Choices, catalogue: Catalogue, where: ZoneInfo, now: datetime
) -> bytes:
    # It loads the library for such files, which nobody waits for at the start of the program.
    from clinic_scheduler.services.invitations import Occasion, calendar_file  # noqa: PLC0415

    clinic = one_line(catalogue.clinic.name)
    occasions = tuple(
        Occasion(
            uid=identifier,
            start=part.start,
            end=part.end,
            summary=f"{one_line(words.part_name(catalogue, part))}, {clinic}",
            place=clinic,
            description=translate("papers", "With {who}. Reference {code}.").format(
                who=_who(part.practitioner_id, part.room_id, catalogue), code=confirmed.reference
            ),
        )
        for identifier, part in zip(confirmed.appointment_ids, chosen.parts, strict=True)
    )
    return calendar_file(occasions, where, now)
