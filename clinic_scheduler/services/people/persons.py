"""Checking and writing names, phone numbers, e-mail addresses: one form for each, so that a search finds it."""

import unicodedata

from clinic_scheduler.errors import InvalidInput

LONGEST_NAME = 200
# Letters that Unicode does not take apart into a base letter and a mark.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "\u0131": "i", "þ": "th", "ð": "d"}
)


def folded(text: str) -> str:
    """Lower case without marks or what cannot be seen, in single spaces: "Müller  Ána" becomes "muller ana"."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    seen = (c for c in apart if not unicodedata.combining(c) and (c.isprintable() or c.isspace()))
    return " ".join("".join(seen).translate(PLAIN).split())


def clean_name(text: str, *, field: str = "name") -> str:
    """The name in composed letters and single spaces.

    Raises:
        InvalidInput: it is blank, too long, or holds what no name holds.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise InvalidInput("Please type a name.", field)
    if len(name) > LONGEST_NAME:
        raise InvalidInput(f"A name has at most {LONGEST_NAME} characters; please shorten it.", field)
    if any(unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} for c in name):
        raise InvalidInput("The name holds characters that cannot be printed; please type it again.", field)
    if not any(c.isalnum() for c in name):
        raise InvalidInput("A name needs at least one letter; please type it again.", field)
    return name


def clean_phone(text: str, country: str, *, field: str = "phone") -> str:
    """The number as E.164 ("+493012345678"), read as dialled in `country`; empty stays empty.

    Raises:
        InvalidInput: no such number can exist.
    """
    if not text.strip():
        return ""
    import phonenumbers  # noqa: PLC0415 - 1 MiB, only for a desk that shows or types numbers

    try:
        number = phonenumbers.parse(text[:40], country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise InvalidInput("That phone number cannot exist; please check its digits.", field)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_phone(stored: str, country: str) -> str:
    """An E.164 number as people of `country` write it."""
    import phonenumbers  # noqa: PLC0415 - see above

    try:
        number = phonenumbers.parse(stored, country)
    except phonenumbers.NumberParseException:
        return stored
    at_home = phonenumbers.region_code_for_number(number) == country
    shape = (
        phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, shape)


def clean_email(text: str, *, field: str = "email") -> str:
    """The address in its normal form; empty stays empty.

    Raises:
        InvalidInput: it is no address.
    """
    if not text.strip():
        return ""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - see above

    try:
        return validate_email(text.strip()[:320], check_deliverability=False).normalized
    except EmailNotValidError:
        raise InvalidInput("That is no e-mail address; it looks like name@example.com.", field) from None


def initials(name: str) -> str:
    """Up to two initials: "Ana Silva" gives "AS"."""
    words = [word for word in name.split() if word[0].isalnum()]
    chosen = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0].upper() for word in chosen)
