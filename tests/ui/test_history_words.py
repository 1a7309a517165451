"""The history says in words what happened, with before and after."""

from datetime import UTC, datetime

import pytest

from clinic_scheduler.services.history import Difference, Event
from clinic_scheduler.ui import history_words, texts

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 11, tzinfo=UTC)


def event(action, *differences, **more):
    return Event(AT, "Kofi Mensah", "Desk 1", action, differences=differences, **more)


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        (
            event(
                "appointment.changed",
                Difference("start", AT, LATER),
                Difference("end", AT, LATER),
                Difference("practitioner", "Ana", "Ben"),
            ),
            "Moved from {} 10:00 with Ana to {} 11:00 with Ben",
        ),
        (event("appointment.changed", Difference("practitioner", "Ana", "Ben")), "Given from Ana to Ben"),
        (event("appointment.changed", Difference("end", AT, LATER)), "Ends 11:00 instead of 10:00"),
        (
            event("appointment.cancelled", Difference("late", None, True)),
            "Cancelled, later than the clinic's notice",
        ),
        (event("booking.confirmed", service=""), "Booked"),
        (event("appointment.arrived", service="Massage"), "Massage: Arrived"),
        (
            event("session.held", Difference("taken", None, 2), Difference("lapsed", None, 1)),
            "Times held: 2, lapsed: 1",
        ),
        (
            event("message.sent", Difference("kind", None, "reminder"), Difference("channel", None, "sms")),
            "Reminder by text message sent",
        ),
        (event("something.new"), "something.new"),
    ],
)
def test_each_kind_of_event_has_words(happened, said):
    days = [texts.short_date(one.date()) for one in (AT, LATER)]
    assert history_words.headline(happened) == said.format(*days)


def test_what_the_headline_leaves_out_has_a_line_of_its_own():
    happened = event(
        "appointment.changed",
        Difference("start", AT, LATER),
        Difference("room", None, "Blue room"),
        Difference("price_cents", 5000, 4000),
    )
    assert history_words.more(happened) == ("Room: none → Blue room", "Price: 50.00 → 40.00")


def test_it_says_when_who_and_where():
    assert history_words.by_whom(event("booking.confirmed")).endswith("10:00 · Kofi Mensah · Desk 1")
