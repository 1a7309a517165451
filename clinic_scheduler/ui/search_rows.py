"""What the search line offers: a booking to begin, a record to open, a visit to go to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import Catalogue, ServiceFacts
from clinic_scheduler.services.changing.copying import Copied
from clinic_scheduler.services.days.found import FoundVisit
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.people.persons import shown_phone
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.services.wishes import Wish

from . import texts
from .booking import words
from .booking.kept import Prefill
from .calendar.typeset import one_line
from .search_words import Understood

MOST_BOOKED: Final = 5
MOST_RECORDS: Final = 3
translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; what Enter does is in the one of the last three that is there."""

    icon: str
    title: str
    detail: str
    begin: "Begin | None" = None
    record_id: UUID | None = None
    visit: FoundVisit | None = None

    @property
    def spoken(self) -> str:
        """The whole row, as it is read aloud."""
        return ", ".join(part for part in (self.title, self.detail) if part)


@dataclass(frozen=True, slots=True)
class Begin:
    """What a new booking begins with."""

    prefill: Prefill
    copy: Copied


def chips(meant: Understood, offered: Catalogue) -> list[str]:
    """What was understood, one word or two each."""
    found = [meant.reference, meant.phone, meant.person]
    found += [words.service_name(offered, one) for one in meant.service_ids]
    if meant.practitioner_id:
        who = words.resource_name(offered, meant.practitioner_id)
        found.append(translate("search", "with {name}").format(name=who))
    if meant.day:
        found.append(texts.short_date(meant.day))
    if meant.time:
        found.append(_time_text(meant))
    return [one_line(part) for part in found if part]


def _time_text(meant: Understood) -> str:
    if meant.time is None:
        return ""
    if meant.time.minute is not None:
        return f"{meant.time.minute // 60:02d}:{meant.time.minute % 60:02d}"
    return (
        translate("search", "morning") if meant.time.half == "morning" else translate("search", "afternoon")
    )


def rows(
    meant: Understood,
    people: Sequence[PatientLine],
    visit: FoundVisit | None,
    offered: Catalogue,
    now: datetime,
    *,
    may_book: bool,
) -> list[Row]:
    """What Enter could do, the likeliest first."""
    if meant.reference:
        return [_visit_row(visit)] if visit else []
    records = [_record_row(one, offered.clinic.country) for one in people]
    if meant.phone or not may_book:
        return records
    what = " · ".join(chips(meant, offered)[1 if meant.person else 0 :])
    if not meant.person:
        return [] if meant.is_empty else [_booking_row(meant, None, what, offered, now)]
    found = [_booking_row(meant, one, what, offered, now) for one in people[:MOST_BOOKED]]
    if not people:
        return [_booking_row(meant, None, what, offered, now)]
    return found + records[:MOST_RECORDS]


def _booking_row(
    meant: Understood, line: PatientLine | None, what: str, offered: Catalogue, now: datetime
) -> Row:
    if line is not None:
        title = translate("search", "Book for {name}").format(name=one_line(line.name))
        known = shown_phone(line.phone, offered.clinic.country) if line.phone else ""
        what = " · ".join(part for part in (what, known) if part)
    elif meant.person:
        title = translate("search", "Book for somebody new: {name}").format(name=one_line(meant.person))
    else:
        title = translate("search", "New booking")
    return Row("plus", title, what, begin=_begin(meant, line, offered, now))


def _begin(meant: Understood, line: PatientLine | None, offered: Catalogue, now: datetime) -> Begin:
    wishes = tuple(Wish(one, _able(offered.service(one), meant.practitioner_id)) for one in meant.service_ids)
    where = offered.clinic.where
    day = meant.day or localtime.local_day(now, where)
    start = None
    if meant.time is not None and meant.time.minute is not None:
        start = localtime.at_minute(day, meant.time.minute, where)
        if meant.day is None and start <= now:
            day += timedelta(days=1)
            start = localtime.at_minute(day, meant.time.minute, where)
    prefill = Prefill(
        day=_not_before(day, now, where),
        start=start,
        practitioner_id=meant.practitioner_id,
        half=meant.time.half if meant.time else "",
        search="" if line else meant.person,
        step="time" if wishes else "services",
    )
    name, patient_id = (line.name, line.id) if line else (meant.person, None)
    return Begin(prefill, Copied(name, patient_id, Choices(wishes=wishes)))


def _not_before(day: date, now: datetime, where: ZoneInfo) -> date:
    return max(day, localtime.local_day(now, where))


def _able(service: ServiceFacts, practitioner_id: UUID | None) -> tuple[UUID, ...]:
    able = any(one.practitioner_id == practitioner_id for one in service.performers)
    return (practitioner_id,) if practitioner_id and able else ()


def _record_row(line: PatientLine, country: str) -> Row:
    phone = shown_phone(line.phone, country) if line.phone else ""
    title = translate("search", "Open the record of {name}").format(name=one_line(line.name))
    return Row(
        "user", title, " · ".join(part for part in (phone, one_line(line.email)) if part), record_id=line.id
    )


def _visit_row(visit: FoundVisit) -> Row:
    title = translate("search", "Go to the visit of {name}").format(name=one_line(visit.name))
    when = texts.short_date(visit.day, with_year=True) + (f", {visit.start:%H:%M}" if visit.start else "")
    more = f" + {visit.services - 1}" if visit.services > 1 else ""
    return Row(
        "calendar-days", title, f"{when} · {one_line(visit.service)}{more} · {visit.reference}", visit=visit
    )
