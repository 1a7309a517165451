"""A first clinic as typed: what may be typed, and the clinic made of it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QLocale

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import setup
from clinic_scheduler.services.people import persons

translate = QCoreApplication.translate

# ISO 4217; every other currency that a clinic can choose has hundredths.
_WITHOUT_HUNDREDTHS: Final = frozenset({"JPY"})
_SPACES: Final = str.maketrans(
    "", "", " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}'\N{RIGHT SINGLE QUOTATION MARK}"
)
_HIGHEST: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class ClinicDraft:
    """What the page shows; times are minutes of the day, `lunch` None where there is none."""

    name: str = ""
    zone: str = ""
    country: str = ""
    currency: str = ""
    practitioner: str = ""
    profession: str = ""
    weekdays: tuple[int, ...] = ()
    opens_min: int = 0
    closes_min: int = 0
    lunch: tuple[int, int] | None = None
    service: str = ""
    duration_min: int = 0
    price: str = ""


def problems(draft: ClinicDraft, locale: QLocale) -> dict[str, str]:
    """A sentence for each field that cannot be used, in the order of the form; services name fields alike."""
    found: dict[str, str] = {}
    _check_name(draft.name, "clinic_name", found)
    if not draft.zone:
        found["zone"] = translate("clinic", "Choose a time zone from the list; type a city to find it.")
    if not draft.country:
        found["country"] = translate("clinic", "Choose a country from the list; type to find it.")
    _check_name(draft.practitioner, "resource_name", found)
    if draft.profession.strip():
        _check_name(draft.profession, "role", found)
    if not draft.weekdays:
        found["weekdays"] = translate("clinic", "Choose at least one weekday.")
    if draft.opens_min >= draft.closes_min:
        found["hours"] = translate(
            "clinic", "Working hours must end after they begin; please check the times."
        )
    if sentence := _lunch_problem(draft):
        found["lunch"] = sentence
    _check_name(draft.service, "service_name", found)
    try:
        cents(draft.price, draft.currency, locale)
    except InvalidInput as error:
        found[error.field] = str(error)
    return found


def made(draft: ClinicDraft, new_id: Callable[[], UUID], locale: QLocale) -> setup.NewClinic:
    """The clinic of a draft without problems: one practitioner who gives one service."""
    practitioner, service = new_id(), new_id()
    name = persons.clean_name(draft.service)
    return setup.NewClinic(
        id=new_id(),
        name=persons.clean_name(draft.name),
        zone=draft.zone,
        country=draft.country,
        currency=draft.currency,
        resources=(
            setup.NewResource(
                id=practitioner,
                kind="practitioner",
                name=persons.clean_name(draft.practitioner),
                role=persons.clean_name(draft.profession) if draft.profession.strip() else "",
                hours=setup.week(
                    draft.opens_min, draft.closes_min, weekdays=draft.weekdays, lunch=draft.lunch
                ),
            ),
        ),
        services=(
            setup.NewService(
                id=service,
                code=persons.initials(name),
                name=name,
                duration_min=draft.duration_min,
                price_cents=cents(draft.price, draft.currency, locale),
                performers={practitioner: None},
            ),
        ),
    )


def cents(text: str, currency: str, locale: QLocale) -> int:
    """A price in the currency's smallest unit; blank is free. Either decimal sign is read: "48.50", "48,50".

    Raises:
        InvalidInput: it is no price.
    """
    typed = text.strip().translate(_SPACES)
    if not typed:
        return 0
    plain = _plain_number(typed, locale)
    refusal = translate(
        "clinic", "Type the price as a number, such as {example}; leave it empty if it is free."
    )
    places = 0 if currency in _WITHOUT_HUNDREDTHS else 2
    if plain is None or len(plain.partition(".")[2]) > places or Decimal(plain) > _HIGHEST:
        example = locale.toString(48.5, "f", 2) if places else locale.toString(4800)
        raise InvalidInput(refusal.format(example=example), "price")
    return int(Decimal(plain).scaleb(places))


def _plain_number(typed: str, locale: QLocale) -> str | None:
    """The number as "1234.50"; None where the signs stand in no place that makes sense."""
    digits = {locale.toString(n): str(n) for n in range(10)}
    typed = "".join(digits.get(c, c) for c in typed).replace("\N{ARABIC DECIMAL SEPARATOR}", ",")
    typed = typed.replace("\N{ARABIC THOUSANDS SEPARATOR}", ".")
    if typed.strip("0123456789.,") or not typed.isascii():
        return None
    cut = max(typed.rfind("."), typed.rfind(","))
    if cut < 0:
        return typed
    is_group = len(typed) - cut == 4 and typed[cut] == locale.groupSeparator()
    whole, rest = (typed, "") if is_group else (typed[:cut], typed[cut + 1 :])
    groups = whole.replace(",", ".").split(".")
    if not is_group and typed[cut] in whole:
        return None
    if not groups[0] or any(len(group) != 3 for group in groups[1:]):
        return None
    return "".join(groups) + (f".{rest}" if rest else "")


def _check_name(text: str, field: str, found: dict[str, str]) -> None:
    try:
        persons.clean_name(text, field=field)
    except InvalidInput as error:
        found[field] = str(error)


def _lunch_problem(draft: ClinicDraft) -> str:
    if draft.lunch is None or draft.opens_min >= draft.closes_min:
        return ""
    start, end = draft.lunch
    if start >= end:
        return translate("clinic", "The break must end after it begins; please check the times.")
    if start <= draft.opens_min or end >= draft.closes_min:
        return translate("clinic", "The break must lie within the working hours; please check the times.")
    return ""
