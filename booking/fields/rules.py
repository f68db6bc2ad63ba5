"""What may stand in one field, one small rule a kind of field.

Every rule takes what was typed and returns what is stored, or raises ``PydanticCustomError`` whose
type is the code of what is wrong. Texts are NFC; lengths count code points of the result. The
rules know no other field and no database.
"""

from __future__ import annotations

import re
import unicodedata

import idna
from email_validator import EmailNotValidError, validate_email
from pydantic_core import PydanticCustomError

from booking.templating import locales
from booking.time_zone import is_time_zone

MOST_LOCAL_PART = 64  # RFC 5321 §4.5.3.1.1
MOST_ADDRESS = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets
MOST_LINKS = 10
MOST_COMBINING = 5
GOOGLE = ("gmail.com", "googlemail.com")
"""Two names of one domain."""

LINE_BREAK = re.compile("\r\n|[\r\u2028\u2029]")
LINK = re.compile(r"://|\bwww\.")
PATH = re.compile(r"[^\W_][.\u3002](?:xn--[a-z0-9-]+|[^\W\d_]{2,})(?::\d+)?/")
"""A domain and the slash after it: what mail programs make a link of, and no "Booking.com" is."""
LOCALE = re.compile(r"([a-z]{2,3})(?:-[A-Z]{2})?", re.ASCII)

JOINERS = frozenset("\u200c\u200d")
"""They shape Indic and Arabic words and join emoji, so they may stand between such characters."""

BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that show nothing."""


def fault(code: str) -> PydanticCustomError:
    """Return the error that says ``code`` of the field being read."""
    return PydanticCustomError(code, code)


def blank_as_none(text: str) -> str | None:
    """Return what was typed into a field that may be left blank."""
    return text or None


def clean_line(text: str) -> str:
    """Return a text of one line without outer blanks; anything that is not seen is refused."""
    refuse_control_characters(text)
    # Before NFC, which takes its time over long stacks.
    _refuse_stacks(text)
    line = unicodedata.normalize("NFC", text).strip()
    if any(_is_hidden(line, at) for at in range(len(line))):
        raise fault("hidden_characters")
    _refuse_stacks(line)
    return line


def clean_name(text: str) -> str:
    """Return a person's name: one line without a link, in which there is something to read."""
    name = clean_label(text)
    if not name:
        raise fault("required")
    if not any(_is_readable(character) for character in name):
        raise fault("unreadable")
    return name


def clean_label(text: str) -> str:
    """Return a name of a person or a company: one line without a link (it goes into mails)."""
    label = clean_line(text)
    if _links(label) or PATH.search(_as_compared(label)):
        raise fault("link")
    return label


def clean_text(text: str) -> str:
    """Return a text of many lines, broken by LF; characters that show nothing are left out."""
    broken = LINE_BREAK.sub("\n", text)
    refuse_control_characters(broken, allowed="\n\t")
    _refuse_stacks(broken)  # before NFC, as in one line
    composed = unicodedata.normalize("NFC", broken)
    seen = "".join(c for at, c in enumerate(composed) if not _is_hidden(composed, at)).strip()
    _refuse_stacks(seen)
    if _links(seen) > MOST_LINKS:
        raise fault("too_many_links")
    return seen


def clean_email(text: str) -> str:
    """Return one address that every mail server takes: ASCII, only the domain in lower case."""
    refuse_control_characters(text)
    typed = text.strip(" ")
    if not typed:
        raise fault("required")
    try:
        address = validate_email(typed, check_deliverability=False)
    except EmailNotValidError as error:
        raise fault("email") from error
    if address.ascii_email is None:
        raise fault("unsupported_local_part")
    if len(address.local_part) > MOST_LOCAL_PART or len(address.ascii_email) > MOST_ADDRESS:
        raise fault("address_too_long")
    if len(address.ascii_email.rpartition(".")[2]) < 2:  # noqa: PLR2004 - no top-level domain is shorter
        raise fault("email")
    return address.ascii_email


def normalise_address(email: str) -> str:
    """Return the form in which addresses are compared: lower case, domain in ASCII.

    Raises:
        ValueError: the domain cannot be written in ASCII.
    """
    local_part, _, domain = email.strip().lower().rpartition("@")
    if not domain.isascii():
        domain = idna.encode(domain, uts46=True).decode()
    return f"{local_part}@{domain}"


def mailbox_of(email: str) -> str:
    """Return where ``email`` ends up, normalised: ``name+tag@`` is another name of ``name@``.

    To be counted and compared, never to be sent to: Google takes no notice of dots, others do.
    """
    local_part, _, domain = normalise_address(email).rpartition("@")
    name = local_part.partition("+")[0]
    if domain in GOOGLE:
        return f"{name.replace('.', '')}@{GOOGLE[0]}"
    return f"{name}@{domain}"


def clean_time_zone(name: str) -> str:
    """Return the IANA name, which must be spelled exactly as the zone list does."""
    if not is_time_zone(name):
        raise fault("time_zone")
    return name


def clean_locale(tag: str) -> str:
    """Return the language of ``de`` or ``de-AT``, which must be one that texts exist in."""
    found = LOCALE.fullmatch(tag)
    if found is None or found[1] not in locales():
        raise fault("locale")
    return found[1]


def refuse_control_characters(text: str, *, allowed: str = "") -> None:
    """Insist that ``text`` has none but those ``allowed``."""
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} and character not in allowed:
            raise fault("control_characters")


def _is_hidden(text: str, at: int) -> bool:
    character = text[at]
    if character in JOINERS:
        around = text[at - 1 : at] + text[at + 1 : at + 2]
        return len(around) < 2 or around[0].isascii() or around[1].isascii()  # noqa: PLR2004 - both neighbours
    return character in BLANKS or unicodedata.category(character) == "Cf"


def _is_readable(character: str) -> bool:
    """Tell whether it is a letter, a digit or an emoji."""
    category = unicodedata.category(character)
    return category[0] in "LN" or category == "So"


def _refuse_stacks(text: str) -> None:
    stacked = 0
    for character in text:
        stacked = stacked + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if stacked > MOST_COMBINING:
            raise fault("stacked_characters")


def _links(text: str) -> int:
    return len(LINK.findall(_as_compared(text)))


def _as_compared(text: str) -> str:
    # NFKC: a full-width colon makes no less of a link in the eyes of some mail programs.
    return unicodedata.normalize("NFKC", text).casefold()
