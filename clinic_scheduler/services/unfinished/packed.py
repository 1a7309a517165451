"""Long JSON made short: deflated and written as one text inside a small JSON object, so that any column holds it."""

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

LONGEST_PLAIN = 4 * 1024  # bytes of JSON that are kept as they are
LARGEST = 4 * 1024 * 1024  # and what may come out of a packing, however small it looks
FIELD = "packed"


def pack(plain: dict[str, Any], shell: Mapping[str, Any]) -> dict[str, Any]:
    """The object itself while it is short, else `shell` with the packed text."""
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) <= LONGEST_PLAIN:
        return plain
    return {**shell, FIELD: base64.b64encode(zlib.compress(text)).decode()}


def unpack(stored: object) -> dict[str, Any]:
    """The object that `pack` was given.

    Raises:
        ValueError, TypeError: it is no object, or what is packed was damaged or would be too large.
    """
    if isinstance(stored, dict) and FIELD in stored:
        stored = _inflated(stored[FIELD])
    if not isinstance(stored, dict):
        raise TypeError("not an object")
    return stored


def _inflated(text: object) -> object:
    if not isinstance(text, str):
        raise TypeError("not a text")
    inflating = zlib.decompressobj()
    try:
        plain = inflating.decompress(base64.b64decode(text, validate=True), LARGEST)
        if not inflating.eof:
            raise ValueError("cut off, or too large")
        return json.loads(plain)
    except (zlib.error, RecursionError) as error:
        raise ValueError("no packed object") from error
