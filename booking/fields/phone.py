"""What a phone number may be, and in which country it is read where it names none.

A number that is dialled in the wrong country reaches a stranger, so where nothing tells the country
it is asked for. The rule knows no other field and no database.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from babel.core import get_global

from booking.fields.rules import fault, refuse_control_characters

if TYPE_CHECKING:
    from collections.abc import Iterable

PHONE = re.compile(r"\+?[\d ()/.–-]+", re.ASCII)
ABROAD = re.compile(r"^00\s*(?=[1-9])")
"""How most of the world dials abroad; in no country does a number at home begin with it."""


def clean_phone(text: str, *, time_zones: Iterable[str] = ()) -> str:
    """Return the number in E.164, nothing for blanks.

    Args:
        text: what was typed.
        time_zones: where whoever typed it may live, most likely first; a number without a country
            is one of the first country that they tell.
    """
    import phonenumbers  # noqa: PLC0415 - tables that only a booking with a number needs

    refuse_control_characters(text)
    typed = ABROAD.sub("+", unicodedata.normalize("NFKC", text).strip())
    if not typed:
        return ""
    if not PHONE.fullmatch(typed):
        raise fault("phone")
    countries = filter(None, map(country_of, time_zones))
    country = next((one for one in countries if one in phonenumbers.SUPPORTED_REGIONS), None)
    if country is None and not typed.startswith("+"):
        raise fault("country_code")
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException as error:
        raise fault("phone") from error
    if not phonenumbers.is_valid_number(number):
        raise fault("phone")
    formatted: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return formatted


def country_of(time_zone: str) -> str | None:
    """Return the country of an IANA zone, "AT"; None for a zone without a place, such as CET."""
    if "/" not in time_zone:
        return None
    present = get_global("zone_aliases").get(time_zone, time_zone)
    country: str | None = get_global("zone_territories").get(present)
    return country
