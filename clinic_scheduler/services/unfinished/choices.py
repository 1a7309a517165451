"""What an unfinished booking has chosen so far, as it is kept in the database: versioned, validated JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

from clinic_scheduler.db.states import PaymentMethod, PaymentState, Source
from clinic_scheduler.services.unfinished import packed
from clinic_scheduler.services.wishes import AddOn, Part, Wish

# 1 knew neither rooms, equipment, preferred people and companions of a wish or part, nor packing; 2 neither add-ons,
# changed prices nor money paid in part. What needs nothing newer is written as 2, for desks with an older program.
VERSION, OLDER = 3, 2
MOST_LINES = 20
MOST_TYPED = 100
MOST_VISITORS = 20
LONGEST_TEXT = 4000
HIGHEST_PRICE = 10**12
DAY_MIN = 24 * 60
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError)
# A program of version 1 finds these damaged and says so, where it would show a packed booking as empty.
SHELL = {"wishes": None, "parts": None, "guest": None, "notes": None, "typed": None}


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
    paid_cents: int = 0
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_walk_in(self) -> bool:
        """Whether the patient just walked in, and so needs no notice."""
        return self.source == Source.WALK_IN


def write(choices: Choices) -> dict[str, Any]:
    """The choices as JSON, packed where they are long; texts are cut to what is kept of them."""
    plain = {
        "version": _version(choices),
        "wishes": [_write_wish(wish) for wish in choices.wishes],
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
        "paid_cents": choices.paid_cents,
        "typed": {_storable(key): _storable(text) for key, text in choices.typed.items()},
    }
    return packed.pack(plain, {"version": plain["version"], **SHELL})


def _version(choices: Choices) -> int:
    is_newer = (
        choices.paid_cents
        or any(wish.add_on_ids for wish in choices.wishes)
        or any(part.add_ons or part.price_reason for part in choices.parts)
    )
    return VERSION if is_newer else OLDER


def read(stored: object) -> tuple[Choices, tuple[str, ...]]:
    """The choices as far as they can be read, and the names of the fields of which something is lost.

    "everything" is damage of the whole; "version" says that a newer program wrote fields that this one cannot know.
    One damaged wish, name or text loses only itself. A visit that lacks a part is another visit than was chosen, so
    one damaged part loses them all and the time is chosen again; the wishes are still there to search with.
    """
    try:
        plain = packed.unpack(stored)
    except UNREADABLE:
        return Choices(), ("everything",)
    found: dict[str, Any] = {}
    damaged = [] if _is_known(plain.get("version", 1)) else ["version"]
    for name, reader in READERS.items():
        if name in plain:
            found[name], is_whole = reader(plain[name])
            if not is_whole:
                damaged.append(name)
    return Choices(**found), tuple(damaged)


def _is_known(version: object) -> bool:
    return type(version) is int and 1 <= version <= VERSION


def _storable(text: str) -> str:
    """At most as long as is kept, without NUL and half a character, which no database keeps."""
    return text[:LONGEST_TEXT].replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def _write_wish(wish: Wish) -> dict[str, Any]:
    return {
        "service": str(wish.service_id),
        "with": [str(practitioner) for practitioner in wish.practitioner_ids],
        "room": _write_id(wish.room_id),
        "preferred": _write_id(wish.preferred_id),
        "visitor": wish.visitor,
        "add_ons": [str(identifier) for identifier in wish.add_on_ids],
    }


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
        "beside": sorted(part.beside),
        "add_ons": [
            {"id": str(one.id), "name": one.name, "minutes": one.minutes, "price_cents": one.price_cents}
            for one in part.add_ons
        ],
        "listed_cents": part.listed_cents,
        "price_reason": _storable(part.price_reason),
    }


def _write_id(identifier: UUID | None) -> str | None:
    return str(identifier) if identifier else None


# Each reader gives what it could read, and whether that is all of it.


def _whole(read_one: Callable[[Any], Any], default: object) -> Callable[[Any], tuple[Any, bool]]:
    """A reader of what is read whole or not at all."""

    def reader(stored: object) -> tuple[Any, bool]:
        try:
            return read_one(stored), True
        except UNREADABLE:
            return default, False

    return reader


def _read_text(stored: object) -> tuple[str, bool]:
    if not isinstance(stored, str):
        return "", False
    return _storable(stored), len(stored) <= LONGEST_TEXT


def _read_texts(stored: object) -> tuple[dict[str, str], bool]:
    if not isinstance(stored, dict):
        return {}, False
    read = {_storable(name): _read_text(text) for name, text in list(stored.items())[:MOST_TYPED]}
    kept = {name: text for name, (text, is_whole) in read.items() if is_whole or text}
    return kept, len(stored) <= MOST_TYPED and all(is_whole for _text, is_whole in read.values())


def _read_guest(stored: object) -> tuple[Guest, bool]:
    if not isinstance(stored, dict):
        return Guest(), False
    read = [_read_text(stored.get(name)) for name in ("name", "phone", "email")]
    return Guest(*(text for text, _is_whole in read)), all(is_whole for _text, is_whole in read)


def _read_wishes(stored: object) -> tuple[tuple[Wish, ...], bool]:
    if not isinstance(stored, list):
        return (), False
    read = [_read_wish(wish) for wish in stored[:MOST_LINES]]
    wishes = tuple(wish for wish, _is_whole in read if wish is not None)
    return wishes, len(stored) <= MOST_LINES and all(is_whole for _wish, is_whole in read)


def _read_wish(stored: object) -> tuple[Wish | None, bool]:
    """The wish without those of its details that are damaged; none without its service."""
    if not isinstance(stored, dict):
        return None, False
    service, is_service = _whole(UUID, None)(stored.get("service"))
    if not is_service:
        return None, False
    named, is_named = _whole(lambda ids: tuple(UUID(one) for one in ids), ())(stored.get("with"))
    room, is_room = _whole(_read_id, None)(stored.get("room"))
    preferred, is_preferred = _whole(_read_id, None)(stored.get("preferred"))
    visitor, is_visitor = _whole(_read_visitor, 0)(stored.get("visitor", 0))
    extras, is_extra = _whole(lambda ids: tuple(UUID(one) for one in ids), ())(stored.get("add_ons", []))
    is_whole = is_named and is_room and is_preferred and is_visitor and is_extra
    return Wish(service, named, room, preferred, visitor, extras), is_whole


def _read_parts(stored: object) -> tuple[Part, ...]:
    if not isinstance(stored, list) or len(stored) > MOST_LINES:
        raise ValueError("not the parts of a visit")
    return tuple(_read_part(part) for part in stored)


def _read_part(stored: Mapping[str, Any]) -> Part:
    start, end = (_instant(stored[name]) for name in ("start", "end"))
    price = _read_price(stored["price_cents"])
    if start >= end:
        raise ValueError("a part needs a time")
    return Part(
        UUID(stored["service"]),
        UUID(stored["practitioner"]),
        _read_id(stored["room"]),
        start,
        end,
        price,
        _read_id(stored.get("equipment")),
        _read_visitor(stored.get("visitor", 0)),
        _read_beside(stored.get("beside", [])),
        tuple(_read_add_on(one) for one in stored.get("add_ons", [])),
        None if stored.get("listed_cents") is None else _read_price(stored["listed_cents"]),
        _read_word(stored.get("price_reason", "")),
    )


def _read_word(stored: object) -> str:
    if not isinstance(stored, str):
        raise TypeError("not a text")
    return _storable(stored)


def _read_add_on(stored: Mapping[str, Any]) -> AddOn:
    minutes = stored["minutes"]
    if type(minutes) is not int or not 0 <= minutes <= DAY_MIN:
        raise ValueError("an add-on takes minutes")
    return AddOn(UUID(stored["id"]), _read_word(stored["name"]), minutes, _read_price(stored["price_cents"]))


def _read_price(stored: object) -> int:
    if type(stored) is not int or not 0 <= stored <= HIGHEST_PRICE:
        raise ValueError("money is a whole number")
    return stored


def _read_id(stored: str | None) -> UUID | None:
    return UUID(stored) if stored is not None else None


def _read_visitor(stored: object) -> int:
    if type(stored) is not int or not 0 <= stored < MOST_VISITORS:
        raise ValueError("a visit has few visitors")
    return stored


def _read_beside(stored: Sequence[object]) -> frozenset[int]:
    if not all(type(number) is int and 0 <= number < MOST_LINES for number in stored):
        raise ValueError("a visit has few parts")
    return frozenset(cast("Sequence[int]", stored))


def _instant(stored: str) -> datetime:
    moment = datetime.fromisoformat(stored)
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(UTC)


READERS: Mapping[str, Callable[[Any], tuple[Any, bool]]] = {
    "wishes": _read_wishes,
    "from_day": _whole(lambda day: date.fromisoformat(day) if day is not None else None, None),
    "parts": _whole(_read_parts, ()),
    "guest": _read_guest,
    "notes": _read_text,
    "source": _whole(lambda word: str(Source(word)), Source.PHONE),
    "payment_state": _whole(lambda word: str(PaymentState(word)), PaymentState.PENDING),
    "payment_method": _whole(lambda word: str(PaymentMethod(word)) if word else "", ""),
    "paid_cents": _whole(_read_price, 0),
    "typed": _read_texts,
}
