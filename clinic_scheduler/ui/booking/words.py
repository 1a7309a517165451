"""What a visit is in words: times, people, services and money, as several pages say them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.errors import NotFound
from clinic_scheduler.services.catalogue import Catalogue, Performer, ServiceFacts, longer
from clinic_scheduler.services.localtime import local_day
from clinic_scheduler.services.people.glance import Ahead, Glance
from clinic_scheduler.services.people.likeness import Reason
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.unfinished.choices import Guest
from clinic_scheduler.services.wishes import AddOn, Part, Wish
from clinic_scheduler.ui import texts

translate = QCoreApplication.translate

SOURCES: Final = ("phone", "walk_in", "direct", "waitlist", "online")
PAYMENT_STATES: Final = ("pending", "part_paid", "paid")
PAYMENT_METHODS: Final = ("", "cash", "card", "transfer", "insurance", "voucher")
Range = tuple[int, int]


def service_name(catalogue: Catalogue, service_id: UUID) -> str:
    """The service's name, also when it left the catalogue since."""
    try:
        return catalogue.service(service_id).name
    except NotFound:
        return translate("booking", "A service no longer offered")


def resource_name(catalogue: Catalogue, resource_id: UUID) -> str:
    """The practitioner's or room's name, also when it came or went since the catalogue was read."""
    try:
        return catalogue.resource(resource_id).name
    except NotFound:
        return translate("booking", "somebody new")


def part_name(catalogue: Catalogue, part: Part) -> str:
    """The service with its add-ons: "Physiotherapy + Taping"."""
    return " + ".join([service_name(catalogue, part.service_id), *(one.name for one in part.add_ons)])


def add_on_text(one: AddOn, currency: str) -> str:
    """An add-on with what it adds: "Taping, 10 min, 12,00 €"."""
    minutes = texts.duration(one.minutes) if one.minutes else ""
    return ", ".join(part for part in (one.name, minutes, texts.money(one.price_cents, currency)) if part)


def service_hue(catalogue: Catalogue, service_id: UUID) -> int:
    """The colour the service is drawn in."""
    try:
        return catalogue.service(service_id).hue
    except NotFound:
        return 0


def performers(service: ServiceFacts, wish: Wish) -> tuple[Performer, ...]:
    """Who may perform the service for this wish, each with the add-ons."""
    wished, extras = wish.practitioner_ids, service.chosen(wish.add_on_ids)
    return tuple(longer(p, extras) for p in service.performers if not wished or p.practitioner_id in wished)


def lengths(service: ServiceFacts, wish: Wish) -> Range:
    """The shortest and the longest minutes among whom the wish allows."""
    found = [p.duration_min for p in performers(service, wish)] or [service.duration_min]
    return min(found), max(found)


def prices(service: ServiceFacts, wish: Wish) -> Range:
    """The lowest and the highest price, in the currency's smallest unit."""
    found = [p.price_cents for p in performers(service, wish)] or [service.price_cents]
    return min(found), max(found)


def totals(catalogue: Catalogue, wishes: Sequence[Wish]) -> tuple[Range, Range]:
    """Minutes and money of all wishes together, each as lowest and highest."""
    services = [(catalogue.service(wish.service_id), wish) for wish in wishes]
    minutes = [lengths(*each) for each in services]
    money = [prices(*each) for each in services]
    return _sum(minutes), _sum(money)


def _sum(ranges: Sequence[Range]) -> Range:
    return sum(low for low, _ in ranges), sum(high for _, high in ranges)


def length_text(length: Range) -> str:
    """A length such as "45 min" or "45 min to 1 h"."""
    low, high = (texts.duration(minutes) for minutes in length)
    if low == high:
        return low
    return translate("booking", "{shortest} to {longest}").format(shortest=low, longest=high)


def price_text(price: Range, currency: str) -> str:
    """A price such as "48,00 €" or "from 48,00 €"."""
    low = texts.money(price[0], currency)
    return low if price[0] == price[1] else translate("booking", "from {price}").format(price=low)


def summary(catalogue: Catalogue, wishes: Sequence[Wish]) -> str:
    """All wishes, and below them "1 h 15 min in all · 90,00 €"; one wish stands on one line with its price."""
    length, price = totals(catalogue, wishes)
    each = [
        f"{' + '.join([service.name, *(one.name for one in service.chosen(wish.add_on_ids))])}"
        f" {length_text(lengths(service, wish))}"
        for service, wish in ((catalogue.service(wish.service_id), wish) for wish in wishes)
    ]
    listed = ", ".join(each[:4]) + (", …" if len(each) > 4 else "")
    money = price_text(price, catalogue.clinic.currency)
    if len(each) == 1:
        return f"{listed} · {money}"
    whole = translate("booking", "{length} in all").format(length=length_text(length))
    return f"{listed}\n{whole} · {money}"


def time_text(moment: datetime, catalogue: Catalogue) -> str:
    """The wall time at the clinic, such as "14:10"."""
    return moment.astimezone(catalogue.clinic.where).strftime("%H:%M")


