"""What became of a session's hold: one pick with all its parts is one hold, and it ends in one of three ways."""

from enum import StrEnum

from sqlalchemy import ColumnElement

from clinic_scheduler.db import tables as t


class Fate(StrEnum):
    """How a hold ended; each is the column that counts it."""

    CONVERTED = "holds_converted"
    LAPSED = "holds_lapsed"
    RELEASED = "holds_released"


def fate(*, was_live: bool) -> Fate:
    """What becomes of a hold that is not confirmed: given back while it lived, or run out before."""
    return Fate.RELEASED if was_live else Fate.LAPSED


def ended(fate: Fate) -> dict[str, ColumnElement[int]]:
    """The values of an UPDATE of `booking_session` that count the present hold's end; no hold, no change."""
    others = [getattr(t.BookingSession, other) for other in Fate if other != fate]
    return {fate.value: t.BookingSession.holds_taken - others[0] - others[1]}
