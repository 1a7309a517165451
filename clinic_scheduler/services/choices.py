"""What an unfinished booking has chosen so far, as it is kept in the database: versioned, validated JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from clinic_scheduler.db.states import PaymentMethod, PaymentState, Source

from .wishes import Part, Wish

VERSION = 1
MOST_LINES = 20
MOST_VISITORS = 20
LONGEST_TEXT = 4000
HIGHEST_PRICE = 10**12


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without a record."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything chosen or typed. `typed` holds the text of fields that are not decided yet, by field name."""

    wishes: tuple[Wish, ...] = ()
    from_day: date | None = None
    parts: tuple[Part, ...] = ()
    guest: Guest = Guest()
    notes: str = ""
    source: str = Source.PHONE
    payment_state: str = PaymentState.PENDING
    payment_method: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


def write(choices: Choices) -> dict[str, Any]:
    """The choices as JSON."""
    return {
        "version": VERSION,
        "wishes": [
            {
                "service": str(w.service_id),
                "with": [str(p) for p in w.practitioner_ids],
                "room": _write_id(w.room_id),
                "preferred": _write_id(w.preferred_id),
                "visitor": w.visitor,
            }
            for w in choices.wishes
        ],
        "from_day": choices.from_day.isoformat() if choices.from_day else None,
        "parts": [_write_part(part) for part in choices.parts],
        "guest": {
            "name": _storable(choices.guest.name),
            "phone": _storable(choices.guest.phone),
            "email": _storable(choices.guest.email),
        },
        "notes": _storable(choices.notes),
        "source": choices.source,
        "payment_state": choices.payment_state,
        "payment_method": choices.payment_method,
        "typed": {_storable(key): _storable(text) for key, text in choices.typed.items()},
    }


def read(stored: object) -> tuple[Choices, tuple[str, ...]]:
    """The choices field by field, and the names of the fields that were damaged and are lost."""
    if not isinstance(stored, dict):
        return Choices(), ("everything",)
    choices, damaged = Choices(), []
    readers: dict[str, Callable[[Any], Any]] = {
        "wishes": _read_wishes,
        "from_day": lambda value: date.fromisoformat(value) if value is not None else None,
        "parts": lambda value: tuple(_read_part(part) for part in value),
        "guest": _read_guest,
        "notes": _text,
        "source": lambda value: str(Source(value)),
        "payment_state": lambda value: str(PaymentState(value)),
        "payment_method": lambda value: str(PaymentMethod(value)) if value else "",
        "typed": lambda value: {str(key): _text(text) for key, text in value.items()},
    }
    for name, reader in readers.items():
        if name not in stored:
            continue
        try:
            choices = replace(choices, **{name: reader(stored[name])})
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            damaged.append(name)
    return choices, tuple(damaged)


def _storable(text: str) -> str:
    """Without what no database keeps: NUL, and half a character from a broken clipboard."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def _write_part(part: Part) -> dict[str, Any]:
    return {
        "service": str(part.service_id),
        "practitioner": str(part.practitioner_id),
        "room": _write_id(part.room_id),
        "start": part.start.isoformat(),
        "end": part.end.isoformat(),
        "price_cents": part.price_cents,
        "equipment": _write_id(part.equipment_id),
        "visitor": part.visitor,
    }


def _write_id(identifier: UUID | None) -> str | None:
    return str(identifier) if identifier else None


def _read_id(stored: str | None) -> UUID | None:
    return UUID(stored) if stored else None


def _read_visitor(stored: object) -> int:
    if type(stored) is not int or not 0 <= stored < MOST_VISITORS:
        raise ValueError("a visit has few visitors")
    return stored


def _read_part(stored: Mapping[str, Any]) -> Part:
    start, end = (_instant(stored[name]) for name in ("start", "end"))
    price = stored["price_cents"]
    if start >= end or type(price) is not int or not 0 <= price <= HIGHEST_PRICE:
        raise ValueError("a part needs a time and a price")
    return Part(
        UUID(stored["service"]),
        UUID(stored["practitioner"]),
        _read_id(stored["room"]),
        start,
        end,
        price,
        _read_id(stored.get("equipment")),
        _read_visitor(stored.get("visitor", 0)),
    )


def _instant(stored: str) -> datetime:
    moment = datetime.fromisoformat(stored)
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(UTC)


def _read_wishes(stored: Sequence[Mapping[str, Any]]) -> tuple[Wish, ...]:
    return tuple(_read_wish(wish) for wish in stored)[:MOST_LINES]


def _read_wish(stored: Mapping[str, Any]) -> Wish:
    return Wish(
        UUID(stored["service"]),
        tuple(UUID(practitioner) for practitioner in stored["with"]),
        _read_id(stored.get("room")),
        _read_id(stored.get("preferred")),
        _read_visitor(stored.get("visitor", 0)),
    )


def _read_guest(stored: Mapping[str, Any]) -> Guest:
    return Guest(_text(stored["name"]), _text(stored["phone"]), _text(stored["email"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value[:LONGEST_TEXT]
