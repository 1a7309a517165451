"""The floor of booking: the bare driver writes the rows that the product writes, under the same locks.

One statement a table, as one writes it by hand; the driver prepares them as it does for the product.
"""

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import make_url

from clinic_scheduler.db.ids import lock_key, new_id
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.wishes import Part

HOLD, NOTHING = timedelta(minutes=15), ""
TABLES = {
    "claim": "id clinic_id resource_id lane kind session_id service_id part start_at end_at buffer_before_min "
    "buffer_after_min live_from live_to override_reason",
    "booking_request": "id fingerprint result created_at",
    "booking": "id clinic_id reference guest_name guest_phone guest_email session_id source payment_state total_cents "
    "notes created_by created_at version",
    "appointment": "id booking_id clinic_id position service_id practitioner_id visitor status day start_at end_at "
    "local_start zone buffer_before_min buffer_after_min price_cents overlap_reason status_reason is_late_cancel "
    "version",
    "message": "id clinic_id booking_id kind channel recipient payload key state due_at attempts error created_at",
    "audit_entry": "id chain number at clinic_id actor_id actor_name action entity entity_id after reason hash",
}
PICKED = (
    "UPDATE booking_session SET choices = ?, version = version + 1, updated_at = ?, expires_at = ?, held_since = ?, "
    "holds_taken = holds_taken + 1 WHERE id = ?"
)
ENDED = (
    "UPDATE booking_session SET outcome = 'converted', step = 'payment', ended_at = ?, choices = ?, held_since = NULL, "
    "version = version + 1, holds_converted = holds_converted + 1 WHERE id = ?"
)
IF_FREE = " ON CONFLICT DO NOTHING"
CONVERTED = "UPDATE claim SET kind = 'appointment', appointment_id = ?, live_to = NULL WHERE id = ?"


class Driver(Protocol):
    """A database, and what it calls things."""

    def begin(self, session_id: UUID, resource_ids: Sequence[UUID], /) -> datetime:
        """Lock as the product does; the database's clock."""

    def run(self, text: str, values: Sequence[object]) -> int:
        """Run a statement with question marks; of how many rows."""

    def roll_back(self) -> None:
        """Undo it all."""

    def commit(self, told: Sequence[str], /) -> None:
        """Tell the others and commit."""

    def close(self) -> None:
        """Hang up."""


class PostgreSQL:
    """psycopg, with the settings of the product's connections that cost something."""

    def __init__(self, url: str) -> None:
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(address, options="-c synchronous_commit=on -c timezone=UTC")

    def begin(self, session_id: UUID, resource_ids: Sequence[UUID]) -> datetime:
        self._connection.execute(
            "SELECT version FROM booking_session WHERE id = %s FOR UPDATE", (session_id,)
        )
        queue = "SELECT pg_advisory_xact_lock(key), clinic_clock() FROM unnest(%s::bigint[]) AS key"
        found: Any = self._connection.execute(
            queue, (sorted({lock_key(one) for one in resource_ids}),)
        ).fetchone()
        moment: datetime = found[1]
        return moment

    def run(self, text: str, values: Sequence[object]) -> int:
        given = [Jsonb(value) if isinstance(value, dict) else value for value in values]
        return self._connection.execute(text.replace("?", "%s").encode(), given).rowcount

    def roll_back(self) -> None:
        command = self._connection._exec_command(b"ROLLBACK")  # noqa: SLF001 - its own forgets what is prepared
        self._connection.wait(command)

    def commit(self, told: Sequence[str]) -> None:
        notify = "SELECT pg_notify('clinic', note) FROM unnest(%s::text[]) AS note"
        self._connection.execute(notify, (list(told),))
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()


class SQLite:
    """sqlite3, with the pragmas of the product."""

    def __init__(self, url: str) -> None:
        self._connection = sqlite3.connect(str(make_url(url).database), timeout=10, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
            self._connection.execute(f"PRAGMA {pragma}")

    def begin(self, session_id: UUID, _resource_ids: Sequence[UUID]) -> datetime:
        self._connection.execute("BEGIN IMMEDIATE")
        version = "SELECT version, (SELECT now FROM clock) FROM booking_session WHERE id = ?"
        found = self._connection.execute(version, (str(session_id),)).fetchone()
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=found[1])

    def run(self, text: str, values: Sequence[object]) -> int:
        return self._connection.execute(text, [_for_sqlite(value) for value in values]).rowcount

    def roll_back(self) -> None:
        self._connection.execute("ROLLBACK")

    def commit(self, _told: Sequence[str]) -> None:
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


