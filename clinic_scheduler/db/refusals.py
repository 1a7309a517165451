"""What a constraint's name or an error code means to the person at the desk."""

import re
import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError

from clinic_scheduler.errors import (
    ChangedMeanwhile,
    ClinicError,
    DatabaseBusy,
    DatabaseUnavailable,
    HoldLapsed,
    InvalidInput,
    NotPermitted,
    TimeTaken,
)

# Constraint -> what to say. Names that are missing here are bugs of ours, not news for the desk.
CONSTRAINTS: dict[str, tuple[type[ClinicError], str]] = {
    "claim_no_overlap": (TimeTaken, "That time was just taken; please choose another."),
    "claim_hold_expired": (HoldLapsed, "The hold on that time has expired; please choose a time again."),
    "claim_guard": (ChangedMeanwhile, "Somebody else changed that time; please look at it again."),
    "claim_length": (InvalidInput, "No visit lasts longer than 24 hours; please choose a shorter time."),
    "appointment_status_move": (
        ChangedMeanwhile,
        "This visit is no longer where it was; please look at it again.",
    ),
    "appointment_reopen_reason": (InvalidInput, "Please write why the visit is opened again."),
    "booking_session_one_per_patient": (
        ChangedMeanwhile,
        "This patient's booking is being made at another desk; take it over there or wait.",
    ),
    "patient_on_record": (
        ChangedMeanwhile,
        "This patient is no longer on record, or was merged with another; please search again.",
    ),
    "patient_code_key": (InvalidInput, "Another patient already has that code; please choose another."),
    "resource_code_key": (InvalidInput, "Another entry already has that code; please choose another."),
    "service_clinic_id_code_key": (
        InvalidInput,
        "Another service already has that code; please choose another.",
    ),
    "staff_user_login_key": (
        InvalidInput,
        "Somebody already signs in with that name; please choose another.",
    ),
}
# Transactions that PostgreSQL itself asks to repeat, and a lock kept elsewhere.
# https://www.postgresql.org/docs/current/errcodes-appendix.html
REPEATABLE = {"40001", "40P01", "55P03", "25P03"}
# Done anew, the work draws another reference, and sees that the hold which ran out under its hands has lapsed.
ANOTHER_TRY = {"booking_reference_key", "claim_hold_expired"}
STATES: dict[str, tuple[type[ClinicError], str]] = {
    "40001": (DatabaseBusy, "Other workstations are changing the same thing; please try again."),
    "40P01": (DatabaseBusy, "Other workstations are changing the same thing; please try again."),
    "55P03": (DatabaseBusy, "Another workstation is changing the same time; please try again."),
    "57014": (DatabaseBusy, "The database took too long; please try again."),
    "42501": (NotPermitted, "Your database login may not do this; ask the manager."),
    "53100": (
        DatabaseUnavailable,
        "The database server's disk is full; tell whoever looks after it. Nothing was changed.",
    ),
    "53300": (
        DatabaseUnavailable,
        "The database server has no connection left; please try again in a moment.",
    ),
    "25006": (DatabaseUnavailable, "The database server is read-only at the moment; please try again later."),
    "28P01": (DatabaseUnavailable, "The database refused that user or password; please check both."),
    "28000": (DatabaseUnavailable, "The database refused that user or password; please check both."),
    "3D000": (DatabaseUnavailable, "There is no database of that name on the server; please check the name."),
}
SQLITE: dict[int, tuple[type[ClinicError], str]] = {
    sqlite3.SQLITE_BUSY: (DatabaseBusy, "Another program keeps the database locked; please try again."),
    sqlite3.SQLITE_LOCKED: (DatabaseBusy, "Another program keeps the database locked; please try again."),
    sqlite3.SQLITE_FULL: (
        DatabaseUnavailable,
        "The disk is full; free some space and try again. Nothing was changed.",
    ),
    sqlite3.SQLITE_READONLY: (
        DatabaseUnavailable,
        "The database file is read-only; check the permissions of the file and its folder.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        DatabaseUnavailable,
        "The database file cannot be opened; check the file and its folder.",
    ),
    sqlite3.SQLITE_IOERR: (
        DatabaseUnavailable,
        "The disk does not answer; check the drive. Nothing was changed.",
    ),
    sqlite3.SQLITE_CORRUPT: (DatabaseUnavailable, "The database file is damaged; restore a backup."),
    sqlite3.SQLITE_NOTADB: (DatabaseUnavailable, "The database file is damaged; restore a backup."),
}
NO_ANSWER = "The database does not answer; nothing was changed. Please try again."


def constraint(error: DBAPIError) -> str:
    """The name of the constraint that refused a row, empty if it was none."""
    diagnosis = getattr(error.orig, "diag", None)  # psycopg's, which is not loaded for a file
    if diagnosis is not None:
        return diagnosis.constraint_name or ""
    text = str(error.orig)
    if text in CONSTRAINTS:
        return text
    checked = re.fullmatch(r"CHECK constraint failed: (\w+)", text) or re.fullmatch(
        r"UNIQUE constraint failed: index '(\w+)'", text
    )
    if checked:
        return checked[1]
    unique = re.fullmatch(r"UNIQUE constraint failed: (.+)", text)
    return _unique_name(unique[1]) if unique else ""


def _unique_name(columns: str) -> str:
    """SQLite names the columns, not the index: "service.clinic_id, service.code"."""
    table = columns.partition(".")[0]
    names = "_".join(column.rpartition(".")[2] for column in columns.split(", "))
    special = {
        "booking_session_patient_id": "booking_session_one_per_patient",
        "patient_clinic_id_code": "patient_code_key",
        "resource_clinic_id_kind_code": "resource_code_key",
    }
    return special.get(f"{table}_{names}", f"{table}_{names}_key")


def is_repeatable(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed if it is simply done again."""
    return getattr(error.orig, "sqlstate", None) in REPEATABLE or constraint(error) in ANOTHER_TRY


def is_lost(error: DBAPIError) -> bool:
    """Whether the connection broke, so that a commit's outcome would be unknown."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in {
        "57P01",
        "57P02",
        "57P03",
    }


def explained(error: DBAPIError) -> Exception:
    """The refusal behind a database error, or the error itself where it is a bug."""
    kind, text = _meaning(error)
    return kind(text) if kind else error


def _meaning(error: DBAPIError) -> tuple[type[ClinicError] | None, str]:
    found = CONSTRAINTS.get(constraint(error))
    if found:
        return found
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return SQLITE.get(code & 0xFF, (None, "")) if code is not None else (None, "")
    state = getattr(error.orig, "sqlstate", None) or ""
    if state in STATES:
        return STATES[state]
    if is_lost(error) or (isinstance(error, OperationalError) and not state):
        return _connecting(str(error.orig))
    return None, ""


def _connecting(text: str) -> tuple[type[ClinicError], str]:
    """libpq gives no code before the server answered; its words tell the rest apart."""
    for words, code in (
        ("password authentication failed", "28P01"),
        ("no password supplied", "28P01"),
        ('role "', "28000"),
        ("no pg_hba.conf entry", "28000"),
        ("does not exist", "3D000"),
    ):
        if words in text:
            return STATES[code]
    return DatabaseUnavailable, NO_ANSWER
