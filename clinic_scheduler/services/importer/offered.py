"""The services of a book: from its file of services, or only from the durations in the mapping."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clinic_scheduler.errors import ImportRefused, InvalidInput
from clinic_scheduler.services.people import persons

from .reading import Refusal, Row
from .rules import BookMapping, FileRules

PRICE = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,2}))?")
WITHOUT_CENTS = frozenset({"JPY"})


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service as the book knows it; the price in the smallest unit of the clinic's money."""

    code: str
    name: str
    category: str
    minutes: int
    price_cents: int


def services(mapping: BookMapping, rows: Sequence[Row | Refusal]) -> Mapping[str, ServiceLine]:
    """Every service by its code, in the order of the file.

    Raises:
        ImportRefused: a row is wrong, or a service has no duration.
    """
    rules = mapping.files.get("services")
    if rules is None:
        listed = mapping.durations.services
        return {code: ServiceLine(code, code, "", minutes, 0) for code, minutes in listed.items()}
    found: dict[str, ServiceLine] = {}
    for row in rows:
        if isinstance(row, Refusal):
            raise ImportRefused(f"{row}.")
        try:
            service = _service(mapping, row, found)
        except InvalidInput as error:
            raise ImportRefused(f"{refusal(rules, row, error)}.") from None
        found[service.code] = service
    return found


def unlisted(mapping: BookMapping, code: str) -> ServiceLine:
    """A service that only the bookings name, where the mapping lets such be added.

    Raises:
        InvalidInput: it does not.
    """
    minutes = mapping.durations.minutes(code, "")
    if not mapping.policy.adds_services or minutes is None:
        where = "the file of services" if "services" in mapping.files else "[durations.services]"
        raise InvalidInput(f'the service "{code}" is not known; add it to {where}', "service")
    return ServiceLine(code, persons.clean_name(code, field="service"), "", minutes, 0)


def refusal(rules: FileRules, row: Row, error: InvalidInput) -> Refusal:
    """What is wrong with a row, in the words of the file."""
    return Refusal(row.file, row.number, rules.columns.get(error.field, ""), str(error).rstrip("."))


def _service(mapping: BookMapping, row: Row, known: Mapping[str, ServiceLine]) -> ServiceLine:
    code = row.values["code"]
    if not code:
        raise InvalidInput("the code is missing", "code")
    if code in known:
        raise InvalidInput(f'the code "{code}" stands twice', "code")
    category = row.values.get("category", "")
    minutes = mapping.durations.minutes(code, category)
    name = persons.clean_name(row.values.get("name") or code, field="name")
    if minutes is None:
        where = (
            f"[durations.services], or {category} to [durations.categories]" if category else "[durations]"
        )
        raise InvalidInput(
            f'the service "{code}" ({name}) has no duration; add it to {where} in the mapping', "code"
        )
    return ServiceLine(code, name, category, minutes, _price(mapping.currency, row.values.get("price", "")))


def _price(currency: str, text: str) -> int:
    found = PRICE.fullmatch(text or "0")
    if found is None:
        raise InvalidInput(f'"{text[:40]}" is no price; write it as 82.00', "price")
    if currency in WITHOUT_CENTS:
        return int(found[1])
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
