"""Which new passwords are taken."""

import pytest

from booking.accounts.passwords import check_new_password
from booking.errors import InvalidFieldsError


@pytest.mark.parametrize(
    ("password", "email"),
    [
        ("Security-Fabrik-Joghurt", "it@kunde.example"),
        ("Johanna mag Joghurt", "jo@kunde.example"),
        ("vier Worte ohne Sinn", "erika.mustermann@kunde.example"),
    ],
)
def test_name_that_is_part_of_many_words_forbids_none(password: str, email: str) -> None:
    check_new_password(password, email=email)


@pytest.mark.parametrize(
    ("password", "email"),
    [
        ("it@kunde.example", "IT@Kunde.example"),
        ("geheim it@kunde.example", "it@kunde.example"),
        ("Erika.Mustermann1", "erika.mustermann@kunde.example"),
    ],
)
def test_password_built_on_the_address_is_refused(password: str, email: str) -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        check_new_password(password, email=email)

    assert [(error.field, error.code) for error in refused.value.errors] == [
        ("password", "guessable")
    ]
