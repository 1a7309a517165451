"""The history of a booking in sentences."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.services.history import Difference, Event, Value

from . import texts

translate = QCoreApplication.translate
TOLD_TOGETHER: Final = frozenset({"start", "end", "practitioner", "late"})


def headline(event: Event) -> str:
    """What happened, in a few words: "Moved from Tue 24 Nov 10:00 with Ana to Wed 25 Nov 11:00 with Ben"."""
    known = {one.name: one for one in event.differences}
    what = _what(event, known)
    return f"{event.service}: {what}" if event.service else what


def by_whom(event: Event) -> str:
    """When, who, and at which desk."""
    when = f"{texts.short_date(event.at.date(), with_year=True)}, {event.at:%H:%M}"
    return " · ".join(part for part in (when, event.who, event.workstation) if part)


def more(event: Event) -> tuple[str, ...]:
    """What else was changed, a line each: before and after."""
    lines = []
    for one in event.differences:
        name = _name(one.name)
        if name and not (one.name in TOLD_TOGETHER and event.action == "appointment.changed"):
            lines.append(f"{name}: {_shown(one.name, one.before)} → {_shown(one.name, one.after)}")
    return tuple(lines)


def _what(event: Event, known: dict[str, Difference]) -> str:
    if event.action == "appointment.changed":
        return _moved(known)
    if event.action == "session.held":
        return _held(known)
    if event.action.startswith("message."):
        return _message(event, known)
    if event.action == "appointment.taken_back" and "status" in known:
        words = translate("history", "Taken back: {before} again")
        return words.format(before=texts.status_word(str(known["status"].after)).lower())
    if event.action == "appointment.cancelled" and known.get("late") and known["late"].after:
        return translate("history", "Cancelled, later than the clinic's notice")
    return _words().get(event.action, event.action)


def _words() -> dict[str, str]:
    return {
        "session.started": translate("history", "Booking begun"),
        "session.parked": translate("history", "Booking parked in the tray"),
        "session.taken_over": translate("history", "Booking taken over"),
        "session.handed_over": translate("history", "Booking handed over"),
        "session.replaced": translate("history", "Replaced by a newer booking"),
        "session.overridden": translate("history", "Booked against a rule"),
        "session.damaged": translate("history", "Part of what was chosen was damaged and left out"),
        "session.discarded": translate("history", "Booking discarded"),
        "booking.confirmed": translate("history", "Booked"),
        "booking.created": translate("history", "Put into the book"),
        "booking.printed": translate("history", "Printed"),
        "import.done": translate("history", "Imported"),
        "appointment.confirmed": translate("history", "Confirmed"),
        "appointment.arrived": translate("history", "Arrived"),
        "appointment.in_progress": translate("history", "Begun"),
        "appointment.completed": translate("history", "Completed"),
        "appointment.no_show": translate("history", "Did not come"),
        "appointment.cancelled": translate("history", "Cancelled"),
        "appointment.reopened": translate("history", "Opened again"),
        "appointment.pinned": translate("history", "Parked on the pinboard"),
        "appointment.unpinned": translate("history", "Taken off the pinboard"),
    }


def _moved(known: dict[str, Difference]) -> str:
    start, who = known.get("start"), known.get("practitioner")
    if start is not None:
        sides = []
        for side in ("before", "after"):
            when = _shown("start", getattr(start, side))
            if who is not None:
                when = translate("history", "{time} with {name}").format(
                    time=when, name=_shown("practitioner", getattr(who, side))
                )
            sides.append(when)
        return translate("history", "Moved from {before} to {after}").format(before=sides[0], after=sides[1])
    if who is not None:
        words = translate("history", "Given from {before} to {after}")
        return words.format(
            before=_shown("practitioner", who.before), after=_shown("practitioner", who.after)
        )
    end = known.get("end")
    if end is not None:
        words = translate("history", "Ends {after} instead of {before}")
        return words.format(before=_shown("end", end.before), after=_shown("end", end.after))
    return translate("history", "Changed")


def _held(known: dict[str, Difference]) -> str:
    count = known["taken"].after
    words = translate("history", "Times held: {count}").format(count=count)
    for name, text in (
        ("lapsed", translate("history", "lapsed: {count}")),
        ("released", translate("history", "given back: {count}")),
    ):
        if name in known:
            words = f"{words}, {text.format(count=known[name].after)}"
    return words


def _message(event: Event, known: dict[str, Difference]) -> str:
    kinds = {
        "confirmation": translate("history", "Confirmation"),
        "change": translate("history", "News of a change"),
        "cancellation": translate("history", "News of the cancellation"),
        "reminder": translate("history", "Reminder"),
        "offer": translate("history", "Offer from the waitlist"),
        "next_session": translate("history", "News of the next session"),
    }
    channels = {
        "email": translate("history", "by e-mail"),
        "sms": translate("history", "by text message"),
        "call": translate("history", "by phone"),
    }
    states = {
        "message.queued": translate("history", "{message} {channel} waits to be sent"),
        "message.sent": translate("history", "{message} {channel} sent"),
        "message.cancelled": translate("history", "{message} {channel} not sent, it was no longer true"),
        "message.failed": translate("history", "{message} {channel} could not be sent yet"),
        "message.dead": translate("history", "{message} {channel} could not be sent"),
    }
    kind, channel = str(known["kind"].after), str(known["channel"].after)
    words = states.get(event.action, event.action)
    return words.format(message=kinds.get(kind, kind), channel=channels.get(channel, channel))


def _name(name: str) -> str:
    """What a thing that was changed is called; empty for what is told in the headline."""
    words = {
        "status": translate("history", "Status"),
        "room": translate("history", "Room"),
        "equipment": translate("history", "Equipment"),
        "price_cents": translate("history", "Price"),
        "end": translate("history", "End"),
        "step": translate("history", "Step"),
    }
    return words.get(name, "")


def _shown(name: str, value: Value) -> str:
    if value is None or value == "":
        return translate("history", "none")
    if isinstance(value, datetime):
        time = f"{value:%H:%M}"
        return time if name == "end" else f"{texts.short_date(value.date())} {time}"
    if name == "status":
        return texts.status_word(str(value))
    if name == "price_cents" and isinstance(value, int):
        return f"{value / 100:.2f}"
    return str(value)