def when_text(parts: Sequence[Part], catalogue: Catalogue, *, with_year: bool = False) -> str:
    """Day and times of a visit: "Tuesday 24 November, 14:10 to 16:10"."""
    first, last = parts[0].start, max(part.end for part in parts)
    return translate("booking", "{day}, {start} to {end}").format(
        day=texts.long_date(local_day(first, catalogue.clinic.where), with_year=with_year),
        start=time_text(first, catalogue),
        end=time_text(last, catalogue),
    )


def people_text(parts: Sequence[Part], catalogue: Catalogue) -> str:
    """The practitioners of a visit in the order they come, each once."""
    return ", ".join(dict.fromkeys(resource_name(catalogue, part.practitioner_id) for part in parts))


def waiting_text(minutes: int) -> str:
    """How long the patient waits between the services of a visit."""
    if not minutes:
        return translate("booking", "no waiting")
    return translate("booking", "waiting {length}").format(length=texts.duration(minutes))


def sent_text(patient: PatientLine | None, guest: Guest) -> str:
    """Where the confirmation of the visit would go."""
    who = patient or guest
    address = who.email or who.phone
    if address:
        kept = translate(
            "booking", "A confirmation to {address} is queued; this version sends no messages yet."
        )
        return kept.format(address=address)
    return translate("booking", "There is no address: no confirmation is queued.")


def policy_text(parts: Sequence[Part], catalogue: Catalogue, now: datetime) -> str:
    """Until when the visit can be called off in time."""
    hours = catalogue.clinic.cancel_notice_hours
    if not hours:
        return translate("booking", "It can be called off until it begins.")
    last = min(part.start for part in parts) - timedelta(hours=hours)
    if last <= now:
        return translate("booking", "Calling it off from now on counts as a late cancellation.")
    return translate(
        "booking", "It can be called off until {day}, {time}; later counts as a late cancellation."
    ).format(day=texts.long_date(local_day(last, catalogue.clinic.where)), time=time_text(last, catalogue))


def history_text(known: Glance, catalogue: Catalogue) -> str:
    """What the desk should know of how somebody kept visits: "Missed 2 of 9 visits, last on Tue 24 Nov 2026"."""
    said = []
    if known.missed and known.missed_last is not None:
        day = local_day(known.missed_last, catalogue.clinic.where)
        said.append(
            translate("booking", "Missed {missed} of {all} visits, last on {day}.").format(
                missed=known.missed,
                all=known.missed + known.came,
                day=texts.short_date(day, with_year=True),
            )
        )
    if known.called_off_late:
        said.append(translate("booking", "Called off late: {count}.").format(count=known.called_off_late))
    return " ".join(said)


def ahead_text(known: Glance, catalogue: Catalogue, most: int = 3) -> str:
    """What somebody has booked already: "Comes already on Tue 24 Nov, 14:10 (Back massage)"."""
    listed = "; ".join(_ahead(one, catalogue) for one in known.ahead[:most])
    more = ", …" if len(known.ahead) > most else ""
    return translate("booking", "Comes already on {visits}.").format(visits=listed + more) if listed else ""


def _ahead(one: Ahead, catalogue: Catalogue) -> str:
    day = texts.short_date(local_day(one.start, catalogue.clinic.where))
    return f"{day}, {time_text(one.start, catalogue)} ({one.service})"


def clash_text(known: Glance, wishes: Sequence[Wish], catalogue: Catalogue) -> str:
    """Which of the wished services somebody has booked already."""
    wished = {wish.service_id for wish in wishes}
    same = [one for one in known.ahead if one.service_id in wished]
    if not same:
        return ""
    return translate("booking", "Booked already: {visits}.").format(
        visits="; ".join(_ahead(one, catalogue) for one in same[:3])
    )


def same_day_text(known: Glance, parts: Sequence[Part], catalogue: Catalogue) -> str:
    """What else somebody has on the day of a visit."""
    where = catalogue.clinic.where
    day = local_day(parts[0].start, where)
    today = [one for one in known.ahead if local_day(one.start, where) == day]
    if not today:
        return ""
    return translate("booking", "On that day also {visits}.").format(
        visits="; ".join(
            f"{time_text(one.start, catalogue)} {one.service}, {one.practitioner}" for one in today[:3]
        )
    )


def why_alike(reasons: Sequence[Reason]) -> str:
    """Why somebody on record may be the person: "Same phone, similar name"."""
    said = {
        Reason.SAME_NAME: translate("booking", "same name"),
        Reason.SWAPPED_NAMES: translate("booking", "names in another order"),
        Reason.SIMILAR_NAME: translate("booking", "similar name"),
        Reason.ONE_NAME: translate("booking", "one name in common"),
        Reason.SAME_PHONE: translate("booking", "same phone"),
        Reason.SAME_BIRTH_DATE: translate("booking", "same birth date"),
        Reason.SWAPPED_BIRTH_DATE: translate("booking", "day and month of birth swapped"),
    }
    listed = ", ".join(said[reason] for reason in reasons)
    return listed[:1].upper() + listed[1:]
