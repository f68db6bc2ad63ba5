"""What may stand as a value in an invite, whatever was typed into the form.

Nothing a person types can end a line, open a component or add an attendee: what the format can
escape is escaped, what it cannot carry is taken out. Knows no meeting.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from icalendar import vCalAddress, vText, vUri

# RFC 5545 §3.1 knows no control character but the tab, and lone surrogates are no UTF-8.
NOT_CARRIED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

# Few readers know the escapes of RFC 6868, and some take a backslash for one.
PLAIN_IN_NAMES = str.maketrans({'"': "'", "\\": "/"})

MAILTO_SAFE = "@!$'*+"
URI_SAFE = "%:/?#[]@!$&'()*+,;="


class Text(vText):
    r"""A TEXT value, escaped exactly as RFC 5545 §3.3.11 says.

    The library's own class takes a typed ``\N`` for a line break and so tears ``C:\Neu`` apart.
    """

    def to_ical(self) -> bytes:
        """Return the escaped value as UTF-8."""
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return escaped.replace("\n", "\\n").encode()


def lines(text: str) -> Text:
    """Return ``text`` with line breaks of one kind and nothing that cannot be carried."""
    return Text(NOT_CARRIED.sub("", "\n".join(text.splitlines())))


def line(text: str) -> Text:
    """Return ``text`` on one line; breaks, control characters and blanks in a row are one blank."""
    return Text(" ".join(NOT_CARRIED.sub(" ", text).split()))


def address(email: str, *, name: str) -> vCalAddress:
    """Return the calendar address of a person, with as much of ``name`` as CN as can be carried.

    ``email`` is a bare address, its domain in ASCII; what RFC 6068 §2 forbids in a mailto URI is
    percent-encoded.

    Raises:
        ValueError: ``email`` holds a lone surrogate: guessing would write to a stranger.
    """
    common_name = line(name).translate(PLAIN_IN_NAMES)
    return vCalAddress.new(f"mailto:{quote(email, safe=MAILTO_SAFE)}", cn=common_name or None)


def uri(text: str) -> vUri:
    """Return ``text`` as a URI; characters that RFC 3986 does not know are percent-encoded.

    Raises:
        ValueError: ``text`` holds a lone surrogate, so it leads nowhere.
    """
    return vUri(quote(text, safe=URI_SAFE))
