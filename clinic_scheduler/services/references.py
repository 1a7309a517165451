"""Booking references: short, readable over the phone, with a check character."""

import secrets

# A prime number of signs, without those that look or sound alike, so that the check finds every single wrong
# sign and every swap of neighbours.
ALPHABET = "23456789ACEFHJKMPRTVWXY"
LENGTH = 7


def new_reference() -> str:
    """A random reference such as "K7MP-4X2A"; its last sign checks the rest."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return _grouped(body + _check(body))


def normalised(text: str) -> str | None:
    """The reference that somebody typed or read out, or None if it cannot be one."""
    signs = "".join(c for c in text[:40].upper() if c.isalnum())
    if len(signs) != LENGTH + 1 or any(c not in ALPHABET for c in signs):
        return None
    return _grouped(signs) if _check(signs[:-1]) == signs[-1] else None


def _grouped(signs: str) -> str:
    return f"{signs[:4]}-{signs[4:]}"


def _check(body: str) -> str:
    weighted = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(body, start=1))
    return ALPHABET[weighted % len(ALPHABET)]
