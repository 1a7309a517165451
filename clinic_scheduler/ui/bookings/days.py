"""Spans of days that are asked for most, by name. Pure."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from PySide6.QtCore import QCoreApplication

Span = tuple[date | None, date | None]
translate = QCoreApplication.translate


def spans(today: date) -> Mapping[str, Span]:
    """First and last day of each span, both included, in the order of the menu."""
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    return {
        "today": (today, today),
        "tomorrow": (today + timedelta(days=1), today + timedelta(days=1)),
        "this_week": (monday, monday + timedelta(days=6)),
        "next_week": (monday + timedelta(days=7), monday + timedelta(days=13)),
        "this_month": (month, month.replace(day=monthrange(month.year, month.month)[1])),
        "last_month": (before, month - timedelta(days=1)),
        "ahead": (today, None),
        "past": (None, today - timedelta(days=1)),
        "ever": (None, None),
    }


def named(first: date | None, last: date | None, today: date) -> str:
    """Which of the spans that is; empty for any other."""
    return next((name for name, span in spans(today).items() if span == (first, last)), "")


def word(name: str) -> str:
    """What a span is called."""
    words = {
        "today": translate("bookings", "Today"),
        "tomorrow": translate("bookings", "Tomorrow"),
        "this_week": translate("bookings", "This week"),
        "next_week": translate("bookings", "Next week"),
        "this_month": translate("bookings", "This month"),
        "last_month": translate("bookings", "Last month"),
        "ahead": translate("bookings", "From today on"),
        "past": translate("bookings", "Before today"),
        "ever": translate("bookings", "All days"),
    }
    return words[name]
