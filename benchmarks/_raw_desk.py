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
CONVERTED = "UPDATE claim SET kind = 'appointment', appointment_id = ?, live_to = NULL WHERE id = ?"


class Driver(Protocol):
    """A database, and what it calls things."""

    def begin(self, session_id: UUID, resource_id: UUID, /) -> datetime:
        """Lock as the product does; the database's clock."""

    def run(self, text: str, values: Sequence[object]) -> None:
        """Run a statement with question marks."""

    def commit(self, told: Sequence[str], /) -> None:
        """Tell the others and commit."""

    def close(self) -> None:
        """Hang up."""


class PostgreSQL:
    """psycopg, with the settings of the product's connections that cost something."""

    def __init__(self, url: str) -> None:
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(address, options="-c synchronous_commit=on -c timezone=UTC")

    def begin(self, session_id: UUID, resource_id: UUID) -> datetime:
        self._connection.execute(
            "SELECT version FROM booking_session WHERE id = %s FOR UPDATE", (session_id,)
        )
        queue = "SELECT pg_advisory_xact_lock(key), clinic_clock() FROM unnest(%s::bigint[]) AS key"
        found: Any = self._connection.execute(queue, ([lock_key(resource_id)],)).fetchone()
        moment: datetime = found[1]
        return moment

    def run(self, text: str, values: Sequence[object]) -> None:
        given = [Jsonb(value) if isinstance(value, dict) else value for value in values]
        self._connection.execute(text.replace("?", "%s").encode(), given)

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

    def begin(self, session_id: UUID, _resource_id: UUID) -> datetime:
        self._connection.execute("BEGIN IMMEDIATE")
        version = "SELECT version, (SELECT now FROM clock) FROM booking_session WHERE id = ?"
        found = self._connection.execute(version, (str(session_id),)).fetchone()
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=found[1])

    def run(self, text: str, values: Sequence[object]) -> None:
        self._connection.execute(text, [_for_sqlite(value) for value in values])

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
    """Holds and confirms visits of one part for a guest."""

    def __init__(self, url: str, actor: Actor) -> None:
        self._driver: Driver = SQLite(url) if url.startswith("sqlite") else PostgreSQL(url)
        self._actor, self._number, self._claim = actor, 0, new_id()
        self._inserts = {
            table: f"INSERT INTO {table} ({', '.join(names.split())}) "  # noqa: S608 - only names are put in
            f"VALUES ({', '.join('?' * len(names.split()))})"
            for table, names in TABLES.items()
        }

    def hold(self, session_id: UUID, part: Part, chosen: dict[str, Any]) -> None:
        """Take the time of a session."""
        now = self._driver.begin(session_id, part.practitioner_id)
        self._claim, until, clinic = new_id(), now + HOLD, self._actor.clinic_id
        times = (part.start, part.end, 0, 0, now, until, NOTHING)
        taken = (self._claim, clinic, part.practitioner_id, 1, "hold", session_id, part.service_id, 0, *times)
        self._insert("claim", *taken)
        self._driver.run(PICKED, (chosen, now, until + HOLD, now, session_id))
        self._driver.commit([f"booking_session {session_id}", f"time {part.practitioner_id}"])

    def confirm(self, session_id: UUID, part: Part) -> None:
        """Book what was held last."""
        now, clinic, who = (
            self._driver.begin(session_id, part.practitioner_id),
            self._actor.clinic_id,
            self._actor,
        )
        booking, appointment = new_id(), new_id()
        reference, guest = booking.hex[-9:], ("Guest", "+493012345678", NOTHING)
        answer = {"booking": str(booking), "reference": reference, "appointments": [str(appointment)]}
        self._insert("booking_request", new_id(), "0" * 64, answer, now)
        money = ("phone", "pending", part.price_cents, NOTHING, who.user_id, now, 1)
        self._insert("booking", booking, clinic, reference, *guest, session_id, *money)
        whom = (
            part.service_id,
            part.practitioner_id,
            0,
            "confirmed",
            part.start.date(),
            part.start,
            part.end,
        )
        wall = (f"{part.start:%Y-%m-%dT%H:%M}", "UTC", 0, 0, part.price_cents, NOTHING, NOTHING, False, 1)
        self._insert("appointment", appointment, booking, clinic, 0, *whom, *wall)
        self._driver.run(CONVERTED, (appointment, self._claim))
        self._driver.run(ENDED, (now, {}, session_id))
        text = (
            "confirmation",
            "sms",
            guest[1],
            {"reference": reference},
            f"confirmation {booking}",
            "queued",
        )
        self._insert("message", new_id(), clinic, booking, *text, now, 0, NOTHING, now)
        self._number += 1
        facts = {"reference": reference, "appointments": 1, "total_cents": part.price_cents}
        did = (who.name, "booking.confirmed", "booking", booking, facts, NOTHING, "0" * 64)
        self._insert("audit_entry", new_id(), who.workstation, self._number, now, clinic, who.user_id, *did)
        changed = (f"booking_session {session_id}", f"time {part.practitioner_id}")
        self._driver.commit([*changed, f"booking {booking}", f"appointment {appointment}"])

    def _insert(self, table: str, *values: object) -> None:
        self._driver.run(self._inserts[table], values)

    def close(self) -> None:
        """Hang up."""
        self._driver.close()
