"""What is on record of one person, in sections of words: what the paper says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people.persons import shown_phone
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.booking import dates
from clinic_scheduler.ui.patients import words
from clinic_scheduler.ui.texts import translate


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what it says, which may have lines."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Headings over rows; `shares` are parts of the width, and one column may stand at the right."""

    headings: tuple[str, ...]
    shares: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    at_right: int = -1


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the paper."""

    title: str
    rows: tuple[Row, ...] = ()
    table: Table | None = None


def sections(data: Mapping[str, Any], clinic: ClinicFacts) -> list[Section]:
    """All that `handing_out.everything` found, in the order it is read; what there is nothing of is left out."""
    found = [Section(translate("patients", "Person"), _person(data["person"], clinic))]
    found += [
        Section(translate("patients", "Former record of the same person"), _person(former, clinic))
        for former in data["former_records"]
    ]
    tables = (
        (translate("patients", "Visits"), _visits(data["visits"], clinic)),
        (translate("patients", "Plans"), _plans(data["plans"], clinic)),
        (translate("patients", "Payments"), _payments(data["payments"], clinic)),
        (translate("patients", "Bookings"), _bookings(data["bookings"], clinic)),
        (translate("patients", "Waitlist"), _waits(data["waitlist"])),
        (translate("patients", "Messages"), _messages(data["messages"], clinic)),
    )
    return found + [Section(title, table=table) for title, table in tables if table.rows]


def _person(person: Mapping[str, Any], clinic: ClinicFacts) -> tuple[Row, ...]:
    born = dates.shown(date.fromisoformat(person["birth_date"])) if person["birth_date"] else ""
    known = (
        (translate("patients", "Name"), person["name"]),
        (translate("patients", "Code"), person["code"]),
        (translate("patients", "Birth date"), born),
        (
            translate("patients", "Phone"),
            shown_phone(person["phone"], clinic.country) if person["phone"] else "",
        ),
        (translate("patients", "E-mail"), person["email"]),
        (translate("patients", "Alert"), person["alert"]),
        (translate("patients", "Notes"), person["notes"]),
        (translate("patients", "On record since"), _moment(person["on_record_since"], clinic)),
    )
    return tuple(Row(label, text) for label, text in known if text)


def _visits(visits: Sequence[Mapping[str, Any]], clinic: ClinicFacts) -> Table:
    def when(visit: Mapping[str, Any]) -> str:
        day = texts.short_date(date.fromisoformat(visit["day"]), with_year=True)
        return f"{day} {datetime.fromisoformat(visit['start']):%H:%M}" if visit["start"] else day

    return Table(
        (
            translate("patients", "When"),
            translate("patients", "Service"),
            translate("patients", "With"),
            translate("patients", "Status"),
            translate("patients", "Reference"),
            translate("patients", "Price"),
        ),
        (0.23, 0.22, 0.19, 0.13, 0.12, 0.11),
        tuple(
            (
                when(visit),
                visit["service"],
                visit["practitioner"],
                texts.status_word(visit["status"]),
                visit["reference"],
                texts.money(visit["price_cents"], clinic.currency),
            )
            for visit in visits
        ),
        at_right=5,
    )


def _plans(plans: Sequence[Mapping[str, Any]], clinic: ClinicFacts) -> Table:
    return Table(
        (
            translate("patients", "Begun"),
            translate("patients", "Service"),
            translate("patients", "Progress"),
            translate("patients", "State"),
            translate("patients", "Notes"),
        ),
        (0.2, 0.22, 0.18, 0.12, 0.28),
        tuple(
            (
                _moment(plan["created_at"], clinic),
                plan["service"],
                translate("patients", "{done} of {total} done").format(
                    done=plan["done"], total=plan["total"]
                ),
                words.plan_state(plan["state"]),
                plan["notes"],
            )
            for plan in plans
        ),
    )


def _payments(payments: Sequence[Mapping[str, Any]], clinic: ClinicFacts) -> Table:
    return Table(
        (
            translate("patients", "When"),
            translate("patients", "How"),
            translate("patients", "Note"),
            translate("patients", "Reference"),
            translate("patients", "Amount"),
        ),
        (0.23, 0.15, 0.32, 0.15, 0.15),
        tuple(
            (
                _moment(one["paid_at"], clinic),
                texts.method_word(one["method"]),
                one["note"],
                one["reference"],
                texts.money(one["amount_cents"], clinic.currency),
            )
            for one in payments
        ),
        at_right=4,
    )


def _bookings(bookings: Sequence[Mapping[str, Any]], clinic: ClinicFacts) -> Table:
    return Table(
        (
            translate("patients", "Reference"),
            translate("patients", "Made"),
            translate("patients", "From"),
            translate("patients", "Payment"),
            translate("patients", "Notes"),
            translate("patients", "Total"),
        ),
        (0.13, 0.23, 0.12, 0.15, 0.26, 0.11),
        tuple(
            (
                one["reference"],
                _moment(one["made_at"], clinic),
                texts.source_word(one["source"]),
                texts.payment_word(one["payment"]),
                one["notes"],
                texts.money(one["total_cents"], clinic.currency),
            )
            for one in bookings
        ),
        at_right=5,
    )


def _waits(waiting: Sequence[Mapping[str, Any]]) -> Table:
    return Table(
        (
            translate("patients", "From"),
            translate("patients", "Until"),
            translate("patients", "State"),
            translate("patients", "Notes"),
        ),
        (0.2, 0.2, 0.15, 0.45),
        tuple((_day(one["from_day"]), _day(one["until_day"]), one["state"], one["notes"]) for one in waiting),
    )


def _messages(messages: Sequence[Mapping[str, Any]], clinic: ClinicFacts) -> Table:
    return Table(
        (
            translate("patients", "Due"),
            translate("patients", "About"),
            translate("patients", "To"),
            translate("patients", "State"),
        ),
        (0.23, 0.2, 0.42, 0.15),
        tuple(
            (_moment(one["due_at"], clinic), one["kind"].replace("_", " "), one["recipient"], one["state"])
            for one in messages
        ),
    )


def _day(text: str) -> str:
    return texts.short_date(date.fromisoformat(text), with_year=True)


def _moment(text: str, clinic: ClinicFacts) -> str:
    at = datetime.fromisoformat(text).astimezone(clinic.where)
    return f"{texts.short_date(at.date(), with_year=True)} {at:%H:%M}"
