"""The world's time zones, countries and currencies, as lists to choose from."""

import zoneinfo
from typing import Final

from PySide6.QtCore import QCollator, QLocale, QTimeZone

from clinic_scheduler.services.setup import CURRENCIES

# Names such as "US/Eastern" or "EST5EDT" are kept by the database of zones for old programs only.
_REGIONS: Final = frozenset(
    {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
        "UTC",
    }
)


def zones() -> list[tuple[str, str]]:
    """Every time zone with its name as it is read: ("America/New_York", "America/New York")."""
    names = {name for name in zoneinfo.available_timezones() if name.partition("/")[0] in _REGIONS}
    names.add(system_zone())
    return [(name, name.replace("_", " ")) for name in sorted(names)]


def system_zone() -> str:
    """The zone of this computer; UTC where it has none that is known."""
    name = QTimeZone.systemTimeZoneId().toStdString()
    if name in {"Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal"}:
        return "UTC"
    return name if name in zoneinfo.available_timezones() else "UTC"


def countries() -> list[tuple[str, str]]:
    """Every country by its two letters, in the order of its name."""
    found = {QLocale.territoryToCode(place): QLocale.territoryToString(place) for place in QLocale.Country}
    order = QCollator()
    rows = [(code, name) for code, name in found.items() if len(code) == 2 and code.isalpha()]
    return sorted(rows, key=lambda row: order.sortKey(row[1]))


def country_of(zone: str) -> str:
    """The two letters of the country a zone lies in; the system's country where it lies in none."""
    place = QTimeZone(zone.encode()).territory()
    code = QLocale.territoryToCode(place)
    return code if len(code) == 2 else QLocale.territoryToCode(QLocale.system().territory())


def currencies() -> list[str]:
    """The currencies a clinic can count in."""
    return sorted(CURRENCIES)


def currency_of(country: str) -> str:
    """What is paid with in a country; empty where a clinic cannot count in it."""
    locale = QLocale(QLocale.Language.AnyLanguage, QLocale.codeToTerritory(country))
    code = locale.currencySymbol(QLocale.CurrencySymbolFormat.CurrencyIsoCode)
    return code if code in CURRENCIES else ""
