"""Names, phone numbers and addresses in one form each, and nothing that would break a list or a print."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.people import persons

# Lone surrogates included: they come from broken clipboards.
ANYTHING = st.text(st.characters(codec=None), max_size=60)
NO_NAMES = [
    "",
    "   ",
    "\t\n",
    "A" * 201,
    "A" * 1_000_000,
    "Em\0ma",
    "Em\x07ma",
    "\ud800",
    "Emma\ue000",
    "...",
]
NO_NAMES += ["\u200d" * 5_000, "\u200d", "\u202e", "🙂"]
NO_ADDRESSES = [
    "emma",
    "@example.org",
    "emma@",
    "a b@example.org",
    "a@b",
    "a@example.org\0",
    "\ud800@example.org",
]
NO_ADDRESSES += [
    "x" * 400,
    "a@example.org, b@example.org",
    "a@example..org",
    "a@\u202eexample.org",
    "<a@example.org>",
]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Müller", "muller"),
        ("Mu\u0308ller", "muller"),
        ("GROẞE Straße", "grosse strasse"),
        ("José  García-López", "jose garcia-lopez"),
        ("Øystein Ærø", "oystein aero"),
        ("Łódź", "lodz"),
        ("İstanbul I\u015f\u0131k", "istanbul isik"),
        ("Þór Đorđe Œuvre", "thor dorde oeuvre"),
        ("Νίκος", "νικοσ"),
        ("Іван Й", "іван и"),
        ("ﬁnn", "finn"),
        ("\N{MATHEMATICAL DOUBLE-STRUCK CAPITAL S}", "s"),
        ("\u0301", ""),
        ("", ""),
    ],
)
def test_folding_leaves_plain_small_letters(text, folded):
    assert persons.folded(text) == folded


@given(ANYTHING)
def test_folding_is_the_same_for_both_forms_of_a_letter_and_done_once(text):
    assert persons.folded(unicodedata.normalize("NFC", text)) == persons.folded(
        unicodedata.normalize("NFD", text)
    )
    assert persons.folded(persons.folded(text)) == persons.folded(text)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Emma   Müller ", "Emma Müller"),
        ("Mu\u0308ller", "Müller"),
        ("O'Brien, Seán", "O'Brien, Seán"),
        ("=1+1", "=1+1"),
        ("<b>Bob</b>", "<b>Bob</b>"),
        ("Null", "Null"),
        ("'; DROP TABLE patient", "'; DROP TABLE patient"),
        ("山田太郎", "山田太郎"),
        ("محمد", "محمد"),
        ("A" * 200, "A" * 200),
        ("Emma\tMüller\n", "Emma Müller"),
    ],
)
def test_a_name_is_kept_as_it_is_written(typed, name):
    assert persons.clean_name(typed) == name


@pytest.mark.parametrize("typed", NO_NAMES)
def test_what_is_no_name_is_refused(typed):
    with pytest.raises(InvalidInput) as refused:
        persons.clean_name(typed, field="guest_name")
    assert refused.value.field == "guest_name"


@given(ANYTHING)
def test_a_clean_name_is_clean_already(text):
    try:
        name = persons.clean_name(text)
    except InvalidInput:
        return
    assert persons.clean_name(name) == name
    assert "\0" not in name
    name.encode("utf-8")


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("030 12345678", "DE", "+493012345678"),
        ("(030) 1234-5678", "DE", "+493012345678"),
        ("+49 30 12345678", "US", "+493012345678"),
        ("0049 30 12345678", "DE", "+493012345678"),
        ("201-555-0123", "US", "+12015550123"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("\u0660\u0663\u0660 12345678", "DE", "+493012345678"),
        ("", "DE", ""),
        ("   ", "DE", ""),
    ],
)
def test_a_phone_number_is_read_as_dialled_in_the_country(typed, country, stored):
    assert persons.clean_phone(typed, country) == stored


@pytest.mark.parametrize(
    "typed", ["12", "abc", "+", "+999 123", "0" * 100, "%", "\0", "\ud800", "NaN", "-1", "1e9"]
)
def test_what_is_no_phone_number_is_refused(typed):
    with pytest.raises(InvalidInput) as refused:
        persons.clean_phone(typed, "DE")
    assert refused.value.field == "phone"


@given(ANYTHING)
def test_any_text_is_a_phone_number_or_refused(text):
    try:
        stored = persons.clean_phone(text, "DE")
    except InvalidInput:
        return
    assert stored == "" or (stored[0] == "+" and stored[1:].isdigit())


@pytest.mark.parametrize(
    ("stored", "country", "shown"),
    [
        ("+493012345678", "DE", "030 12345678"),
        ("+493012345678", "US", "+49 30 12345678"),
        ("+12015550123", "US", "(201) 555-0123"),
        ("no number", "DE", "no number"),
        ("", "DE", ""),
    ],
)
def test_a_number_is_shown_as_people_write_it(stored, country, shown):
    assert persons.shown_phone(stored, country) == shown


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("emma@example.org", "emma@example.org"),
        (" Emma@EXAMPLE.org ", "Emma@example.org"),
        ("a+b@example.co.uk", "a+b@example.co.uk"),
        ("jörg@müller.de", "jörg@müller.de"),
        ("", ""),
    ],
)
def test_an_address_is_kept_in_its_normal_form(typed, stored):
    assert persons.clean_email(typed) == stored


@pytest.mark.parametrize("typed", NO_ADDRESSES)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(InvalidInput) as refused:
        persons.clean_email(typed, field="guest_email")
    assert refused.value.field == "guest_email"


@given(
    st.one_of(
        ANYTHING, ANYTHING.map(lambda text: f"{text}@example.org"), ANYTHING.map(lambda text: f"a@{text}")
    )
)
def test_any_text_is_an_address_or_refused(text):
    try:
        persons.clean_email(text).encode("utf-8")
    except InvalidInput:
        return


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Silva", "AS"),
        ("Ana de Silva", "AS"),
        ("ana", "A"),
        ("(Dr.) Bo", "B"),
        ("", ""),
        ("--", ""),
        ("élan v", "ÉV"),
    ],
)
def test_initials_are_of_the_first_and_last_name(name, letters):
    assert persons.initials(name) == letters