def _for_sqlite(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return (value - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, dict) else value


class RawDesk:
    """Holds and confirms visits for a guest."""

    def __init__(self, url: str, actor: Actor) -> None:
        self._driver: Driver = SQLite(url) if url.startswith("sqlite") else PostgreSQL(url)
        self._actor, self._number, self._claims = actor, 0, list[UUID]()

    def hold(self, session_id: UUID, parts: Sequence[Part], chosen: dict[str, Any]) -> bool:
        """Take the times of a session, or none of them where one is taken; whether it has them."""
        now, clinic = self._begin(session_id, parts), self._actor.clinic_id
        until, self._claims = now + HOLD, [new_id() for _part in parts]
        rows = []
        for number, (claim, part) in enumerate(zip(self._claims, parts, strict=True)):
            times = (part.start, part.end, 0, 0, now, until, NOTHING)
            whose = (clinic, part.practitioner_id, 1, "hold", session_id, part.service_id, number)
            rows.append((claim, *whose, *times))
        if self._insert("claim", *rows, then=IF_FREE) != len(rows):
            self._driver.roll_back()
            return False
        self._driver.run(PICKED, (chosen, now, until + HOLD, now, session_id))
        told = [f"time {part.practitioner_id}" for part in parts]
        self._driver.commit([f"booking_session {session_id}", *told])
        return True

    def confirm(self, session_id: UUID, parts: Sequence[Part]) -> None:
        """Book what was held last."""
        now, clinic, who = self._begin(session_id, parts), self._actor.clinic_id, self._actor
        booking, appointments = new_id(), [new_id() for _part in parts]
        reference, guest = booking.hex[-9:], ("Guest", "+493012345678", NOTHING)
        total = sum(part.price_cents for part in parts)
        answer = {
            "booking": str(booking),
            "reference": reference,
            "appointments": [str(one) for one in appointments],
        }
        self._insert("booking_request", (new_id(), "0" * 64, answer, now))
        money = ("phone", "pending", total, NOTHING, who.user_id, now, 1)
        self._insert("booking", (booking, clinic, reference, *guest, session_id, *money))
        rows = []
        for number, (appointment, part) in enumerate(zip(appointments, parts, strict=True)):
            day, wall = part.start.date(), (f"{part.start:%Y-%m-%dT%H:%M}", "UTC", 0, 0)
            whom = (part.service_id, part.practitioner_id, 0, "confirmed", day, part.start, part.end)
            rest = (part.price_cents, NOTHING, NOTHING, False, 1)
            rows.append((appointment, booking, clinic, number, *whom, *wall, *rest))
        self._insert("appointment", *rows)
        for appointment, claim in zip(appointments, self._claims, strict=True):
            self._driver.run(CONVERTED, (appointment, claim))
        self._driver.run(ENDED, (now, {}, session_id))
        text = (
            "confirmation",
            "sms",
            guest[1],
            {"reference": reference},
            f"confirmation {booking}",
            "queued",
        )
        self._insert("message", (new_id(), clinic, booking, *text, now, 0, NOTHING, now))
        self._number += 1
        facts = {"reference": reference, "appointments": len(parts), "total_cents": total}
        did = (who.name, "booking.confirmed", "booking", booking, facts, NOTHING, "0" * 64)
        self._insert("audit_entry", (new_id(), who.workstation, self._number, now, clinic, who.user_id, *did))
        changed = [f"booking_session {session_id}", *(f"time {part.practitioner_id}" for part in parts)]
        changed += [f"booking {booking}", *(f"appointment {one}" for one in appointments)]
        self._driver.commit(changed)

    def _begin(self, session_id: UUID, parts: Sequence[Part]) -> datetime:
        return self._driver.begin(session_id, [part.practitioner_id for part in parts])

    def _insert(self, table: str, *rows: Sequence[object], then: str = NOTHING) -> int:
        """How many rows went in."""
        names = TABLES[table].split()
        places = f"({', '.join('?' * len(names))})"
        into = f"INSERT INTO {table} ({', '.join(names)}) VALUES "  # noqa: S608 - only names are put in
        return self._driver.run(
            into + ", ".join([places] * len(rows)) + then, [one for row in rows for one in row]
        )

    def close(self) -> None:
        """Hang up."""
        self._driver.close()
