"""What the states of unfinished bookings, holds, plans and wishes are called."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate
OUTCOMES: Final = "outcome"
STEPS: Final = "step"
HOLDS: Final = "hold"
PLANS: Final = "plan"
STRATEGIES: Final = "strategy"
STATES: Final = "wish"
OFFERS: Final = "offer"


def word(kind: str) -> Mapping[str, str]:
    """The words of a kind by what is stored, in the order in which they are shown."""
    kinds: Mapping[str, Mapping[str, str]] = {
        OUTCOMES: {
            "converted": translate("figures", "Converted"),
            "discarded": translate("figures", "Discarded"),
            "expired": translate("figures", "Expired"),
            "abandoned": translate("figures", "Abandoned"),
            "parked": translate("figures", "Parked"),
            "open": translate("figures", "Open"),
        },
        STEPS: {
            "services": translate("figures", "Services"),
            "practitioners": translate("figures", "Practitioners"),
            "time": translate("figures", "Time"),
            "patient": translate("figures", "Patient"),
            "payment": translate("figures", "Review and payment"),
        },
        HOLDS: {
            "taken": translate("figures", "Made"),
            "converted": translate("figures", "Converted"),
            "released": translate("figures", "Released"),
            "lapsed": translate("figures", "Lapsed"),
        },
        PLANS: {
            "active": translate("figures", "Active"),
            "paused": translate("figures", "Paused"),
            "completed": translate("figures", "Completed"),
            "lapsed": translate("figures", "Lapsed"),
            "cancelled": translate("figures", "Cancelled"),
        },
        STRATEGIES: {
            "immediate": translate("figures", "All at once"),
            "sequential": translate("figures", "One after the other"),
            "flexible": translate("figures", "As it suits"),
        },
        STATES: {
            "waiting": translate("figures", "Waiting"),
            "offered": translate("figures", "Offered"),
            "booked": translate("figures", "Booked"),
            "declined": translate("figures", "Declined"),
            "expired": translate("figures", "Expired"),
            "withdrawn": translate("figures", "Withdrawn"),
        },
        OFFERS: {
            "open": translate("figures", "Open"),
            "accepted": translate("figures", "Accepted"),
            "declined": translate("figures", "Declined"),
            "expired": translate("figures", "Expired"),
            "withdrawn": translate("figures", "Withdrawn"),
        },
    }
    return kinds[kind]


def kind_word(kind: str) -> str:
    """For whom a booking was begun."""
    return translate("figures", "Guest") if kind == "guest" else translate("figures", "Patient on record")
