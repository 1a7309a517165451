"""Written reasons: why something was cancelled, opened again, or booked against a rule."""

from clinic_scheduler.errors import InvalidInput

LONGEST_REASON = 400


def clean(text: str) -> str:
    """The text in one line, without what cannot be printed, cut to a length that fits."""
    printable = "".join(c if c.isprintable() else " " for c in text[: 4 * LONGEST_REASON])
    return " ".join(printable.split())[:LONGEST_REASON]


def required(text: str) -> str:
    """The text as `clean` leaves it.

    Raises:
        InvalidInput: nothing is left.
    """
    reason = clean(text)
    if not reason:
        raise InvalidInput("Please write a reason first.", "reason")
    return reason
