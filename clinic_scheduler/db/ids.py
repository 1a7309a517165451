"""Identifiers made by the client, so that a repeated commit is recognised and not done twice."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A UUID of version 7: 48 bits of milliseconds, then random (RFC 9562, section 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    value = milliseconds << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def lock_key(identifier: UUID) -> int:
    """A signed 64-bit number for `pg_advisory_xact_lock`, from the random half of the id."""
    return int.from_bytes(identifier.bytes[8:], signed=True)
